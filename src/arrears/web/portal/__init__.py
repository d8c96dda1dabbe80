"""The partner's portal: one module a page."""
