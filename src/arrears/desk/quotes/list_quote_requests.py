"""List requests for quotes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from arrears.core.quote import QuoteState
from arrears.desk.actors import Actor, case_for
from arrears.desk.models import QuoteRequest
from arrears.desk.quoting import requests_of


def list_quote_requests(
    actor: Actor, *, case_id: UUID | str | None = None, undecided: bool = False
) -> QuerySet[QuoteRequest]:
    """The requests an actor may see, newest first; those of one case, or those still undecided.

    Each row carries `offers`, the number of offers standing. Raises NotThere when the case is not
    the actor's.
    """
    requests = requests_of(actor)
    if case_id is not None:
        requests = requests.filter(case=case_for(actor, case_id))
    if undecided:
        requests = requests.filter(decided_at=None)
    standing = Count("quotes", filter=Q(quotes__state=QuoteState.OFFERED.value))
    return requests.annotate(offers=standing).order_by("-opened_at", "-pk")
