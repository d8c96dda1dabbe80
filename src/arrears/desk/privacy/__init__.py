"""A debtor's personal data: told, exported, erased. One verb a file."""
