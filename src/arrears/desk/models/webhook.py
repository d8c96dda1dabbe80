"""Subscriptions to what happens, the events themselves, and their delivery."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.accounts.models import Organisation
from arrears.desk.models.case import Case


class Webhook(models.Model):
    """Where an organisation wants to be told, and of what. Its secret is in the vault."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=1024)
    events = ArrayField(models.CharField(max_length=40))
    is_test = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    disabled_because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"webhook {self.public_id}"

    @property
    def record(self) -> str:
        """The name under which the vault keeps its secret."""
        return f"webhook:{self.pk}"


class Delivery(models.Model):
    """One event on its way to one subscription: durable before anything is sent, kept afterwards.

    `payload` is the body as it is sent, byte for byte. WAITING deliveries have a time for the next attempt;
    HELD ones belong to a subscription that was switched off, and wait until it is switched on again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        HELD = "held", "Held"
        DELIVERED = "delivered", "Delivered"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="deliveries")
    event = models.CharField(max_length=40)
    payload = models.TextField()
    is_replay = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="deliveries_due"
            ),
            models.Index(fields=["webhook", "-created_at"], name="deliveries_of_a_webhook"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.public_id}"
