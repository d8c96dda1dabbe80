"""What the people on a case tell each other."""
