"""A server made from the published contract alone: it judges every request and makes every answer up."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from arrears.connectors.message import Request, Response
from tests.debitura import wire
from tests.debitura.clock import START
from tests.debitura.contract_document import (
    JSON,
    Fault,
    Operation,
    fault_of_text,
    faults_of,
    operation_of,
)
from tests.debitura.contract_overlay import NOTHING_YET, OVERLAY, Ask, Tenant, made_up, new_tenant
from tests.debitura.reading import form_fields
from tests.debitura.transport import serve_answers
from tests.desk.api.contract import is_here

__all__ = ["ContractMock", "Violation", "is_here", "serve_contract_mock"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing about a request that the contract does not allow."""

    route: str
    what: str


class ContractMock:
    """Answers 400 to what the contract does not allow, and keeps it in `violations`.

    A value that is merely missing, too short or too long is a creditor's bad data: it is answered 400 too,
    and kept in `bad_data`. `requests` says which routes were asked. Every key is a creditor who has signed
    everything, except that keys beginning with `unsigned` belong to creditors who have signed nothing. A case
    has nothing around it yet, unless with `filled`, which makes up one of everything. Each request takes a
    second of the mock's own time.
    """

    def __init__(self, *, filled: bool = False) -> None:
        self.filled = filled
        self.violations: list[Violation] = []
        self.bad_data: list[Violation] = []
        self.requests: list[str] = []
        self._tenants: dict[str, Tenant] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Response:
        with self._lock:
            return self._answer(request)

    def files_of(self, api_key: str, case_id: str) -> list[dict[str, Any]]:
        """The files of one case, as the API shows them."""
        return self._tenants[api_key].files.get(case_id, [])

    def _answer(self, request: Request) -> Response:
        parts = urlsplit(request.path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        operation, names = operation_of(request.method, parts.path)
        if operation is None:
            return self._refuse(f"{request.method} {parts.path}", [Fault("is not in the contract")])
        self.requests.append(operation.route)
        api_key = headers.get("xapikey", "")
        if not api_key:
            return wire.problem(401, "Unauthorized")
        query = parse_qs(parts.query, keep_blank_values=True)
        data, form, faults = _body(operation, headers, request.body)
        faults = [*_parameter_faults(operation, names, query, headers), *faults]
        if faults:
            return self._refuse(operation.route, faults)
        tenant = self._tenants.setdefault(api_key, new_tenant(api_key))
        ask = Ask(operation, names, query, headers, data, form, tenant, self._moment())
        overlay = OVERLAY if self.filled else {**OVERLAY, **NOTHING_YET}
        return _judged(operation, overlay.get(operation.route, made_up)(ask))

    def _moment(self) -> str:
        """The mock's time, as it writes it."""
        return wire.instant_text(START + timedelta(seconds=len(self.requests)))

    def _refuse(self, route: str, faults: list[Fault]) -> Response:
        for fault in faults:
            kept = self.bad_data if fault.of_data else self.violations
            kept.append(Violation(route, fault.what))
        return wire.field_errors(Contract="; ".join(fault.what for fault in faults))


@contextlib.contextmanager
def serve_contract_mock(*, filled: bool = False) -> Iterator[tuple[str, ContractMock]]:
    """The base address of a new mock on this machine, and the mock."""
    mock = ContractMock(filled=filled)
    with serve_answers(mock.answer) as url:
        yield url, mock


# --- judging ---------------------------------------------------------------------------------------------


def _parameter_faults(
    operation: Operation,
    names: Mapping[str, str],
    query: Mapping[str, list[str]],
    headers: Mapping[str, str],
) -> Iterator[Fault]:
    known = operation.parameters("query")
    for name, values in query.items():
        if name not in known:
            yield Fault(f"the query parameter {name} is not in the contract")
            continue
        for value in values:
            fault = fault_of_text(known[name]["schema"], value)
            if fault:
                yield Fault(f"the query parameter {name} {fault}: {value!r}")
    for name, parameter in operation.parameters("path").items():
        fault = fault_of_text(parameter["schema"], names[name])
        if fault and parameter["schema"].get("format") != "uuid":
            yield Fault(f"the path parameter {name} {fault}: {names[name]!r}")
    for name, parameter in operation.parameters("header").items():
        fault = fault_of_text(parameter["schema"], headers.get(name.lower(), ""))
        if fault:
            yield Fault(f"the header {name} {fault}")


def _body(
    operation: Operation, headers: Mapping[str, str], body: bytes
) -> tuple[Any, dict[str, tuple[str, bytes]], list[Fault]]:
    """The parsed JSON or form, and what is wrong with it."""
    types = operation.request_types
    if not types:
        return None, {}, [Fault("has a body, which is not in the contract")] if body else []
    said = headers.get("content-type", "")
    kind = said.split(";")[0].strip().lower()
    if kind not in types and not (kind.endswith("+json") and "application/*+json" in types):
        return None, {}, [Fault(f"the content type {kind!r} is not in the contract")]
    if kind == "multipart/form-data":
        form = form_fields(said, body)
        return None, form, list(_form_faults(types[kind]["schema"], form))
    try:
        data = wire.read_json(body)
    except ValueError:
        return None, {}, [Fault("the body is not JSON")]
    return data, {}, list(faults_of(types[JSON]["schema"], _floats(data)))


def _form_faults(schema: Mapping[str, Any], form: Mapping[str, tuple[str, bytes]]) -> Iterator[Fault]:
    for name in form.keys() - schema["properties"].keys():
        yield Fault(f"the form field {name} is not in the contract")
    for name in set(schema.get("required", ())) - form.keys():
        yield Fault(f"the form field {name} is missing")


def _floats(value: Any) -> Any:
    """The validator does not know Decimal."""
    if isinstance(value, dict):
        return {name: _floats(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_floats(part) for part in value]
    return float(value) if isinstance(value, Decimal) else value


def _judged(operation: Operation, response: Response) -> Response:
    """Our own answers must keep to the contract too."""
    status, schema = operation.success
    if response.status == status and schema:
        faults = list(faults_of(schema, _floats(wire.read_json(response.body))))
        assert not faults, (operation.route, faults)
    return response
