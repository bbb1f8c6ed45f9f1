"""Pictures: one frame, and a module for each kind."""
