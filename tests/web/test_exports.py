"""Tables as files: what a spreadsheet reads back is what was written, and never a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from arrears.core.money import CurrencyMismatch, Money
from arrears.web.exports import Column, export

HOSTILE = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "＝1+1",  # a wide sign counts as one too
    '=HYPERLINK("http://example.org","Open")',
)
COLUMNS = [
    Column("Customer"),
    Column("Owed", "money"),
    Column("Due", "date"),
    Column("Read at", "moment"),
    Column("Days", "number"),
]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_csv_begins_with_a_byte_order_mark_and_holds_plain_values() -> None:
    at = datetime(2026, 7, 1, 11, 5, tzinfo=UTC)
    row = ("Müller £ Söhne", Money.parse("-1234.5 GBP"), date(2026, 3, 5), at, 12)
    response = export("csv", "run-7-results", COLUMNS, [row, (None,) * 5])
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert read_csv(response.content) == [
        ["Customer", "Currency", "Owed", "Due", "Read at", "Days"],
        ["Müller £ Söhne", "GBP", "-1234.50", "2026-03-05", "2026-07-01 12:05", "12"],
        ["", "", "", "", "", ""],
    ]
    assert response["Content-Disposition"] == 'attachment; filename="run-7-results.csv"'
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_a_csv_begins_as_a_formula_would(text: str) -> None:
    _, [cell] = read_csv(export("csv", "list", [Column("Customer")], [(text,)]).content)
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_a_workbook_is_a_text_whatever_it_looks_like(text: str) -> None:
    sheet = sheet_of(export("xlsx", "list", [Column("Customer")], [(text,)]).content)
    cell = sheet.cell(2, 1)
    assert cell.data_type in ("s", "inlineStr")
    assert str(cell.value).replace("_x000D_", "\r") == text
    assert cell.hyperlink is None


def test_a_workbook_holds_numbers_dates_and_moments_as_what_they_are() -> None:
    at = datetime(2026, 1, 1, 11, 5, 33, tzinfo=UTC)
    rows = [
        ("A", Money.parse("1234.50 GBP"), date(2026, 3, 5), at, Decimal("1.5")),
        ("B", Money.parse("1235 JPY"), None, None, None),
        ("C", Money.parse("10 AED"), None, None, 3),
    ]
    response = export("xlsx", "owed", COLUMNS, rows)
    sheet = sheet_of(response.content)
    assert [cell.value for cell in sheet[1]] == ["Customer", "Currency", "Owed", "Due", "Read at", "Days"]
    assert [cell.value for cell in sheet[2]] == [
        "A",
        "GBP",
        1234.5,
        datetime(2026, 3, 5),  # noqa: DTZ001 # a workbook knows no zones
        datetime(2026, 1, 1, 11, 5),  # noqa: DTZ001
        1.5,
    ]
    formats = [sheet.cell(line, 3).number_format for line in (2, 3, 4)]
    assert formats == ['"£"#,##0.00;-"£"#,##0.00', '"¥"#,##0;-"¥"#,##0', '"AED "#,##0.00;-"AED "#,##0.00']
    assert sheet.cell(3, 4).value is None
    assert response["Content-Disposition"] == 'attachment; filename="owed.xlsx"'


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_row_with_two_currencies_is_refused(form: str) -> None:
    columns = [Column("Owed", "money"), Column("Fee", "money")]
    with pytest.raises(CurrencyMismatch):
        export(form, "x", columns, [(Money.parse("1 GBP"), Money.parse("1 EUR"))])  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["text", "money", "date", "moment", "number"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_cell_of_another_kind_is_an_error_and_not_a_guess(form: str, kind: str) -> None:
    with pytest.raises(TypeError):
        export(form, "x", [Column("A", kind)], [([1],)])  # type: ignore[arg-type]


def test_a_text_longer_than_a_cell_can_be_is_cut_and_not_left_out() -> None:
    sheet = sheet_of(export("xlsx", "x", [Column("A")], [("y" * 40_000,)]).content)
    assert len(str(sheet.cell(2, 1).value)) == 32_767


def sheet_of(content: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet
