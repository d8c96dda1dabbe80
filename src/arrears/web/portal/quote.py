"""One request for a quote: what a bidder may know, and its offer. Nothing here says who the debtor is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from arrears.core.quote import Cost, Offer, QuoteState, RequestState, price_text
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.adapters import adapters
from arrears.desk.models import Quote, QuoteRequest
from arrears.desk.quotes.list_quotes import list_quotes
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.preview_quote import preview_quote
from arrears.desk.quotes.read_quote_request import read_quote_request
from arrears.desk.quotes.withdraw_quote import withdraw_quote
from arrears.desk.quoting import invited_case, offer_of
from arrears.web.portal.addresses import quote_url
from arrears.web.portal.quote_form import OfferForm, first_values
from arrears.web.tenancy import for_partners


@dataclass(frozen=True, slots=True)
class _Invitation:
    """The partner, the request it is invited to, and its own offer if it has made one."""

    actor: Actor
    request: QuoteRequest
    own: Quote | None

    @property
    def currency(self) -> str:
        return self.request.case.currency


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def portal_quote(request: HttpRequest, actor: Actor, request_id: str) -> HttpResponse:
    invitation = _invitation(actor, request_id)
    if request.method != "POST":
        today = adapters().clock.today()
        form = OfferForm(initial=first_values(invitation.own, invitation.request.phase, today))
        return _page(request, invitation, form)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, form, status=422)
    try:
        return _answer(request, invitation, form)
    except Refused as refusal:
        return _page(request, invitation, form, refusal=refusal, status=422)
    except NotThere:
        raise Http404 from None


@require_POST
@for_partners
def portal_quote_withdraw(request: HttpRequest, actor: Actor, request_id: str) -> HttpResponse:
    invitation = _invitation(actor, request_id)
    if invitation.own is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        withdraw_quote(actor, invitation.own.public_id, reason, now=adapters().clock.now())
        messages.success(request, "Your quote is withdrawn.")
    except Refused as refusal:
        messages.error(request, refusal.in_full)
    return redirect(quote_url(invitation.request))


def _answer(request: HttpRequest, invitation: _Invitation, form: OfferForm) -> HttpResponse:
    """Show what the offer comes to, and send it only once that was seen."""
    clock, step = adapters().clock, request.POST.get("step", "")
    if step == "edit":
        return _page(request, invitation, form)
    offer, asked = form.offer(invitation.currency), invitation.request
    cost = preview_quote(invitation.actor, asked.public_id, offer, today=clock.today())
    if step != "confirm" or request.POST.get("shown") != _shown(cost):
        return _page(request, invitation, form, looked=(offer, cost))
    offer_quote(invitation.actor, asked.public_id, offer, now=clock.now(), today=clock.today())
    messages.success(request, "Your quote is sent.")
    return redirect(quote_url(asked))


def _shown(cost: Cost) -> str:
    """The total as it was shown, so that what is sent is what was seen."""
    return str(cost.total)


def _invitation(actor: Actor, request_id: str) -> _Invitation:
    try:
        asked = read_quote_request(actor, request_id)
        return _Invitation(actor, asked, list_quotes(actor, request_id).first())
    except NotThere:
        raise Http404 from None


def _page(
    request: HttpRequest,
    invitation: _Invitation,
    form: OfferForm,
    *,
    looked: tuple[Offer, Cost] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    asked, own, now = invitation.request, invitation.own, adapters().clock.now()
    stands = own is not None and own.state == QuoteState.OFFERED
    context: dict[str, Any] = {
        "asked": asked,
        "told": invited_case(invitation.actor, asked.public_id),
        "own": own,
        "own_price": price_text(offer_of(own)) if own else "",
        "stands": stands,
        "may_withdraw": stands and asked.decided_at is None,
        "open": asked.state == RequestState.OPEN and now < asked.closes_at,
        "form": form,
        "price": price_text(looked[0]) if looked else "",
        "cost": looked[1] if looked else None,
        "cost_lines": [(line.label, line.amount) for line in looked[1].lines] if looked else [],
        "shown": _shown(looked[1]) if looked else "",
        "refusal": refusal,
    }
    return render(request, "portal/quote.html", context, status=status)
