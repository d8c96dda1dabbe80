"""JSON as the API's framework reads and writes it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from arrears.core.json_text import read_json, write_json

_PLAIN_TYPES = frozenset({"application/json", "text/json"})


class WrongContentType(ValueError):
    """A body of a type that this operation does not read."""


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
