"""One module an answer: from plain values to a document."""
