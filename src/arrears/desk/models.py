"""Partners and what they cover, and the cases with their timeline and documents."""

from __future__ import annotations

import secrets
import string
from typing import Any, ClassVar, NoReturn

from django.contrib.postgres.fields import ArrayField
from django.db import models

from arrears import ports
from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.core.submission import LONGEST_REFERENCE

_REFERENCE_LENGTH = 8
_REFERENCE_ALPHABET = string.ascii_uppercase + string.digits

#: The longest idempotency key taken.
LONGEST_KEY = 255

#: The longest file name kept with a document.
LONGEST_FILE_NAME = 200


class PartnerKind(models.TextChoices):
    AGENCY = "agency", "Agency"
    LAW_FIRM = "law firm", "Law firm"


class Partner(models.Model):
    """A local agency or law firm that works cases for the desk.

    `fictional` marks the made-up partners of the demo. `vetted` says who looked into them, and when.
    """

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=PartnerKind.choices)
    country = models.CharField(max_length=2)
    fictional = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    vetted = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class CoverageRule(models.Model):
    """One kind of case that a partner takes in one jurisdiction. An empty field means "any".

    `debtor_type` holds a value of core's DebtorType. Amounts are in US dollars, from the minimum (inclusive)
    to the maximum (exclusive). The lowest priority is asked first.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="rules")
    jurisdiction = models.CharField(max_length=5)
    debtor_type = models.CharField(max_length=10, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    minimum_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    maximum_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    priority = models.PositiveIntegerField(default=100)

    def __str__(self) -> str:
        return f"{self.partner} in {self.jurisdiction}"


class NetworkStamp(models.Model):
    """Changes with every change of partners or rules, so that other processes notice.

    Triggers in the database write it: no way of changing a partner can forget to.
    """

    stamp = models.UUIDField()

    def __str__(self) -> str:
        return str(self.stamp)


class PriceSource(models.TextChoices):
    """Which agreement a case's price comes from."""

    STANDARD = "Standard agreement", "Standard agreement"


def new_reference() -> str:
    """A reference by which people name a case, such as `Q8OAXF3W`; by chance, so it tells nothing."""
    return "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(_REFERENCE_LENGTH))


class Case(models.Model):
    """One debt handed over by one creditor.

    The debtor is copied as told at opening, never shared between cases. Route and price are frozen then too:
    later changes of the network or the price list touch new cases only. `rate` and `uplift` are percentage
    points, `rate` includes `uplift`. `debtor_type` and `lifecycle` hold the values of core's DebtorType and
    Lifecycle.
    """

    creditor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=_REFERENCE_LENGTH, unique=True, default=new_reference)
    creditor_reference = models.CharField(max_length=LONGEST_REFERENCE)
    idempotency_key = models.CharField(max_length=LONGEST_KEY)
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

    invoice_numbers = ArrayField(models.TextField(), default=list)
    currency = models.CharField(max_length=3)
    principal = models.DecimalField(max_digits=18, decimal_places=3)
    outstanding = models.DecimalField(max_digits=18, decimal_places=3)
    oldest_issued = models.DateField(null=True)
    oldest_due = models.DateField(null=True)

    lifecycle = models.CharField(max_length=30)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="cases")
    routing_reason = models.TextField()
    rate = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    uplift = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    expected_fee = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    price_source = models.CharField(max_length=40, blank=True, choices=PriceSource.choices)
    price_as_of = models.DateField(null=True)
    is_test = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "creditor_reference"], name="one_case_a_reference"),
            models.CheckConstraint(condition=models.Q(principal__gt=0), name="principal_is_positive"),
        ]
        indexes = [models.Index(fields=["creditor", "-opened_at", "-id"], name="cases_newest_first")]

    def __str__(self) -> str:
        return self.reference

    def as_stated(self) -> ports.Case:
        """The case as its creditor is told about it."""
        return ports.Case(
            id=str(self.pk),
            reference=self.reference,
            creditor_reference=self.creditor_reference,
            invoice_numbers=tuple(self.invoice_numbers),
            debtor_name=self.debtor_name,
            country=self.debtor_country,
            principal=Money(self.principal, self.currency).rounded(),
            outstanding=Money(self.outstanding, self.currency).rounded(),
            lifecycle=Lifecycle(self.lifecycle),
            partner=self.partner.name if self.partner else "",
            routing_reason=self.routing_reason,
            rate=self.rate,
            price_source=self.price_source,
            opened_at=self.opened_at,
            test=self.is_test,
            timeline=tuple(ports.CaseEvent(event.at, event.text) for event in self.events.all()),
        )


class AppendOnlyError(RuntimeError):
    """Somebody tried to change what has been written down: a bug, never a user's error."""


class CaseEvent(models.Model):
    """One line of a case's timeline. Written once, never changed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    text = models.TextField()

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


class DocumentKind(models.TextChoices):
    ORIGINAL_INVOICE = "OriginalInvoice", "Original invoice"


class Document(models.Model):
    """A file that belongs to a case. The same content counts once."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    name = models.CharField(max_length=LONGEST_FILE_NAME)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    attached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="one_copy_a_case")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case}"
