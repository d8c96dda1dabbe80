"""Programs that send a body without telling its length are heard."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from arrears.project.chunked import WithChunkedBodies


def _received(body: bytes, **environ: Any) -> bytes:
    """What Django makes of a body."""
    got: list[bytes] = []

    def application(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        got.append(WSGIRequest(environ).body)
        return ()

    plain = RequestFactory().generic("POST", "/").environ
    plain.pop("CONTENT_LENGTH", None)
    WithChunkedBodies(application)({**plain, "wsgi.input": BytesIO(body), **environ}, None)
    return got[0]


_CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


def test_a_body_in_chunks_is_read_whole() -> None:
    body = b"0123456789" * 200_000
    assert _received(body, **_CHUNKED) == body


def test_a_body_of_known_length_is_left_to_django() -> None:
    assert _received(b"body and more", CONTENT_LENGTH="4") == b"body"


def test_a_server_that_does_not_end_the_body_is_not_waited_for() -> None:
    assert _received(b"body", HTTP_TRANSFER_ENCODING="chunked") == b""


def test_a_body_without_end_is_too_large() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"x" * (size or 1)

    with pytest.raises(RequestDataTooBig):
        _received(b"", **{**_CHUNKED, "wsgi.input": Endless()})
