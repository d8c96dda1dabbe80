"""Every operation of the three APIs, with requests built from what their descriptions say."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from arrears.desk.api.labels import place_number
from arrears.desk.models import Case
from tests.desk.api.sides import FullDesk
from tools.openapi_files import generated


@dataclass(frozen=True)
class Operation:
    """One operation of one API, with what its description says of paths and bodies."""

    api: str
    method: str
    path: str
    described: dict[str, Any] = field(hash=False, compare=False)

    @property
    def name(self) -> str:
        return f"{self.api} {self.method} {self.path}"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def body_schema(self) -> dict[str, Any] | None:
        content = self.described.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        schema: dict[str, Any] = content["application/json"]["schema"]
        return schema

    @property
    def takes_file(self) -> bool:
        return "multipart/form-data" in self.described.get("requestBody", {}).get("content", {})

    @property
    def query_names(self) -> list[str]:
        return [one["name"] for one in self.described.get("parameters", ()) if one["in"] == "query"]


@cache
def document(api: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(generated(api))
    return loaded


def operations() -> list[Operation]:
    """Every operation of the three APIs."""
    return [
        Operation(api, method.upper(), path, described)
        for api in ("customer", "creditor", "partner")
        for path, item in sorted(document(api)["paths"].items())
        for method, described in item.items()
    ]


def ids_of(desk: FullDesk, operation: Operation) -> dict[str, str]:
    """What stands in an operation's path and body for something that is there, by name in any capitals."""
    case = desk.active
    if "/test/cases" in operation.path or "/test/webhooks" in operation.path:
        case = desk.test_case
    elif re.search(r"quote|accept$|decline$", operation.path):
        is_new = re.search(r"/(accept|decline)$", operation.path) and "cases" in operation.path
        case = desk.waiting if is_new else desk.bidding
    if operation.path in ("/cases/{case_id}/quote-requests",):
        case = desk.active
    ids = {
        "caseid": case.public_id,
        "creditorreference": case.creditor_reference,
        "casereference": case.reference,
        "quoterequestid": desk.request.public_id,
        "requestid": desk.request.public_id,
        "quoteid": desk.quote.public_id,
        "paymentid": desk.payment.public_id,
        "documentid": desk.document.public_id,
        "signatureid": desk.signature.public_id,
        "number": desk.complaint.number,
        "creditordivisionid": desk.division.public_id,
        "subscriptionid": desk.webhook.public_id,
        "collectionpartnerid": desk.agency.public_id,
        "partnerid": desk.agency.public_id,
        "id": _the_id(desk, operation.path, case),
    }
    if "/test/webhooks" in operation.path:
        ids["subscriptionid"] = desk.test_webhook.public_id
    return {name: str(value) for name, value in ids.items()}


def _the_id(desk: FullDesk, path: str, case: Case) -> object:
    if path.startswith("/Payments"):
        return desk.payment.public_id
    if path.startswith("/divisions"):
        return desk.division.public_id
    if path.startswith("/webhooks/events"):
        return desk.delivery.public_id
    if path.startswith("/webhooks"):
        return desk.webhook.public_id
    if path.startswith("/coverage"):
        return place_number("GB")
    return case.public_id


def nowhere() -> dict[str, str]:
    """What stands in an operation's path and body for something that is not there."""
    made_up = {name: str(uuid.uuid4()) for name in _ID_NAMES}
    return made_up | {
        "creditorreference": "NO-SUCH-1",
        "casereference": "ZZZZZZZZ",
        "number": "C-1999-000001",
    }


_ID_NAMES = [
    "caseid",
    "quoterequestid",
    "requestid",
    "quoteid",
    "paymentid",
    "documentid",
    "signatureid",
    "creditordivisionid",
    "subscriptionid",
    "collectionpartnerid",
    "partnerid",
    "id",
]


