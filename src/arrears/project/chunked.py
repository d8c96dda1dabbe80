"""Bodies sent in chunks, whose length nobody tells in advance. Django would take them for empty."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from typing import Any

#: More than any request may hold; what is longer is cut off here and refused as too large further on.
MOST_BYTES = 32 * 1024 * 1024

_AT_ONCE = 64 * 1024
_IN_MEMORY = 1024 * 1024

_Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class WithChunkedBodies:
    """A WSGI application that is given such a body whole, with its length."""

    def __init__(self, application: _Application) -> None:
        self._application = application

    def __call__(self, request: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not _is_chunked(request):
            return self._application(request, start_response)
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
            length = 0
            while length <= MOST_BYTES and (piece := request["wsgi.input"].read(_AT_ONCE)):
                length += whole.write(piece)
            whole.seek(0)
            known = {"CONTENT_LENGTH": str(length), "wsgi.input": whole}
            return self._application({**request, **known}, start_response)


def _is_chunked(request: dict[str, Any]) -> bool:
    """Only where the server says that reading ends where the body does; else it could block for ever."""
    encoding = request.get("HTTP_TRANSFER_ENCODING", "").lower()
    ends = bool(request.get("wsgi.input_terminated"))
    return "chunked" in encoding and ends and not request.get("CONTENT_LENGTH")
