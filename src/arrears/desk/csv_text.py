"""Tables as CSV text that a spreadsheet opens as what it is, and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

#: What may stand in a cell. Only texts can come from outside.
Cell = str | Decimal | int | date | None

_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def csv_cell(value: Cell) -> str:
    """One cell: numbers without an exponent, dates as 2026-03-05, and no text that could be a formula.

    A text that a spreadsheet would take for one is marked with an apostrophe, which makes it plain text.
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if not isinstance(value, str):
        return str(value)
    bare = value.lstrip("'")  # one more, so that reading it back takes off only what was put on
    risky = bare.startswith(_FORMULA_STARTS) or bare.lstrip().startswith(_FORMULA_STARTS)
    return f"'{value}" if risky else value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A header and rows as CSV with Windows line ends, as RFC 4180 has them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue()
