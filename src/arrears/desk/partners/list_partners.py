"""List the partners of the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Count, Q

from arrears.core.case import Lifecycle, Party
from arrears.core.vetting import Standing
from arrears.desk.actors import Actor
from arrears.desk.free_text import kept_text
from arrears.desk.models import Partner
from arrears.desk.roles import only
from arrears.desk.vetting import standing_of


class PartnerState(StrEnum):
    """How a partner stands: whether it is given cases, and if not, whether it could be."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    NOT_VETTED = "not vetted"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which partners to list. An empty field means "any"; `words` are looked for in name and e-mail."""

    words: str = ""
    kind: str = ""
    country: str = ""
    state: PartnerState | None = None


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner with how it stands, its open cases, and how many jurisdictions its rules name."""

    partner: Partner
    state: PartnerState
    standing: Standing
    open_cases: int
    places: int

    @property
    def full(self) -> bool:
        return self.partner.capacity is not None and self.open_cases >= self.partner.capacity


def list_partners(actor: Actor, wanted: Wanted, *, today: date) -> list[PartnerLine]:
    """The partners wanted, by name."""
    only(actor, Party.OPERATOR)
    partners = Partner.objects.order_by("name")
    for word in kept_text(wanted.words).split():
        partners = partners.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if wanted.kind:
        partners = partners.filter(kind=wanted.kind)
    if wanted.country:
        partners = partners.filter(country=wanted.country)
    still_open = Q(cases__is_test=False) & ~Q(cases__lifecycle=Lifecycle.CLOSED.value)
    partners = partners.annotate(
        open_count=Count("cases", filter=still_open, distinct=True),
        place_count=Count("rules__jurisdiction", distinct=True),
    )
    lines = (_line(partner, today) for partner in partners.prefetch_related("checks"))
    return [line for line in lines if wanted.state is None or line.state is wanted.state]


def _line(partner: Partner, today: date) -> PartnerLine:
    standing = standing_of(partner, today)
    state = PartnerState.SUSPENDED if standing.vetted else PartnerState.NOT_VETTED
    if partner.active:
        state = PartnerState.ACTIVE
    counts = vars(partner)  # annotations, which the model does not know
    return PartnerLine(partner, state, standing, counts["open_count"], counts["place_count"])
