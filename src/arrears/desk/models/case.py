"""Cases, with everything that is frozen when they are opened, and their timeline."""

from __future__ import annotations

import secrets
import string
import uuid
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears import ports
from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.core.pricing import PriceSource
from arrears.core.submission import LONGEST_REFERENCE
from arrears.core.withdrawal import is_free_at_first
from arrears.desk.models.api import Division
from arrears.desk.models.network import Partner

_REFERENCE_LENGTH = 8
_REFERENCE_ALPHABET = string.ascii_uppercase + string.digits

#: The longest idempotency key taken.
LONGEST_KEY = 255


def new_reference() -> str:
    """A reference by which people name a case, such as `Q8OAXF3W`; by chance, so it tells nothing."""
    return "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(_REFERENCE_LENGTH))


def _amount(**options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=18, decimal_places=3, **options)


class Case(models.Model):
    """One debt handed over by one creditor.

    The debtor is copied as told at opening, never shared between cases. Route and price are frozen then too:
    later changes of the network or the price list touch new cases only; an accepted quote replaces the price.
    `rate` and `uplift` are percentage points, `rate` includes `uplift`. `debtor_type`, `lifecycle`, `phase`,
    `close_code` and `mechanism` hold the values of core's enumerations.

    `principal` was handed over and never changes; `over_6_months` and so on say how much of it was that long
    overdue at opening, each including the next. `interest_fees`, `reminder_fees` and `collection_fees` are
    what the partner has added for the debtor to pay. `outstanding` is the principal plus those minus what was
    paid. `accepted_at` is when a partner took the case for the first time; `info_due` is the day by which
    the creditor has to answer; `check_after` is when an incomplete case is sent back to the creditor.
    `change` numbers the database's transaction that last wrote the row: a trigger sets it, nothing else.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    creditor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="cases")
    reference = models.CharField(max_length=_REFERENCE_LENGTH, unique=True, default=new_reference)
    creditor_reference = models.CharField(max_length=LONGEST_REFERENCE, blank=True)
    idempotency_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    body_hash = models.CharField(max_length=64)

    debtor_name = models.TextField()
    debtor_type = models.CharField(max_length=10)
    debtor_street = models.TextField(blank=True)
    debtor_city = models.TextField(blank=True)
    debtor_zip = models.TextField(blank=True)
    debtor_state = models.TextField(blank=True)
    debtor_country = models.CharField(max_length=2)
    debtor_emails = ArrayField(models.TextField(), default=list)
    debtor_phones = ArrayField(models.TextField(), default=list)
    debtor_contact = models.TextField(blank=True)
    debtor_company_number = models.TextField(blank=True)
    debtor_erased_at = models.DateTimeField(null=True)

    invoice_numbers = ArrayField(models.TextField(), default=list)
    claim_description = models.TextField(blank=True)
    comments = models.TextField(blank=True)
    disputed = models.BooleanField(default=False)
    complex_claim = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    principal = _amount()
    principal_usd = _amount(null=True)
    over_6_months = _amount(default=0)
    over_12_months = _amount(default=0)
    over_24_months = _amount(default=0)
    interest_fees = _amount(default=0)
    reminder_fees = _amount(default=0)
    collection_fees = _amount(default=0)
    outstanding = _amount()
    oldest_issued = models.DateField(null=True)
    oldest_due = models.DateField(null=True)

    lifecycle = models.CharField(max_length=30)
    phase = models.CharField(max_length=20, blank=True)
    close_code = models.CharField(max_length=60, blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="cases")
    mechanism = models.CharField(max_length=30, blank=True)
    routing_reason = models.TextField()
    partner_reference = models.CharField(max_length=128, blank=True)
    rate = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    uplift = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    expected_fee = _amount(null=True)
    price_source = models.CharField(
        max_length=40, blank=True, choices=[(source.value, source.value) for source in PriceSource]
    )
    price_name = models.TextField(blank=True)
    price_as_of = models.DateField(null=True)

    is_test = models.BooleanField(default=False)
    tag = models.CharField(max_length=100, blank=True)
    skip_check = models.BooleanField(default=False)
    assigned_email = models.EmailField(max_length=320, blank=True)
    return_url = models.CharField(max_length=2048, blank=True)

    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    check_after = models.DateTimeField(null=True)
    info_due = models.DateField(null=True)
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    withdrawal_asked_at = models.DateTimeField(null=True)
    period_start = models.DateField(null=True)
    change = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["creditor", "creditor_reference"],
                condition=~models.Q(creditor_reference=""),
                name="one_case_a_reference",
            ),
            models.CheckConstraint(condition=models.Q(principal__gt=0), name="principal_is_positive"),
        ]
        indexes = [
            models.Index(fields=["creditor", "-opened_at", "-id"], name="cases_newest_first"),
            models.Index(fields=["creditor", "-updated_at", "-id"], name="cases_changed_last"),
            models.Index(fields=["creditor", "change", "id"], name="cases_by_change"),
            models.Index(fields=["creditor"], name="cases_for_testing", condition=models.Q(is_test=True)),
            models.Index(fields=["partner", "lifecycle"], name="cases_of_a_partner"),
            models.Index(fields=["lifecycle", "updated_at"], name="cases_by_lifecycle"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def principal_money(self) -> Money:
        return Money(self.principal, self.currency).rounded()

    @property
    def outstanding_money(self) -> Money:
        return Money(self.outstanding, self.currency).rounded()

    @property
    def added_money(self) -> Money:
        """What the partner has added for the debtor to pay."""
        added = sum((self.interest_fees, self.reminder_fees, self.collection_fees), Decimal(0))
        return Money(added, self.currency).rounded()

    def as_stated(self) -> ports.Case:
        """The case as its creditor is told about it."""
        return ports.Case(
            id=str(self.public_id),
            reference=self.reference,
            creditor_reference=self.creditor_reference,
            invoice_numbers=tuple(self.invoice_numbers),
            debtor_name=self.debtor_name,
            country=self.debtor_country,
            principal=self.principal_money,
            outstanding=self.outstanding_money,
            lifecycle=Lifecycle(self.lifecycle),
            partner=self.partner.name if self.partner else "",
            routing_reason=self.routing_reason,
            rate=self.rate,
            price_source=self.price_source,
            opened_at=self.opened_at,
            test=self.is_test,
            added=self.added_money,
            phase=self.phase,
            close_code=self.close_code,
            updated_at=self.updated_at,
            needs_info=self.lifecycle == Lifecycle.MORE_INFO,
            may_be_taken_back=is_free_at_first(
                Lifecycle(self.lifecycle), accepted=self.accepted_at is not None
            ),
        )


class AppendOnlyError(RuntimeError):
    """Somebody tried to change what has been written down: a bug, never a user's error."""


