"""What is uncertain: the values of a scenario, and the files they are read from."""
