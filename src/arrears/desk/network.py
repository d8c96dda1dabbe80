"""The desk's partners and what they cover, ready to route by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count

from arrears.core.case import Lifecycle
from arrears.core.country import jurisdiction
from arrears.core.debtor import DebtorType
from arrears.core.handover import Handover
from arrears.core.routing import (
    DECLINED,
    FULL,
    SUSPENDED,
    CoverageRule,
    Mechanism,
    Network,
    Route,
    Step,
    jurisdiction_name,
)
from arrears.desk import models
from arrears.desk.models import Partner, PartnerOverride
from arrears.desk.stamps import Kept, KeptEach, Stamps, network_stamp, stamps_of


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The network as last loaded, and the capacity of each partner that has one."""

    network: Network
    capacities: dict[int, int]


def network() -> Network:
    """All active partners' rules. Kept in memory and loaded again when a partner or a rule has changed."""
    return _loaded.under(network_stamp()).network


def choose(
    handover: Handover,
    creditor_id: int,
    *,
    explicit: Partner | None = None,
    not_these: Collection[int] = (),
    stamps: Stamps | None = None,
) -> Route:
    """The partner for a debt: the one asked for, else the creditor's choice, else by the rules, else none.

    `not_these` are partners who have declined the case. A partner asked for that cannot take it gives a route
    without a partner, whose reason is for the one who asked: nobody else is put in its place.
    `stamps` are the creditor's where they were just read.
    """
    asking = _Asking(handover, creditor_id, not_these, stamps)
    if explicit is not None:
        return _explicit_route(asking, explicit)
    passed_over: list[str] = []
    for step in _override_steps(asking):
        if step.taken:
            return Route(step.partner, step.partner_name, step.reason, Mechanism.OVERRIDE, tuple(passed_over))
        passed_over.append(step.reason)
    route = asking.loaded.network.route(*asking.terms, not_these=asking.not_these, full=asking.full)
    return replace(route, passed_over=(*passed_over, *route.passed_over)) if passed_over else route


def explain(handover: Handover, creditor_id: int, *, not_these: Collection[int] = ()) -> tuple[Step, ...]:
    """Every partner that could be chosen for a debt, in the order of asking, each with the reason."""
    asking = _Asking(handover, creditor_id, not_these)
    by_rule = asking.loaded.network.steps(*asking.terms, not_these=asking.not_these, full=asking.full)
    return (*_override_steps(asking), *by_rule)


def bidders(handover: Handover) -> list[Partner]:
    """The active partners to ask for quotes: those who cover the place, else those who are in the country."""
    place = jurisdiction(handover.country, handover.state)
    found = network().bidders(place, handover.debtor_type)
    if not found:
        return list(Partner.objects.filter(active=True, country=handover.country).order_by("name"))
    partners = Partner.objects.filter(active=True).in_bulk([int(pk) for pk in found])
    return [partners[int(pk)] for pk in found if int(pk) in partners]


class _Asking:
    """One debt looking for a partner, with everything that decides."""

    def __init__(
        self,
        handover: Handover,
        creditor_id: int,
        not_these: Collection[int],
        stamps: Stamps | None = None,
    ) -> None:
        stamps = stamps or stamps_of(creditor_id)
        self.jurisdiction = jurisdiction(handover.country, handover.state)
        self.country = handover.country
        self.not_these = frozenset(str(pk) for pk in not_these)
        self.loaded = _loaded.under(stamps.network)
        self.chosen = _overrides.under(creditor_id, stamps)
        self.full = _full(self.loaded.capacities)
        self.terms: tuple[str, DebtorType, str, Decimal | None] = (
            self.jurisdiction,
            handover.debtor_type,
            handover.principal.currency,
            handover.usd.amount if handover.usd else None,
        )

    def objection(self, partner: Partner) -> str:
        """Why a partner cannot be given this debt whoever wishes it; empty when it can."""
        if not partner.active:
            return SUSPENDED
        if not self.loaded.network.covers(str(partner.pk), self.jurisdiction):
            return f"does not cover {jurisdiction_name(self.jurisdiction) or 'this place'}"
        if str(partner.pk) in self.not_these:
            return DECLINED
        return FULL if str(partner.pk) in self.full else ""


def _explicit_route(asking: _Asking, partner: Partner) -> Route:
    objection = asking.objection(partner)
    if objection:
        return Route(None, "", f"{partner.name} {objection}.", Mechanism.EXPLICIT)
    return Route(str(partner.pk), partner.name, "Asked for by the creditor.", Mechanism.EXPLICIT)


def _override_steps(asking: _Asking) -> Iterator[Step]:
    """The creditor's own choices that fit: for the jurisdiction, then the country, then everywhere."""
    places = {asking.jurisdiction, asking.country, ""}
    chosen = [override for override in asking.chosen if override.jurisdiction in places]
    for override in sorted(chosen, key=lambda override: len(override.jurisdiction), reverse=True):
        partner, objection = override.partner, asking.objection(override.partner)
        where = jurisdiction_name(override.jurisdiction) if override.jurisdiction else "every country"
        reason = (
            f"{partner.name}, the creditor's choice for {where}, {objection}."
            if objection
            else f"The creditor's choice for {where}."
        )
        yield Step(Mechanism.OVERRIDE, str(partner.pk), partner.name, not objection, reason)


def _full(capacities: dict[int, int]) -> frozenset[str]:
    """Partners with as many open cases as they take."""
    if not capacities:
        return frozenset()
    still_open = models.Case.objects.filter(partner_id__in=capacities, is_test=False)
    counted = dict(
        still_open.exclude(lifecycle=Lifecycle.CLOSED.value)
        .values_list("partner_id")
        .annotate(cases=Count("pk"))
    )
    return frozenset(str(pk) for pk, most in capacities.items() if counted.get(pk, 0) >= most)


def _load() -> _Loaded:
    limits = Partner.objects.filter(active=True).values_list("pk", "capacity")
    capacities = {pk: most for pk, most in limits if most is not None}
    return _Loaded(Network(_rules()), capacities)


def _rules() -> list[CoverageRule]:
    rows = models.CoverageRule.objects.filter(partner__active=True).select_related("partner")
    return [
        CoverageRule(
            partner=str(row.partner_id),
            partner_name=row.partner.name,
            jurisdictions=frozenset({row.jurisdiction}),
            debtor_types=frozenset({DebtorType(row.debtor_type)} if row.debtor_type else ()),
            currencies=frozenset({row.currency} if row.currency else ()),
            minimum_usd=row.minimum_usd,
            maximum_usd=row.maximum_usd,
            priority=row.priority,
            only_quotes=not row.partner.exclusive,
        )
        for row in rows.iterator()
    ]


def _chosen_by(creditor_id: int) -> list[PartnerOverride]:
    return list(PartnerOverride.objects.filter(creditor_id=creditor_id).select_related("partner"))


_loaded = Kept(_load)
_overrides = KeptEach(_chosen_by)
