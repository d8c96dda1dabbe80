"""Escalation policies: what is prepared for collection by itself, and a log of why and why not."""
