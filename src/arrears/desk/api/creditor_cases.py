"""Beyond the contract: ending cases, answering, reporting payments, asking for quotes and choosing one."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import WithJsonSchema

from arrears.core.case import Lifecycle
from arrears.core.country import jurisdiction
from arrears.desk.actors import Refused
from arrears.desk.api import creditor_wire as wire
from arrears.desk.api.answers import CHANGING, KEYED, READING, done_once
from arrears.desk.api.asked_cases import return_url_asked
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import Failure
from arrears.desk.api.labels import LIFECYCLE_LABELS
from arrears.desk.api.links import SigningAsked, signing_url
from arrears.desk.api.refusals import told
from arrears.desk.api.show_cases import show_case, shown_with
from arrears.desk.api.wire_cases import CaseShown
from arrears.desk.api.wire_values import money_number
from arrears.desk.api.wire_work import PaymentCase, PaymentShown
from arrears.desk.cases.give_info import give_info
from arrears.desk.cases.read_withdrawal_terms import read_withdrawal_terms
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import Case, Payment, QuoteRequest
from arrears.desk.money.report_direct_payment import report_direct_payment
from arrears.desk.opening import TO_BE_SIGNED
from arrears.desk.quotes.accept_quote import accept_quote
from arrears.desk.quotes.compare_quotes import compare_quotes
from arrears.desk.quotes.decline_quotes import decline_quotes
from arrears.desk.quotes.read_quote_request import read_quote_request
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.quoting import quote_for

router = Router(tags=["Cases"], by_alias=True)

_AS_NUMBER = WithJsonSchema({"type": "number", "format": "double"})


@router.get(
    "/cases/{piece:case_id}/withdrawal-terms",
    response={200: wire.WithdrawalTerms, 422: CHANGING[422], **READING},
    operation_id="readWithdrawalTerms",
    summary="What withdrawing a case would take, and cost, today",
)
def terms(request: HttpRequest, case_id: UUID) -> wire.WithdrawalTerms:
    who = caller(request)
    with told(422):
        found = read_withdrawal_terms(who.actor, case_id, who.today)
    currency = _case(who, case_id).currency
    return wire.WithdrawalTerms(
        may=found.may.value,
        cost=money_number(found.cost.amount, currency) if found.cost else None,
        currency=currency,
        costs_note=found.costs_note or None,
        sentences=list(found.sentences),
    )


@router.post(
    "/cases/{piece:case_id}/withdraw",
    response={200: CaseShown, **CHANGING},
    operation_id="withdrawCase",
    summary="Take a case back, at the cost you were told",
    openapi_extra=KEYED,
)
def withdraw(request: HttpRequest, case_id: UUID, asked: wire.WithdrawAsked) -> HttpResponse:
    """Closes the case at once, or asks the partner to agree, as the terms say."""
    who = caller(request)

    def work() -> CaseShown:
        withdraw_case(
            who.actor,
            case_id,
            asked.reason,
            confirmed_cost=asked.confirmed_cost,
            now=who.now,
            today=who.today,
        )
        return _shown(who, case_id)

    return done_once(request, who, "creditor withdraw", work)


@router.post(
    "/cases/{piece:case_id}/answer",
    response={200: CaseShown, **CHANGING},
    operation_id="answerQuestions",
    summary="Answer everything that is asked of you about a case",
    openapi_extra=KEYED,
)
def answer(request: HttpRequest, case_id: UUID, asked: wire.AnswerAsked) -> HttpResponse:
    who = caller(request)

    def work() -> CaseShown:
        give_info(who.actor, case_id, asked.answer, now=who.now, today=who.today)
        return _shown(who, case_id)

    return done_once(request, who, "creditor answer", work)


@router.post(
    "/cases/{piece:case_id}/direct-payments",
    response={200: PaymentShown, **CHANGING},
    operation_id="reportDirectPayment",
    summary="Report money that the debtor has paid to you",
    openapi_extra=KEYED,
)
def direct_payment(request: HttpRequest, case_id: UUID, asked: wire.DirectPaymentAsked) -> HttpResponse:
    who = caller(request)

    def work() -> PaymentShown:
        paid = report_direct_payment(
            who.actor,
            case_id,
            paid_on=asked.paid_on,
            amount=asked.amount,
            method=asked.method,
            note=asked.note,
            now=who.now,
            today=who.today,
        )
        return _payment(paid)

    return done_once(request, who, "creditor direct payment", work)


def _payment(paid: Payment) -> PaymentShown:
    case = paid.case
    return PaymentShown(
        id=paid.public_id,
        date_created=paid.recorded_at,
        date_updated=paid.updated_at,
        date=paid.paid_on,
        gross_amount=money_number(paid.amount, paid.currency),
        recipient=paid.recipient,
        method=paid.method,
        currency=paid.currency,
        invoice=PaymentCase(
            status=LIFECYCLE_LABELS[Lifecycle(case.lifecycle)],
            reference=case.reference,
            invoice_id=case.public_id,
        ),
    )


@router.post(
    "/cases/{piece:case_id}/quote-requests",
    response={200: wire.QuoteRequestShown, **CHANGING},
    operation_id="requestQuotes",
    summary="Ask partners for quotes for a case's next step",
    openapi_extra=KEYED,
    tags=["Quotes"],
)
def ask_quotes(request: HttpRequest, case_id: UUID, asked: wire.QuotesAsked) -> HttpResponse:
    who = caller(request)

    def work() -> wire.QuoteRequestShown:
        made = request_quotes(
            who.actor,
            case_id,
            phase=asked.phase,
            text=asked.text,
            scenario=asked.scenario,
            partner_may_bid=asked.partner_may_bid,
            now=who.now,
            today=who.today,
        )
        return show_request(made)

    return done_once(request, who, "creditor quote request", work)


def show_request(one: QuoteRequest) -> wire.QuoteRequestShown:
    """A request for quotes as those on the case see it."""
    return wire.QuoteRequestShown(
        quote_request_id=one.public_id,
        case_id=one.case.public_id,
        status=one.state,
        quote_type=one.scenario,
        purpose=one.purpose,
        phase=one.phase,
        request=one.text or None,
        max_quotes=one.max_quotes,
        outcome=one.outcome or None,
        date_created=one.opened_at,
        date_closing=one.closes_at,
        decide_by=one.decide_by,
        date_outcome_selected=one.decided_at,
    )


@router.get(
    "/quote-requests/{piece:request_id}/comparison",
    response={200: wire.Comparison, 422: CHANGING[422], **READING},
    operation_id="compareQuotes",
    summary="What each offer would cost, on assumptions of yours",
    tags=["Quotes"],
)
def compare(
    request: HttpRequest,
    request_id: UUID,
    recovered_percentage: Annotated[Decimal, Query(alias="RecoveredPercentage"), _AS_NUMBER] = Decimal(100),
    hours_percentage: Annotated[Decimal, Query(alias="HoursPercentage"), _AS_NUMBER] = Decimal(100),
    court_costs: Annotated[bool, Query(alias="CourtCosts")] = True,
) -> wire.Comparison:
    who = caller(request)
    with told(422):
        one = read_quote_request(who.actor, request_id)
        found = compare_quotes(
            who.actor,
            request_id,
            recovered_points=recovered_percentage,
            hours_points=hours_percentage,
            court_costs=court_costs,
        )
    return wire.Comparison(
        quote_request_id=one.public_id,
        currency=one.case.currency,
        assumptions=list(found[0].cost.assumptions) if found else [],
        quotes=[
            wire.ComparedQuote(
                quote_id=UUID(quote.key),
                agreement_type=quote.offer.agreement.value,
                total=quote.cost.total.amount,
                lines=[
                    wire.CostLineShown(label=line.label, amount=line.amount.amount)
                    for line in quote.cost.lines
                ],
                net=quote.net.amount,
                cost_if_nothing_is_recovered=quote.if_nothing.amount,
            )
            for quote in found
        ],
    )


@router.post(
    "/quote-requests/{piece:request_id}/decline",
    response={200: CaseShown, **CHANGING},
    operation_id="declineQuotes",
    summary="Decline every offer of a request",
    openapi_extra=KEYED,
    tags=["Quotes"],
)
def decline(request: HttpRequest, request_id: UUID, asked: wire.DeclineAsked) -> HttpResponse:
    who = caller(request)

    def work() -> CaseShown:
        case = decline_quotes(who.actor, request_id, asked.reason, now=who.now)
        return _shown(who, case.public_id)

    return done_once(request, who, "creditor decline quotes", work)


@router.post(
    "/quotes/{piece:quote_id}/accept",
    response={200: CaseShown, **CHANGING},
    operation_id="acceptQuote",
    summary="Accept an offer; the others are declined with it",
    openapi_extra=KEYED,
    tags=["Quotes"],
)
def accept(request: HttpRequest, quote_id: UUID, asked: wire.AcceptAsked) -> HttpResponse:
    """A partner that is new to the case may need a signature first: the refusal says where to sign."""
    who = caller(request)

    def work() -> CaseShown:
        try:
            case = accept_quote(who.actor, quote_id, now=who.now, today=who.today)
        except Refused as refusal:
            if refusal.code not in {code.value for code in TO_BE_SIGNED}:
                raise
            link = _link(who, quote_id, return_url_asked(asked.return_url))
            raise Failure(422, refusal.code, refusal.in_full, link) from refusal
        return _shown(who, case.public_id)

    return done_once(request, who, "creditor accept quote", work)


def _link(who: Caller, quote_id: UUID, return_url: str) -> str:
    """Where to sign for a quote's partner. It needs no row of a table, which the refusal would take back."""
    quote = quote_for(who.actor, quote_id)
    case = quote.request.case
    place = jurisdiction(case.debtor_country, case.debtor_state)
    return signing_url(SigningAsked(who.creditor.pk, quote.partner_id, place, return_url))


def _case(who: Caller, case_id: UUID) -> Case:
    return shown_with(Case.objects.filter(creditor=who.creditor)).get(public_id=case_id)


def _shown(who: Caller, case_id: UUID) -> CaseShown:
    return show_case(_case(who, case_id))
