"""What can go wrong with one call. A fault gets the call and decides whether the server ever sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from arrears.connectors.message import Response
from tests.debitura import wire
from tests.debitura.state import APP, Finish, World

#: The longest wait that anybody is held to; what asks for ten years asks for nothing in particular.
_LONGEST_WAIT = timedelta(minutes=10)


class Turn(Protocol):
    """What a fault may do with the call it was given."""

    @property
    def world(self) -> World: ...

    def arrive(self) -> Response | Finish: ...

    def finish(self, arrived: Response | Finish) -> Response: ...

    def later(self, at: datetime, arrived: Response | Finish) -> None: ...

    def keep(self, response: Response) -> None: ...

    def ask_to_wait(self, wait: timedelta) -> None: ...


class Fault(Protocol):
    """Either answers in the server's place or raises Lost or Late."""

    def happen(self, turn: Turn) -> Response: ...


@dataclass(frozen=True, slots=True)
class RequestLost:
    """The server never sees it. `sent`: the caller cannot tell, because bytes had left."""

    sent: bool = True

    def happen(self, turn: Turn) -> Response:
        raise wire.Lost(self.sent)


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The work is done, and the connection breaks before the answer arrives."""

    def happen(self, turn: Turn) -> Response:
        turn.finish(turn.arrive())
        raise wire.Lost(sent=True)


@dataclass(frozen=True, slots=True)
class LateCommit:
    """Taken in now, committed between `least` and `most` seconds later; the caller hears nothing."""

    least: float = 30
    most: float = 180

    def happen(self, turn: Turn) -> Response:
        pause = timedelta(seconds=turn.world.rng.uniform(self.least, self.most))
        turn.later(turn.world.now + pause, turn.arrive())
        raise wire.Late


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers without doing anything. With `done` the work is done all the same."""

    response: Response
    done: bool = False

    def happen(self, turn: Turn) -> Response:
        if self.done:
            turn.finish(turn.arrive())
        if self.response.status == 500:
            turn.keep(self.response)
        return self.response


class Wait(Enum):
    """How a 429 or 503 says how long to stay away."""

    SECONDS = "header with seconds"
    DATE = "header with a date"
    PAST = "header with a date in the past"
    GARBAGE = "header that says nothing"
    NEGATIVE = "header with a negative number"
    TEN_YEARS = "header with ten years"
    BODY = "body only"
    NOT = "not at all"


@dataclass(frozen=True, slots=True)
class Busy:
    """429 (or another status) that asks to wait; whoever calls again before that is early."""

    wait: Wait = Wait.BODY
    seconds: float = 20
    status: int = 429

    def happen(self, turn: Turn) -> Response:
        now = turn.world.now
        texts = {
            Wait.SECONDS: str(int(self.seconds)),
            Wait.DATE: wire.http_date(now + timedelta(seconds=self.seconds)),
            Wait.PAST: wire.http_date(now - timedelta(days=1)),
            Wait.GARBAGE: "soon",
            Wait.NEGATIVE: "-5",
            Wait.TEN_YEARS: str(10 * 365 * 86_400),
        }
        meant = self.seconds if self.wait in (Wait.SECONDS, Wait.DATE, Wait.BODY) else 0
        turn.ask_to_wait(timedelta(seconds=meant))
        header = {"retry-after": texts[self.wait]} if self.wait in texts else {}
        after = {"retryAfter": self.seconds} if self.wait is Wait.BODY else {}
        body = {"error": "rate_limit_exceeded", "message": "Too many requests.", **after}
        return wire.answer(body, self.status, {"date": wire.http_date(now), **header})


@dataclass(frozen=True, slots=True)
class Altered:
    """The work is done and the answer is changed on its way out."""

    change: Callable[[Response], Response]

    def happen(self, turn: Turn) -> Response:
        return self.change(turn.finish(turn.arrive()))


# --- answers --------------------------------------------------------------------------------------------


