"""Read price lists from a CSV file: all of them, or none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from arrears.accounts.models import Organisation, OrganisationKind
from arrears.core.case import Party
from arrears.core.money import read_amount
from arrears.core.pricing import IN_EUROPE, OUTSIDE_EUROPE, Grid, GridProblem, PriceSource, brackets
from arrears.desk.actors import Actor, Refused
from arrears.desk.csv_text import csv_cell
from arrears.desk.grid_columns import COLUMNS, SCOPES
from arrears.desk.models import GridBracket, Partner
from arrears.desk.price_lists import BadPriceList, PriceList, write_list
from arrears.desk.roles import only

#: More rows than this are no price list.
_MOST_ROWS = 10_000
_AGES = ("over_6_months", "over_12_months", "over_24_months")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row as it stands in the file; `number` is its line, the header being 1."""

    number: int
    cells: dict[str, str]

    def refuse(self, column: str, sentence: str) -> Refused:
        return Refused(f"Row {self.number}, column {column}: {sentence}", code="price_list")

    def number_in(self, column: str) -> Decimal:
        amount = read_amount(self.cells[column])
        if amount is None:
            raise self.refuse(column, f"“{self.cells[column]}” is not a number such as 9.5.")
        return amount

    def choice(self, column: str, known: Iterable[str]) -> str:
        if self.cells[column] not in (words := list(known)):
            raise self.refuse(column, f"“{self.cells[column]}” is not known. Use one of {', '.join(words)}.")
        return self.cells[column]

    def since(self) -> date:
        try:
            return date.fromisoformat(self.cells["since"])
        except ValueError:
            raise self.refuse("since", f"“{self.cells['since']}” is not a date such as 2026-03-25.") from None


def import_grids(actor: Actor, text: str) -> int:
    """Save every price list of a CSV file, as one whole. Returns how many there were.

    A list of the same scope and day replaces the one that is there, unless a case was opened at its price.
    Raises Refused naming row and column of the first problem, and then nothing has changed.
    """
    only(actor, Party.OPERATOR)
    groups: dict[tuple[str, str, date], list[_Row]] = {}
    for row in _rows(text):
        key = (row.choice("scope", SCOPES), row.cells["of"], row.since())
        groups.setdefault(key, []).append(row)
    with transaction.atomic():
        for rows in groups.values():
            _write(rows)
    return len(groups)


def _rows(text: str) -> list[_Row]:
    file = io.StringIO(text.removeprefix("\ufeff"), newline="")
    try:
        table = [[_bare(cell) for cell in cells] for cells in csv.reader(file, strict=True)]
    except csv.Error as error:
        raise Refused(f"This is not a CSV file: {error}.", code="price_list") from error
    if not table or tuple(table[0]) != COLUMNS:
        raise Refused(f"The first row must name the columns {', '.join(COLUMNS)}.", code="price_list")
    if len(table) > _MOST_ROWS:
        raise Refused(f"Use at most {_MOST_ROWS:,} rows.", code="price_list")
    found = []
    for number, cells in enumerate(table[1:], start=2):
        if not any(cells):
            continue
        if len(cells) != len(COLUMNS):
            raise Refused(f"Row {number}: {len(COLUMNS)} cells are expected, not {len(cells)}.", "price_list")
        found.append(_Row(number, dict(zip(COLUMNS, cells, strict=True))))
    if not found:
        raise Refused("The file holds no price list.", code="price_list")
    return found


def _bare(cell: str) -> str:
    """A cell without blanks, and without the apostrophe that marks it as text in an export."""
    bare = cell.replace("\0", "").strip()
    return bare[1:] if csv_cell(bare[1:]) == bare else bare


def _write(rows: list[_Row]) -> None:
    first = rows[0]
    same = ("name", *_AGES)
    for row in rows[1:]:
        for column in same:
            if row.cells[column] != first.cells[column]:
                raise row.refuse(column, f"it differs from row {first.number} of the same price list.")
    zones: dict[str, list[_Row]] = {zone: [] for zone in GridBracket.Zone.values}
    for row in rows:
        zones[row.choice("zone", zones)].append(row)
    try:
        write_list(_price_list(first, zones))
    except BadPriceList as error:
        raise _placed(error.problem, first, zones) from error


def _price_list(first: _Row, zones: dict[str, list[_Row]]) -> PriceList:
    edges = {
        zone: [(row.number_in("from_usd"), row.number_in("points")) for row in rows]
        for zone, rows in zones.items()
    }
    over_6_months, over_12_months, over_24_months = (first.number_in(age) for age in _AGES)
    grid = Grid(
        source=first.cells["name"],
        since=first.since(),
        europe=brackets(IN_EUROPE, edges[GridBracket.Zone.EUROPE.value]),
        world=brackets(OUTSIDE_EUROPE, edges[GridBracket.Zone.WORLD.value]),
        over_6_months=over_6_months,
        over_12_months=over_12_months,
        over_24_months=over_24_months,
    )
    scope, of = SCOPES[first.cells["scope"]], first.cells["of"]
    if scope is PriceSource.CREDITOR:
        return PriceList(grid, creditor=_creditor(first))
    if scope is PriceSource.PARTNER:
        return PriceList(grid, partner=_partner(first))
    if scope is PriceSource.JURISDICTION and not of:
        raise first.refuse("of", "name the jurisdiction, such as FR or US-CA.")
    if scope is PriceSource.STANDARD and of:
        raise first.refuse("of", "the standard price list is for everybody; leave this empty.")
    return PriceList(grid, jurisdiction=of)


def _creditor(row: _Row) -> Organisation:
    try:
        public_id = UUID(row.cells["of"])
    except ValueError:
        raise row.refuse("of", "name the creditor by its id.") from None
    found = Organisation.objects.filter(public_id=public_id, kind=OrganisationKind.CREDITOR).first()
    if found is None:
        raise row.refuse("of", "there is no such creditor.")
    return found


def _partner(row: _Row) -> Partner:
    found = Partner.objects.filter(name=row.cells["of"]).first()
    if found is None:
        raise row.refuse("of", f"there is no partner named “{row.cells['of']}”.")
    return found


def _placed(problem: GridProblem, first: _Row, zones: dict[str, list[_Row]]) -> Refused:
    """The problem with the row it lies in: a bracket's own, else the first of its price list."""
    row = zones[problem.zone][problem.position] if problem.zone else first
    return row.refuse(problem.column, problem.sentence)
