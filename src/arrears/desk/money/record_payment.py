"""Record money that a debtor has paid."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Party
from arrears.core.money import Money
from arrears.core.payment import Method, Recipient
from arrears.core.wording import money_text
from arrears.desk.actors import Actor, case_for
from arrears.desk.endings import end_case
from arrears.desk.models import Case, EventKind, Payment
from arrears.desk.moves import write_down
from arrears.desk.roles import only
from arrears.desk.splitting import Receipt, take


def record_payment(
    actor: Actor,
    case_id: UUID | str,
    *,
    paid_on: date,
    amount: Decimal,
    recipient: Recipient,
    method: Method = Method.BANK_TRANSFER,
    note: str = "",
    costs: Decimal = Decimal(0),
    close: bool = False,
    now: datetime,
    today: date,
) -> Payment:
    """Record a payment, by the partner or an operator, with its split; the case owes that much less.

    `amount` and `costs` (bank costs taken off it) are in the case's currency. With `close` the case is
    closed as paid when nothing is owed any more; else it stays open, and its timeline says so. Raises
    Refused, NotThere.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    receipt = Receipt(paid_on, amount, recipient, method, note, costs)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        payment = take(case, receipt, actor, now=now, today=today)
        if close:
            _close(case, actor, now=now)
    return payment


def _close(case: Case, actor: Actor, *, now: datetime) -> None:
    if case.outstanding > 0:
        owed = money_text(Money(case.outstanding, case.currency))
        write_down(case, EventKind.NOTE, actor, f"Not closed as paid: {owed} is still owed.", now=now)
        return
    end_case(case, CloseCode.PAID, actor, "Closed: everything owed has been paid.", now=now)
