"""The road from event to event, for what has no closed form."""
