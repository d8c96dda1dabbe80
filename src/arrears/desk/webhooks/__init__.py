"""Telling other systems what happened. One verb a file."""
