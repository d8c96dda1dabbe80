"""Requests for quotes and the offers that came. They are decided on in the pages, not here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from arrears.core.quote import AgreementType, RequestState
from arrears.core.wording import number_text
from arrears.desk.api import wire_work as wire
from arrears.desk.api.auth import caller
from arrears.desk.api.errors import ErrorAnswer, not_there
from arrears.desk.api.wire_values import money_number, points_number
from arrears.desk.models import Quote, QuoteRequest
from arrears.desk.quotes.list_quote_requests import list_quote_requests
from arrears.desk.quotes.list_quotes import list_quotes

router = Router(tags=["Cases"], by_alias=True)

_ERRORS = {400: ErrorAnswer, 404: ErrorAnswer}

#: The older name of a request's state, beside the newer.
_FLOW = {
    RequestState.OPEN.value: "CollectingQuotes",
    RequestState.OFFERS_DONE.value: "PendingQuoteSelection",
    RequestState.DECIDED.value: "Completed",
    RequestState.EXPIRED.value: "Completed",
}


@router.get(
    "/cases/{piece:id}/quote-requests",
    response={200: wire.LeadList, **_ERRORS},
    operation_id="listQuoteRequests",
    summary="The requests for quotes of a case, newest first",
)
def requests(request: HttpRequest, id: UUID) -> wire.LeadList:  # noqa: A002 - as in the contract
    found = list_quote_requests(caller(request).actor, case_id=id).select_related("case")
    return wire.LeadList(
        quote_requests=[wire.Lead(**_told(one), purpose=one.purpose or None) for one in found]
    )


@router.get(
    "/cases/{piece:id}/quote-requests/{piece:quoteRequestId}",
    response={200: wire.LeadDetail, **_ERRORS},
    operation_id="readQuoteRequest",
    summary="Read a request for quotes",
)
def read_request(request: HttpRequest, id: UUID, quoteRequestId: UUID) -> wire.LeadDetail:  # noqa: A002, N803
    one = _request(request, id, quoteRequestId)
    told = _told(one)
    return wire.LeadDetail(
        **told,
        is_max_bid_count_reached=told["current_quotes_count"] >= one.max_quotes,
        request=one.text or None,
        existing_fees=f"{number_text(one.case.rate)}% of what is recovered" if one.case.rate else None,
    )


@router.get(
    "/cases/{piece:id}/quote-requests/{piece:quoteRequestId}/quotes",
    response={200: wire.QuoteList, **_ERRORS},
    operation_id="listQuotes",
    summary="The offers for one request, in the order they came",
)
def quotes(request: HttpRequest, id: UUID, quoteRequestId: UUID) -> wire.QuoteList:  # noqa: A002, N803
    one = _request(request, id, quoteRequestId)
    found = list_quotes(caller(request).actor, one.public_id)
    return wire.QuoteList(quotes=[_quote(quote) for quote in found])


@router.get(
    "/cases/{piece:id}/quote-requests/{piece:quoteRequestId}/quotes/{piece:quoteId}",
    response={200: wire.QuoteDetail, **_ERRORS},
    operation_id="readQuote",
    summary="Read an offer",
)
def read_quote(request: HttpRequest, id: UUID, quoteRequestId: UUID, quoteId: UUID) -> wire.QuoteDetail:  # noqa: A002, N803
    one = _request(request, id, quoteRequestId)
    quote = list_quotes(caller(request).actor, one.public_id).filter(public_id=quoteId).first()
    if quote is None:
        raise not_there("quote")
    prices = _prices(quote)
    pricing = wire.QuotePricing(
        hourly_rate=prices["hourly_rate"],
        hourly_estimated=prices["hourly_estimated"],
        flat_fee_estimate=prices["flat_fee_estimate"],
        success_fee_fee=prices["success_fee"],
        hybrid_estimate=prices["hybrid_estimate"],
        cost_process_misc=money_number(quote.court_costs or Decimal(0), quote.currency),
    )
    return wire.QuoteDetail(
        **_offer(quote),
        pricing=pricing,
        fee_comments=quote.fee_comments or None,
        full_quote_link=None,
        date_updated=quote.updated_at,
    )


def _request(request: HttpRequest, case_id: UUID, request_id: UUID) -> QuoteRequest:
    found = list_quote_requests(caller(request).actor, case_id=case_id).select_related("case")
    one = found.filter(public_id=request_id).first()
    if one is None:
        raise not_there("request for quotes")
    return one


def _told(one: QuoteRequest) -> dict[str, Any]:
    return {
        "quote_request_id": one.public_id,
        "case_id": one.case.public_id,
        "status": one.state,
        "lead_flow_status": _FLOW[one.state],
        "quote_type": one.scenario,
        "max_quotes": one.max_quotes,
        "current_quotes_count": getattr(one, "offers", 0),
        "outcome": one.outcome or None,
        "date_created": one.opened_at,
        "date_qualified": one.opened_at,
        "leads_done_offered": one.offers_done_at,
        "date_outcome_selected": one.decided_at,
    }


def _quote(quote: Quote) -> wire.QuoteShown:
    return wire.QuoteShown(
        **_offer(quote), **_prices(quote), phase=quote.phase or None, offer_nature=quote.nature or None
    )


def _offer(quote: Quote) -> dict[str, Any]:
    return {
        "quote_id": quote.public_id,
        "quote_request_id": quote.request.public_id,
        "partner_id": quote.partner.public_id,
        "partner_name": quote.partner.name,
        "status": quote.state,
        "agreement_type": quote.agreement,
        "proposed_solution": quote.solution or None,
        "partner_why_us_section": quote.why_us or None,
        "currency": quote.currency,
        "date_created": quote.offered_at,
    }


def _prices(quote: Quote) -> dict[str, Any]:
    """`hourly_estimated` is how many hours; `hybrid_estimate` the fixed part beside a success fee."""
    flat = None if quote.flat_fee is None else money_number(quote.flat_fee, quote.currency)
    rate = None if quote.hourly_rate is None else money_number(quote.hourly_rate, quote.currency)
    is_hybrid = quote.agreement == AgreementType.HYBRID
    return {
        "hourly_rate": rate,
        "hourly_estimated": points_number(quote.hours),
        "flat_fee_estimate": None if is_hybrid else flat,
        "success_fee": points_number(quote.success_fee),
        "hybrid_estimate": flat if is_hybrid else None,
    }
