"""Access to a company's books, and the attempts to log in to them."""

from __future__ import annotations

from django.db import models

from arrears.accounts.models import Organisation


class ConnectionState(models.TextChoices):
    OK = "ok", "Connected"
    NEEDS_ATTENTION = "needs attention", "Needs attention"


class Connection(models.Model):
    """Access to one company's books. Its password and memorable word lie sealed in the vault.

    `version` rises each time the credentials are edited: a rejection belongs to one version only.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="connections")
    source = models.CharField(max_length=20, default="kashflow")
    base_url = models.CharField(max_length=200)
    username = models.CharField(max_length=254)
    version = models.PositiveIntegerField(default=1)
    asks_for_word = models.BooleanField(default=False)
    account = models.CharField(max_length=60, blank=True)
    company_name = models.CharField(max_length=200, blank=True)
    home_currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=20, choices=ConnectionState.choices, default=ConnectionState.OK)
    attention_code = models.CharField(max_length=60, blank=True)
    attention_text = models.TextField(blank=True)
    attention_action = models.TextField(blank=True)
    attention_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    #: When the books were last asked what has been paid on invoices that are being collected.
    payments_looked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "account"],
                condition=~models.Q(account=""),
                name="one_connection_a_company",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_name or self.source} ({self.pk})"

    @property
    def record(self) -> str:
        """Where this connection's secrets are kept in the vault."""
        return f"connection:{self.pk}"


class LoginAttempt(models.Model):
    """One attempt to log in, written down before it is made. Holds no part of the credentials."""

    class Outcome(models.TextChoices):
        UNDER_WAY = "under way"
        SUCCEEDED = "succeeded"
        REJECTED = "rejected"
        LOST = "lost"

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="login_attempts")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.UNDER_WAY)
    started_at = models.DateTimeField()
    code = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    action = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(outcome="under way"),
                name="one_login_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk} {self.outcome}"
