"""Asking the stand-in as a bare HTTP client would, without any connector."""

from __future__ import annotations

import json
from typing import Any

from arrears.connectors.message import Request, Response
from tests.debitura.server import KEY, FakeDebitura

DUE = "2026-07-31"


def a_body(reference: str = "AR-1", **changes: Any) -> dict[str, Any]:
    """A sound body for POST /cases: a company in Leeds owes GBP 500."""
    debtor = {"type": "Company", "name": "Acme Ltd", "address": "1 High Street", "city": "Leeds"}
    known: dict[str, Any] = {
        "currencyCode": "GBP",
        "amountToRecover": 500,
        "date": "2026-07-01",
        "dueDate": DUE,
        "creditorReference": reference,
        "debtor": {**debtor, "countryAlpha2": "GB"},
    }
    return known | changes


def ask(
    fake: FakeDebitura, method: str, path: str, body: object = None, *, key: str = "", api_key: str = KEY
) -> Response:
    """One request; `key` is the Idempotency-Key."""
    headers = {"XApiKey": api_key, "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    sent = b"" if body is None else json.dumps(body, sort_keys=True).encode()
    return fake.answer(Request(method, path, "a test", sent, headers))


def open_case(
    fake: FakeDebitura, reference: str = "AR-1", *, key: str = "", **changes: Any
) -> dict[str, Any]:
    """Open a case and return it as the API shows it."""
    response = ask(fake, "POST", "/cases", a_body(reference, **changes), key=key)
    assert response.status == 200, response.body
    shown: dict[str, Any] = read(response)
    return shown


def read(response: Response) -> Any:
    return json.loads(response.body)
