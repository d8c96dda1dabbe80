"""The partner as a bidder: what it is asked to quote for, and its offers. It learns nothing of the debtor."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from arrears.core.quote import Offer, Scenario
from arrears.desk.api import partner_wire as wire
from arrears.desk.api import partner_wire_money as money_wire
from arrears.desk.api.answers import CHANGING, KEYED, READING, done_once
from arrears.desk.api.paging import Page
from arrears.desk.api.partner_auth import PartnerCaller, partner_caller
from arrears.desk.api.partner_show import show_bid_case, show_offer
from arrears.desk.models import Quote, QuoteRequest
from arrears.desk.quotes.list_invitations import list_invitations
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.read_quote_request import read_quote_request
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.quotes.withdraw_quote import withdraw_quote
from arrears.desk.quoting import told_of

router = Router(tags=["Quotes"], by_alias=True)


@router.get(
    "/quote-requests",
    response={200: money_wire.InvitationList, **READING},
    operation_id="listInvitations",
    summary="What waits for your offer, the next to close first; or everything else",
)
def invitations(
    request: HttpRequest,
    waiting: Annotated[bool, Query(alias="Waiting")] = True,
    page: Annotated[int | None, Query(alias="Page")] = None,
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
) -> money_wire.InvitationList:
    who, asked = partner_caller(request), Page.of(page, page_size)
    found, where = asked.cut(list_invitations(who.actor, waiting=waiting, now=who.now))
    mine = Quote.objects.filter(request__in=found, partner=who.partner)
    offers = {quote.request_id: quote for quote in mine}
    return money_wire.InvitationList(
        page=where, quote_requests=[_invitation(one, offers.get(one.pk)) for one in found]
    )


@router.get(
    "/quote-requests/{piece:request_id}",
    response={200: money_wire.Invitation, **READING},
    operation_id="readInvitation",
    summary="Read a request for quotes",
)
def invitation(request: HttpRequest, request_id: UUID) -> money_wire.Invitation:
    who = partner_caller(request)
    return _told(who, read_quote_request(who.actor, request_id))


@router.post(
    "/quote-requests/{piece:request_id}/quote",
    response={200: money_wire.OfferShown, **CHANGING},
    operation_id="offerQuote",
    summary="Offer your price, or another in its place while offers are taken",
    openapi_extra=KEYED,
)
def offer(request: HttpRequest, request_id: UUID, asked: money_wire.OfferAsked) -> HttpResponse:
    who = partner_caller(request)

    def work() -> money_wire.OfferShown:
        currency = read_quote_request(who.actor, request_id).case.currency
        price = Offer(
            agreement=asked.agreement_type,
            currency=currency,
            valid_until=asked.valid_until,
            phase=asked.phase,
            hourly_rate=asked.hourly_rate,
            hours=asked.hours,
            flat_fee=asked.flat_fee,
            success_fee=asked.success_fee,
            court_costs=asked.court_costs,
            fixed_price=asked.fixed_price,
            nature=asked.nature,
            solution=asked.solution,
            fee_comments=asked.fee_comments,
            why_us=asked.why_us,
        )
        return show_offer(offer_quote(who.actor, request_id, price, now=who.now, today=who.today))

    return done_once(request, who, "partner quote", work)


@router.post(
    "/quotes/{piece:quote_id}/withdraw",
    response={200: money_wire.OfferShown, **CHANGING},
    operation_id="withdrawQuote",
    summary="Take your offer back",
    openapi_extra=KEYED,
)
def withdraw(request: HttpRequest, quote_id: UUID, asked: wire.ReasonAsked) -> HttpResponse:
    who = partner_caller(request)
    return done_once(
        request,
        who,
        "partner withdraw quote",
        lambda: show_offer(withdraw_quote(who.actor, quote_id, asked.reason, now=who.now)),
    )


@router.post(
    "/cases/{piece:case_id}/quote-requests",
    response={200: money_wire.Invitation, **CHANGING},
    operation_id="proposeQuote",
    summary="Ask to offer terms of your own for a case that is with you",
    openapi_extra=KEYED,
)
def propose(request: HttpRequest, case_id: UUID, asked: money_wire.QuotesAsked) -> HttpResponse:
    """You alone are asked. The creditor decides about the offer that you then make."""
    who = partner_caller(request)

    def work() -> money_wire.Invitation:
        made = request_quotes(
            who.actor,
            case_id,
            phase=asked.phase,
            text=asked.text,
            scenario=Scenario.EXCLUSIVE,
            now=who.now,
            today=who.today,
        )
        return _told(who, made)

    return done_once(request, who, "partner quote request", work)


def _told(who: PartnerCaller, one: QuoteRequest) -> money_wire.Invitation:
    return _invitation(one, one.quotes.filter(partner=who.partner).first())


def _invitation(one: QuoteRequest, quote: Quote | None) -> money_wire.Invitation:
    return money_wire.Invitation(
        quote_request_id=one.public_id,
        status=one.state,
        quote_type=one.scenario,
        purpose=one.purpose,
        phase=one.phase,
        request=one.text or None,
        outcome=one.outcome or None,
        date_created=one.opened_at,
        date_closing=one.closes_at,
        case=show_bid_case(told_of(one.case)),
        quote=show_offer(quote) if quote else None,
    )
