"""Access to a collector at the other end of a network, and how many calls have been made to it."""

from __future__ import annotations

from django.db import models

from arrears.accounts.models import Organisation
from arrears.bridge.models.connection import ConnectionState


class CollectorAccount(models.Model):
    """Access to a collector at the other end of a network, under one API key that lies sealed in the vault.

    An account opens either real cases or test ones, for good. `version` rises each time the key is edited: a
    rejection belongs to one version only. A removed account stays as a name in the history, without its key.
    `changed_until` is how far its cases have been read by their last change.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="collector_accounts"
    )
    base_url = models.CharField(max_length=200)
    test = models.BooleanField(default=False)
    creditor = models.CharField(max_length=60, blank=True)
    company_name = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_default = models.BooleanField(default=False)
    #: Whether cases are opened before everything is signed, and wait for the signatures.
    waits_for_signature = models.BooleanField(default=True)
    state = models.CharField(max_length=20, choices=ConnectionState.choices, default=ConnectionState.OK)
    attention_code = models.CharField(max_length=60, blank=True)
    attention_text = models.TextField(blank=True)
    attention_action = models.TextField(blank=True)
    attention_url = models.CharField(max_length=300, blank=True)
    #: What stands in the address at which this collector tells us of changes.
    hook_token = models.CharField(max_length=64, unique=True)
    #: The collector's id of our subscription; empty while there is none.
    hook_id = models.CharField(max_length=60, blank=True)
    hook_checked_at = models.DateTimeField(null=True)
    #: What a person should know about the subscription, such as that it was switched off for a while.
    hook_notice = models.TextField(blank=True)
    changed_until = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "base_url", "creditor", "test"],
                condition=models.Q(removed_at=None) & ~models.Q(creditor=""),
                name="one_account_a_collector",
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(is_default=True), name="one_default_collector"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_name or self.base_url} ({self.pk})"

    @property
    def record(self) -> str:
        """Where this account's key and webhook secrets are kept in the vault."""
        return f"collector:{self.pk}"


class CallSlice(models.Model):
    """How many calls one subject has made in ten seconds. A subject is one creditor at one host."""

    subject = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "starts_at"], name="one_row_a_slice"),
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls from {self.starts_at:%H:%M:%S}"
