"""Reading an answer of KashFlow's as JSON, or as the one error that fits it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from arrears.connectors.kashflow.errors import (
    SQL_TIMEOUT,
    RequestRefused,
    TokenRefused,
    known_refusal,
    permission_missing,
)
from arrears.connectors.kashflow.values import read_text
from arrears.connectors.message import Response
from arrears.connectors.retry import Overloaded
from arrears.ports import TryAgainLater

_XML_CODE = re.compile(rb"<Error>\s*([\w-]{1,80})\s*</Error>")
_GUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_XML_MESSAGE = re.compile(rb"<Message>([^<]{1,300})</Message>")


def read_json(response: Response, purpose: str) -> Any:
    """The body of a successful answer. Numbers with a point become Decimal.

    Raises what `raise_refusal` raises for any other status, and TryAgainLater when the body is not the JSON
    that was asked for: an empty answer, a web page, JSON that ends in the middle.
    """
    if not response.succeeded:
        raise_refusal(response, purpose)
    body = parsed(response)
    if body is None:
        raise TryAgainLater(f"KashFlow answered with something other than {purpose}.")
    return body


def parsed(response: Response) -> Any:
    """The body as JSON, or None when it is none (or is the JSON value null)."""
    if response.body[:1] == b"<":
        return None
    try:
        return json.loads(response.body, parse_float=Decimal, parse_constant=_nothing)
    except (ValueError, RecursionError):
        return None


def _nothing(_: str) -> None:
    """NaN and Infinity are not amounts of anything."""


def error_of(response: Response) -> tuple[str, str]:
    """KashFlow's error code and message, from its JSON or XML error body; empty where there is none."""
    body = parsed(response)
    if isinstance(body, dict):
        return read_text(body.get("Error")).strip(), read_text(body.get("Message")).strip()
    code, message = _XML_CODE.search(response.body), _XML_MESSAGE.search(response.body)
    return (
        code[1].decode() if code else "",
        message[1].decode("utf-8", "replace").strip() if message else "",
    )


def raise_refusal(response: Response, purpose: str) -> NoReturn:
    """Raise the error for an answer other than success to a request made within a session."""
    code, message = error_of(response)
    if refused := known_refusal(code):
        raise refused
    if response.status == 401:
        raise TokenRefused
    if response.status == 403:
        raise permission_missing(purpose)
    if code == SQL_TIMEOUT:
        raise Overloaded("KashFlow's database took too long to answer.")
    if 400 <= response.status < 500 and code:
        raise RequestRefused(purpose, _printable(message))
    raise TryAgainLater(f"KashFlow answered in an unexpected way (HTTP {response.status}) for {purpose}.")


def _printable(message: str) -> str:
    """The message for people. Tokens and the addresses of documents are GUIDs, and stay out of it."""
    printable = "".join(letter for letter in message if letter.isprintable())
    return _GUID.sub("…", printable)[:200].rstrip(". ")
