"""Whatever is sent, the API answers as its contract says, and never with a fault of its own."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.desk.api.test_account import NORTH
from tests.desk.api.world import Program, a_case_body

_TEXT = st.text(max_size=20) | st.sampled_from(["", "GB", "US", "Company", "2026-01-01", "\0", "\ud800"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/cases", a_case_body()),
    ("POST", "/cases/preview", {"amountToRecover": 1, "currencyCode": "GBP", "debtor": {}, "dueDate": None}),
    (
        "POST",
        "/coverage/check-eligibility",
        {"countryAlpha2": "GB", "debtorType": "Company", "amount": 1, "currencyCode": "GBP"},
    ),
    ("POST", "/divisions", NORTH),
    ("POST", "/webhooks", {"url": "https://hooks.example", "events": ["case.created"]}),
    ("POST", "/test/webhooks/fire", {"caseId": None, "event": "case.created"}),
]
_QUERIES = ["/cases", "/Payments", "/users", "/tasks", "/divisions", "/webhooks/events", "/test/cases"]
_NAMES = ["Page", "PageSize", "Statuses", "Sort", "Ids", "DivisionIds", "status", "type", "tag", "caseId"]

_fuzzed = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(("method", "path", "body"), _BODIES)
@given(data=st.data())
@_fuzzed
def test_any_body_gets_an_answer_of_the_contract(
    program: Program, method: str, path: str, body: dict[str, Any], data: st.DataObject
) -> None:
    names = [*body, "collectionPartnerId", "amountToRecoverOver12Months", "returnUrl", "assignedUserEmail"]
    changes = data.draw(st.dictionaries(st.sampled_from(names), _VALUES, max_size=4))
    if isinstance(body.get("debtor"), dict) and "debtor" not in changes:
        part = st.sampled_from(["name", "type", "countryAlpha2", "stateAlpha2", "city", "email", "country"])
        changes["debtor"] = body["debtor"] | data.draw(st.dictionaries(part, _VALUES, max_size=3))
    answer = program.ask(method, path, json.dumps(body | changes))
    assert answer.status < 500, answer.content


@pytest.mark.parametrize("path", _QUERIES)
@given(query=st.dictionaries(st.sampled_from(_NAMES), _TEXT | st.integers().map(str), max_size=4))
@_fuzzed
def test_any_query_gets_an_answer_of_the_contract(program: Program, path: str, query: dict[str, str]) -> None:
    text = urlencode(query, errors="replace")
    method = "DELETE" if path == "/test/cases" else "GET"
    assert program.ask(method, f"{path}?{text}").status < 500


@given(piece=st.text(min_size=1, max_size=30))
@example("\n")
@_fuzzed
def test_any_address_gets_an_answer_of_the_contract(program: Program, piece: str) -> None:
    text = quote(piece, safe="", errors="replace")
    for path in ("/cases/", "/coverage/", "/cases/by-creditor-reference/", "/divisions/", "/"):
        assert program.ask("GET", f"{path}{text}").status < 500
