"""For trying an integration out: move test cases along, remove them, have events sent."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from arrears.desk.api import wire_account as wire
from arrears.desk.api.auth import caller
from arrears.desk.api.errors import ErrorAnswer, Failure, FieldErrors
from arrears.desk.api.refusals import told
from arrears.desk.cases.advance_test_case import TestState, advance_test_case
from arrears.desk.cases.delete_test_cases import delete_test_cases
from arrears.desk.outbox import CONTRACT_EVENTS
from arrears.desk.webhooks.fire_webhook import fire_webhook

router = Router(tags=["Test cases"], by_alias=True)

_LONGEST_TAG = 100


@router.post(
    "/test/cases/{piece:id}/advance",
    response={200: wire.AdvanceResult, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="advanceTestCase",
    summary="Move a test case to a state, through all that lies before it",
)
def advance(request: HttpRequest, id: UUID, asked: wire.AdvanceAsked) -> wire.AdvanceResult:  # noqa: A002 - as in the contract
    who = caller(request)
    states = {state.value.lower(): state for state in TestState}
    state = states.get((asked.to or "").strip().lower())
    if state is None:
        raise FieldErrors({"to": [f"This must be one of {', '.join(TestState)}."]})
    if state is TestState.PAID and (asked.amount is None or asked.amount <= 0):
        raise FieldErrors({"amount": ["To close a case as paid, say the amount paid."]})
    with told(400):
        advanced, now_at = advance_test_case(who.actor, id, state, asked.amount, now=who.now, today=who.today)
    return wire.AdvanceResult(advanced=advanced, state=now_at)


@router.delete(
    "/test/cases/{piece:id}",
    response={204: None, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="deleteTestCase",
    summary="Remove a test case; what is not there needs no removing",
)
def delete_one(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    with told(400):
        delete_test_cases(caller(request).actor, case_id=id)
    return HttpResponse(status=204)


@router.delete(
    "/test/cases",
    response={204: None, 400: ErrorAnswer},
    operation_id="deleteTestCases",
    summary="Remove all test cases with a tag",
)
def delete_tagged(request: HttpRequest, tag: Annotated[str, Query(alias="tag")] = "") -> HttpResponse:
    if not tag.strip() or len(tag) > _LONGEST_TAG or "\0" in tag:
        raise FieldErrors({"tag": [f"The tag must have 1 to {_LONGEST_TAG} characters."]})
    with told(400):
        delete_test_cases(caller(request).actor, tag=tag.strip())
    return HttpResponse(status=204)


@router.post(
    "/test/webhooks/fire",
    response={200: wire.FireResult, 400: ErrorAnswer, 404: ErrorAnswer, 422: ErrorAnswer},
    operation_id="fireWebhook",
    summary="Have an event of a test case sent, without waiting for it to happen",
    tags=["Test webhooks"],
)
def fire(request: HttpRequest, asked: wire.FireAsked) -> wire.FireResult:
    who = caller(request)
    errors = {}
    if asked.event not in CONTRACT_EVENTS:
        errors["event"] = [f"This must be one of {', '.join(CONTRACT_EVENTS)}."]
    if asked.case_id is None:
        errors["caseId"] = ["The case is missing."]
    if errors or asked.case_id is None or asked.event is None:
        raise FieldErrors(errors)
    try:
        with told(400):
            queued = fire_webhook(
                who.creditor.pk, asked.case_id, asked.event, subscription=asked.subscription_id, now=who.now
            )
    except Failure as failure:
        if failure.type == "NothingToTell":
            failure.status = 422
        raise
    return wire.FireResult(event_type=asked.event, case_id=asked.case_id, enqueued_count=queued)
