"""List the offers that came in for a request."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from arrears.core.case import Party
from arrears.core.quote import QuoteState
from arrears.desk.actors import Actor
from arrears.desk.models import Quote
from arrears.desk.quoting import request_for


def list_quotes(actor: Actor, request_id: UUID | str) -> QuerySet[Quote]:
    """The offers for one request, in the order they came. A partner sees its own only. Raises NotThere.

    A creditor does not see what was taken back.
    """
    quotes = request_for(actor, request_id).quotes.select_related("partner", "request")
    if actor.party is Party.PARTNER:
        return quotes.filter(partner_id=actor.partner or 0)
    if actor.party is Party.CREDITOR:
        return quotes.exclude(state=QuoteState.WITHDRAWN.value)
    return quotes
