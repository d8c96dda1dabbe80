"""What a partner is asked to quote for, and what it has offered."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.models import Quote, QuoteRequest
from arrears.desk.quotes.list_invitations import list_invitations
from arrears.desk.quoting import InvitedCase, told_of
from arrears.web.tenancy import for_partners

_PAGE = 50


@dataclass(frozen=True, slots=True)
class Invitation:
    """A request with what its bidder may know of the case, and the bidder's own offer."""

    request: QuoteRequest
    told: InvitedCase
    own: Quote | None


def invitations(actor: Actor, requests: list[QuoteRequest]) -> list[Invitation]:
    """Requests as the partner is shown them; one further query for its own offers."""
    mine = Quote.objects.filter(request__in=requests, partner_id=actor.partner or 0)
    own = {quote.request_id: quote for quote in mine}
    return [Invitation(request, told_of(request.case), own.get(request.pk)) for request in requests]


@require_safe
@for_partners
def portal_quotes(request: HttpRequest, actor: Actor) -> HttpResponse:
    waiting = request.GET.get("show") != "answered"
    now = adapters().clock.now()
    page = Paginator(list_invitations(actor, waiting=waiting, now=now), _PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "invitations": invitations(actor, list(page.object_list)),
        "waiting": waiting,
    }
    return render(request, "portal/quotes.html", context)
