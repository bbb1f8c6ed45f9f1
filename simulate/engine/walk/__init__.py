"""The road by days, for what has no closed form."""
