"""The stand-in as one function from request to response, with a record of everything that came in."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from arrears.sandbox import routes, wire
from arrears.sandbox.call import Call, World, ok, refusal
from arrears.sandbox.control import Control
from arrears.sandbox.faults import Fault, Faults
from arrears.sandbox.http_server import Request, Response
from arrears.sandbox.sessions import RefusedError

REMEMBERED: Final = 200_000
FOREVER: Final = 3600.0
HTML_PAGE: Final = b"<!DOCTYPE html><html><head><title>Gateway</title></head><body>Please wait.</body></html>"
SECRET_PATHS: Final = ("/sessiontoken/", "/documents/")


@dataclass(slots=True)
class Received:
    """One request as remembered: no headers, no body, no token. ``status`` is None when nothing was sent."""

    method: str
    path: str
    query: str
    status: int | None
    at: float
    fault: str | None


class StandIn:
    """Answers API calls below /v2 and control calls below /_control."""

    def __init__(self, world: World, latency_ms: float) -> None:
        self.world = world
        self.latency_ms = latency_ms
        self.faults = Faults()
        self.received: deque[Received] = deque(maxlen=REMEMBERED)
        self.control = Control(self)

    def answer(self, request: Request) -> Response:
        """The response to any request."""
        start = request.path[:10].lower()
        if start.startswith("/_control/"):
            return self.control.answer(request)
        if start == "/v2" or start.startswith("/v2/"):
            return self._api(request)
        return refusal(
            RefusedError(404, "NotFound", "No resource was found that matches the request."), request
        )

    def _api(self, request: Request) -> Response:
        world = self.world
        world.ledger.turn_to(world.clock.today())
        world.ledger.catch_up(world.clock.seconds())
        fault = self.faults.striking(request.method, request.path[3:], request.query)
        response = _replaced(fault) if fault else None
        if response is None:
            if fault:
                _happens_first(fault, self)
            response = self._served(Call(request, world, request.parameters(), fault))
            if fault:
                _spoil(fault, response)
        response.delay += self.latency_ms / 1000
        self._remember(request, response, fault)
        return response

    def _served(self, call: Call) -> Response:
        try:
            return routes.answer(call)
        except RefusedError as refused:
            return refusal(refused, call.request)

    def _remember(self, request: Request, response: Response, fault: Fault | None) -> None:
        path, query = request.path, request.query
        for start in SECRET_PATHS:
            if path[3:].lower().startswith(start):
                path = path[: 3 + len(start)] + "..."
        if "token" in query.lower():
            query = "..."
        silent = response.cut or response.hang is not None
        status = None if silent else response.status
        at = round(self.world.clock.seconds(), 4)
        self.received.append(Received(request.method, path, query, status, at, fault.name if fault else None))


def _replaced(fault: Fault) -> Response | None:
    """The answer of faults that keep the request from being served; None for the others."""
    match fault.name:
        case "sql-timeout":
            return _error(400, "-2146232060", "Execution Timeout Expired.")
        case "http-500" | "http-503":
            status = int(fault.name[-3:])
            return _error(status, HTTPStatus(status).phrase.replace(" ", ""), "The request failed.")
        case "http-502" | "http-504":
            return Response(int(fault.name[-3:]), HTML_PAGE, "text/html")
        case "too-many-requests":
            return _throttled(fault)
        case "html":
            return Response(200, HTML_PAGE, "text/html")
        case "empty-body":
            return Response(200)
        case "hang":
            return Response(200, hang=fault.number("seconds", FOREVER))
        case "cut":
            return Response(200, cut=True)
    return None


def _happens_first(fault: Fault, stand_in: StandIn) -> None:
    """What faults do to the account or the books before the request is served."""
    match fault.name:
        case "session-expired":
            stand_in.world.sessions.expire_all()
        case "change":
            arguments = fault.options.get("arguments")
            stand_in.control.act(
                str(fault.options.get("action")), arguments if isinstance(arguments, dict) else {}
            )


def _spoil(fault: Fault, response: Response) -> None:
    """What faults do to the answer of a request that was served."""
    match fault.name:
        case "slow":
            response.delay += fault.number("seconds", 1)
        case "drip":
            response.drip = (int(fault.number("bytes", 64)), fault.number("seconds", 0.05))
        case "cut-body":
            response.keep_bytes = len(response.body) // 2
        case "truncated-json":
            response.body = response.body[: len(response.body) // 2]
        case "applied-then-hang":
            response.hang = fault.number("seconds", FOREVER)
        case "applied-then-cut":
            response.cut = True


def _error(status: int, code: str, message: str) -> Response:
    return ok(wire.dump({"Error": code, "Message": message}), status)


def _throttled(fault: Fault) -> Response:
    seconds = fault.number("retry_after", 1)
    value = f"{seconds:g}"
    if fault.options.get("as_date"):
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    response = _error(429, "TooManyRequests", "Too many requests.")
    response.headers.append(("Retry-After", value))
    return response
