"""Price lists as the operator keeps them: which one prices a case, and writing one down."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from arrears.accounts.models import Organisation
from arrears.core.country import JURISDICTIONS
from arrears.core.handover import Handover
from arrears.core.pricing import (
    GRIDS,
    IN_EUROPE,
    OUTSIDE_EUROPE,
    Estimate,
    Grid,
    GridProblem,
    PriceSource,
    brackets,
    grid_problems,
    strongest,
)
from arrears.core.wording import date_text
from arrears.desk.actors import Refused
from arrears.desk.models import Case, GridBracket, Partner, PriceGrid
from arrears.desk.stamps import Kept, Stamps, network_stamp

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class PriceList:
    """A price list with the one scope it is for; a list without any is the standard one."""

    grid: Grid
    creditor: Organisation | None = None
    partner: Partner | None = None
    jurisdiction: str = ""

    @property
    def label(self) -> PriceSource:
        if self.creditor:
            return PriceSource.CREDITOR
        if self.partner:
            return PriceSource.PARTNER
        return PriceSource.JURISDICTION if self.jurisdiction else PriceSource.STANDARD


class BadPriceList(Refused):
    """A price list that cannot be used, with where the problem lies."""

    def __init__(self, problem: GridProblem) -> None:
        super().__init__(problem.sentence, code="price_list")
        self.problem = problem


def price(
    handover: Handover,
    *,
    creditor_id: int,
    partner_id: int | None,
    jurisdiction: str,
    today: date,
    stamps: Stamps | None = None,
) -> Estimate | None:
    """Price what is handed over by the strongest price list that applies to it; None where none has a rate.

    The published standard price lists of this version count among the operator's own ones: the latest
    applies. `stamps` are the creditor's where they were just read; without them this is one query.
    """
    lists = _lists.under(stamps.network if stamps else network_stamp())
    scopes: dict[PriceSource, int | str | None] = {
        PriceSource.CREDITOR: creditor_id,
        PriceSource.PARTNER: partner_id,
        PriceSource.JURISDICTION: jurisdiction,
        PriceSource.STANDARD: "",
    }
    candidates = {
        label: [grid for grid in lists[label, scope] if grid.since <= today]
        for label, scope in scopes.items()
        if (label, scope) in lists
    }
    candidates[PriceSource.STANDARD] = [*GRIDS, *candidates.get(PriceSource.STANDARD, ())]
    return strongest(handover, candidates, today)


def label_of(row: PriceGrid) -> PriceSource:
    """Which agreement a stored price list belongs to."""
    if row.creditor_id is not None:
        return PriceSource.CREDITOR
    if row.partner_id is not None:
        return PriceSource.PARTNER
    return PriceSource.JURISDICTION if row.jurisdiction else PriceSource.STANDARD


def grid_of(row: PriceGrid) -> Grid:
    """A stored price list as core works with it."""
    edges = {
        zone: [(bracket.from_usd, bracket.points) for bracket in row.brackets.all() if bracket.zone == zone]
        for zone in GridBracket.Zone
    }
    return Grid(
        source=row.name,
        since=row.since,
        europe=brackets(IN_EUROPE, edges[GridBracket.Zone.EUROPE]),
        world=brackets(OUTSIDE_EUROPE, edges[GridBracket.Zone.WORLD]),
        over_6_months=row.over_6_months,
        over_12_months=row.over_12_months,
        over_24_months=row.over_24_months,
    )


def stored_lists() -> QuerySet[PriceGrid]:
    """Every stored price list, by scope, the latest of each first."""
    return (
        PriceGrid.objects.select_related("creditor", "partner")
        .prefetch_related("brackets")
        .order_by("creditor__name", "creditor_id", "partner__name", "jurisdiction", "-since")
    )


def write_list(wanted: PriceList) -> PriceGrid:
    """Add a price list, or replace the one of the same scope and day that has priced no case yet.

    Raises BadPriceList, and then nothing has changed.
    """
    _check(wanted)
    grid = wanted.grid
    scope: dict[str, Any] = {
        "creditor": wanted.creditor,
        "partner": wanted.partner,
        "jurisdiction": wanted.jurisdiction,
    }
    with transaction.atomic():
        taken = PriceGrid.objects.select_for_update(of=("self",)).filter(since=grid.since, **scope).first()
        if taken:
            refuse_if_used(taken)
        row, _ = PriceGrid.objects.update_or_create(
            since=grid.since,
            **scope,
            defaults={
                "name": grid.source.strip(),
                "over_6_months": grid.over_6_months,
                "over_12_months": grid.over_12_months,
                "over_24_months": grid.over_24_months,
            },
        )
        row.brackets.all().delete()
        GridBracket.objects.bulk_create(
            GridBracket(grid=row, zone=zone, from_usd=bracket.from_usd, points=bracket.points)
            for zone, rows in ((GridBracket.Zone.EUROPE, grid.europe), (GridBracket.Zone.WORLD, grid.world))
            for bracket in rows
        )
    return row


def refuse_if_used(row: PriceGrid) -> None:
    """Raise BadPriceList where a case was opened at this list's price: what was agreed stays readable."""
    label = label_of(row)
    priced = Case.objects.filter(price_source=label.value, price_as_of=row.since, price_name=row.name)
    if label is PriceSource.CREDITOR:
        priced = priced.filter(creditor_id=row.creditor_id)
    if priced.exists():
        sentence = (
            f"“{row.name}” of {date_text(row.since)} has priced cases already and cannot be changed. "
            "Save a new price list from a later day instead."
        )
        raise BadPriceList(GridProblem(sentence, "since"))


def _check(wanted: PriceList) -> None:
    scopes = [wanted.creditor, wanted.partner, wanted.jurisdiction]
    if sum(1 for scope in scopes if scope) > 1:
        sentence = "A price list is for one creditor, one partner or one jurisdiction. Choose one of them."
        raise BadPriceList(GridProblem(sentence, "scope"))
    if wanted.jurisdiction and wanted.jurisdiction not in JURISDICTIONS:
        sentence = f"“{wanted.jurisdiction}” is not a jurisdiction. Use a code such as FR or US-CA."
        raise BadPriceList(GridProblem(sentence, "of"))
    if not 0 < len(wanted.grid.source.strip()) <= _LONGEST_NAME or not wanted.grid.source.isprintable():
        sentence = f"Give the price list a name of 1 to {_LONGEST_NAME} printable characters."
        raise BadPriceList(GridProblem(sentence, "name"))
    problems = grid_problems(wanted.grid, standard=wanted.label is PriceSource.STANDARD)
    if problems:
        raise BadPriceList(problems[0])


def _read_lists() -> dict[tuple[PriceSource, int | str | None], list[Grid]]:
    """Every stored price list, by the agreement it belongs to and whose or where that is."""
    lists: dict[tuple[PriceSource, int | str | None], list[Grid]] = defaultdict(list)
    for row in PriceGrid.objects.prefetch_related("brackets"):
        lists[label_of(row), row.creditor_id or row.partner_id or row.jurisdiction].append(grid_of(row))
    return dict(lists)


_lists = Kept(_read_lists)
