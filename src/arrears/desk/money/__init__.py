"""Payments, settling them, statements, price lists. One verb a file."""
