"""Write a statement of account as a file for the books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from arrears.core.case import Party
from arrears.desk.csv_text import Cell, csv_text
from arrears.desk.statements import Balance, Line, Statement

_COLUMNS = (
    "date",
    "what",
    "case",
    "creditor_reference",
    "payment",
    "paid_on",
    "currency",
    "gross",
    "fee",
    "vat_on_fee",
    "partner_share",
    "creditor_share",
    "owed_by",
    "owed",
    "passed_on",
)


def statement_csv(statement: Statement) -> str:
    """The statement's lines between its opening and closing balances, as CSV; amounts are plain numbers."""
    rows = [
        *_balances("Opening balance", statement.first, statement.opening),
        *(_row(line) for line in statement.lines),
        *_balances("Closing balance", statement.last, statement.closing),
    ]
    return csv_text(_COLUMNS, rows)


def _balances(what: str, day: date, balances: dict[str, Balance]) -> Iterator[list[Cell]]:
    for currency, balance in balances.items():
        for party, money in ((Party.PARTNER, balance.by_partners), (Party.CREDITOR, balance.by_creditors)):
            empty: list[Cell] = [None] * 5
            yield [day, what, None, None, None, None, currency, *empty, party.value, money.amount, None]


def _row(line: Line) -> list[Cell]:
    return [
        line.day,
        line.kind.value,
        line.case,
        line.creditor_reference,
        line.payment,
        line.paid_on,
        line.gross.currency,
        line.gross.amount,
        line.fee.amount,
        line.vat.amount,
        line.partner_share.amount,
        line.creditor_share.amount,
        line.owed_by.value,
        line.owed.amount,
        line.settled_on,
    ]
