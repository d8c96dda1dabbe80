"""Take a partner off new cases."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.free_text import free_text
from arrears.desk.partner_store import partner_with
from arrears.desk.roles import only


def suspend_partner(actor: Actor, partner_id: UUID | str, reason: str) -> None:
    """Give a partner no new cases. It goes on with those it has. Raises NotThere, Refused."""
    only(actor, Party.OPERATOR)
    kept = free_text(reason, "a reason")
    with transaction.atomic():
        partner = partner_with(partner_id, lock=True)
        partner.active, partner.suspended_because = False, kept
        partner.save(update_fields=["active", "suspended_because"])
