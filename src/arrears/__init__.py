"""Arrears turns overdue KashFlow invoices into professionally managed debt-collection cases."""

__version__ = "0.1.0"
