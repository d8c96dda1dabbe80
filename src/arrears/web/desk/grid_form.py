"""The form for a new price list: whose it is, from when, and its brackets as rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from arrears.core.pricing import Grid
from arrears.core.wording import number_text
from arrears.desk.actors import Refused
from arrears.desk.models import GridBracket
from arrears.desk.price_lists import BadPriceList
from arrears.web.desk.asking import creditors, optional_choice, partners, places, told
from arrears.web.form_fields import NumberField, choice_field, day_field, line_field

_ROWS = 6
_MOST_ROWS = 30
_ZONES = {
    GridBracket.Zone.EUROPE.value: "Debtors in Europe",
    GridBracket.Zone.WORLD.value: "Debtors outside Europe",
}
_AGES = {"over_6_months": 6, "over_12_months": 12, "over_24_months": 24}
_SCOPES = [
    ("standard", "Everybody: the standard price list"),
    ("creditor", "One creditor"),
    ("partner", "One partner"),
    ("jurisdiction", "One place"),
]


class GridForm(forms.Form):
    """A price list as rows of figures. Rows left empty do not count."""

    name = line_field("Name", "Give the price list a name.", longest=200)
    since = day_field("In force from")
    scope = choice_field("For whom", _SCOPES)

    def __init__(self, *args: Any, extra: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["creditor"] = optional_choice("Creditor", creditors(), any_label="–")
        self.fields["partner"] = optional_choice("Partner", partners(), any_label="–")
        self.fields["jurisdiction"] = optional_choice("Place", places(), any_label="–")
        given = (self.data if self.is_bound else self.initial) or {}
        text = str(given.get("rows", ""))
        self.row_count = min((int(text) if text.isdecimal() else _ROWS) + extra, _MOST_ROWS)
        for zone, label in _ZONES.items():
            for at in range(self.row_count):
                row = f"{label}, row {at + 1}"
                self.fields[f"{zone}_from_{at}"] = _figure(f"{row}: from US$")
                self.fields[f"{zone}_points_{at}"] = _figure(f"{row}: per cent")
        for age, months in _AGES.items():
            self.fields[age] = _figure(f"Points more on what is over {months} months old")

    @classmethod
    def filled(cls, grid: Grid) -> dict[str, str]:
        """The figures of a price list, to start from."""
        values = {age: number_text(getattr(grid, age)) for age in _AGES}
        for zone, rows in (("europe", grid.europe), ("world", grid.world)):
            for at, bracket in enumerate(rows):
                values[f"{zone}_from_{at}"] = number_text(bracket.from_usd)
                values[f"{zone}_points_{at}"] = number_text(bracket.points)
        return values | {"rows": str(max(_ROWS, len(grid.europe), len(grid.world)))}

    def zones(self) -> Iterator[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """The brackets' fields, a pair for each row, for the page."""
        for zone, label in _ZONES.items():
            pairs = [(self[f"{zone}_from_{at}"], self[f"{zone}_points_{at}"]) for at in range(self.row_count)]
            yield label, pairs

    def ages(self) -> list[forms.BoundField]:
        return [self[age] for age in _AGES]

    def clean(self) -> None:
        """Whoever the list is for is named; both figures of a row are there, or neither."""
        scope = self.cleaned_data.get("scope", "")
        if scope in ("creditor", "partner", "jurisdiction") and not self.cleaned_data.get(scope):
            self.add_error(scope, "Choose which one.")
        for zone in _ZONES:
            for at in range(self.row_count):
                edge, points = f"{zone}_from_{at}", f"{zone}_points_{at}"
                if self.errors.keys() & {edge, points}:
                    continue
                if (self.cleaned_data.get(edge) is None) != (self.cleaned_data.get(points) is None):
                    empty = edge if self.cleaned_data.get(edge) is None else points
                    self.add_error(empty, "Fill in both figures of the row, or neither.")

    def order(self) -> dict[str, Any]:
        """What `save_grid` takes."""
        given = self.cleaned_data
        scope = given["scope"]
        edges = {
            zone: [
                (given[f"{zone}_from_{at}"], given[f"{zone}_points_{at}"])
                for at in range(self.row_count)
                if given[f"{zone}_from_{at}"] is not None
            ]
            for zone in _ZONES
        }
        return {
            "name": given["name"],
            "since": given["since"],
            **edges,
            **{age: given[age] or Decimal(0) for age in _AGES},
            "creditor": UUID(given["creditor"]) if scope == "creditor" else None,
            "partner": UUID(given["partner"]) if scope == "partner" else None,
            "jurisdiction": given["jurisdiction"] if scope == "jurisdiction" else "",
        }

    def refuse(self, reason: Refused) -> None:
        """Say what is wrong, at the row it is about where there is one."""
        problem = reason.problem if isinstance(reason, BadPriceList) else None
        if problem and problem.zone:
            filled = [
                at
                for at in range(self.row_count)
                if self.cleaned_data[f"{problem.zone}_from_{at}"] is not None
            ]
            column = "from" if problem.column == "from_usd" else "points"
            self.add_error(f"{problem.zone}_{column}_{filled[problem.position]}", told(reason))
        else:
            named = problem.column if problem and problem.column in self.fields else None
            self.add_error(named, told(reason))


def _figure(label: str) -> NumberField:
    return NumberField(label, required=False, max_length=20)
