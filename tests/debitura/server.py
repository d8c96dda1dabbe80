"""A stand-in for Debitura's Customer API: in memory, without I/O, in its own time, and faulty on demand."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from arrears.connectors.message import Request, Response
from tests.debitura import faults, opening, reading, wire
from tests.debitura.clock import MovableClock, VirtualClock
from tests.debitura.faults import Fault, Rule
from tests.debitura.hooks import Hooks
from tests.debitura.ledger import Call
from tests.debitura.limits import Limits, Usage
from tests.debitura.model import Model
from tests.debitura.moves import Moves
from tests.debitura.state import Account, Ask, Finish

BASE_URL = "https://customer-api.debitura.com"

#: The key that opens the first account.
KEY = "deb-key-1"
OTHER_KEY = "deb-key-2"

Handler = Callable[["FakeDebitura", Ask], Response | Finish]

_ROUTES: dict[str, Handler] = {
    "POST /cases": opening.arrive,
    "POST /cases/preview": opening.preview,
    "GET /cases": reading.list_cases,
    "GET /cases/by-creditor-reference/{creditorReference}": reading.find_case,
    "GET /cases/case-reference/{caseReference}": reading.find_by_own_reference,
    "GET /cases/{id}": reading.read_case,
    "GET /cases/{id}/timeline": reading.timeline,
    "GET /cases/{id}/chats": reading.part("chats"),
    "POST /cases/{id}/chats": opening.arrive_chat,
    "GET /cases/{id}/files": reading.part("files"),
    "POST /cases/{id}/files": reading.upload,
    "GET /cases/{id}/payments": reading.part("payments"),
    "GET /cases/{id}/tasks": reading.tasks,
    "GET /cases/{id}/validation": reading.validation,
    "GET /cases/{id}/contract-status": reading.contract_status,
    "GET /cases/{id}/exclusive-period": reading.exclusive_period,
    "GET /cases/{id}/quote-requests": reading.quote_requests,
    "GET /cases/{id}/quote-requests/{quoteRequestId}": reading.quotes,
    "GET /cases/{id}/quote-requests/{quoteRequestId}/quotes": reading.quotes,
    "GET /cases/{id}/quote-requests/{quoteRequestId}/quotes/{quoteId}": reading.quotes,
    "GET /me": reading.me,
    "GET /contracts/debt-collection/status": reading.agreement,
    "GET /users": reading.users,
    "GET /divisions": reading.divisions,
    "GET /tasks": reading.tasks,
    "GET /Payments": reading.payments,
    "POST /coverage/check-eligibility": reading.eligible,
    "POST /webhooks": lambda fake, ask: fake.hooks.create(ask),
    "GET /webhooks": lambda fake, ask: fake.hooks.listed(ask),
    "GET /webhooks/events": lambda fake, ask: fake.hooks.log(ask),
    "POST /webhooks/events/{id}/replay": lambda fake, ask: fake.hooks.replay(ask),
    "GET /webhooks/{id}": lambda fake, ask: fake.hooks.shown(ask),
    "PATCH /webhooks/{id}": lambda fake, ask: fake.hooks.update(ask),
    "DELETE /webhooks/{id}": lambda fake, ask: fake.hooks.remove(ask),
    "POST /test/webhooks/fire": lambda fake, ask: fake.hooks.fire(ask),
    "POST /test/cases/{id}/advance": lambda fake, ask: fake.advance_case(ask),
    "DELETE /test/cases": lambda fake, ask: fake.delete_test_cases(ask),
    "DELETE /test/cases/{id}": lambda fake, ask: fake.delete_test_case(ask),
}


@dataclass
class _Key:
    """An API key: whose it is, what is wrong with it, and how it has been used."""

    account: Account
    refused: int | None = None
    rejected: bool = False
    usage: Usage = field(default_factory=Usage)
    wait_until: datetime | None = None


class FakeDebitura(Moves):
    """`answer` takes one request at a time, from any thread; everything else is for tests.

    Two creditors exist from the start, under KEY and OTHER_KEY. Time is the clock's, chance the seed's.
    The truth about what happened is in `ledger`.
    """

    hooks: Hooks

    def __init__(
        self,
        clock: MovableClock | None = None,
        *,
        model: Model | None = None,
        limits: Limits | None = None,
        seed: int = 1,
    ) -> None:
        super().__init__(clock or VirtualClock(), model or Model(), seed)
        self.limits = limits or Limits()
        self.hooks = Hooks(self)
        self.rules: list[Rule] = []
        self._keys: dict[str, _Key] = {}
        self._late: list[tuple[datetime, Response | Finish]] = []
        self._lock = threading.RLock()
        self.account = self.add_account(KEY, "Pennine Fasteners Ltd")
        self.other_account = self.add_account(OTHER_KEY, "Calder Textiles Ltd")

    # --- for tests --------------------------------------------------------------------------------------

    def add_account(self, key: str, name: str) -> Account:
        """Another creditor, with one user, whom this key lets in."""
        user = {"id": self.new_id(), "name": "Sam Field", "email": "sam@creditor.example"}
        account = Account(self.new_id(), name, users=[user])
        self.accounts[account.id] = account
        self._keys[key] = _Key(account)
        return account

    def add_key(self, key: str, account: Account) -> None:
        """Another key for a creditor, as after the old one was replaced."""
        self._keys[key] = _Key(account)

    def refuse(self, key: str = KEY, status: int | None = 401) -> None:
        """From now on the key is answered 401 or 403; None lets it in again."""
        self._keys[key].refused = status

    def fails(
        self,
        fault: Fault,
        on: str = "",
        *,
        times: int | None = 1,
        chance: float = 1.0,
        since: datetime | None = None,
        until: datetime | None = None,
        after: int = 0,
    ) -> Rule:
        """From now on `fault` happens to calls of the route `on` (such as `POST /cases`; empty: all).

        So many `times` (None: always), with some `chance`, between two moments, leaving out the first
        `after` calls. Of several rules the first that applies counts.
        """
        rule = Rule(fault, on, times, chance, since, until, after)
        self.rules.append(rule)
        return rule

    def settle(self) -> None:
        """Let everything that is late come true whose time has come."""
        with self._lock:
            due = sorted((one for one in self._late if one[0] <= self.now), key=lambda one: one[0])
            self._late = [one for one in self._late if one[0] > self.now]
            for moment, arrived in due:
                self.as_of = moment
                if callable(arrived):
                    arrived()
            self.as_of = None

    @property
    def late(self) -> int:
        """How many commits are still to come."""
        return len(self._late)

    # --- the API ----------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Response:
        """The answer to one request. Raises Lost or Late where there is none."""
        with self._lock:
            self.settle()
            return self._answer(request)

    def _answer(self, request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        parts = urlsplit(request.path.removeprefix(BASE_URL))
        path = f"/{parts.path.strip('/')}"
        route, names = _route(request.method, path)
        api_key = headers.get("xapikey", "")
        key = self._keys.get(api_key)
        call = Call(
            len(self.ledger.calls) + 1, self.now, route, path, api_key, headers.get("idempotency-key", ""),
            request.body, early=bool(key and key.wait_until and self.now < key.wait_until),
            after_rejection=bool(key and key.rejected),
        )  # fmt: skip
        self.ledger.calls.append(call)
        turn = _Turn(self, call, key, names, parse_qs(parts.query, keep_blank_values=True), headers)
        for rule in self.rules:
            if rule.applies(self, route):
                call.fault = faults.named(rule.fault)
                response = rule.fault.happen(turn)
                break
        else:
            response = turn.finish(turn.arrive())
        call.status = response.status
        return response

    def _let_in(self, key: _Key | None) -> Response | None:
        """Why a key is not let in, if so."""
        if key is None:
            return wire.problem(401, "Unauthorized")
        if key.refused is not None:
            key.rejected = key.rejected or key.refused == 401
            return wire.problem(key.refused, "Unauthorized" if key.refused == 401 else "Forbidden")
        wait = key.usage.take(self.now, self.limits)
        if not wait:
            return None
        self.ledger.self_made_429 += 1
        key.wait_until = self.now + faults.capped(wait)
        seconds = wait.total_seconds()
        header = {"retry-after": str(int(seconds) + 1)} if self.limits.header else {}
        body = {"error": "rate_limit_exceeded", "message": "Too many requests.", "retryAfter": seconds}
        return wire.answer(body, 429, {"date": wire.http_date(self.now), **header})


@dataclass
class _Turn:
    """One call on its way through the server."""

    world: FakeDebitura
    call: Call
    key: _Key | None
    names: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    _ask: Ask | None = None

    def arrive(self) -> Response | Finish:
        refusal = self.world._let_in(self.key)
        if refusal is not None or self.key is None:
            return refusal or wire.problem(401, "Unauthorized")
        handler = _ROUTES.get(self.call.route)
        if handler is None:
            return wire.problem(404, "Not Found")
        self._ask = Ask(self.call, self.key.account, self.names, self.query, self.headers, self.call.body)
        fault = _read_body(self._ask)
        return fault or handler(self.world, self._ask)

    def finish(self, arrived: Response | Finish) -> Response:
        return arrived() if callable(arrived) else arrived

    def later(self, at: datetime, arrived: Response | Finish) -> None:
        self.world._late.append((at, arrived))

    def keep(self, response: Response) -> None:
        if self._ask is None and self.key is not None:
            self._ask = Ask(self.call, self.key.account, self.names, self.query, self.headers, self.call.body)
        if self._ask is not None:
            opening.keep_fault(self.world, self._ask, response)

    def ask_to_wait(self, wait: timedelta) -> None:
        if self.key is not None:
            self.key.wait_until = self.world.now + faults.capped(wait)


def _read_body(ask: Ask) -> Response | None:
    """Parse what says it is JSON; what cannot be parsed is refused as ASP.NET does."""
    kind = ask.headers.get("content-type", "").split(";")[0].strip().lower()
    if not ask.body or kind.startswith("multipart/"):
        return None
    if kind not in ("application/json", "text/json", "application/json-patch+json"):
        return wire.problem(415, "Unsupported Media Type")
    try:
        ask.data = wire.read_json(ask.body)
    except ValueError:
        return wire.problem(400, "One or more validation errors occurred.")
    return None


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The route of a path and what it names; a path that is none is its own route."""
    for pattern, route in _patterns():
        found = pattern.fullmatch(f"{method} {path}")
        if found:
            return route, {name: unquote(value) for name, value in found.groupdict().items()}
    return f"{method} {path}", {}


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Fixed paths before those with names."""
    routes = sorted(_ROUTES, key=lambda route: route.count("{"))
    return [
        (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(route))), route) for route in routes
    ]


def text_of(response: Response) -> Any:
    """The parsed body, for tests."""
    return wire.read_json(response.body)
