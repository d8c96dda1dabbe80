"""A stand-in for KashFlow: a separate process that speaks its REST API over made-up books."""
