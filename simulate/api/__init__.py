"""The Python functions, one module for each command; `*_as` take a `Request`."""
