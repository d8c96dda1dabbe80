"""Read one request for quotes."""

from __future__ import annotations

from uuid import UUID

from arrears.desk.actors import Actor
from arrears.desk.models import QuoteRequest
from arrears.desk.quoting import request_for


def read_quote_request(actor: Actor, request_id: UUID | str) -> QuoteRequest:
    """One request that the actor may see. Raises NotThere.

    Its case is for the creditor, the case's own partner and operators; a bidder gets `quoting.invited_case`.
    """
    return request_for(actor, request_id)
