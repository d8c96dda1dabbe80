"""The operator's screens: one module a page."""
