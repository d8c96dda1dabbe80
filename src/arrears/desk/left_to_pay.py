"""What is left of each part of a debt, and what has been paid: worked out from the payments that count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from arrears.desk.models import Case


@dataclass(frozen=True, slots=True)
class LeftToPay:
    """Amounts in the case's currency, none below zero. `paid` is all that was paid and not reversed."""

    principal: Decimal
    interest: Decimal
    reminder_fees: Decimal
    collection_fees: Decimal
    paid: Decimal


def left_to_pay(case: Case) -> LeftToPay:
    """What the debtor still has to pay, part by part."""
    sums = case.payments.filter(reversed_at=None).aggregate(
        principal=Sum("to_principal", default=Decimal(0)),
        interest=Sum("to_interest", default=Decimal(0)),
        reminder_fees=Sum("to_reminder_fees", default=Decimal(0)),
        collection_fees=Sum("to_collection_fees", default=Decimal(0)),
        paid=Sum("amount", default=Decimal(0)),
    )
    nothing = Decimal(0)
    return LeftToPay(
        principal=max(case.principal - sums["principal"], nothing),
        interest=max(case.interest_fees - sums["interest"], nothing),
        reminder_fees=max(case.reminder_fees - sums["reminder_fees"], nothing),
        collection_fees=max(case.collection_fees - sums["collection_fees"], nothing),
        paid=sums["paid"],
    )
