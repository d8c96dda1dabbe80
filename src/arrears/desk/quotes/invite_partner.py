"""Invite one more partner to quote."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.core.quote import RequestState
from arrears.desk.actors import Actor, Refused
from arrears.desk.models import EventKind, QuoteRequest
from arrears.desk.moves import write_down
from arrears.desk.partner_store import partner_with
from arrears.desk.quoting import request_for
from arrears.desk.roles import only


def invite_partner(
    actor: Actor, request_id: UUID | str, partner_id: UUID | str, *, now: datetime
) -> QuoteRequest:
    """Add a bidder as operator, wherever the partner works. Inviting again changes nothing.

    Raises NotThere and Refused.
    """
    only(actor, Party.OPERATOR)
    with transaction.atomic():
        request = request_for(actor, request_id, lock=True)
        partner = partner_with(partner_id)
        if request.state != RequestState.OPEN or now >= request.closes_at:
            raise Refused("Offers are no longer taken for this case.", code="window_over")
        if not partner.active:
            raise Refused(
                f"{partner.name} takes no new cases at present.",
                code="partner_suspended",
                action="Choose another partner.",
            )
        if not request.invited.filter(pk=partner.pk).exists():
            request.invited.add(partner)
            text = f"{partner.name} is asked for a quote as well."
            data = {"request": str(request.public_id)}
            write_down(request.case, EventKind.QUOTE, actor, text, now=now, data=data)
    return request
