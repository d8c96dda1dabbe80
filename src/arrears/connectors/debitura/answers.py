"""Reading an answer of Debitura's as JSON, or as the one error that fits it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from arrears.connectors.debitura.errors import no_such, refusal, refused
from arrears.connectors.debitura.labels import bare
from arrears.connectors.debitura.values import read_line, read_text
from arrears.connectors.debitura.wire import BusinessError, records
from arrears.connectors.message import Response
from arrears.core.json_text import NotJson, read_json
from arrears.ports import Remedy, TryAgainLater

_MOST_MESSAGES = 20
_LONGEST_MESSAGE = 500
#: Parts of problem details (RFC 9457) that are not about any field.
_NO_FIELDS = frozenset({"type", "title", "status", "detail", "instance", "traceid", "error", "message"})


def parsed(response: Response) -> Any:
    """The body as JSON, or None when it is none (or is the JSON value null)."""
    try:
        return read_json(response.body) if response.body[:1] != b"<" else None
    except NotJson:
        return None


def read_answer(response: Response, purpose: str) -> Any:
    """The JSON of a successful answer.

    Raises what `raise_refusal` raises for any other status, and TryAgainLater when the body is not JSON: an
    empty answer, a web page, JSON that ends in the middle.
    """
    if not response.succeeded:
        raise_refusal(response, purpose)
    body = parsed(response)
    if body is None:
        raise senseless(purpose)
    return body


def senseless(purpose: str) -> TryAgainLater:
    """The answer succeeded and is not what was asked for."""
    return TryAgainLater(f"Debitura answered with something other than {purpose}.")


def raise_refusal(response: Response, purpose: str) -> NoReturn:
    """Raise the error for an answer other than success."""
    raise refusal_for(response, purpose)


def refusal_for(response: Response, purpose: str) -> Remedy:
    """The error for an answer other than success."""
    status = response.status
    if status == 401:
        return refusal("key_rejected")
    if status == 403:
        return refusal("key_not_permitted", f"It was refused {purpose}.")
    if status == 404:
        return no_such(purpose)
    if 300 <= status < 400:
        return refusal("redirected")
    if 400 <= status < 500 and status != 408:
        return refused(purpose, status, refusal_of(response).code)
    return TryAgainLater(f"Debitura answered in an unexpected way (HTTP {status}) for {purpose}.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal says in any of its three shapes: fields, business errors, problem details.

    `codes` are what it calls the reasons, without capitals and spaces; `messages` are sentences for people;
    `code` is the first reason as it was written.
    """

    codes: frozenset[str]
    messages: tuple[str, ...]
    errors: tuple[BusinessError, ...] = ()
    body: Any = None

    @property
    def code(self) -> str:
        return next((error.type for error in self.errors if error.type), "")


def refusal_of(response: Response) -> Refusal:
    """Read a refusal. One that says nothing has no codes and no messages."""
    body = parsed(response)
    if not isinstance(body, dict):
        return Refusal(frozenset(), ())
    errors = records(body.get("businessErrors"), BusinessError)
    legacy = [read_line(body.get(name)) for name in ("error", "type", "code")]
    fields = body["errors"] if isinstance(body.get("errors"), dict) else body
    messages = [error.message for error in errors] or list(_field_messages(fields))
    if not messages:
        messages = [read_line(body.get(name)) for name in ("message", "detail", "title")]
        messages = [message for message in messages if message][:1]
    codes = {bare(code) for code in (*(error.type for error in errors), *legacy, *map(str, body)) if code}
    kept = dict.fromkeys(message[:_LONGEST_MESSAGE] for message in messages if message)
    return Refusal(frozenset(codes), tuple(kept)[:_MOST_MESSAGES], errors, body)


def _field_messages(fields: dict[str, Any]) -> Iterator[str]:
    """`{"debtor.name": ["is missing"]}` as `debtor.name: is missing`."""
    for name, found in fields.items():
        if bare(read_text(name)) in _NO_FIELDS or not isinstance(found, list):
            continue
        for message in found:
            text = read_line(message)
            if text:
                yield f"{read_line(name)}: {text}".removeprefix(": ")