def status(code: int, *, done: bool = False) -> Answers:
    """A plain answer with this status, such as 500, 502, 409 or 413."""
    html = Response(code, {"content-type": "text/html"}, b"<h1>Bad Gateway</h1>")
    return Answers(html if code in (502, 504) else wire.business(code, "Fault", "Something is wrong."), done)


def redirected(to: str = "https://elsewhere.example/cases", code: int = 307) -> Answers:
    return Answers(Response(code, {"location": to}))


def refused(kind: str, url: str = f"{APP}/Sign/Sdca", code: int = 422) -> Answers:
    """A business error of any kind, with links."""
    return Answers(wire.business(code, kind, f"{kind} stands in the way.", url, f"{APP}/SignAll/1"))


# --- changes --------------------------------------------------------------------------------------------


def half_body() -> Altered:
    """As httpx hands it over where the end of the connection is the end of the body."""
    return Altered(lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2]))


def empty_body() -> Altered:
    return Altered(lambda answer: replace(answer, body=b""))


def html_page() -> Altered:
    page = b"<!doctype html><title>Maintenance</title>"
    return Altered(lambda answer: Response(answer.status, {"content-type": "text/html"}, page))


def wrong_charset() -> Altered:
    """Latin-1 that calls itself UTF-8."""
    note = '{"note": "Zürich", '.encode("latin-1")
    return Altered(lambda answer: replace(answer, body=answer.body.replace(b"{", note, 1)))


def json_changed(change: Callable[[Any], Any]) -> Altered:
    """The parsed answer is replaced by what `change` makes of it."""

    def altered(answer: Response) -> Response:
        return replace(answer, body=wire.write_json(change(wire.read_json(answer.body))))

    return Altered(altered)


def field_set(name: str, value: Any) -> Altered:
    """`name` is given another value wherever it occurs, such as `lifecycle` an unknown word."""
    return json_changed(lambda tree: _mapped(tree, lambda key, old: value if key == name else old))


def field_missing(name: str) -> Altered:
    def without(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: without(value) for key, value in tree.items() if key != name}
        return [without(value) for value in tree] if isinstance(tree, list) else tree

    return json_changed(without)


def numbers_as_text() -> Altered:
    return json_changed(lambda tree: _mapped(tree, lambda _, old: str(old) if _is_number(old) else old))


def zoned_times(zone: str = "Z") -> Altered:
    """Times say their zone, such as `Z` or `+00:00`."""
    time = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")
    zoned = lambda _, old: f"{old}{zone}" if isinstance(old, str) and time.fullmatch(old) else old  # noqa: E731
    return json_changed(lambda tree: _mapped(tree, zoned))


def foreign_case() -> Altered:
    """A case answers that is not the one asked about."""
    return field_set("creditorReference", "SOMEBODY-ELSES")


def _is_number(value: object) -> bool:
    return not isinstance(value, bool | str | dict | list) and value is not None


def _mapped(tree: Any, change: Callable[[str, Any], Any], name: str = "") -> Any:
    if isinstance(tree, dict):
        tree = {key: _mapped(value, change, key) for key, value in tree.items()}
    elif isinstance(tree, list):
        tree = [_mapped(value, change, name) for value in tree]
    return change(name, tree)


# --- when -----------------------------------------------------------------------------------------------


@dataclass
class Rule:
    """A fault and when it happens: on one route or all, so many times, by chance, within a span of time."""

    fault: Fault
    on: str = ""
    times: int | None = 1
    chance: float = 1.0
    since: datetime | None = None
    until: datetime | None = None
    after: int = 0
    happened: int = field(default=0, init=False)

    def applies(self, world: World, route: str) -> bool:
        """Whether the fault happens to this call; counts when it does."""
        if (self.on and self.on != route) or (self.times is not None and self.happened >= self.times):
            return False
        if (self.since and world.now < self.since) or (self.until and world.now >= self.until):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.chance < 1 and world.rng.random() >= self.chance:
            return False
        self.happened += 1
        return True


def capped(wait: timedelta) -> timedelta:
    return min(wait, _LONGEST_WAIT)


def named(fault: Fault) -> str:
    return type(fault).__name__
