"""Record what the debtor has promised, which prolongs the exclusive period."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from arrears.core.case import Lifecycle, Party
from arrears.core.exclusivity import ExtensionKind
from arrears.core.money import LARGEST_AMOUNT, Money
from arrears.core.wording import date_text, money_text
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, EventKind
from arrears.desk.moves import write_down
from arrears.desk.periods import extend
from arrears.desk.roles import only


def record_promise(
    actor: Actor,
    case_id: UUID | str,
    kind: ExtensionKind,
    event_date: date,
    amount: Decimal | None = None,
    note: str = "",
    *,
    now: datetime,
    today: date,
) -> Case:
    """Record a written promise to pay or a signed payment agreement, with its amount.

    By the partner or an operator. An operator may also prolong the period by hand (MANUAL), for a
    reason. Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    manual = kind is ExtensionKind.MANUAL
    if kind is ExtensionKind.PAYMENT:
        raise Refused("A payment prolongs the period by itself. Record the payment.", code="kind")
    if manual:
        only(actor, Party.OPERATOR)
    note = free_text(note, "a reason", required=manual)
    if event_date > today:
        raise Refused("The date is still to come. Give the day on which it happened.", code="date")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        _check_at_work(case)
        data = {"kind": kind.value, "date": event_date.isoformat()}
        what = f"Prolonged by hand from {date_text(event_date)}."
        if not manual:
            promised = _amount(amount, case.currency)
            data["amount"] = str(promised.amount)
            what = _text(kind, event_date, promised)
        write_down(case, EventKind.PERIOD, actor, f"{what} {note}".strip(), now=now, data=data)
        extend(case, kind, event_date, now=now, note=note)
    return case


def _check_at_work(case: Case) -> None:
    if case.accepted_at is None or case.lifecycle == Lifecycle.CLOSED:
        state = case.lifecycle
        raise Refused(f"Nothing can be promised on a case that is {state}.", code="not_now")


def _amount(amount: Decimal | None, currency: str) -> Money:
    if amount is None or not amount.is_finite() or not 0 < amount < LARGEST_AMOUNT:
        raise Refused("Enter the amount promised, more than zero.", code="amount")
    return Money(amount, currency).rounded()


def _text(kind: ExtensionKind, event_date: date, amount: Money) -> str:
    how = "promised in writing" if kind is ExtensionKind.PROMISE else "signed an agreement"
    return f"On {date_text(event_date)} the debtor {how} to pay {money_text(amount)}."
