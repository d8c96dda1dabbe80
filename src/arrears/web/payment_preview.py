"""What a payment would come to, in words, before anything is written down."""

from __future__ import annotations

from arrears.core.case import Party
from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.desk.money.preview_payment import preview_payment
from arrears.desk.splitting import Receipt, Worked
from arrears.web.acts import Asked, Preview
from arrears.web.formats import day, money, percent


def payment_preview(asked: Asked, receipt: Receipt) -> Preview:
    """Who gets how much of it by when, what it pays off, and what is left. Raises NotThere and Refused."""
    worked = preview_payment(asked.actor, asked.case.public_id, receipt, today=asked.today)
    amount = Money(receipt.amount, asked.case.currency)
    lines = [(f"Pays off {bucket}", money(part)) for bucket, part in worked.parts.items() if part.amount]
    lines += [("Still owed after it", money(worked.left))]
    return Preview(_lead(amount, receipt, worked), tuple(lines), _notes(asked, receipt, worked))


def _lead(amount: Money, receipt: Receipt, worked: Worked) -> str:
    """`Of £1,000.00: £905.00 to the creditor by 5 January 2027, £95.00 success fee (9.5%).`"""
    shares = worked.shares
    by = f" by {day(worked.settle_by)}"
    partner_holds = receipt.recipient is Recipient.PARTNER
    parts = [f"{money(shares.creditor_share)} to the creditor{by if partner_holds else ''}"]
    rest = [f"{money(shares.fee)} success fee ({percent(worked.rate)})"]
    if shares.vat.amount:
        rest.append(f"{money(shares.vat)} VAT on it")
    if shares.partner_share.amount:
        rest.append(f"{money(shares.partner_share)} of interest, fees and costs to the partner")
    return f"Of {money(amount)}: {', '.join(parts + rest)}."


def _notes(asked: Asked, receipt: Receipt, worked: Worked) -> tuple[str, ...]:
    shares = worked.shares
    notes = [worked.vat_sentence] if worked.vat_sentence else []
    if receipt.recipient is Recipient.CREDITOR:
        owed = shares.fee + shares.vat + shares.partner_share
        who = "You owe" if asked.actor.party is Party.CREDITOR else "The creditor owes"
        notes.append(f"{who} the partner {money(owed)}, to be paid by {day(worked.settle_by)}.")
    elif shares.creditor_share.amount < 0:
        notes.append("The costs and fees are more than what was paid: the creditor's share is below nothing.")
    return tuple(notes)
