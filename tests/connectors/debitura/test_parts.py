"""Reading every other answer: good, partial and hostile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears import ports
from arrears.connectors.debitura import account_parts as account
from arrears.connectors.debitura import case_parts as parts
from arrears.connectors.debitura import files, protocol
from arrears.connectors.debitura.opened import read_opened
from arrears.connectors.message import Response
from arrears.core.case import Party
from arrears.core.money import Money
from arrears.ports import Remedy
from tests.connectors.debitura.scripted import CASE_ID, answer

READERS: list[Callable[[Response], Any]] = [
    protocol.read_cases,
    protocol.read_case,
    protocol.read_preview,
    protocol.read_sent,
    protocol.read_removed,
    partial(read_opened, reference="AR-1", test=False),
    parts.read_chats,
    parts.read_timeline,
    parts.read_files,
    parts.read_descriptions,
    parts.read_payments,
    parts.read_tasks,
    parts.read_questions,
    parts.read_quote_requests,
    parts.read_quotes,
    parts.read_quote,
    parts.read_period,
    parts.read_agreements,
    account.read_me,
    account.read_agreement,
    account.read_tasks,
    account.read_users,
    account.read_divisions,
    partial(account.read_subscriptions, test=False),
    account.read_subscription,
    account.read_changed,
    account.read_with_secret,
    account.read_unsubscribed,
    files.read_attached,
]

_NAMES = [
    *("cases", "items", "tasks", "quotes", "quoteRequests", "users", "divisions", "webhooks", "page"),
    *("id", "quoteId", "quoteRequestId", "result", "isEligible", "totalPages", "debtor", "creditor"),
    *("dateCreated", "date", "currency", "grossAmount", "remainder", "role", "user", "action", "pricing"),
    *("sdca", "poa", "secret", "url", "extensions", "businessErrors", "errors", "error", "signingHandoff"),
    *("requiredActions", "type", "message", "description", "lifecycle", "status", "daysRemaining"),
]
_ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["GBP", CASE_ID, "2026-11-22T12:00:00", "https://x.example/", "\ud800", "\x00"]),
)
_JSON = st.recursive(
    _ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(_NAMES) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)
_STATUSES = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 413, 415, 422, 500, 503, 999])


@settings(max_examples=400, deadline=None)
@given(_JSON, _STATUSES)
def test_whatever_arrives_is_a_value_or_an_error_of_the_ports(body: Any, status: int) -> None:
    response = answer(body, status)
    for read in READERS:
        try:
            read(response)
        except Remedy:
            continue


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), _STATUSES)
def test_so_is_whatever_is_not_json(body: bytes, status: int) -> None:
    for read in READERS:
        try:
            read(Response(status, {}, body))
        except Remedy:
            continue


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b"1" * 100_000, b"1e999999999"])
def test_so_is_what_is_meant_to_break_a_parser(body: bytes) -> None:
    for read in READERS:
        try:
            read(Response(200, {}, body))
        except Remedy:
            continue


def test_messages_are_in_order_and_keep_what_was_written() -> None:
    chats = [
        {"id": "2", "dateCreated": "2026-11-22T12:00:00", "role": 2, "message": "<b>Hi</b>\n\ud800\x00ok"},
        {
            "id": "1",
            "dateCreated": "2026-11-21T12:00:00Z",
            "role": 1,
            "message": "Hello",
            "user": {"id": 7, "firstName": "Jo", "lastName": "Bloggs", "email": "jo@firm.example"},
        },
        {"id": "3", "dateCreated": "2026-11-23T12:00:00Z", "role": 9, "roleLabel": "Robot", "message": None},
        {"id": "4", "role": 0},
    ]
    first, second, third = parts.read_chats(answer(chats))
    assert (first.by, first.party, first.text) == ("Jo Bloggs", Party.CREDITOR, "Hello")
    assert (second.party, second.text) == (Party.PARTNER, "<b>Hi</b>\nok")
    assert (third.by, third.party, third.text) == ("Robot", None, "")
    assert second.at == datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_timeline() -> None:
    items = [
        {"date": "2026-11-22T12:00:00", "type": "X", "title": "Accepted", "description": "By Oriel."},
        {"date": "2026-11-21T12:00:00", "title": "Opened", "description": "Opened by API"},
        {"date": "2026-11-20T12:00:00", "type": "Note", "title": None, "description": None},
        {"date": None, "title": "Lost"},
    ]
    texts = [event.text for event in parts.read_timeline(answer({"items": items}))]
    assert texts == ["Note", "Opened by API", "Accepted: By Oriel."]


def test_files_keep_only_addresses_that_are_safe() -> None:
    rows = [
        {
            "id": "1",
            "dateCreated": "2026-11-22T12:00:00",
            "fileName": "a.pdf",
            "url": "https://sas.example/?se=1",
        },
        {"id": "2", "dateCreated": "2026-11-22T12:01:00", "fileName": "b.pdf", "url": "javascript:alert(1)"},
    ]
    assert [(file.name, file.url) for file in parts.read_files(answer(rows))] == [
        ("a.pdf", "https://sas.example/?se=1"),
        ("b.pdf", ""),
    ]


def test_payments_are_exact() -> None:
    rows = [
        {
            "id": "1",
            "date": "2026-11-22T00:00:00",
            "grossAmount": Decimal("100000000000000.07"),
            "currency": "gbp",
            "recipient": "Creditor",
            "method": "Bank transfer",
        },
        {"id": "2", "date": "2026-11-22T00:00:00", "grossAmount": "lots", "currency": "GBP"},
    ]
    (payment,) = parts.read_payments(answer(rows))
    assert payment == ports.Payment(
        "1", date(2026, 11, 22), Money.parse("100000000000000.07 GBP"), "Creditor", "Bank transfer"
    )


def test_questions_and_the_exclusive_period() -> None:
    items = [{"resolutionArea": "Documents", "description": "Which invoice?"}, {"description": " "}]
    assert parts.read_questions(answer({"items": items})) == (ports.Question("Documents", "Which invoice?"),)
    shown = {
        "engagementStartDate": "2026-01-01T00:00:00",
        "currentEndDate": "2026-07-01T00:00:00",
        "daysRemaining": -144,
        "status": "Expired",
        "extensions": [
            {"type": "Payment", "eventDate": "2026-02-01T00:00:00", "newEndDate": "2027-02-01T00:00:00"},
            {"type": "Manual"},
        ],
    }
    period = parts.read_period(answer(shown))
    assert period == ports.Period(
        date(2026, 1, 1),
        date(2026, 7, 1),
        -144,
        "Expired",
        (ports.PeriodExtension("Payment", date(2026, 2, 1), date(2027, 2, 1)),),
    )
    assert parts.read_period(answer({}, 404)) is None


def test_agreements_are_those_that_do_not_stand() -> None:
    shown = {
        "sdca": {"signed": True, "requiresResigning": False, "solutionUrl": None},
        "poa": {"signed": False, "requiresResigning": False, "solutionUrl": "https://sign.example/poa"},
        "pricingAppendix": {"signed": True, "requiresResigning": True, "solutionUrl": "data:text/html,x"},
        "collectionPartnerName": "Oriel",
    }
    assert parts.read_agreements(answer(shown)) == (
        ports.Required(
            "MissingPowerOfAttorney", "Sign the power of attorney for Oriel.", "https://sign.example/poa"
        ),
        ports.Required("MissingPowerOfAttorney", "Sign the price list for the debtor's country again.", ""),
    )
