"""Machine formats: JSON, CSV, draws, and what is read back."""
