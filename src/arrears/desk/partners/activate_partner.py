"""Let a partner take new cases."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.core.wording import list_text
from arrears.desk.actors import Actor, Refused
from arrears.desk.partner_store import partner_with
from arrears.desk.roles import only
from arrears.desk.vetting import standing_of


def activate_partner(actor: Actor, partner_id: UUID | str, *, today: date) -> None:
    """Let a vetted partner take cases. Raises NotThere, and Refused naming every check that is missing."""
    only(actor, Party.OPERATOR)
    with transaction.atomic():
        partner = partner_with(partner_id, lock=True)
        standing = standing_of(partner, today)
        if not standing.vetted:
            told = list_text([f"{one.item.lower()} ({one.state})" for one in standing.open_items])
            raise Refused(
                f"{partner.name} is not vetted: {told}.",
                code="not_vetted",
                action="Add these checks with their evidence first.",
            )
        partner.active, partner.suspended_because = True, ""
        partner.save(update_fields=["active", "suspended_because"])
