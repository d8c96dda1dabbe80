"""How the stand-in for Debitura writes: JSON with exact numbers, times without a zone, three error shapes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import simplejson

from arrears.connectors.message import Response

JSON_TYPE = "application/json; charset=utf-8"
PROBLEM_TYPE = "application/problem+json; charset=utf-8"


class Lost(Exception):
    """The connection broke. `sent` tells whether anything of the request had left by then."""

    def __init__(self, sent: bool) -> None:
        super().__init__(f"lost, {'sent' if sent else 'not sent'}")
        self.sent = sent


class Late(Exception):
    """No answer comes within any deadline, although the request is still being worked on."""


def read_json(body: bytes) -> Any:
    """Raises ValueError for anything that is not JSON."""
    return json.loads(body, parse_float=Decimal)


def plain(amount: Decimal) -> Decimal:
    """The amount as a double would be written: without trailing zeros, never in powers of ten."""
    return Decimal(f"{amount.normalize():f}")


def write_json(value: Any) -> bytes:
    text: str = simplejson.dumps(value, use_decimal=True, ensure_ascii=False)
    return text.encode()


def instant_text(moment: datetime) -> str:
    """`2026-11-22T12:00:00`, with seven decimals if there are any, in UTC and not saying so."""
    fraction = f".{moment.microsecond:06d}0" if moment.microsecond else ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") + fraction


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, {"content-type": JSON_TYPE, **(headers or {})}, write_json(value))


def nothing(status: int = 204) -> Response:
    return Response(status)


def problem(status: int, title: str) -> Response:
    """RFC 7807."""
    value = {"type": f"https://tools.ietf.org/html/rfc9110#{status}", "title": title, "status": status}
    return Response(status, {"content-type": PROBLEM_TYPE}, write_json(value))


def field_errors(**fields: str) -> Response:
    """400 as a plain map of field to messages."""
    return answer({name: [text] for name, text in fields.items()}, 400)


def business(
    status: int, kind: str, message: str, url: str | None = None, signing_url: str | None = None
) -> Response:
    """The canonical envelope with one error."""
    return several(status, [{"type": kind, "message": message, "solutionUrl": url}], signing_url)


def several(status: int, errors: list[dict[str, Any]], signing_url: str | None = None) -> Response:
    """The canonical envelope; on 422 it carries the link through everything at once."""
    if status == 422:
        handoff = {"combinedSigningUrl": signing_url} if signing_url else None
        return answer({"businessErrors": errors, "signingHandoff": handoff}, status)
    first = errors[0]
    return answer({"error": first["type"], "message": first["message"], "businessErrors": errors}, status)


def not_found(what: str) -> Response:
    return business(404, "NotFound", f"{what} was not found.")
