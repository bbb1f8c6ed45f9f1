"""How a document looks in each medium; none of these knows which answer it shows."""
