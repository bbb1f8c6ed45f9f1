"""From a scenario to the tally of its draws."""
