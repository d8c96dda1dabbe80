"""Webhooks: subscriptions, deliveries, signatures."""
