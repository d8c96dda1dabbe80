"""The outside world: one folder per system, and the one transport they all use."""
