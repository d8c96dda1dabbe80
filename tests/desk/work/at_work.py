"""What tests of working a case have in common: a dear case, money, subscriptions, the row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from arrears.core.case import Lifecycle, Party
from arrears.desk.actors import Actor
from arrears.desk.models import Case, CaseEvent, Delivery, Payment, Webhook
from arrears.desk.outbox import CONTRACT_EVENTS, MORE_EVENTS
from tests.desk.builders import NOON, a_case

TODAY = date(2026, 11, 22)


def a_priced_case(lifecycle: Lifecycle = Lifecycle.ACTIVE, **changes: Any) -> Case:
    """A case over £2,000 at 9.5%, in its first exclusive period if a partner has accepted it."""
    at_work = lifecycle in (Lifecycle.ACTIVE, Lifecycle.PAUSED, Lifecycle.CLOSED)
    known: dict[str, Any] = {
        "principal": Decimal(2000),
        "outstanding": Decimal(2000),
        "rate": Decimal("9.5"),
        "uplift": Decimal(0),
        "expected_fee": Decimal(190),
        "price_source": "Standard agreement",
        "price_as_of": date(2026, 3, 25),
        "phase": "Pre-legal" if at_work else "",
        "period_start": date(2026, 11, 2) if at_work else None,
    }
    return a_case(lifecycle, **known | changes)


def a_payment(case: Case, amount: str = "100", **changes: Any) -> Payment:
    """A payment that went to principal alone and all of which the creditor gets."""
    paid = Decimal(amount)
    nothing = Decimal(0)
    known: dict[str, Any] = {
        "paid_on": TODAY,
        "amount": paid,
        "currency": case.currency,
        "recipient": "Creditor",
        "method": "BankTransfer",
        "to_principal": paid,
        "to_interest": nothing,
        "to_reminder_fees": nothing,
        "to_collection_fees": nothing,
        "rate": nothing,
        "fee": nothing,
        "fee_vat": nothing,
        "partner_share": nothing,
        "creditor_share": paid,
        "partner": case.partner,
        "settle_by": TODAY,
        "recorded_by": "Pat Partner",
        "recorded_at": NOON,
        "updated_at": NOON,
    }
    return Payment.objects.create(case=case, **known | changes)


def a_subscription(case: Case, *, is_test: bool = False) -> Webhook:
    """Its creditor is told of everything."""
    return Webhook.objects.create(
        organisation=case.creditor,
        url="https://hooks.example/",
        events=[*CONTRACT_EVENTS, *MORE_EVENTS],
        is_test=is_test,
        created_at=NOON,
        updated_at=NOON,
    )


def announced(case: Case) -> list[str]:
    return list(Delivery.objects.filter(case=case).order_by("pk").values_list("event", flat=True))


def told(case: Case) -> list[str]:
    """The timeline's texts."""
    return list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("text", flat=True))


def row(case: Case) -> Case:
    """The case as it is stored now."""
    return Case.objects.select_related("partner", "creditor").get(pk=case.pk)


def stranger(party: Party, case: Case) -> Actor:
    """Somebody of the same role who has nothing to do with the case."""
    other = a_case()
    if party is Party.CREDITOR:
        return Actor(party, "Sam Stranger", organisation=other.creditor_id)
    return Actor(party, "Sam Stranger", partner=other.partner_id)
