"""The desk itself: its settings, its operators, and the keys of those who use its API. One verb a file."""
