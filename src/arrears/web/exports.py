"""Tables as files for a spreadsheet: CSV and XLSX, in which no text ever runs as a formula.

The amounts of one row share a currency, which gets a column of its own before the first of them: a number in
a file has nowhere else to say it. Every other column is as the page gave it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, assert_never

import xlsxwriter
from django.http import HttpResponse

from arrears.clock import LONDON
from arrears.core.money import CurrencyMismatch, Money, exponent, round_amount
from arrears.desk.csv_text import csv_cell
from arrears.desk.download import download
from arrears.web.formats import SYMBOLS

Form = Literal["csv", "xlsx"]
FORMS: tuple[Form, ...] = ("csv", "xlsx")
Kind = Literal["text", "money", "date", "moment", "number"]

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Without it a spreadsheet takes the file for the code page of the machine and spoils every £.
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
#: The most characters that a cell of a workbook can hold.
_LONGEST = 32_767
_WIDTHS: dict[Kind, int] = {"text": 24, "money": 14, "date": 12, "moment": 17, "number": 10}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Its cells are None or: text `str`, money `Money`, date `date`, moment an aware `datetime`,
    number `int` or `Decimal`."""

    label: str
    kind: Kind = "text"


def export(
    form: Form, name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """The table as a download called `name` with the ending of its form.

    Raises CurrencyMismatch for a row with amounts in two currencies, and TypeError for a cell that is not of
    its column's kind.
    """
    columns, rows = _with_currency(columns, rows)
    content = _csv(columns, rows) if form == "csv" else _xlsx(columns, rows)
    return download(f"{name}.{form}", _TYPES[form], content)


def _with_currency(
    columns: Sequence[Column], rows: Iterable[Sequence[object]]
) -> tuple[Sequence[Column], Iterable[Sequence[object]]]:
    place = next((place for place, one in enumerate(columns) if one.kind == "money"), None)
    if place is None:
        return columns, rows
    wider = [*columns[:place], Column("Currency"), *columns[place:]]
    return wider, ([*row[:place], _currency_of(row), *row[place:]] for row in rows)


def _currency_of(row: Sequence[object]) -> str:
    found = {cell.currency for cell in row if isinstance(cell, Money)}
    if len(found) > 1:
        raise CurrencyMismatch(f"One row of a file holds {' and '.join(sorted(found))}.")
    return next(iter(found), "")


# --- CSV ----------------------------------------------------------------------------------------------------


def _csv(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([csv_cell(column.label) for column in columns])
    writer.writerows(_plain(columns, row) for row in rows)
    return text.getvalue().encode()


def _plain(columns: Sequence[Column], row: Sequence[object]) -> Iterator[str]:
    for column, cell in zip(columns, row, strict=True):
        if cell is None:
            yield ""
        elif column.kind == "text":
            yield csv_cell(_text(cell))
        elif column.kind == "money":
            yield csv_cell(_amount(cell))
        elif column.kind == "moment":
            yield f"{_moment(cell):%Y-%m-%d %H:%M}"
        elif column.kind == "date":
            yield csv_cell(_date(cell))
        else:
            yield csv_cell(_number(cell))


# --- XLSX ---------------------------------------------------------------------------------------------------


def _xlsx(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    content = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        heading = book.add_format({"bold": True})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(_WIDTHS[column.kind], len(column.label) + 2))
            sheet.write_string(0, place, column.label, heading)
        write = _writer(book, sheet)
        for line, row in enumerate(rows, start=1):
            for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
                if cell is not None:
                    write(column.kind, line, place, cell)
    return content.getvalue()


def _writer(book: Any, sheet: Any) -> Callable[[Kind, int, int, object], None]:
    """Writes one cell as what it is, never as what its text looks like."""
    day = book.add_format({"num_format": "d mmm yyyy"})
    moment = book.add_format({"num_format": "d mmm yyyy hh:mm"})
    moneys: dict[str, Any] = {}

    def write(kind: Kind, line: int, place: int, cell: object) -> None:
        if kind == "text":
            sheet.write_string(line, place, _text(cell)[:_LONGEST])
        elif kind == "money":
            amount, currency = _amount(cell), cell.currency if isinstance(cell, Money) else ""
            if currency not in moneys:
                moneys[currency] = book.add_format({"num_format": _money_format(currency)})
            sheet.write_number(line, place, amount, moneys[currency])
        elif kind == "date":
            sheet.write_datetime(line, place, _date(cell), day)
        elif kind == "moment":
            sheet.write_datetime(line, place, _moment(cell), moment)
        elif kind == "number":
            sheet.write_number(line, place, _number(cell))
        else:
            assert_never(kind)

    return write


def _money_format(currency: str) -> str:
    """£1,234.50 and -£5.00; a currency without a sign of its own is written with its code."""
    places = exponent(currency)
    figures = "#,##0" + ("." + "0" * places if places else "")
    sign = SYMBOLS.get(currency, f"{currency} ")
    return f'"{sign}"{figures};-"{sign}"{figures}'


# --- Cells --------------------------------------------------------------------------------------------------


def _text(cell: object) -> str:
    if not isinstance(cell, str):
        raise TypeError(f"A text column holds {type(cell).__name__}.")
    return cell


def _amount(cell: object) -> Decimal:
    if not isinstance(cell, Money):
        raise TypeError(f"A money column holds {type(cell).__name__}.")
    return round_amount(cell.amount, cell.currency)


def _date(cell: object) -> date:
    if not isinstance(cell, date) or isinstance(cell, datetime):
        raise TypeError(f"A date column holds {type(cell).__name__}.")
    return cell


def _moment(cell: object) -> datetime:
    """On London's clock, and without its zone: a spreadsheet knows none."""
    if not isinstance(cell, datetime):
        raise TypeError(f"A moment column holds {type(cell).__name__}.")
    return cell.astimezone(LONDON).replace(tzinfo=None, second=0, microsecond=0)


def _number(cell: object) -> int | Decimal:
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        raise TypeError(f"A number column holds {type(cell).__name__}.")
    return cell