def path_with(operation: Operation, ids: Mapping[str, str]) -> str:
    """The operation's path with its pieces and what its query needs."""

    def piece(found: re.Match[str]) -> str:
        return ids[found.group(1).replace("_", "").lower()]

    path = re.sub(r"\{(\w+)\}", piece, operation.path)
    query = []
    for name in operation.query_names:
        if name.lower() == "caseid":
            query.append(f"{name}={ids['caseid']}")
        elif name in ("From", "To"):
            query.append(f"{name}=2026-11-{'01' if name == 'From' else '30'}")
        elif name == "tag":
            query.append("tag=tagged")
    return f"{path}?{'&'.join(query)}" if query else path


def body_for(operation: Operation, ids: Mapping[str, str]) -> Any:
    """A sound body, built from the operation's schema; None where it has none."""
    schema = operation.body_schema
    return None if schema is None else _value(document(operation.api), schema, "", ids)


_TEXTS = {
    "url": "https://hooks.example/b",
    "events": "case.created",
    "event": "case.created",
    "currencycode": "GBP",
    "countryalpha2": "GB",
    "countrycode": "GB",
    "country": "United Kingdom",
    "statealpha2": None,
    "type": "Company",
    "debtortype": "Company",
    "useremail": "carol@acme.example",
    "assigneduseremail": "carol@acme.example",
    "email": "accounts@debtor.example",
    "officeemail": "north@acme.example",
    "zipcode": "LS1 4AP",
    "creditorreference": "INV-9001",
    "duedate": None,
    "userid": None,
    "returnurl": None,
    "regeneratesecret": None,
    "state": None,
    "place": "GB",
    "lifecycle": "Active",
    "to": "Active",
    "confirmedcost": 40,
    "amounttorecoverover6months": None,
    "amounttorecoverover12months": None,
    "amounttorecoverover24months": None,
    "hourlyrate": None,
    "hours": None,
    "successfee": None,
    "flatfee": 700,
    "costs": 0,
    "agreementtype": "Flat Fee",
    "validuntil": "2026-12-31T00:00:00Z",
    "phase": "Legal",
    "code": "Uneconomical to Pursue",
    "kind": "PromiseToPay",
    "settledon": "2026-11-22T00:00:00Z",
    "amounttorecover": 900,
}


def _value(whole: dict[str, Any], schema: dict[str, Any], name: str, ids: Mapping[str, str]) -> Any:
    if "$ref" in schema:
        return _value(whole, whole["components"]["schemas"][schema["$ref"].split("/")[-1]], name, ids)
    several = schema.get("anyOf") or schema.get("allOf")
    if several:
        chosen = next(one for one in several if one.get("type") != "null")
        return _value(whole, chosen, name, ids)
    if schema.get("type") == "array":
        return [_value(whole, schema["items"], name, ids)]
    if name in _TEXTS or name in ids:
        return _TEXTS[name] if name in _TEXTS else ids[name]
    if schema.get("enum"):
        return schema["enum"][0]
    if schema.get("type") == "object":
        return dict(_members(whole, schema, ids))
    return _plain_value(schema)


def _plain_value(schema: dict[str, Any]) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        return False
    if kind in ("number", "integer"):
        return 1
    return "2026-11-02T00:00:00Z" if schema.get("format") in ("date", "date-time") else "Some text"


def _members(
    whole: dict[str, Any], schema: dict[str, Any], ids: Mapping[str, str]
) -> Iterator[tuple[str, Any]]:
    for name, member in schema.get("properties", {}).items():
        value = _value(whole, member, name.lower(), ids)
        if value is not None:
            yield name, value


def a_form(**fields: str) -> tuple[bytes, str]:
    """A form with a file, and its content type."""
    boundary = "a-boundary-of-tests"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    start = f'--{boundary}\r\nContent-Disposition: form-data; name="File"; filename="note.txt"\r\n\r\n'
    content = b"".join([*parts, start.encode(), b"A note.\n", f"\r\n--{boundary}--\r\n".encode()])
    return content, f"multipart/form-data; boundary={boundary}"
