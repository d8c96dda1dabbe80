"""The money on a case: prices, payments, statements."""
