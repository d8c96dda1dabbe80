"""What a case would cost and bring: dated fee grids, the age uplift, an itemised estimate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.core.claim import Claim, age_buckets, usd_value_of
from arrears.core.country import country_name, in_europe
from arrears.core.fx import Rates, UsdValue
from arrears.core.money import Money
from arrears.core.wording import money_text, number_text, usd_text


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

    One bracket prices the whole principal. `over_12_months` and `over_24_months` are points added to the
    part of the principal that is that long past due; the second takes the place of the first.
    """

    source: str
    since: date
    europe: tuple[Bracket, ...]
    world: tuple[Bracket, ...]
    over_12_months: Decimal
    over_24_months: Decimal


def _brackets(where: str, **points: str) -> tuple[Bracket, ...]:
    """Brackets from `from_1000="9.5"`: 9.5% from 1,000 US dollars to the next bracket."""
    edges = [Decimal(name.removeprefix("from_")) for name in points]
    brackets = []
    for edge, above, rate in zip(edges, [*edges[1:], None], points.values(), strict=True):
        span = (
            f"from {usd_text(edge)} to below {usd_text(above)}" if above else f"of {usd_text(edge)} or more"
        )
        brackets.append(Bracket(edge, Decimal(rate), f"{rate}% on claims {span} against debtors {where}"))
    return tuple(brackets)


#: Every price list this version knows, oldest first. Source: the standard debt collection agreement as
#: published for 25 March 2026. "Europe" is the debtor's country: EU, EEA, Switzerland, United Kingdom.
GRIDS = (
    Grid(
        source="Standard price list of 25 March 2026",
        since=date(2026, 3, 25),
        europe=_brackets("in Europe", from_100="20", from_1000="9.5", from_150000="6"),
        world=_brackets(
            "outside Europe",
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
    by line.
    """

    principal: Money
    rate: Decimal
    uplift: Decimal
    fee: Money
    net: Money
    source: str
    as_of: date
    steps: tuple[str, ...] = ()


def estimate(claim: Claim, rates: Rates, today: date) -> Estimate | None:
    """Price one claim on `today`.

    None when its amount, its value in US dollars or its country is not known, and where the price list has
    no rate: below its lowest bracket and before its first day.
    """
    principal, country = claim.principal, claim.debtor.address.country
    grid = _grid_on(today)
    value = usd_value_of(claim, rates)
    if grid is None or principal is None or value is None or not country:
        return None
    bracket = _bracket_of(grid.europe if in_europe(country) else grid.world, value.amount)
    if bracket is None:
        return None
    uplift, uplift_steps = _uplift(claim, principal, grid, today)
    rate = bracket.points + uplift
    fee = principal.percent(rate)
    steps = (
        _value_step(principal, value),
        f"{grid.source}: {bracket.terms} ({country_name(country)}).",
        *uplift_steps,
        _fee_step(principal, bracket.points, uplift, fee),
        "VAT on the fee is added where the law asks for it, at the rate of the partner's country.",
    )
    return Estimate(principal, rate, uplift, fee, principal - fee, grid.source, grid.since, steps)


def _grid_on(today: date) -> Grid | None:
    return next((grid for grid in reversed(GRIDS) if grid.since <= today), None)


def _bracket_of(brackets: tuple[Bracket, ...], usd: Decimal) -> Bracket | None:
    """The bracket an amount falls in; None below the lowest."""
    return next((bracket for bracket in reversed(brackets) if bracket.from_usd <= usd), None)


def _uplift(claim: Claim, principal: Money, grid: Grid, today: date) -> tuple[Decimal, list[str]]:
    """Points added for age, weighted by how much of the principal is how old, to a ten-thousandth."""
    buckets = age_buckets(claim, today)
    steps, weighted = [], Decimal(0)
    parts = (
        (buckets.over_12_months - buckets.over_24_months, grid.over_12_months, 12),
        (buckets.over_24_months, grid.over_24_months, 24),
    )
    for amount, points, months in parts:
        if amount:
            weighted += amount * points
            aged = money_text(Money(amount, principal.currency))
            steps.append(
                f"{aged} of it fell due more than {months} months ago: {number_text(points)} points more."
            )
    if not weighted:
        return Decimal(0), ["Nothing in it fell due more than 12 months ago: no points for age."]
    uplift = (weighted / principal.amount).quantize(Decimal("0.0001"))
    if buckets.over_12_months != principal.amount or len(steps) > 1:
        steps.append(f"Weighted by amount, that is {number_text(uplift)} points on the whole.")
    return Decimal(number_text(uplift)), steps


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
