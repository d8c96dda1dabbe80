"""Save a price list: a new one, or a change of one that has priced nothing yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from arrears.accounts.models import Organisation, OrganisationKind
from arrears.core.case import Party
from arrears.core.money import read_amount
from arrears.core.pricing import IN_EUROPE, OUTSIDE_EUROPE, Grid, brackets
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Partner, PriceGrid
from arrears.desk.price_lists import PriceList, write_list
from arrears.desk.roles import only

#: Lower edges in US dollars, each with its points, in ascending order.
Edges = Sequence[tuple[Decimal, Decimal]]


def save_grid(
    actor: Actor,
    *,
    name: str,
    since: date,
    europe: Edges,
    world: Edges,
    over_6_months: Decimal = Decimal(0),
    over_12_months: Decimal = Decimal(0),
    over_24_months: Decimal = Decimal(0),
    creditor: UUID | None = None,
    partner: UUID | None = None,
    jurisdiction: str = "",
) -> PriceGrid:
    """Save a price list for a creditor, a partner or a jurisdiction; without any it is the standard one.

    It prices cases opened from `since` on, until the next of the same scope. Points are percentage points.
    Raises Refused with a sentence that says what is wrong, NotThere for an unknown creditor or partner.
    """
    only(actor, Party.OPERATOR)
    _check_numbers([*sum((*europe, *world), ()), over_6_months, over_12_months, over_24_months])
    grid = Grid(
        source=name,
        since=since,
        europe=brackets(IN_EUROPE, europe),
        world=brackets(OUTSIDE_EUROPE, world),
        over_6_months=over_6_months,
        over_12_months=over_12_months,
        over_24_months=over_24_months,
    )
    return write_list(PriceList(grid, _creditor(creditor), _partner(partner), jurisdiction))


def _check_numbers(numbers: Iterable[Decimal]) -> None:
    for number in numbers:
        if read_amount(number) is None:
            raise Refused(f"“{number}” is not a plausible number. Check the price list.", code="price_list")


def _creditor(public_id: UUID | None) -> Organisation | None:
    if public_id is None:
        return None
    found = Organisation.objects.filter(public_id=public_id, kind=OrganisationKind.CREDITOR).first()
    if found is None:
        raise NotThere("creditor")
    return found


def _partner(public_id: UUID | None) -> Partner | None:
    if public_id is None:
        return None
    found = Partner.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotThere("partner")
    return found
