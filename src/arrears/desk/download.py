"""A file over HTTP, for pages and APIs alike."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(name: str, media_type: str, content: bytes | str) -> HttpResponse:
    """A file that a browser saves and never shows or runs: others have written it. Text is sent as UTF-8."""
    kind = f"{media_type}; charset=utf-8" if isinstance(content, str) else media_type
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
