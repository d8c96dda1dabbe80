"""What a case would cost and bring: dated fee grids, the age uplift, an itemised estimate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from arrears.core.claim import Claim
from arrears.core.country import country_name, in_europe
from arrears.core.fx import Rates, UsdValue
from arrears.core.handover import Handover, handover_of
from arrears.core.money import LARGEST_AMOUNT, Money
from arrears.core.wording import money_text, number_text, usd_text


class PriceSource(StrEnum):
    """Which agreement a price comes from, the strongest first. The values are the labels people see."""

    QUOTE = "Accepted quote"
    CREDITOR = "Creditor custom pricing"
    PARTNER = "Partner custom pricing"
    JURISDICTION = "Jurisdiction custom pricing"
    STANDARD = "Standard agreement"


@dataclass(frozen=True, slots=True)
class Bracket:
    """`points` per cent on a principal of at least `from_usd` US dollars, up to the next bracket.

    `terms` says the same in words.
    """

    from_usd: Decimal
    points: Decimal
    terms: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A price list in force from `since`. The brackets are in ascending order.

    One bracket prices the whole principal. `over_6_months`, `over_12_months` and `over_24_months` are
    points added to the part of the principal that is that long past due; the higher age takes the place of
    the lower.
    """

    source: str
    since: date
    europe: tuple[Bracket, ...]
    world: tuple[Bracket, ...]
    over_12_months: Decimal
    over_24_months: Decimal
    over_6_months: Decimal = Decimal(0)


IN_EUROPE = "in Europe"
OUTSIDE_EUROPE = "outside Europe"


def brackets(where: str, edges: Sequence[tuple[Decimal, Decimal]]) -> tuple[Bracket, ...]:
    """Brackets from pairs of lower edge in US dollars and points, in ascending order.

    `where` says which debtors they are for: IN_EUROPE or OUTSIDE_EUROPE.
    """
    above: list[Decimal | None] = [*(edge for edge, _ in edges[1:]), None]
    return tuple(
        Bracket(
            edge, points, f"{number_text(points)}% on claims {_span(edge, upper)} against debtors {where}"
        )
        for (edge, points), upper in zip(edges, above, strict=False)  # no bracket has none above
    )


def _span(edge: Decimal, upper: Decimal | None) -> str:
    if upper is None:
        return f"of {usd_text(edge)} or more"
    return f"from {usd_text(edge)} to below {usd_text(upper)}"


def _listed(where: str, **points: str) -> tuple[Bracket, ...]:
    """Brackets from `from_1000="9.5"`: 9.5% from 1,000 US dollars to the next bracket."""
    return brackets(
        where, [(Decimal(name.removeprefix("from_")), Decimal(rate)) for name, rate in points.items()]
    )


