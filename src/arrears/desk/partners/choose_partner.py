"""A creditor's own choice of partner for a place."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.core.country import COUNTRIES, JURISDICTIONS
from arrears.desk.actors import Actor, Refused
from arrears.desk.models import PartnerOverride
from arrears.desk.partner_store import partner_with
from arrears.desk.roles import only

_PLACES = frozenset((*JURISDICTIONS, *COUNTRIES, ""))


def choose_partner(actor: Actor, creditor: int, place: str, partner_id: UUID | str | None) -> None:
    """From now on give this creditor's cases in a place to one partner; None goes back to the rules.

    `place` is a jurisdiction (`US-CA`), a country (`US`) or empty for everywhere; the narrowest choice
    counts. A creditor may choose for itself, an operator for every creditor. Raises NotThere, Refused.
    """
    only(actor, Party.CREDITOR, Party.OPERATOR)
    if actor.party is Party.CREDITOR and actor.organisation != creditor:
        raise Refused("This is another creditor.", code="not_allowed")
    if place not in _PLACES:
        raise Refused(f"“{place}” is not a country or US state.", code="jurisdiction")
    mine = PartnerOverride.objects.filter(creditor_id=creditor, jurisdiction=place)
    with transaction.atomic():
        if partner_id is None:
            mine.delete()
            return
        PartnerOverride.objects.update_or_create(
            creditor_id=creditor, jurisdiction=place, defaults={"partner": partner_with(partner_id)}
        )
