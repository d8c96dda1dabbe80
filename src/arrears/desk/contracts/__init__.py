"""Agreements: what is to be signed, and signing it. One verb a file."""