#: Every standard price list this version knows, oldest first. Source: the standard debt collection
#: agreement as published for 25 March 2026. "Europe" is the debtor's country: EU, EEA, Switzerland, United
#: Kingdom.
GRIDS = (
    Grid(
        source="Standard price list of 25 March 2026",
        since=date(2026, 3, 25),
        europe=_listed(IN_EUROPE, from_100="20", from_1000="9.5", from_150000="6"),
        world=_listed(
            OUTSIDE_EUROPE,
            from_100="30",
            from_1000="18",
            from_8000="15",
            from_75000="10",
            from_150000="7.5",
        ),
        over_12_months=Decimal(8),
        over_24_months=Decimal(15),
    ),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The success fee expected if everything outstanding is recovered. Nothing is owed otherwise.

    `rate` and `uplift` are percentage points (`rate` includes `uplift`); `fee` and `net` are in the
    claim's currency; `source` names the price list, in force since `as_of`; `steps` explains the figure line
    by line; `label` says which agreement the price list belongs to.
    """

    principal: Money
    rate: Decimal
    uplift: Decimal
    fee: Money
    net: Money
    source: str
    as_of: date
    steps: tuple[str, ...] = ()
    label: PriceSource = PriceSource.STANDARD


_VAT_STEP = "VAT on the fee is added where the law asks for it, at the rate of the partner's country."


def estimate(claim: Claim, rates: Rates, today: date) -> Estimate | None:
    """Price one claim on `today` by the standard price list.

    None when its amount, its value in US dollars or its country is not known, and where the price list has
    no rate: below its lowest bracket and before its first day.
    """
    grid, handover = in_force(GRIDS, today), handover_of(claim, rates, today)
    return estimate_handover(handover, grid, today) if grid and handover else None


def priced_by(claim: Claim, rate: Decimal, uplift: Decimal, source: str, today: date) -> Estimate | None:
    """Price one claim by the rate that its collector named on `today`.

    `rate` and `uplift` are percentage points (`rate` includes `uplift`); `source` is the collector's own
    word for where the rate comes from. None when the amount is not known or the rate is no rate.
    """
    principal = claim.principal
    if principal is None or principal.amount <= 0 or not Decimal(0) <= uplift <= rate <= 100:
        return None
    fee = principal.percent(rate)
    named = f"The collector named this price: {source}." if source else "The collector named this price."
    label = next((one for one in PriceSource if one.value == source), PriceSource.STANDARD)
    steps = (named, _fee_step(principal, rate - uplift, uplift, fee), _VAT_STEP)
    return Estimate(principal, rate, uplift, fee, principal - fee, source or "Collector", today, steps, label)


def estimate_handover(handover: Handover, grid: Grid, today: date) -> Estimate | None:
    """Price what is handed over on `today` by one price list.

    None when its value in US dollars or its country is not known, when it is disputed or complex (no price
    list covers that), and where the price list has no rate: below its lowest bracket and before its first
    day.
    """
    value, country = handover.usd, handover.country
    if value is None or not country or handover.disputed or handover.complex_claim or grid.since > today:
        return None
    bracket = _bracket_of(grid.europe if in_europe(country) else grid.world, value.amount)
    if bracket is None:
        return None
    principal = handover.principal
    uplift, uplift_steps = _uplift(handover, grid)
    rate = bracket.points + uplift
    fee = principal.percent(rate)
    steps = (
        _value_step(principal, value),
        f"{grid.source}: {bracket.terms} ({country_name(country)}).",
        *uplift_steps,
        _fee_step(principal, bracket.points, uplift, fee),
        _VAT_STEP,
    )
    return Estimate(principal, rate, uplift, fee, principal - fee, grid.source, grid.since, steps)


def strongest(
    handover: Handover, candidates: Mapping[PriceSource, Iterable[Grid]], today: date
) -> Estimate | None:
    """Price by the strongest agreement whose price list in force on `today` has a rate for it.

    `candidates` holds the price lists of each agreement that applies, each agreement's of one scope. A price
    list that does not reach down to the amount leaves it to the next weaker agreement.
    """
    for source in PriceSource:
        grid = in_force(candidates.get(source, ()), today)
        found = estimate_handover(handover, grid, today) if grid else None
        if found:
            return replace(found, label=source)
    return None


def standard_bracket(country: str, usd: Decimal, today: date) -> Bracket | None:
    """The bracket of the standard price list in force for a debtor in `country` (alpha-2).

    None below the lowest bracket and before the first price list.
    """
    grid = in_force(GRIDS, today)
    if grid is None:
        return None
    return _bracket_of(grid.europe if in_europe(country) else grid.world, usd)


def in_force(grids: Iterable[Grid], today: date) -> Grid | None:
    """The latest of the price lists of one scope that has begun by `today`; of two of one day, the first."""
    return max((grid for grid in grids if grid.since <= today), key=lambda grid: grid.since, default=None)


@dataclass(frozen=True, slots=True)
class GridProblem:
    """Why a price list cannot be used: a sentence, the column it is about, and where it stands.

    `column` is `zone`, `from_usd`, `points` or `over_6_months` and so on. `zone` is `europe` or `world`, and
    `position` the bracket's place in it from 0, where the problem is one of a bracket.
    """

    sentence: str
    column: str
    zone: str = ""
    position: int = 0


#: From where the standard price list must have a price, in US dollars: the smallest claim it is for.
_LOWEST_EDGE = Decimal(100)
#: How fine edges and points may be given.
_EDGE_PLACES, _POINTS_PLACES = 2, 3


def grid_problems(grid: Grid, *, standard: bool) -> tuple[GridProblem, ...]:
    """What is wrong with a price list; empty when it can be used.

    The `standard` one must have a price for everybody; others may leave a zone, or small claims, to it.
    """
    found: list[GridProblem] = []
    for zone, rows in (("europe", grid.europe), ("world", grid.world)):
        if standard and not rows:
            sentence = f"The standard price list needs brackets for both zones; {zone} has none."
            found.append(GridProblem(sentence, "zone"))
        found.extend(_bracket_problems(zone, rows, standard=standard))
    if not grid.europe and not grid.world:
        found.append(GridProblem("The price list has no bracket. Add at least one.", "zone"))
    return (*found, *_age_problems(grid))


def _bracket_problems(zone: str, rows: Sequence[Bracket], *, standard: bool) -> list[GridProblem]:
    found = []
    for position, row in enumerate(rows):
        edge = _edge_problem(row.from_usd, rows[position - 1].from_usd if position else None)
        if not edge and not position and standard and row.from_usd > _LOWEST_EDGE:
            edge = f"The standard price list has to begin at {usd_text(_LOWEST_EDGE)} or below."
        if edge:
            found.append(GridProblem(edge, "from_usd", zone, position))
        if points := _points_problem(row.points):
            found.append(GridProblem(points, "points", zone, position))
    return found


def _edge_problem(edge: Decimal, below: Decimal | None) -> str:
    if not edge.is_finite() or edge < 0 or _places(edge) > _EDGE_PLACES or edge >= LARGEST_AMOUNT:
        return f"“{edge}” is no lower edge in US dollars. Enter 0 or more, with at most two decimals."
    if below is not None and edge <= below:
        return f"{usd_text(edge)} does not lie above {usd_text(below)}. Put the brackets in ascending order."
    return ""


def _points_problem(points: Decimal) -> str:
    if not points.is_finite() or not 0 <= points <= 100 or _places(points) > _POINTS_PLACES:
        return f"“{points}” is no percentage. Enter a number from 0 to 100 with at most three decimals."
    return ""


def _age_problems(grid: Grid) -> list[GridProblem]:
    ages = {
        "over_6_months": grid.over_6_months,
        "over_12_months": grid.over_12_months,
        "over_24_months": grid.over_24_months,
    }
    found = [
        GridProblem(problem, column)
        for column, points in ages.items()
        if (problem := _points_problem(points))
    ]
    if found:
        return found
    for (_, lower), (column, higher) in pairwise(ages.items()):
        if higher < lower:
            sentence = (
                f"An older claim would cost less: {number_text(higher)} points after {number_text(lower)}. "
                "The points of a higher age take the place of those of a lower one."
            )
            found.append(GridProblem(sentence, column))
    dearest = max((row.points for row in (*grid.europe, *grid.world)), default=Decimal(0))
    if not found and dearest <= 100 < dearest + grid.over_24_months:
        found.append(GridProblem("Rate and points for age come to more than 100%.", "over_24_months"))
    return found


def _places(number: Decimal) -> int:
    places = number.normalize().as_tuple().exponent
    return -places if isinstance(places, int) and places < 0 else 0


def vat_on_fee(
    creditor_country: str, partner_country: str, partner_rate: Decimal | None
) -> tuple[Decimal, str]:
    """The VAT rate on a partner's success fee, in percentage points, and the reason in a sentence.

    Countries are alpha-2 codes. `partner_rate` is the partner's own rate; None when it is not registered.
    """
    if partner_rate is None:
        return Decimal(0), "No VAT: the partner is not registered for it."
    if creditor_country != partner_country:
        return Decimal(0), (
            f"No VAT is charged across the border from {country_name(partner_country)}: "
            "reverse charge, the creditor accounts for it at home."
        )
    return partner_rate, f"VAT at {number_text(partner_rate)}%, the rate in {country_name(partner_country)}."


def _bracket_of(brackets: tuple[Bracket, ...], usd: Decimal) -> Bracket | None:
    """The bracket an amount falls in; None below the lowest."""
    return next((bracket for bracket in reversed(brackets) if bracket.from_usd <= usd), None)


def _uplift(handover: Handover, grid: Grid) -> tuple[Decimal, list[str]]:
    """Points added for age, weighted by how much of the principal is how old, to a ten-thousandth."""
    aged, principal = handover.aged, handover.principal
    parts = (
        # A creditor who states ages himself need not state the youngest: what is older is still in it.
        (max(aged.over_6_months - aged.over_12_months, Decimal(0)), grid.over_6_months, 6),
        (aged.over_12_months - aged.over_24_months, grid.over_12_months, 12),
        (aged.over_24_months, grid.over_24_months, 24),
    )
    counted = [(amount, points, months) for amount, points, months in parts if amount and points]
    if not counted:
        return Decimal(0), [_nothing_for_age(grid)]
    steps = [
        f"{money_text(Money(amount, principal.currency))} of it fell due more than {months} months ago: "
        f"{number_text(points)} points more."
        for amount, points, months in counted
    ]
    weighted = sum((amount * points for amount, points, _ in counted), Decimal(0))
    uplift = (weighted / principal.amount).quantize(Decimal("0.0001"))
    if len(counted) > 1 or counted[0][0] != principal.amount:
        steps.append(f"Weighted by amount, that is {number_text(uplift)} points on the whole.")
    return Decimal(number_text(uplift)), steps


def _nothing_for_age(grid: Grid) -> str:
    ages = ((grid.over_6_months, 6), (grid.over_12_months, 12), (grid.over_24_months, 24))
    first = next((months for points, months in ages if points), None)
    if first is None:
        return "This price list adds no points for age."
    return f"Nothing in it fell due more than {first} months ago: no points for age."


def _value_step(principal: Money, value: UsdValue) -> str:
    if principal.currency == "USD":
        return f"The amount outstanding is {money_text(principal)}."
    worth = f"{money_text(principal)} is worth {usd_text(value.amount)}"
    return f"The amount outstanding of {worth}. {value.source}"


def _fee_step(principal: Money, base: Decimal, uplift: Decimal, fee: Money) -> str:
    rate = number_text(base + uplift)
    total = f"{number_text(base)}% + {number_text(uplift)} points = {rate}%" if uplift else f"{rate}%"
    return (
        f"{total} of {money_text(principal)} is a fee of {money_text(fee)}, "
        "owed only on what is recovered. No recovery, no fee."
    )
