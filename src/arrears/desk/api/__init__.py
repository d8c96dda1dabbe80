"""The desk over HTTP: the Customer API, what goes beyond it, and the Partner API."""
