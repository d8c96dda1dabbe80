"""Faults that a test switches on: which requests they hit, and how often."""

from dataclasses import dataclass, field
from typing import Final

FAULTS: Final = {
    "sql-timeout": "400 with the code of an SQL timeout",
    "http-500": "500 with a JSON error",
    "http-502": "502 with an HTML page",
    "http-503": "503 with a JSON error",
    "http-504": "504 with an HTML page",
    "too-many-requests": "429 with Retry-After: `retry_after` seconds, as a date with `as_date`",
    "permission": "401 that a new session does not cure",
    "session-expired": "every session is forgotten, so the request gets 401",
    "hang": "no answer for `seconds`, then the connection closes",
    "slow": "the answer comes `seconds` late",
    "drip": "the answer comes `bytes` at a time, `seconds` apart",
    "cut": "the connection is reset without an answer",
    "cut-body": "the connection is reset halfway through the body",
    "truncated-json": "half the body, under a Content-Length that agrees with it",
    "empty-body": "200 without a body",
    "html": "200 with an HTML page",
    "page-overlap": "a list page starts with the last row of the page before",
    "missing-row": "a list page lacks its first row, the total still counts it",
    "next-link-loop": "the next link leads to the same page",
    "next-link-elsewhere": "the next link leads to another host",
    "applied-then-hang": "the request is carried out, but no answer comes for `seconds`",
    "applied-then-cut": "the request is carried out, then the connection is reset",
    "read-lag": "what the request writes cannot be read for `seconds`",
    "change": "`action` of the control interface happens first, with `arguments`",
}


@dataclass
class Fault:
    """One fault: hits requests under ``path`` with ``method`` whose query contains ``query``.

    The first ``after`` matches are spared, then every ``every``-th is hit, ``times`` in all (None: no end).
    """

    name: str
    path: str = "/"
    method: str | None = None
    query: str = ""
    times: int | None = 1
    after: int = 0
    every: int = 1
    options: dict[str, object] = field(default_factory=dict)
    seen: int = 0
    hits: int = 0

    def strikes(self, method: str, path: str, query: str) -> bool:
        """Count the request if it matches; True when the fault hits it."""
        if not path.lower().startswith(self.path.lower()) or self.method not in (None, method):
            return False
        if self.query.lower() not in query.lower():
            return False
        self.seen += 1
        due = self.seen > self.after and (self.seen - self.after - 1) % self.every == 0
        if not due or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True

    def number(self, option: str, default: float) -> float:
        """A numeric option."""
        value = self.options.get(option, default)
        return float(str(value))


def fault_named(name: str, settings: dict[str, object]) -> Fault:
    """A fault from what a test sent; ValueError says what is wrong with it."""
    if name not in FAULTS:
        raise ValueError(f"There is no fault '{name}'; choose one of {', '.join(FAULTS)}.")
    options = dict(settings)
    path = str(options.pop("path", "/"))
    method = options.pop("method", None)
    times = options.pop("times", 1)
    every = int(str(options.pop("every", 1)))
    if every < 1:
        raise ValueError("'every' counts from 1.")
    return Fault(
        name=name,
        path=path if path.startswith("/") else f"/{path}",
        method=None if method is None else str(method).upper(),
        query=str(options.pop("query", "")),
        times=None if times is None else int(str(times)),
        after=int(str(options.pop("after", 0))),
        every=every,
        options=options,
    )


class Faults:
    """The faults switched on; the first that strikes a request has its way."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Switch a fault on."""
        self.active.append(fault)

    def clear(self) -> None:
        """Switch all off."""
        self.active.clear()

    def striking(self, method: str, path: str, query: str) -> Fault | None:
        """The fault that hits this request, if any. ``path`` is below /v2."""
        for fault in self.active:
            if fault.strikes(method, path, query):
                return fault
        return None
