"""Read what the desk knows about a partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arrears.core.case import Party
from arrears.core.routing import jurisdiction_name
from arrears.core.vetting import Standing
from arrears.desk.actors import Actor
from arrears.desk.models import CoverageRule, Partner
from arrears.desk.roles import only
from arrears.desk.vetting import standing_of


@dataclass(frozen=True, slots=True)
class Covers:
    """One rule of the partner's coverage, and the name of its place."""

    place: str
    rule: CoverageRule


@dataclass(frozen=True, slots=True)
class Profile:
    """A partner as it is told to it, with where it works and how its vetting stands."""

    partner: Partner
    coverage: tuple[Covers, ...]
    standing: Standing


def read_profile(actor: Actor, *, today: date) -> Profile:
    """The partner's own profile. Raises Refused for anybody else."""
    only(actor, Party.PARTNER)
    partner = Partner.objects.prefetch_related("checks").get(pk=actor.partner or 0)
    covers = [Covers(jurisdiction_name(rule.jurisdiction), rule) for rule in partner.rules.all()]
    covers.sort(key=lambda one: (one.place, one.rule.priority, one.rule.pk))
    return Profile(partner, tuple(covers), standing_of(partner, today))
