"""The partner itself: its profile, what it covers, and how it works."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from ninja import Router

from arrears.desk.api import partner_wire as wire
from arrears.desk.api.answers import READING
from arrears.desk.api.partner_auth import partner_caller
from arrears.desk.api.wire_values import points_number
from arrears.desk.partners.read_profile import Covers, read_profile
from arrears.desk.partners.read_scorecard import read_scorecard

router = Router(tags=["Partner"], by_alias=True)


@router.get(
    "/me",
    response={200: wire.PartnerProfile, **READING},
    operation_id="readProfile",
    summary="What the desk knows about you",
)
def profile(request: HttpRequest) -> wire.PartnerProfile:
    who = partner_caller(request)
    found = read_profile(who.actor, today=who.today)
    partner, standing = found.partner, found.standing
    return wire.PartnerProfile(
        id=partner.public_id,
        name=partner.name,
        kind=partner.kind,
        country_alpha_2=partner.country,
        email=partner.email or None,
        phone=partner.phone or None,
        website=partner.website or None,
        about=partner.about or None,
        languages=partner.languages,
        takes_cases_without_quotes=partner.exclusive,
        capacity=partner.capacity,
        vat_percentage=points_number(partner.vat_rate),
        is_active=partner.active,
        suspended_because=partner.suspended_because or None,
        vetted_until=standing.until,
        vetting=[wire.VettingShown(item=one.item.value, state=one.state.value) for one in standing.items],
    )


@router.get(
    "/me/coverage",
    response={200: wire.OwnCoverage, **READING},
    operation_id="readCoverage",
    summary="The cases you take",
)
def coverage(request: HttpRequest) -> wire.OwnCoverage:
    who = partner_caller(request)
    found = read_profile(who.actor, today=who.today)
    return wire.OwnCoverage(rules=[_rule(covers) for covers in found.coverage])


def _rule(covers: Covers) -> wire.CoverageRuleShown:
    rule = covers.rule
    return wire.CoverageRuleShown(
        jurisdiction=rule.jurisdiction,
        place=covers.place,
        debtor_type=rule.debtor_type or None,
        currency=rule.currency or None,
        minimum_usd=rule.minimum_usd,
        maximum_usd=rule.maximum_usd,
        priority=rule.priority,
    )


@router.get(
    "/me/scorecard",
    response={200: wire.ScorecardShown, **READING},
    operation_id="readScorecard",
    summary="How you work, from what has happened",
)
def scorecard(request: HttpRequest) -> wire.ScorecardShown:
    who = partner_caller(request)
    card = read_scorecard(who.actor, who.partner.public_id, today=who.today)
    hours = None
    if card.median_answer is not None:
        hours = round(Decimal(int(card.median_answer.total_seconds())) / 3600, 1)
    return wire.ScorecardShown(
        cases_given=card.given,
        cases_declined=card.declined,
        cases_finished=card.finished,
        collection_rate=card.collection_rate,
        success_rate=card.success_rate,
        median_hours_to_answer=hours,
        median_days_to_close=card.median_days,
        updates_rate=card.updates_rate,
        complaints_upheld=card.complaints_upheld,
        says_enough=card.says_enough,
    )
