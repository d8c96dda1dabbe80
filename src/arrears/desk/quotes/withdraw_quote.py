"""Take back an offer that has not been decided about."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Party
from arrears.core.quote import QuoteState, RequestState
from arrears.desk.actors import Actor, Refused
from arrears.desk.free_text import free_text
from arrears.desk.models import EventKind, Quote
from arrears.desk.moves import write_down
from arrears.desk.quoting import quote_for
from arrears.desk.roles import only


def withdraw_quote(actor: Actor, quote_id: UUID | str, reason: str = "", *, now: datetime) -> Quote:
    """Take back a partner's own offer, or any as operator. A place in the window it filled is free again.

    Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    reason = free_text(reason, "the reason", required=False)
    with transaction.atomic():
        quote = quote_for(actor, quote_id, lock=True)
        request = quote.request
        if quote.state != QuoteState.OFFERED or request.decided_at is not None:
            raise Refused(
                f"This quote cannot be taken back any more: it is {quote.state.lower()}.", code="not_now"
            )
        quote.state = QuoteState.WITHDRAWN.value
        quote.updated_at = now
        quote.save()
        if request.state == RequestState.OFFERS_DONE and now < request.closes_at:
            request.state = RequestState.OPEN.value
            request.offers_done_at = request.decide_by = None
            request.save()
        text = f"{quote.partner.name} has taken back its quote. {reason}".strip()
        data = {"quote": str(quote.public_id)}
        write_down(request.case, EventKind.QUOTE, actor, text, now=now, data=data)
    return quote
