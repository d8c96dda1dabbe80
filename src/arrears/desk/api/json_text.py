"""JSON as the API speaks it: numbers are exact decimals both ways, instants are UTC with a Z."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import simplejson
from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

_PLAIN_TYPES = frozenset({"application/json", "text/json"})


class NotJson(ValueError):
    """A body that says it is JSON and is not. The message says where it breaks off."""


class WrongContentType(ValueError):
    """A body of a type that this operation does not read."""


def read_json(text: bytes) -> Any:
    """The value of a JSON text, with Decimal for every number that is not whole. Raises NotJson."""
    try:
        return simplejson.loads(text.decode(), use_decimal=True, allow_nan=False)
    except UnicodeDecodeError:
        raise NotJson("The body is not UTF-8 text.") from None
    except RecursionError:
        raise NotJson("The body is nested too deeply.") from None
    except ValueError as error:  # also a whole number of thousands of digits, which int() refuses
        raise NotJson(f"The body is not JSON: {error}") from None


def write_json(value: Any) -> str:
    """A JSON text of plain values, Decimals, instants, days and UUIDs."""
    return simplejson.dumps(value, use_decimal=True, default=_text, separators=(",", ":"))


def instant_text(at: datetime) -> str:
    """An instant as in `2026-11-22T12:00:00Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


def is_json_type(content_type: str) -> bool:
    """Whether a Content-Type header names JSON: `application/json`, `text/json` or `application/*+json`."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type in _PLAIN_TYPES or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


class JsonParser(Parser):
    """Reads bodies of every type that the contract lists."""

    def parse_body(self, request: HttpRequest) -> Any:
        if not is_json_type(request.content_type or ""):
            raise WrongContentType
        return read_json(request.body)

    def parse_querydict(
        self,
        data: Any,
        list_fields: list[str],
        request: HttpRequest,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Query parameters, whose names may begin with a capital or not; empty ones are passed over.

        A list may be repeated or separated by commas.
        """
        found: dict[str, Any] = {}
        for name in data:
            for spelling in {name[:1].upper() + name[1:], name[:1].lower() + name[1:]}:
                if spelling in list_fields:
                    values = (value.strip() for joined in data.getlist(name) for value in joined.split(","))
                    found[spelling] = [value for value in values if value]
                elif data[name] != "":
                    found[spelling] = data[name]
        return found


class JsonRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:  # noqa: ARG002
        return write_json(data)
