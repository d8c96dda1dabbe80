"""Note that the other side has had its share of a payment."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.core.wording import date_text, money_text
from arrears.desk.actors import Actor, Refused
from arrears.desk.free_text import free_text
from arrears.desk.models import EventKind, Payment
from arrears.desk.moves import write_down
from arrears.desk.roles import only
from arrears.desk.splitting import payment_for, share_owed

_LONGEST_NOTE = 200
_COLUMNS = ("settled_on", "settled_at", "returned_on", "returned_at")


def settle_payment(
    actor: Actor,
    payment_id: UUID | str,
    settled_on: date,
    note: str = "",
    *,
    now: datetime,
    today: date,
) -> Payment:
    """Note, by the partner or an operator, that money was passed on between partner and creditor.

    For money that the partner received: that the creditor's share was remitted. For a direct payment: that
    the fee and the partner's share came in. For a payment reversed after that: that the share went back.
    Raises Refused, NotThere.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    kept = free_text(note, "a note", longest=_LONGEST_NOTE, required=False)
    with transaction.atomic():
        payment = payment_for(actor, payment_id, lock=True)
        _check(payment, settled_on, today)
        if payment.reversed_at:
            payment.returned_on, payment.returned_at = settled_on, now
        else:
            payment.settled_on, payment.settled_at = settled_on, now
        payment.settled_note = kept or payment.settled_note
        payment.updated_at = now
        payment.save(update_fields=[*_COLUMNS, "settled_note", "updated_at"])
        data = {"payment": str(payment.public_id), "settled_on": settled_on.isoformat()}
        write_down(payment.case, EventKind.PAYMENT, actor, _text(payment, settled_on), now=now, data=data)
    return payment


def _check(payment: Payment, settled_on: date, today: date) -> None:
    if settled_on > today:
        raise Refused(f"{date_text(settled_on)} is in the future.", code="future_date")
    if settled_on < payment.paid_on:
        raise Refused(f"The debtor paid only on {date_text(payment.paid_on)}.", code="too_early")
    if payment.returned_on or (payment.settled_on and not payment.reversed_at):
        raise Refused("This payment is settled already.", code="not_now")
    if payment.reversed_at and not payment.settled_on:
        raise Refused("This payment was reversed before anything was passed on.", code="not_now")


def _text(payment: Payment, settled_on: date) -> str:
    share = money_text(Money(share_owed(payment), payment.currency))
    on = date_text(settled_on)
    if payment.reversed_at:
        return f"{share} of the reversed payment of {date_text(payment.paid_on)} went back on {on}."
    if payment.recipient == Recipient.PARTNER:
        return f"The creditor's share of {share} was passed on on {on}."
    return f"The partner's fee and share of {share} came in on {on}."
