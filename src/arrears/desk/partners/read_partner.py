"""Read everything about one partner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from arrears.accounts.models import User
from arrears.core.case import Lifecycle, Party
from arrears.core.vetting import Standing
from arrears.desk.actors import Actor
from arrears.desk.models import CoverageRule, Partner, PartnerOverride, VettingCheck
from arrears.desk.partner_store import partner_with
from arrears.desk.roles import only
from arrears.desk.vetting import standing_of


@dataclass(frozen=True, slots=True)
class PartnerFile:
    """What the desk knows about a partner. `checks` has the latest first, also those that count no more."""

    partner: Partner
    standing: Standing
    rules: tuple[CoverageRule, ...]
    checks: tuple[VettingCheck, ...]
    overrides: tuple[PartnerOverride, ...]
    people: tuple[User, ...]
    open_cases: int


def read_partner(actor: Actor, partner_id: UUID | str, *, today: date) -> PartnerFile:
    """One partner by its public id. Raises NotThere."""
    only(actor, Party.OPERATOR)
    partner = partner_with(partner_id)
    still_open = partner.cases.filter(is_test=False).exclude(lifecycle=Lifecycle.CLOSED.value)
    return PartnerFile(
        partner,
        standing_of(partner, today),
        tuple(partner.rules.order_by("jurisdiction", "priority", "pk")),
        tuple(partner.checks.order_by("-checked_on", "-pk")),
        tuple(partner.overrides.select_related("creditor").order_by("creditor__name", "jurisdiction")),
        tuple(User.objects.filter(memberships__organisation__partner=partner).order_by("email")),
        still_open.count(),
    )
