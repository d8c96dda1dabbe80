"""Answering in one way: what is told as JSON, what is done once, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from arrears.desk.api.errors import ErrorAnswer, json_answer
from arrears.desk.api.idempotency import Asker, once
from arrears.desk.api.refusals import told
from arrears.desk.api.wire_values import Shape

#: What `openapi_extra` says of an operation that may be sent twice under one key. `once` reads the header.
KEYED: dict[str, Any] = {
    "parameters": [
        {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}
    ]
}

#: What reading something can go wrong with.
READING: dict[Any, Any] = {400: ErrorAnswer, 404: ErrorAnswer}

#: What changing something can go wrong with.
CHANGING: dict[Any, Any] = {400: ErrorAnswer, 404: ErrorAnswer, 409: ErrorAnswer, 422: ErrorAnswer}


def done_once(
    request: HttpRequest, who: Asker, operation: str, work: Callable[[], Shape], status: int = 200
) -> HttpResponse:
    """Carry something out once for each Idempotency-Key and tell what `work` gives. Refusals are 422."""

    def answered() -> HttpResponse:
        with told(422):
            return json_answer(status, work().model_dump(by_alias=True))

    return once(request, who, operation, answered)


def file_schema(*media_types: str) -> dict[str, Any]:
    """What `openapi_extra` says of an operation that answers with a file."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys(media_types, schema)
    return {"responses": {200: {"description": "The file", "content": content}}}
