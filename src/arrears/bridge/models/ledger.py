"""Import runs and the ledger of submissions.

What is kept of an invoice is its identity, the reference it was submitted under and what became of it.
Names, addresses, amounts and documents are read live and never stored here.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.accounts.models import Organisation, User
from arrears.bridge.models.collector_account import CollectorAccount
from arrears.bridge.models.connection import Connection
from arrears.core.submission import RESTING, State


class ImportRun(models.Model):
    """One press of the button: many submissions, one progress bar, one result list.

    `totals` are what was asked for, `[currency, cases, amount as text]` each; nothing for a run that finds
    its invoices itself. While `stage` is AWAITING the invoices are held and nothing is sent.
    """

    class Stage(models.TextChoices):
        AWAITING = "awaiting", "Waiting for approval"
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
    #: Where the cases go; none means our own desk. Settled when the run starts, whatever is preferred later.
    collector = models.ForeignKey(
        CollectorAccount, on_delete=models.RESTRICT, null=True, related_name="import_runs"
    )
    started_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    #: What the page that started the run was given, so that a double click starts one run.
    form_id = models.UUIDField(unique=True)
    #: Whether the run itself looks for every eligible invoice, or was given a list.
    takes_all = models.BooleanField(default=False)
    bundles = models.BooleanField(default=False)
    #: The escalation policy that prepared the run, none for a person's.
    policy = models.ForeignKey(
        "bridge.EscalationPolicy", on_delete=models.SET_NULL, null=True, related_name="import_runs"
    )
    totals = models.JSONField(default=list)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.PREPARING)
    #: Why it waits: a sentence such as "More than the limit of £10,000.00."
    waits_because = models.TextField(blank=True)
    #: Who asked for what waits: whoever started the run, or tried it again.
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    #: Whether the one who asked may not be the one who lets it go ahead.
    needs_second_person = models.BooleanField(default=False)
    approved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"import run {self.pk}"

    @property
    def test(self) -> bool:
        """Whether the run opens cases for testing only."""
        return self.collector is not None and self.collector.test


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
    #: Where a person can settle what the collector asks for first.
    action_url = models.CharField(max_length=2048, blank=True)
    #: How often the collector has answered with a fault of its own.
    faults = models.PositiveIntegerField(default=0)
    case_id = models.CharField(max_length=60, blank=True)
    case_reference = models.CharField(max_length=60, blank=True)
    document_attached = models.BooleanField(null=True)
    #: Since when the case is being closed again because somebody changed their mind; none when it is not.
    taking_back_since = models.DateTimeField(null=True)
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
    #: A case for testing does not keep the invoice from being submitted in earnest.
    test = models.BooleanField(default=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="holdings")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "account", "invoice_id", "test"],
                name="one_submission_an_invoice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} held by {self.submission_id}"
