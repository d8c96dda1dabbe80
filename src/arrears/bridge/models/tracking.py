"""What is known of cases at a collector at the other end of a network, and what has happened to them.

Our own desk's cases are read from its own tables; these are for cases that somebody else keeps.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears import ports
from arrears.accounts.models import Organisation
from arrears.bridge.models.collector_account import CollectorAccount
from arrears.bridge.models.ledger import Submission
from arrears.core.case import Lifecycle
from arrears.core.money import Money


def _amount(**options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=18, decimal_places=3, **options)


class TrackedCase(models.Model):
    """A case as its collector stated it when it was last read, at `read_at`.

    `collector_said_at` is the collector's own time of the last change; an older statement never replaces a
    newer one.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tracked_cases")
    account = models.ForeignKey(CollectorAccount, on_delete=models.CASCADE, related_name="tracked_cases")
    case_id = models.CharField(max_length=60)
    reference = models.CharField(max_length=60)
    creditor_reference = models.CharField(max_length=60, blank=True)
    invoice_numbers = ArrayField(models.CharField(max_length=40), default=list)
    debtor_name = models.CharField(max_length=300)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3)
    principal = _amount()
    added = _amount(default=0)
    outstanding = _amount()
    lifecycle = models.CharField(max_length=40, choices=[(one.value, one.value) for one in Lifecycle])
    stated = models.CharField(max_length=100, blank=True)
    phase = models.CharField(max_length=100, blank=True)
    close_code = models.CharField(max_length=100, blank=True)
    partner = models.CharField(max_length=300, blank=True)
    rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    needs_info = models.BooleanField(default=False)
    url = models.CharField(max_length=2048, blank=True)
    signing_url = models.CharField(max_length=2048, blank=True)
    opened_at = models.DateTimeField()
    collector_said_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "case_id"], name="one_row_a_tracked_case"),
        ]
        indexes = [models.Index(fields=["organisation", "-opened_at"])]

    def __str__(self) -> str:
        return self.reference

    def as_stated(self) -> ports.Case:
        """The case as the collector last stated it."""
        return ports.Case(
            id=self.case_id,
            reference=self.reference,
            creditor_reference=self.creditor_reference,
            invoice_numbers=tuple(self.invoice_numbers),
            debtor_name=self.debtor_name,
            country=self.country,
            principal=Money(self.principal, self.currency).rounded(),
            outstanding=Money(self.outstanding, self.currency).rounded(),
            lifecycle=Lifecycle(self.lifecycle),
            partner=self.partner,
            routing_reason="",
            rate=self.rate,
            price_source="",
            opened_at=self.opened_at,
            test=self.account.test,
            added=Money(self.added, self.currency).rounded(),
            stated=self.stated,
            phase=self.phase,
            close_code=self.close_code,
            updated_at=self.collector_said_at,
            needs_info=self.needs_info,
            url=self.url,
            signing_url=self.signing_url,
        )


class Recovery(models.Model):
    """That a case elsewhere was found to have been paid more (or less) than when it was last read."""

    case = models.ForeignKey(TrackedCase, on_delete=models.CASCADE, related_name="recoveries")
    amount = _amount()
    noticed_at = models.DateTimeField()

    class Meta:
        ordering = ["noticed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.amount} on {self.case}"


class Receipt(models.Model):
    """An event that a collector told us of, written down before it is acted on. Its body is not kept."""

    #: How long it waits for its case to become readable; then it is given up.
    LONGEST_WAIT = timedelta(days=3)

    account = models.ForeignKey(CollectorAccount, on_delete=models.CASCADE, related_name="receipts")
    event_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    case_id = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "event_id"], name="one_receipt_an_event"),
        ]
        indexes = [
            models.Index(
                fields=["account"], name="receipts_not_handled", condition=models.Q(handled_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class PaidElsewhere(models.Model):
    """Money that the books show on an open case and the collector does not: it has to be reported.

    `amount` is in all, not since the last report: what the books say has come in (`in_books`) beyond what the
    collector has recorded. Reported and dismissed rows stay; more money in the books later opens a new one.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="paid_elsewhere")
    amount = _amount()
    in_books = _amount()
    currency = models.CharField(max_length=3)
    #: The day of the latest payment, where the books say it.
    paid_on = models.DateField(null=True)
    seen_at = models.DateTimeField()
    report_by = models.DateField()
    #: Since when a message about it is on its way; what it came to is not known yet.
    sending_since = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=models.Q(reported_at=None, dismissed_at=None),
                name="one_open_report_a_submission",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.submission_id}"
