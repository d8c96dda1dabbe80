"""Payments and how each was split, price grids as data."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from arrears.accounts.models import Organisation
from arrears.desk.models.case import Case
from arrears.desk.models.network import Partner


def _amount(**options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=18, decimal_places=3, **options)


class Payment(models.Model):
    """Money a debtor has paid on a case, in the case's currency, and how it was split when it was recorded.

    `recipient` holds a value of core's Recipient: who received it. The four `to_…` columns say what it paid;
    they sum to `amount`. The split sums to it too: `creditor_share`, `fee` (success fee), `fee_vat` and
    `partner_share` (what the partner added and keeps, with bank costs). Whoever received the money owes the
    other its share by `settle_by`; `settled_on` says when that was done. A reversed payment stays, with its
    reason, and no longer counts; if it had been settled, `returned_on` says when that share went back.
    `settled_at` and `returned_at` are when these were written down, by which statements go.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payments")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="payments")
    paid_on = models.DateField()
    amount = _amount()
    currency = models.CharField(max_length=3)
    recipient = models.CharField(max_length=30)
    method = models.CharField(max_length=30)
    note = models.TextField(blank=True)
    to_principal = _amount()
    to_interest = _amount()
    to_reminder_fees = _amount()
    to_collection_fees = _amount()
    rate = models.DecimalField(max_digits=9, decimal_places=4)
    fee = _amount()
    fee_vat = _amount()
    partner_share = _amount()
    creditor_share = _amount()
    settle_by = models.DateField()
    settled_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_note = models.CharField(max_length=200, blank=True)
    returned_on = models.DateField(null=True)
    returned_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=254)
    recorded_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)
    reversed_because = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=models.Q(
                    amount=models.F("to_principal")
                    + models.F("to_interest")
                    + models.F("to_reminder_fees")
                    + models.F("to_collection_fees")
                ),
                name="payment_is_allocated",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount=models.F("creditor_share")
                    + models.F("fee")
                    + models.F("fee_vat")
                    + models.F("partner_share")
                ),
                name="payment_is_split",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} on {self.case}"


class PriceGrid(models.Model):
    """A price list in force from `since` until the next one of the same scope.

    The scope is the first that is set: a creditor's own, a partner's own, a jurisdiction's; none means the
    standard price list. Points are percentage points added for age.
    """

    name = models.CharField(max_length=200)
    creditor = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, null=True, blank=True, related_name="grids"
    )
    jurisdiction = models.CharField(max_length=5, blank=True)
    since = models.DateField()
    over_6_months = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    over_12_months = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    over_24_months = models.DecimalField(max_digits=6, decimal_places=3, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["creditor", "partner", "jurisdiction", "since"],
                nulls_distinct=False,
                name="one_grid_a_scope_and_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GridBracket(models.Model):
    """`points` per cent from `from_usd` US dollars up to the next bracket, for debtors in one zone."""

    class Zone(models.TextChoices):
        EUROPE = "europe", "Europe"
        WORLD = "world", "Outside Europe"

    grid = models.ForeignKey(PriceGrid, on_delete=models.CASCADE, related_name="brackets")
    zone = models.CharField(max_length=10, choices=Zone.choices)
    from_usd = models.DecimalField(max_digits=18, decimal_places=2)
    points = models.DecimalField(max_digits=6, decimal_places=3)

    class Meta:
        ordering: ClassVar[list[str]] = ["zone", "from_usd"]
        constraints = [
            models.UniqueConstraint(fields=["grid", "zone", "from_usd"], name="one_bracket_an_edge"),
        ]

    def __str__(self) -> str:
        return f"{self.points}% from {self.from_usd} USD"
