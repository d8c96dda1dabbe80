"""List what a partner is asked to quote for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from arrears.core.case import Party
from arrears.core.quote import QuoteState, RequestState
from arrears.desk.actors import Actor
from arrears.desk.models import Quote, QuoteRequest
from arrears.desk.quoting import requests_of
from arrears.desk.roles import only


def list_invitations(actor: Actor, *, waiting: bool, now: datetime) -> QuerySet[QuoteRequest]:
    """The requests that wait for the partner's offer, the next to close first; else all others, newest first.

    Their cases are known to a bidder as `quoting.told_of` tells them, and no further. Raises Refused.
    """
    only(actor, Party.PARTNER)
    offered = Quote.objects.filter(
        request=OuterRef("pk"), partner_id=actor.partner or 0, state=QuoteState.OFFERED.value
    )
    wanted = Q(~Exists(offered), state=RequestState.OPEN.value, closes_at__gt=now)
    requests = requests_of(actor)
    if waiting:
        return requests.filter(wanted).order_by("closes_at", "pk")
    return requests.exclude(wanted).order_by("-opened_at", "-pk")
