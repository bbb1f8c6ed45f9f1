"""From a tally to everything that is reported."""
