"""One API call on its way through the stand-in, and the answers it can get."""

from dataclasses import dataclass
from decimal import Decimal

from arrears.sandbox import wire
from arrears.sandbox.clock import Clock
from arrears.sandbox.faults import Fault
from arrears.sandbox.http_server import Request, Response
from arrears.sandbox.ledger import Ledger
from arrears.sandbox.profiles import Profile
from arrears.sandbox.sessions import RefusedError, Sessions


@dataclass
class World:
    """The parts that a handler works with."""

    clock: Clock
    ledger: Ledger
    sessions: Sessions
    profile: Profile


@dataclass
class Call:
    """A request with its query, and the fault that hits it, if any."""

    request: Request
    world: World
    query: dict[str, str]
    fault: Fault | None = None

    def body(self) -> dict[str, object]:
        """The JSON object sent, by lower-case key. RefusedError with 400 when it is none."""
        try:
            content = self.request.json()
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise RefusedError(400, "InvalidRequest", "The request body is not a JSON object.")
        return {str(key).lower(): value for key, value in content.items()}

    def whole(self, name: str, default: int) -> int:
        """A whole number of the query, at least 1. RefusedError with 400 when it is none."""
        text = self.query.get(name) or str(default)
        if not text.isdecimal() or int(text) < 1:
            raise RefusedError(400, "InvalidRequest", f"The value '{text}' is not valid for {name}.")
        return int(text)

    def struck_by(self, name: str) -> bool:
        """True when that fault hits this call."""
        return self.fault is not None and self.fault.name == name


def decimal(value: object, name: str) -> Decimal:
    """A number of a request body. RefusedError with 400 when it is none."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise RefusedError(400, "InvalidRequest", f"{name} is not a number.")


def ok(text: str, status: int = 200) -> Response:
    """JSON text with that status."""
    return Response(status, text.encode())


def refusal(error: RefusedError, request: Request) -> Response:
    """The documented error body: JSON for callers who ask for it, XML for others."""
    if "application/json" in request.headers.get("accept", "").lower():
        return ok(wire.dump({"Error": error.code, "Message": error.message}), error.status)
    return Response(error.status, wire.xml_error(error.code, error.message), "application/xml; charset=utf-8")
