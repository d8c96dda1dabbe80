"""The Django project: settings, addresses, database, health and metrics."""
