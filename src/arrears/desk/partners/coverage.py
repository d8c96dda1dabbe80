"""Where the network takes cases, and where it does not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from arrears.core.case import Party
from arrears.core.country import JURISDICTIONS
from arrears.core.routing import jurisdiction_name
from arrears.desk.actors import Actor
from arrears.desk.models import CoverageRule, Partner
from arrears.desk.roles import only


@dataclass(frozen=True, slots=True)
class Covered:
    """One jurisdiction with its active partners: those who take cases, and those who only quote.

    `gap` names what nobody takes without a quote: everything, companies, or private persons. Limits of amount
    and currency are not looked at.
    """

    jurisdiction: str
    name: str
    takes: tuple[Partner, ...]
    quotes: tuple[Partner, ...]
    gap: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every jurisdiction, and how many jurisdictions and countries have a partner who takes cases."""

    places: tuple[Covered, ...]
    jurisdictions: int
    countries: int

    @property
    def gaps(self) -> tuple[Covered, ...]:
        return tuple(place for place in self.places if place.gap)


def coverage(actor: Actor) -> Coverage:
    """The whole map, by name of the place."""
    only(actor, Party.OPERATOR)
    rules: dict[str, list[CoverageRule]] = defaultdict(list)
    for rule in (
        CoverageRule.objects.filter(partner__active=True).select_related("partner").order_by("priority", "pk")
    ):
        rules[rule.jurisdiction].append(rule)
    places = tuple(sorted((_covered(code, rules[code]) for code in JURISDICTIONS), key=lambda one: one.name))
    taken = [place.jurisdiction for place in places if place.takes]
    return Coverage(places, len(taken), len({code.split("-")[0] for code in taken}))


def _covered(code: str, rules: list[CoverageRule]) -> Covered:
    takes = {rule.partner_id: rule.partner for rule in rules if rule.partner.exclusive}
    quotes = {rule.partner_id: rule.partner for rule in rules if not rule.partner.exclusive}
    types = {rule.debtor_type for rule in rules if rule.partner.exclusive}
    return Covered(code, jurisdiction_name(code), tuple(takes.values()), tuple(quotes.values()), _gap(types))


def _gap(types: set[str]) -> str:
    if not types:
        return "everything"
    if "" in types or types >= {"company", "private"}:
        return ""
    return "private persons" if "company" in types else "companies"
