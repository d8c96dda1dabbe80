"""Accept a case: the partner begins to work it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event, Phase
from arrears.core.money import LARGEST_AMOUNT, Money, round_amount
from arrears.core.wording import full_stop, money_text
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.messages import write_message
from arrears.desk.models import Assignment, Case
from arrears.desk.moves import move
from arrears.desk.periods import begin_period

_LONGEST_REFERENCE = 128
_LONGEST_WELCOME = 5000
_NOTHING = Decimal(0)


def accept_case(
    actor: Actor,
    case_id: UUID | str,
    *,
    interest_fees: Decimal = _NOTHING,
    reminder_fees: Decimal = _NOTHING,
    collection_fees: Decimal = _NOTHING,
    welcome: str = "",
    partner_reference: str = "",
    now: datetime,
    today: date,
) -> Case:
    """Take a case that waits for its partner's verification. By the partner, or an operator for it.

    The fees are added to what the debtor owes, in the case's currency. `welcome` becomes the first message
    to the creditor. Raises NotThere and Refused.
    """
    welcome = free_text(welcome, "the welcome message", longest=_LONGEST_WELCOME, required=False)
    reference = free_text(partner_reference, "your reference", longest=_LONGEST_REFERENCE, required=False)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        added = [_fee(amount, case.currency) for amount in (interest_fees, reminder_fees, collection_fees)]
        if case.outstanding + sum(added, _NOTHING) >= LARGEST_AMOUNT:
            raise Refused("The fees are larger than any real debt. Correct them.", code="fee")
        _take(case, today, now)
        if welcome:
            write_message(case, actor, welcome, now=now)
        move(
            case,
            Event.ACCEPTED,
            actor,
            _text(case, sum(added, _NOTHING)),
            now=now,
            interest_fees=case.interest_fees + added[0],
            reminder_fees=case.reminder_fees + added[1],
            collection_fees=case.collection_fees + added[2],
            outstanding=case.outstanding + sum(added, _NOTHING),
            phase=Phase.PRE_LEGAL.value,
            partner_reference=reference,
        )
    return case


def _fee(amount: Decimal, currency: str) -> Decimal:
    if not amount.is_finite() or not 0 <= amount < LARGEST_AMOUNT:
        raise Refused("A fee must be zero or more.", code="fee", action="Correct the fees and accept again.")
    return round_amount(amount, currency)


def _take(case: Case, today: date, now: datetime) -> None:
    if case.partner is None:
        raise Refused("No partner has been given this case, so nobody can accept it.", code="no_partner")
    if case.rate is None:
        raise Refused(
            "The price list has no rate for this debt, so the case cannot be accepted.",
            code="no_price",
            action="Decline it, so that the network is asked for quotes. An operator can do this too.",
        )
    begin_period(case, today=today)
    case.accepted_at = case.accepted_at or now
    waiting = case.assignments.filter(partner=case.partner, outcome=Assignment.Outcome.WAITING)
    if not waiting.update(outcome=Assignment.Outcome.ACCEPTED, decided_at=now):
        case.assignments.create(
            partner=case.partner, given_at=now, outcome=Assignment.Outcome.ACCEPTED, decided_at=now
        )


def _text(case: Case, added: Decimal) -> str:
    text = full_stop(f"Accepted by {case.partner}")
    if added:
        owed = money_text(Money(case.outstanding + added, case.currency))
        text += f" {money_text(Money(added, case.currency))} was added; the debtor owes {owed} now."
    return text
