"""Asking partners for quotes, and choosing one. One verb a file."""
