"""Price lists as data: which one prices a case, saving, and the file they come and go in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from arrears.core.handover import Handover, handover_of
from arrears.core.pricing import GRIDS, PriceSource
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Case, GridBracket, PriceGrid
from arrears.desk.money.export_grids import export_grids
from arrears.desk.money.import_grids import import_grids
from arrears.desk.money.list_grids import list_grids
from arrears.desk.money.remove_grid import remove_grid
from arrears.desk.money.save_grid import save_grid
from arrears.desk.price_lists import price
from tests.builders import RATES, a_claim, an_invoice
from tests.desk.builders import OPERATOR, an_organisation
from tests.desk.money.conftest import TODAY, World, a_partner

HEADER = "name,scope,of,since,zone,from_usd,points,over_6_months,over_12_months,over_24_months\n"


def handed_over(owed: str = "1000 USD") -> Handover:
    found = handover_of(a_claim(an_invoice(owed)), RATES, TODAY)
    assert found is not None
    return found


def a_list(points: str = "5", from_usd: str = "0", **changes: Any) -> PriceGrid:
    rows = [(Decimal(from_usd), Decimal(points))]
    known: dict[str, Any] = {
        "name": f"List of {points}%",
        "since": date(2026, 6, 1),
        "europe": rows,
        "world": rows,
    }
    return save_grid(OPERATOR, **known | changes)


def rate(world: World, today: date = TODAY, owed: str = "1000 USD") -> tuple[str, PriceSource] | None:
    found = price(
        handed_over(owed),
        creditor_id=world.creditor.pk,
        partner_id=world.partner.pk,
        jurisdiction="GB",
        today=today,
    )
    return (f"{found.rate.normalize():f}", found.label) if found else None


def test_without_any_list_of_ones_own_the_published_one_prices(world: World) -> None:
    assert rate(world) == ("9.5", PriceSource.STANDARD)


def test_the_strongest_list_prices(world: World) -> None:
    a_list("11", jurisdiction="GB")
    assert rate(world) == ("11", PriceSource.JURISDICTION)
    a_list("12", partner=world.partner.public_id)
    assert rate(world) == ("12", PriceSource.PARTNER)
    a_list("13", creditor=world.creditor.public_id)
    assert rate(world) == ("13", PriceSource.CREDITOR)


def test_the_lists_of_others_price_nothing(world: World) -> None:
    a_list("11", jurisdiction="FR")
    a_list("12", partner=a_partner("Elm Collections").public_id)
    a_list("13", creditor=an_organisation("Other").public_id)
    assert rate(world) == ("9.5", PriceSource.STANDARD)
    alone = price(
        handed_over(), creditor_id=world.creditor.pk, partner_id=None, jurisdiction="GB", today=TODAY
    )
    assert alone is not None
    assert alone.label is PriceSource.STANDARD


def test_a_list_prices_from_its_day_until_the_next(world: World) -> None:
    a_list("11", since=date(2026, 6, 1), from_usd="100")
    a_list("12", since=date(2026, 11, 23), from_usd="100")
    assert rate(world, date(2026, 5, 31)) == ("9.5", PriceSource.STANDARD)
    assert rate(world, date(2026, 6, 1)) == ("11", PriceSource.STANDARD)
    assert rate(world, date(2026, 11, 22)) == ("11", PriceSource.STANDARD)
    assert rate(world, date(2026, 11, 23)) == ("12", PriceSource.STANDARD)


def test_a_standard_list_older_than_the_published_one_gives_way(world: World) -> None:
    a_list("11", since=date(2026, 3, 25), from_usd="100")
    a_list("10", since=date(2026, 1, 1), from_usd="100")
    assert rate(world) == ("9.5", PriceSource.STANDARD)
    assert rate(world, date(2026, 3, 24)) == ("10", PriceSource.STANDARD)


def test_below_its_lowest_bracket_a_list_leaves_the_case_to_the_next(world: World) -> None:
    a_list("5", from_usd="5000", creditor=world.creditor.public_id)
    assert rate(world, owed="4999.99 USD") == ("9.5", PriceSource.STANDARD)
    assert rate(world, owed="5000 USD") == ("5", PriceSource.CREDITOR)


def test_a_stored_list_prices_by_zone_bracket_and_age(world: World) -> None:
    world_rows = [(Decimal(0), Decimal(30)), (Decimal(500), Decimal(25))]
    ages: dict[str, Any] = {f"over_{months}_months": Decimal("1.5") for months in (6, 12, 24)}
    a_list("5", world=world_rows, jurisdiction="IN", name="India 2026", **ages)
    debt = replace(handed_over(), country="IN")
    debt = replace(debt, aged=replace(debt.aged, over_6_months=Decimal(1000)))
    found = price(debt, creditor_id=world.creditor.pk, partner_id=None, jurisdiction="IN", today=TODAY)
    assert found is not None
    assert (found.rate, found.uplift, found.source) == (Decimal("26.5"), Decimal("1.5"), "India 2026")
    assert "25% on claims of USD 500 or more against debtors outside Europe (India)" in found.steps[1]


def test_price_lists_are_kept_in_memory_until_one_of_them_changes(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_list("11", jurisdiction="GB")
    assert rate(world) == ("11", PriceSource.JURISDICTION)
    with django_assert_num_queries(1):  # the stamp
        rate(world)
    GridBracket.objects.update(points=12)
    assert rate(world) == ("12", PriceSource.JURISDICTION)


def test_a_list_that_priced_nothing_may_be_saved_again(world: World) -> None:
    a_list("11", jurisdiction="GB", name="First try")
    a_list("12", jurisdiction="GB", name="Second try")
    assert rate(world) == ("12", PriceSource.JURISDICTION)
    assert [grid.name for grid in list_grids(OPERATOR)] == ["Second try"]
    assert GridBracket.objects.count() == 2


@pytest.mark.parametrize(
    "change", [lambda grid: a_list("12", jurisdiction="GB"), lambda grid: remove_grid(OPERATOR, grid.pk)]
)
def test_a_list_that_priced_a_case_stays_as_it_is(
    world: World, change: Callable[[PriceGrid], object]
) -> None:
    grid = a_list("11", jurisdiction="GB")
    Case.objects.filter(pk=world.case.pk).update(
        price_source=PriceSource.JURISDICTION.value, price_as_of=grid.since, price_name=grid.name
    )
    with pytest.raises(Refused, match="has priced cases already and cannot be changed"):
        change(grid)
    assert rate(world) == ("11", PriceSource.JURISDICTION)
    a_list("12", jurisdiction="GB", since=TODAY)
    assert rate(world) == ("12", PriceSource.JURISDICTION)


def test_a_list_that_priced_nothing_can_be_removed(world: World) -> None:
    remove_grid(OPERATOR, a_list("11", jurisdiction="GB").pk)
    assert rate(world) == ("9.5", PriceSource.STANDARD)
    with pytest.raises(NotThere, match="no such price list"):
        remove_grid(OPERATOR, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"jurisdiction": "US"}, "“US” is not a jurisdiction"),
        ({"name": " "}, "Give the price list a name"),
        ({"from_usd": "100.01"}, "has to begin at USD 100 or below"),
        ({"world": []}, "needs brackets for both zones; world has none"),
        ({"over_12_months": Decimal("Infinity")}, "not a plausible number"),
        ({"points": "100.5"}, "is no percentage"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(world: World, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        a_list(**changes)
    assert not PriceGrid.objects.exists()


def test_a_list_has_one_scope(world: World) -> None:
    with pytest.raises(Refused, match="Choose one of them"):
        a_list(jurisdiction="GB", partner=world.partner.public_id)
    unknown = world.case.public_id
    with pytest.raises(NotThere, match="no such creditor"):
        a_list(creditor=unknown)
    with pytest.raises(NotThere, match="no such partner"):
        a_list(partner=unknown)


@pytest.mark.parametrize(
    "verb",
    [
        list_grids,
        export_grids,
        lambda actor: import_grids(actor, HEADER),
        lambda actor: remove_grid(actor, 1),
        lambda actor: save_grid(actor, name="Mine", since=TODAY, europe=[], world=[]),
    ],
)
def test_only_an_operator_sees_and_changes_lists(world: World, verb: Callable[[Actor], object]) -> None:
    for actor in (world.as_creditor, world.as_partner):
        with pytest.raises(Refused, match="Only the operator"):
            verb(actor)


def test_a_file_can_be_written_read_and_written_again(world: World) -> None:
    a_list("11", from_usd="100")
    a_list("12", jurisdiction="US-CA", over_12_months=Decimal(8), over_24_months=Decimal(15), name="=1+1")
    a_list("13", partner=world.partner.public_id, europe=[])
    a_list("14", creditor=world.creditor.public_id)
    text = export_grids(OPERATOR)
    assert "'=1+1" in text
    PriceGrid.objects.all().delete()
    assert import_grids(OPERATOR, text) == 4
    assert export_grids(OPERATOR) == text
    assert PriceGrid.objects.filter(name="=1+1", over_24_months=15).exists()


def test_a_file_of_the_published_list_prices_as_that_does(world: World) -> None:
    lines = [
        f"Copy,standard,,2026-06-01,{zone},{row.from_usd},{row.points},0,8,15"
        for zone, rows in (("europe", GRIDS[-1].europe), ("world", GRIDS[-1].world))
        for row in rows
    ]
    assert import_grids(OPERATOR, HEADER + "\n".join(lines)) == 1
    for owed in ("999.99 USD", "1000 USD", "150000 USD"):
        found = price(
            handed_over(owed), creditor_id=world.creditor.pk, partner_id=None, jurisdiction="GB", today=TODAY
        )
        published = price(
            handed_over(owed),
            creditor_id=world.creditor.pk,
            partner_id=None,
            jurisdiction="GB",
            today=date(2026, 4, 1),
        )
        assert found is not None
        assert published is not None
        assert (found.source, found.rate) == ("Copy", published.rate)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("A,galaxy,,2026-06-01,europe,0,5,0,0,0", "Row 3, column scope: “galaxy” is not known"),
        ("A,jurisdiction,FR,soon,europe,0,5,0,0,0", "Row 3, column since: “soon” is not a date"),
        ("A,jurisdiction,FR,2026-06-01,moon,0,5,0,0,0", "Row 3, column zone: “moon” is not known"),
        ("A,jurisdiction,FR,2026-06-01,europe,x,5,0,0,0", "Row 3, column from_usd: “x” is not a number"),
        ("A,jurisdiction,FR,2026-06-01,europe,0,101,0,0,0", "Row 3, column points: “101” is no percentage"),
        ("A,jurisdiction,FR,2026-06-01,europe,0,5,0,101,101", "Row 3, column over_12_months: “101” is no"),
        ("A,jurisdiction,ZZ,2026-06-01,europe,0,5,0,0,0", "Row 3, column of: “ZZ” is not a jurisdiction"),
        ("A,jurisdiction,,2026-06-01,europe,0,5,0,0,0", "Row 3, column of: name the jurisdiction"),
        ("A,standard,FR,2026-06-01,europe,0,5,0,0,0", "Row 3, column of: the standard price list is for"),
        ("A,standard,,2026-06-01,europe,0,5,0,0,0", "Row 3, column zone: The standard price list needs"),
        ("A,partner,Nobody,2026-06-01,europe,0,5,0,0,0", "Row 3, column of: there is no partner named"),
        ("A,creditor,7,2026-06-01,europe,0,5,0,0,0", "Row 3, column of: name the creditor by its id"),
        ("A,jurisdiction,DE,2026-06-01,europe,0,5,0,0,0", "Row 3, column from_usd: USD 0 does not lie above"),
        ("B,jurisdiction,DE,2026-06-01,europe,9,5,0,0,0", "Row 3, column name: it differs from row 2"),
        ("A,jurisdiction,FR", "Row 3: 10 cells are expected, not 3"),
        (",jurisdiction,FR,2026-06-01,europe,0,5,0,0,0", "Row 3, column name: Give the price list a name"),
    ],
)
def test_a_problem_in_a_file_is_named_by_row_and_column_and_nothing_is_read(
    world: World, row: str, sentence: str
) -> None:
    good = "A,jurisdiction,DE,2026-06-01,europe,0,5,0,0,0\n"
    with pytest.raises(Refused) as refusal:
        import_grids(OPERATOR, HEADER + good + row + "\n")
    assert str(refusal.value).startswith(sentence)
    assert not PriceGrid.objects.exists()


@pytest.mark.parametrize("text", ["", "a,b\n", HEADER, HEADER + '"A'])
def test_what_is_no_file_of_price_lists_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refused):
        import_grids(OPERATOR, text)


def test_the_file_names_every_bracket_once(world: World) -> None:
    a_list("11", from_usd="100")
    rows = list(csv.DictReader(io.StringIO(export_grids(OPERATOR))))
    assert [(row["zone"], row["from_usd"], row["points"]) for row in rows] == [
        ("europe", "100.00", "11.000"),
        ("world", "100.00", "11.000"),
    ]
