"""Screens: one module a page. Each reads the request, calls a verb and renders."""
