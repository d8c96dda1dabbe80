"""A statement of account, as creditors and partners are told it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.api.errors import FieldErrors
from arrears.desk.api.wire_values import Day, Number, Shape
from arrears.desk.money.statement import statement
from arrears.desk.statements import Balance, Line, Statement, Total

#: Statements begin here at the earliest, so that adding days to one cannot run out of calendar.
_FIRST_DAY = date(2000, 1, 1)
_LAST_DAY = date(2999, 12, 31)


class StatementLine(Shape):
    """What happened on `date`. `owed` is what `owed_by` owes the other more, or, negative, less, by it."""

    date: Day
    type: str
    payment_id: UUID
    case_reference: str
    creditor_reference: str | None
    paid_on: Day
    currency: str
    gross_amount: Number
    fee: Number
    vat_on_fee: Number
    partner_share: Number
    creditor_share: Number
    owed_by: str
    owed: Number
    settled_on: Day | None


class StatementTotal(Shape):
    currency: str
    gross_amount: Number
    fee: Number
    vat_on_fee: Number
    partner_share: Number
    creditor_share: Number


class StatementBalance(Shape):
    """What is owed and not yet passed on. The two are not set off against each other."""

    currency: str
    owed_by_partners: Number
    owed_by_creditors: Number


class StatementShown(Shape):
    """An account from `first` to `last`, both included. A line is told on the day it was written down."""

    first: Day
    last: Day
    opening: list[StatementBalance]
    lines: list[StatementLine]
    totals: list[StatementTotal]
    closing: list[StatementBalance]


def statement_asked(actor: Actor, first: date, last: date) -> Statement:
    """The account of a time. Raises FieldErrors and Refused."""
    errors = {
        name: [f"The day must lie between {_FIRST_DAY} and {_LAST_DAY}."]
        for name, day in (("from", first), ("to", last))
        if not _FIRST_DAY <= day <= _LAST_DAY
    }
    if errors:
        raise FieldErrors(errors)
    return statement(actor, first=first, last=last)


def show_statement(drawn_up: Statement) -> StatementShown:
    return StatementShown(
        first=drawn_up.first,
        last=drawn_up.last,
        opening=[_balance(currency, one) for currency, one in drawn_up.opening.items()],
        lines=[_line(line) for line in drawn_up.lines],
        totals=[_total(currency, one) for currency, one in drawn_up.totals.items()],
        closing=[_balance(currency, one) for currency, one in drawn_up.closing.items()],
    )


def _line(line: Line) -> StatementLine:
    return StatementLine(
        date=line.day,
        type=line.kind.value,
        payment_id=UUID(line.payment),
        case_reference=line.case,
        creditor_reference=line.creditor_reference or None,
        paid_on=line.paid_on,
        currency=line.gross.currency,
        gross_amount=line.gross.amount,
        fee=line.fee.amount,
        vat_on_fee=line.vat.amount,
        partner_share=line.partner_share.amount,
        creditor_share=line.creditor_share.amount,
        owed_by="Partner" if line.owed_by is Party.PARTNER else "Creditor",
        owed=line.owed.amount,
        settled_on=line.settled_on,
    )


def _total(currency: str, total: Total) -> StatementTotal:
    return StatementTotal(
        currency=currency,
        gross_amount=total.gross.amount,
        fee=total.fee.amount,
        vat_on_fee=total.vat.amount,
        partner_share=total.partner_share.amount,
        creditor_share=total.creditor_share.amount,
    )


def _balance(currency: str, balance: Balance) -> StatementBalance:
    return StatementBalance(
        currency=currency,
        owed_by_partners=balance.by_partners.amount,
        owed_by_creditors=balance.by_creditors.amount,
    )
