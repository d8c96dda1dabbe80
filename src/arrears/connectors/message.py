"""What is asked of another system and what it answers: plain values, without any I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

#: Shorter ones are no secrets, and may well be words.
_SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be sent.

    `path` is below the system's base address, or a complete address on the same host. `purpose` completes
    the sentence "KashFlow could not be asked for …". `effects` marks a request that changes something on
    the other side, which is therefore never repeated by itself. `deadline` (seconds, everything included)
    and `most_bytes` replace the transport's own limits. Only method and purpose appear in representations:
    paths, headers and bodies can hold secrets.
    """

    method: str
    path: str = field(repr=False)
    purpose: str
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    effects: bool = False
    deadline: float | None = None
    most_bytes: int | None = None

    def with_header(self, name: str, value: str) -> Request:
        """The same request with one more header."""
        return replace(self, headers={**self.headers, name: value})


@dataclass(frozen=True, slots=True)
class Response:
    """One complete answer. Header names are in lower case; the body is decompressed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def content_type(self) -> str:
        """Such as `application/json`, in lower case and without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


def without_secrets(response: Response, request: Request, ready: Request) -> Response:
    """The answer without what was added to `request` at the last moment, to make it `ready`.

    A server may repeat a key in what it says; its words are shown to people, and some of them are kept.
    """
    added = [value for name, value in ready.headers.items() if request.headers.get(name) != value]
    body = response.body
    for value in added:
        if len(value) >= _SHORTEST_SECRET:
            body = body.replace(value.encode(), b"[secret]")
    return replace(response, body=body)
