"""Connections, import runs and the ledger of submissions.

What is kept of an invoice is its identity, the reference it was submitted under and what became of it.
Names, addresses, amounts and documents are read live and never stored here.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.accounts.models import Organisation, User
from arrears.core.submission import RESTING, State


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


class ImportRun(models.Model):
    """One press of the button: many submissions, one progress bar, one result list."""

    class Stage(models.TextChoices):
        PREPARING = "preparing", "Reading invoices"
        SUBMITTING = "submitting", "Opening cases"
        FINISHED = "finished", "Finished"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Stopped"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="import_runs")
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, related_name="import_runs"
    )
    company_name = models.CharField(max_length=200)
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    #: What the page that started the run was given, so that a double click starts one run.
    form_id = models.UUIDField(unique=True)
    #: Whether the run itself looks for every eligible invoice, or was given a list.
    takes_all = models.BooleanField(default=False)
    bundles = models.BooleanField(default=False)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.PREPARING)
    problem = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"import run {self.pk}"


class Submission(models.Model):
    """The durable intent to open one case, and what became of it.

    `fence` rises with every attempt; an attempt may write its result only while the fence is still its own.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="submissions")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="submissions")
    source = models.CharField(max_length=20)
    account = models.CharField(max_length=60)
    invoice_ids = ArrayField(models.CharField(max_length=40))
    #: Numbers at the time of selection: for people, and to ask the books; the ids decide.
    invoice_numbers = ArrayField(models.CharField(max_length=40))
    identity = models.CharField(max_length=64, db_index=True)
    reference = models.CharField(max_length=50)
    generation = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=64, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=20, choices=[(state.value, state.value) for state in State], default=State.PLANNED
    )
    fence = models.PositiveIntegerField(default=0)
    lookups = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    finding_codes = ArrayField(models.CharField(max_length=60), default=list)
    message = models.TextField(blank=True)
    case_id = models.CharField(max_length=60, blank=True)
    case_reference = models.CharField(max_length=60, blank=True)
    document_attached = models.BooleanField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["run", "state"]),
            models.Index(
                fields=["due_at"],
                name="submissions_with_something_due",
                condition=~models.Q(state__in=sorted(state.value for state in RESTING)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"


class Holding(models.Model):
    """That an invoice is taken by a submission. The unique row is what makes two runs at once harmless."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    account = models.CharField(max_length=60)
    invoice_id = models.CharField(max_length=40)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="holdings")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "account", "invoice_id"], name="one_submission_an_invoice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} held by {self.submission_id}"
