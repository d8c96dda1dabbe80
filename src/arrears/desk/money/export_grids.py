"""Write all price lists to a CSV file."""

from __future__ import annotations

from arrears.core.case import Party
from arrears.core.pricing import PriceSource
from arrears.desk.actors import Actor
from arrears.desk.csv_text import Cell, csv_text
from arrears.desk.grid_columns import COLUMNS, SCOPES
from arrears.desk.models import GridBracket, PriceGrid
from arrears.desk.price_lists import label_of, stored_lists
from arrears.desk.roles import only

_WORDS = {label: word for word, label in SCOPES.items()}


def export_grids(actor: Actor) -> str:
    """Every saved price list as CSV, a row for each bracket, in the form that the import reads."""
    only(actor, Party.OPERATOR)
    rows = [_row(grid, bracket) for grid in stored_lists() for bracket in grid.brackets.all()]
    return csv_text(COLUMNS, rows)


def _row(grid: PriceGrid, bracket: GridBracket) -> list[Cell]:
    ages = (grid.over_6_months, grid.over_12_months, grid.over_24_months)
    return [
        grid.name,
        _WORDS[label_of(grid)],
        _of(grid),
        grid.since,
        bracket.zone,
        bracket.from_usd,
        bracket.points,
        *ages,
    ]


def _of(grid: PriceGrid) -> str:
    label = label_of(grid)
    if label is PriceSource.CREDITOR and grid.creditor:
        return str(grid.creditor.public_id)
    if label is PriceSource.PARTNER and grid.partner:
        return grid.partner.name
    return grid.jurisdiction
