"""Requests for quotes, and the partners' offers."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from arrears.desk.models.case import Case
from arrears.desk.models.network import Partner


def _amount(**options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True, **options)


class QuoteRequest(models.Model):
    """Partners are asked for their price. `scenario`, `purpose`, `state` and `phase` hold values of core's
    enumerations. It closes at `closes_at`, or when `max_quotes` have come."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="quote_requests")
    scenario = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    phase = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    max_quotes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20)
    outcome = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    offers_done_at = models.DateTimeField(null=True)
    decide_by = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    invited = models.ManyToManyField(Partner, related_name="invitations")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(decided_at=None), name="one_open_quote_request_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"quotes for {self.case}"


class Quote(models.Model):
    """One partner's offer. `agreement`, `nature`, `phase` and `state` hold values of core's enumerations.

    Amounts are in `currency`, the case's; `success_fee` is in percentage points. `fixed_price` promises that
    the flat fee is the whole price. A partner offers once for each request.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(QuoteRequest, on_delete=models.CASCADE, related_name="quotes")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="quotes")
    agreement = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    hourly_rate = _amount()
    hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    flat_fee = _amount()
    success_fee = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    court_costs = _amount()
    fixed_price = models.BooleanField(default=False)
    nature = models.CharField(max_length=20)
    phase = models.CharField(max_length=20)
    solution = models.TextField(blank=True)
    fee_comments = models.TextField(blank=True)
    why_us = models.TextField(blank=True)
    valid_until = models.DateField()
    state = models.CharField(max_length=20)
    offered_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["offered_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["request", "partner"], name="one_quote_a_partner")]

    def __str__(self) -> str:
        return f"{self.agreement} by {self.partner}"
