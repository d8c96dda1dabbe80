"""Undo a payment that was recorded by mistake, or that bounced."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Event, Lifecycle, Party
from arrears.core.money import Money
from arrears.core.wording import date_text, money_text
from arrears.desk import outbox
from arrears.desk.actors import Actor, Refused
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, EventKind, Payment
from arrears.desk.moves import move, write_down
from arrears.desk.periods import take_back
from arrears.desk.roles import only
from arrears.desk.splitting import payment_for, still_owed


def reverse_payment(actor: Actor, payment_id: UUID | str, reason: str, *, now: datetime) -> Payment:
    """Take a payment back, by the partner or an operator. It stays on record, and counts no more.

    What it had paid is owed again. A case closed as paid is reopened when something is owed then, one closed
    as partially paid when nothing has been paid any more. If the payment had been settled, that share is owed
    back. Raises Refused, NotThere.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    kept = free_text(reason, "a reason")
    with transaction.atomic():
        payment = payment_for(actor, payment_id, lock=True)
        if payment.reversed_at:
            raise Refused("This payment was reversed already.", code="not_now")
        if actor.party is Party.PARTNER and payment.case.partner_id != actor.partner:
            raise Refused(
                "The case is with another partner now, so what is owed on it is not yours to change.",
                code="not_allowed",
                action="Ask the operator to reverse the payment.",
            )
        payment.reversed_at = payment.updated_at = now
        payment.reversed_because = kept
        payment.save(update_fields=["reversed_at", "reversed_because", "updated_at"])
        _follow(payment.case, payment, actor, now=now)
    return payment


def _follow(case: Case, payment: Payment, actor: Actor, *, now: datetime) -> None:
    outstanding = still_owed(case)
    paid, owed = (money_text(Money(amount, case.currency)) for amount in (payment.amount, outstanding))
    text = (
        f"The payment of {paid} of {date_text(payment.paid_on)} was reversed. {owed} is owed. "
        f"Reason: {payment.reversed_because}"
    )
    data = {"payment": str(payment.public_id), "reversed": True, "outstanding": str(outstanding)}
    write_down(case, EventKind.PAYMENT, actor, text, now=now, data=data, outstanding=outstanding)
    take_back(case, payment.paid_on, now=now)
    outbox.announce(case, "payment.deleted", now=now, data={"paymentId": str(payment.public_id)})
    # Nobody can be pursued on a case whose debtor was erased.
    if outstanding > 0 and case.debtor_erased_at is None and _closed_by_it(case):
        why = "Reopened: with that payment reversed, the debt is not paid."
        move(case, Event.REOPENED, actor, why, now=now, close_code="", finished_at=None)


def _closed_by_it(case: Case) -> bool:
    """Whether the case was closed for a reason that does not hold without the payment."""
    if case.lifecycle != Lifecycle.CLOSED:
        return False
    if case.close_code == CloseCode.PARTIALLY_PAID:
        return not case.payments.filter(reversed_at=None).exists()
    return case.close_code == CloseCode.PAID
