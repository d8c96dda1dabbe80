"""The partner's payments: what came in, how it is split, and that it was passed on."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from arrears.desk.api import partner_wire as wire
from arrears.desk.api import partner_wire_money as money_wire
from arrears.desk.api.answers import CHANGING, KEYED, READING, done_once, file_schema
from arrears.desk.api.paging import Page
from arrears.desk.api.partner_auth import partner_caller
from arrears.desk.api.partner_show import show_payment, show_preview
from arrears.desk.api.refusals import told
from arrears.desk.api.statement_wire import StatementShown, show_statement, statement_asked
from arrears.desk.download import download
from arrears.desk.money.list_payments import list_payments
from arrears.desk.money.preview_payment import preview_payment
from arrears.desk.money.read_payment import read_payment
from arrears.desk.money.record_payment import record_payment
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.money.statement_csv import statement_csv
from arrears.desk.splitting import Receipt

router = Router(tags=["Payments"], by_alias=True)

_REFUSED = {422: CHANGING[422]}


@router.get(
    "/payments",
    response={200: money_wire.PartnersPaymentList, **READING},
    operation_id="listPayments",
    summary="Your payments, the latest first; with those reversed if you like",
)
def payments(
    request: HttpRequest,
    case_id: Annotated[UUID | None, Query(alias="CaseId")] = None,
    reversed_too: Annotated[bool, Query(alias="ReversedToo")] = False,
    page: Annotated[int | None, Query(alias="Page")] = None,
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
) -> money_wire.PartnersPaymentList:
    asked = Page.of(page, page_size)
    found, where = asked.cut(list_payments(partner_caller(request).actor, case_id, reversed_too=reversed_too))
    return money_wire.PartnersPaymentList(page=where, payments=[show_payment(one) for one in found])


@router.get(
    "/payments/{piece:payment_id}",
    response={200: money_wire.PartnersPayment, **READING},
    operation_id="readPayment",
    summary="Read a payment",
)
def payment(request: HttpRequest, payment_id: UUID) -> money_wire.PartnersPayment:
    return show_payment(read_payment(partner_caller(request).actor, payment_id))


@router.post(
    "/cases/{piece:case_id}/payments/preview",
    response={200: money_wire.SplitPreview, **_REFUSED, **READING},
    operation_id="previewPayment",
    summary="How a payment would be split; nothing is recorded",
)
def preview(request: HttpRequest, case_id: UUID, asked: money_wire.PaymentAsked) -> money_wire.SplitPreview:
    who = partner_caller(request)
    receipt = Receipt(asked.paid_on, asked.amount, asked.recipient, asked.method, asked.note, asked.costs)
    with told(422):
        return show_preview(preview_payment(who.actor, case_id, receipt, today=who.today))


@router.post(
    "/cases/{piece:case_id}/payments",
    response={200: money_wire.PartnersPayment, **CHANGING},
    operation_id="recordPayment",
    summary="Record a payment",
    openapi_extra=KEYED,
)
def record(request: HttpRequest, case_id: UUID, asked: money_wire.PaymentRecorded) -> HttpResponse:
    who = partner_caller(request)

    def work() -> money_wire.PartnersPayment:
        recorded = record_payment(
            who.actor,
            case_id,
            paid_on=asked.paid_on,
            amount=asked.amount,
            recipient=asked.recipient,
            method=asked.method,
            note=asked.note,
            costs=asked.costs,
            close=asked.close,
            now=who.now,
            today=who.today,
        )
        return show_payment(recorded)

    return done_once(request, who, "partner payment", work)


@router.post(
    "/payments/{piece:payment_id}/reverse",
    response={200: money_wire.PartnersPayment, **CHANGING},
    operation_id="reversePayment",
    summary="Take a payment back",
    openapi_extra=KEYED,
)
def reverse(request: HttpRequest, payment_id: UUID, asked: wire.ReasonAsked) -> HttpResponse:
    who = partner_caller(request)
    return done_once(
        request,
        who,
        "partner reverse payment",
        lambda: show_payment(reverse_payment(who.actor, payment_id, asked.reason, now=who.now)),
    )


@router.post(
    "/payments/{piece:payment_id}/settle",
    response={200: money_wire.PartnersPayment, **CHANGING},
    operation_id="settlePayment",
    summary="Note that money was passed on",
    openapi_extra=KEYED,
)
def settle(request: HttpRequest, payment_id: UUID, asked: money_wire.SettlementAsked) -> HttpResponse:
    who = partner_caller(request)

    def work() -> money_wire.PartnersPayment:
        settled = settle_payment(
            who.actor, payment_id, asked.settled_on, asked.note, now=who.now, today=who.today
        )
        return show_payment(settled)

    return done_once(request, who, "partner settle payment", work)


_First = Annotated[date, Query(alias="From")]
_Last = Annotated[date, Query(alias="To")]


@router.get(
    "/statement",
    response={200: StatementShown, **_REFUSED, **READING},
    operation_id="readStatement",
    summary="What was paid and passed on from one day to another",
    tags=["Statement"],
)
def statement(request: HttpRequest, first: _First, last: _Last) -> StatementShown:
    with told(422):
        return show_statement(statement_asked(partner_caller(request).actor, first, last))


@router.get(
    "/statement.csv",
    response={**_REFUSED, **READING},
    operation_id="readStatementAsCsv",
    summary="The same as a file for the books",
    openapi_extra=file_schema("text/csv"),
    tags=["Statement"],
)
def statement_file(request: HttpRequest, first: _First, last: _Last) -> HttpResponse:
    with told(422):
        drawn_up = statement_asked(partner_caller(request).actor, first, last)
    return download(drawn_up.file_name, "text/csv", statement_csv(drawn_up))
