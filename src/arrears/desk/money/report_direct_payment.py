"""Report that the debtor has paid the creditor directly."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from arrears.accounts.audit import Action
from arrears.core.case import Party
from arrears.core.money import Money
from arrears.core.payment import Method, Recipient
from arrears.core.wording import sign_text
from arrears.desk.actors import Actor, case_for
from arrears.desk.creditor_trail import note_deed
from arrears.desk.models import Payment
from arrears.desk.roles import only
from arrears.desk.splitting import Receipt, take


def report_direct_payment(
    actor: Actor,
    case_id: UUID | str,
    *,
    paid_on: date,
    amount: Decimal,
    method: Method = Method.BANK_TRANSFER,
    note: str = "",
    now: datetime,
    today: date,
) -> Payment:
    """Record, on the creditor's own word, a payment that reached the creditor and not the partner.

    The creditor then owes the partner the success fee, VAT on it, and what the partner had added. The
    timeline says when it was reported later than agreed. Raises Refused, NotThere.
    """
    only(actor, Party.CREDITOR)
    receipt = Receipt(paid_on, amount, Recipient.CREDITOR, method, note)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        payment = take(case, receipt, actor, now=now, today=today)
        paid = sign_text(Money(payment.amount, payment.currency))
        note_deed(case, actor, f"Reported a payment of {paid} on", now, Action.PAYMENT_REPORTED)
    return payment
