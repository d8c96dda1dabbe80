"""Offer a price for a case that quotes are wanted for."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event, Party, Phase
from arrears.core.quote import Offer, QuoteState, RequestState, problems_of, purpose_of
from arrears.desk import outbox
from arrears.desk.actors import Actor, Refused, uuid_of
from arrears.desk.free_text import free_text
from arrears.desk.models import Partner, Quote, QuoteRequest
from arrears.desk.moves import move
from arrears.desk.quoting import LONGEST_TEXT, close_offers, request_for
from arrears.desk.roles import only


def offer_quote(
    actor: Actor,
    request_id: UUID | str,
    offer: Offer,
    *,
    now: datetime,
    today: date,
    partner_id: UUID | str | None = None,
) -> Quote:
    """Put in an invited partner's offer, or another in place of its first one while the window is open.

    An operator offers on behalf of the partner `partner_id`. The last offer that is wanted ends the window.
    Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    with transaction.atomic():
        request = request_for(actor, request_id, lock=True)
        partner = _bidder(actor, request, partner_id)
        _check_window(request, now)
        _check(offer, request, today)
        quote, is_new = _written(request, partner, offer, now)
        # The case's present partner reads the timeline too, and may be bidding: no price is told in it.
        text = f"{partner.name} has {'offered a' if is_new else 'changed its'} quote."
        if request.quotes.filter(state=QuoteState.OFFERED.value).count() >= request.max_quotes:
            close_offers(request, now=now, today=today)
        move(request.case, Event.QUOTE_OFFERED, actor, text, now=now)
        if is_new:
            data = {"quoteId": str(quote.public_id), "quoteRequestId": str(request.public_id)}
            outbox.announce(request.case, "quote.created", now=now, data=data)
    return quote


def _bidder(actor: Actor, request: QuoteRequest, partner_id: UUID | str | None) -> Partner:
    invited = request.invited.all()
    if actor.party is Party.PARTNER:
        partner = invited.filter(pk=actor.partner or 0).first()
    else:
        partner = invited.filter(public_id=uuid_of(partner_id or "")).first()
    if partner is None:
        raise Refused(
            "That partner is not invited to quote for this case.",
            code="not_invited",
            action="Invite the partner first.",
        )
    if not partner.active:
        raise Refused(
            f"{partner.name} takes no new cases at present, so it cannot quote.",
            code="partner_suspended",
            action="Ask the operator.",
        )
    return partner


def _check_window(request: QuoteRequest, now: datetime) -> None:
    if request.state != RequestState.OPEN or now >= request.closes_at:
        raise Refused(
            "Offers are no longer taken for this case: the time is over, or enough have come in.",
            code="window_over",
        )


def _check(offer: Offer, request: QuoteRequest, today: date) -> None:
    case = request.case
    problems = problems_of(offer, case.currency, today)
    if problems:
        raise Refused(" ".join(problems), code="quote")
    if purpose_of(Phase(case.phase) if case.phase else None, offer.phase) is None:
        raise Refused(f"The case is past the phase “{offer.phase}”.", code="quote")


def _written(request: QuoteRequest, partner: Partner, offer: Offer, now: datetime) -> tuple[Quote, bool]:
    """The partner's one quote, and whether it stands for the first time or again after it was withdrawn."""
    quote = Quote.objects.filter(request=request, partner=partner).first()
    is_new = quote is None or quote.state != QuoteState.OFFERED
    quote = quote or Quote(request=request, partner=partner, offered_at=now)
    for name, value in _columns(offer).items():
        setattr(quote, name, value)
    quote.state = QuoteState.OFFERED.value
    quote.updated_at = now
    quote.save()
    return quote, is_new


def _columns(offer: Offer) -> dict[str, Any]:
    """An offer's fields are named like the columns; texts are kept as they can be stored."""
    values = {field.name: getattr(offer, field.name) for field in fields(offer)}
    for name, what in (("solution", "the solution"), ("fee_comments", "the fee"), ("why_us", "“why us”")):
        values[name] = free_text(values[name], what, longest=LONGEST_TEXT, required=False)
    return {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
