"""Points of the unit cube: designs, streams, correlation."""