class EventKind(models.TextChoices):
    """What a line of the timeline is about."""

    LIFECYCLE = "lifecycle", "Status"
    PHASE = "phase", "Phase"
    PAYMENT = "payment", "Payment"
    QUOTE = "quote", "Quote"
    MESSAGE = "message", "Message"
    DOCUMENT = "document", "Document"
    CONTRACT = "contract", "Contract"
    PERIOD = "period", "Exclusive period"
    CHECK = "check", "Verification"
    NOTE = "note", "Note"


class CaseEvent(models.Model):
    """One line of a case's timeline. Written once, never changed.

    `party` and `by` say who did it: a value of core's Party, and a name. `data` holds the figures behind the
    text as plain JSON, amounts as text.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=EventKind.choices, default=EventKind.NOTE)
    party = models.CharField(max_length=20, blank=True)
    by = models.CharField(max_length=254, blank=True)
    text = models.TextField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.case} at {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("A timeline entry cannot be changed; add another one.")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise AppendOnlyError("A timeline entry cannot be removed; add another one.")


class Assignment(models.Model):
    """That a case was given to a partner, and what came of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="assignments")
    given_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.WAITING)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.case} to {self.partner}"


class InfoRequest(models.Model):
    """One thing the creditor has to add or explain before the case can go on.

    `area` holds a value of core's CheckArea; `party` who asked (a value of core's Party). A request of the
    automatic check is settled by itself once the check passes.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="info_requests")
    area = models.CharField(max_length=30)
    description = models.TextField()
    party = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.area} of {self.case}"


class PeriodExtension(models.Model):
    """What gave the exclusive period a new end. `kind` holds a value of core's ExtensionKind."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="extensions")
    kind = models.CharField(max_length=20)
    event_date = models.DateField()
    new_end = models.DateField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["event_date", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.case}"
