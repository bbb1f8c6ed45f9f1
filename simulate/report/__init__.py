"""How an answer is shown: terminal, pictures, sentence to cite, files."""
