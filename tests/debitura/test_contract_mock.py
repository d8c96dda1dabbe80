"""The server made from the contract takes what the contract allows, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arrears.connectors.message import Request, Response
from tests.debitura.asking import a_body, read
from tests.debitura.contract_document import faults_of, operation_of, value_for
from tests.debitura.contract_mock import ContractMock
from tests.desk.api.contract import document, is_here

pytestmark = pytest.mark.skipif(not is_here(), reason="The published contract does not lie beside the tree.")


def ask(
    mock: ContractMock, method: str, path: str, body: object = None, key: str = "one", **headers: str
) -> Response:
    sent = b"" if body is None else json.dumps(body).encode()
    kind = {"Content-Type": "application/json"} if body is not None else {}
    return mock.answer(Request(method, path, "a test", sent, {"XApiKey": key, **kind, **headers}))


def test_a_value_can_be_made_for_every_answer() -> None:
    made = 0
    for path, item in document()["paths"].items():
        for method in item:
            operation, _ = operation_of(method.upper(), path.replace("{", "").replace("}", ""))
            assert operation is not None, path
            schema = operation.success[1]
            if schema:
                assert list(faults_of(schema, value_for(schema))) == [], path
                made += 1
    assert made > 40


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/nowhere", None),
        ("PUT", "/cases", a_body()),
        ("GET", "/cases?Page=x", None),
        ("GET", "/cases?Nonsense=1", None),
        ("GET", "/webhooks/events?caseId=7", None),
        ("POST", "/cases", a_body(nonsense=1)),
        ("POST", "/cases", a_body(amountToRecover="500")),
        ("POST", "/cases", a_body(date="1 July")),
        ("POST", "/cases", a_body(debtor={"type": "Company", "name": "A", "nonsense": 1})),
        ("POST", "/cases", []),
    ],
)
def test_what_the_contract_does_not_know_is_a_violation(method: str, path: str, body: object) -> None:
    mock = ContractMock()
    assert ask(mock, method, path, body).status == 400
    assert mock.violations


def test_other_content_types_and_keys_that_are_too_long_are_violations() -> None:
    mock = ContractMock()
    ask(mock, "POST", "/cases", a_body(), **{"Content-Type": "text/plain"})
    ask(mock, "POST", "/cases", a_body(), **{"Idempotency-Key": "k" * 256})
    assert len(mock.violations) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"currencyCode": "ABC"},
        {"amountToRecover": -1},
        {"creditorReference": "x" * 51},
        {"debtor": {"type": "Company"}},
    ],
)
def test_bad_data_is_refused_but_is_no_violation(changes: dict[str, Any]) -> None:
    mock = ContractMock()
    assert ask(mock, "POST", "/cases", a_body(**changes)).status == 400
    assert mock.violations == []


def test_cases_are_remembered_by_key() -> None:
    mock = ContractMock()
    case = read(ask(mock, "POST", "/cases", a_body()))
    assert ask(mock, "POST", "/cases", a_body()).status == 422
    assert read(ask(mock, "GET", f"/cases/{case['id']}")) == case
    assert read(ask(mock, "GET", "/cases"))["cases"] == [case]
    assert ask(mock, "GET", f"/cases/{case['id']}", key="two").status == 404
    assert ask(mock, "GET", f"/cases/{case['id']}/timeline", key="two").status == 404
    assert ask(mock, "GET", "/me", XApiKey="").status == 401


def test_a_filled_mock_makes_up_one_of_everything() -> None:
    mock = ContractMock(filled=True)
    case = read(ask(mock, "POST", "/cases", a_body()))
    assert len(read(ask(mock, "GET", f"/cases/{case['id']}/payments"))) == 1
    assert read(ask(mock, "GET", f"/cases/{case['id']}/exclusive-period"))["daysRemaining"] == 1
    assert read(ask(ContractMock(), "GET", "/users"))["page"]["totalPages"] == 1


def test_those_who_have_signed_nothing_must_sign_first() -> None:
    mock = ContractMock()
    refusal = ask(mock, "POST", "/cases", a_body(), key="unsigned")
    assert read(refusal)["businessErrors"][0]["type"] == "MissingDebtCollectionContract"
    waiting = read(ask(mock, "POST", "/cases", a_body(allowPendingContracts=True), key="unsigned"))
    assert waiting["lifecycle"] == "Pending contract signing"
