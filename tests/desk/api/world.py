"""A desk with a creditor's program that calls its Customer API; every answer is held against the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import simplejson
from django.test import Client

from arrears.accounts.api_keys import make_key
from arrears.accounts.models import Membership, Organisation, User
from arrears.desk.models import Case, CoverageRule, Partner
from arrears.ports import Reply
from tests.desk.api import contract
from tests.desk.builders import NOON, a_partner, an_organisation, sign_everything
from tests.fakes import FakeClock

PREFIX = "/api/customer"


class FakeSender:
    """Receivers that always say the same, and a list of what was posted to them."""

    def __init__(self) -> None:
        self.reply = Reply(200, took=timedelta(milliseconds=12))
        self.posted: list[tuple[str, dict[str, str], bytes]] = []

    def check(self, url: str) -> str:
        return "The address is private." if "10.0.0.1" in url else ""

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.posted.append((url, dict(headers), body))
        return self.reply


class Adapters:
    """desk.adapters.DeskAdapters for tests. Clock and receivers are shared, so that tests can reach them."""

    clock = FakeClock()
    webhooks = FakeSender()


@dataclass
class Answered:
    """An answer with exact numbers."""

    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        return simplejson.loads(self.content, use_decimal=True)


@dataclass
class Program:
    """What a creditor's program can do: send requests with its key."""

    creditor: Organisation
    key: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
        key: str | None = None,
    ) -> Answered:
        data: Any = body
        if body is not None and not isinstance(body, bytes | str) and "multipart" not in content_type:
            data = json.dumps(body, default=_number)
        sent = {"XApiKey": self.key if key is None else key} | dict(headers or {})
        answer = self.client.generic(
            method, f"{PREFIX}{path}", data or b"", content_type=content_type, headers=sent
        )
        told = Answered(answer.status_code, answer.content, answer.headers)
        contract.check(
            method, path.partition("?")[0], told.status, told.headers.get("Content-Type", ""), told.content
        )
        return told

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == status, (path, answer.status, answer.content[:500])
        return answer.body

    def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        answer = self.ask("POST", path, body, **options)
        assert answer.status == status, (path, answer.status, answer.content[:1000])
        return answer.body

    def open(self, **changes: Any) -> Any:
        return self.post("/cases", a_case_body(**changes))

    def upload(self, case_id: str, name: str, content: bytes, **fields: str) -> Answered:
        boundary = "a-boundary-of-tests"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        start = f'--{boundary}\r\nContent-Disposition: form-data; name="File"; filename="{name}"\r\n\r\n'
        parts += [start.encode() + content + f"\r\n--{boundary}--\r\n".encode()]
        return self.ask(
            "POST",
            f"/cases/{case_id}/files",
            b"".join(parts),
            content_type=f"multipart/form-data; boundary={boundary}",
        )


def _number(value: object) -> float:
    assert isinstance(value, Decimal)
    return float(value)


def a_case_body(**changes: Any) -> dict[str, Any]:
    """A sound request to open a case against a company in Leeds. None takes a field out."""
    debtor = {
        "type": "Company",
        "name": "Debtor Ltd",
        "contactPerson": "Dora Debtor",
        "address": "2 Low Road",
        "zipCode": "LS1 4AP",
        "city": "Leeds",
        "countryAlpha2": "GB",
        "email": "accounts@debtor.example",
        "phone": "+44 113 496 0000",
    } | changes.pop("debtor", {})
    known = {
        "currencyCode": "GBP",
        "date": "2026-07-01",
        "dueDate": "2026-07-31T00:00:00Z",
        "amountToRecover": 1200.5,
        "creditorReference": "INV-1001",
        "claimDescription": "Screws, delivered on 1 July 2026.",
        "debtor": {name: value for name, value in debtor.items() if value is not None},
    }
    return {name: value for name, value in (known | changes).items() if value is not None}


def covering(*jurisdictions: str, **changes: Any) -> Partner:
    """A partner who takes every case in these places."""
    partner = a_partner(**changes)
    CoverageRule.objects.bulk_create(
        CoverageRule(partner=partner, jurisdiction=code) for code in jurisdictions
    )
    return partner


def a_program(name: str = "Acme Suppliers", *, signed: bool = True, **changes: Any) -> Program:
    """A creditor that has signed everything, one member of its team, and a key."""
    creditor = an_organisation(name, **changes)
    slug = name.split()[0].lower()
    user = User.objects.create_user(f"carol@{slug}.example", first_name="Carol", last_name="Creditor")
    Membership.objects.create(organisation=creditor, user=user)
    if signed:
        sign_everything(creditor)
    _, key = make_key(creditor, "test", "test", NOON)
    return Program(creditor, key.get_secret_value())


def stored(answer: Any) -> Case:
    """The case that an answer tells about."""
    return Case.objects.get(public_id=answer["id"])
