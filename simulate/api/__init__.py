"""The functions for Python, one module a command."""
