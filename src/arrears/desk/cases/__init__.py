"""A case's way: opened, checked, accepted, worked, closed. One verb a file."""
