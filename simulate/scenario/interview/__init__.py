"""Questions that lead to a scenario file."""
