"""Escalation policies: what is handed over by itself, how often, and a full log of why and why not."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears.accounts.models import Organisation, User
from arrears.bridge.models.collector_account import CollectorAccount
from arrears.bridge.models.connection import Connection
from arrears.bridge.models.ledger import ImportRun
from arrears.clock import LONDON
from arrears.core.escalation import Rule, next_slot, summary_text
from arrears.core.money import Money


class EscalationPolicy(models.Model):
    """Which overdue invoices of one connection are prepared for collection, and when.

    `minimum` and `ceiling` are in `currency`; amounts in others are converted by the dated rates. Only one
    that `submits` opens cases without a person, and never more than `ceiling` in one run. `weekdays` are
    0 (Monday) to 6; `hour` is UK time. `next_at` is when it is evaluated next, None while it is paused.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="policies")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="policies")
    #: Where the cases go; none means our own desk.
    collector = models.ForeignKey(CollectorAccount, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=80)
    days_overdue = models.PositiveIntegerField()
    minimum = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    currency = models.CharField(max_length=3, default="GBP")
    excluded_customers = ArrayField(models.CharField(max_length=60), default=list)
    #: What a customer may be marked with in the books: its source, and the names of its ticked boxes.
    excluded_tags = ArrayField(models.CharField(max_length=60), default=list)
    reminders_sent = models.PositiveIntegerField(default=0)
    #: Rows with a warning among their findings are left to a person.
    only_without_warnings = models.BooleanField(default=True)
    bundles = models.BooleanField(default=False)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)
    hour = models.PositiveSmallIntegerField(default=7)
    submits = models.BooleanField(default=False)
    ceiling = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    paused_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="policies_with_a_next_time",
                condition=models.Q(next_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        """What the policy asks of an invoice, as plain values."""
        return Rule(
            days_overdue=self.days_overdue,
            minimum=Money(self.minimum, self.currency),
            excluded_customers=tuple(self.excluded_customers),
            excluded_tags=tuple(self.excluded_tags),
            reminders_sent=self.reminders_sent,
            only_without_warnings=self.only_without_warnings,
            ceiling=None if self.ceiling is None else Money(self.ceiling, self.currency),
        )

    @property
    def summary(self) -> str:
        """The policy in plain words."""
        company = self.connection.company_name
        return summary_text(self.rule, company, self.weekdays, self.hour, submits=self.submits)

    def slot_after(self, moment: datetime) -> datetime:
        """When the policy is evaluated next after a moment."""
        return next_slot(self.weekdays, self.hour, moment, LONDON)


class PolicyRun(models.Model):
    """One evaluation of a policy. `slot` is the moment it was due, so that it happens once.

    `taken` and `left` count the decisions.
    """

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="evaluations")
    slot = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    import_run = models.ForeignKey(ImportRun, on_delete=models.SET_NULL, null=True, related_name="+")
    taken = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "slot"], name="one_evaluation_a_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} at {self.slot:%Y-%m-%d %H:%M}"


class PolicyDecision(models.Model):
    """Why one invoice was taken or not. Of the invoice only id and number are kept."""

    evaluation = models.ForeignKey(PolicyRun, on_delete=models.CASCADE, related_name="decisions")
    invoice_id = models.CharField(max_length=40)
    invoice_number = models.CharField(max_length=40)
    taken = models.BooleanField()
    #: Stable codes, and the sentences for people.
    codes = ArrayField(models.CharField(max_length=60), default=list)
    reason = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.invoice_number}: {'taken' if self.taken else 'left'}"
