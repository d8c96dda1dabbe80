"""What forms about cases send in one way: the id that makes a form count once, and the text of a message."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

from arrears.core.handover import LONGEST_TEXT


def form_id_of(request: HttpRequest) -> UUID:
    """The id that our own page gave the form. Raises SuspiciousOperation for a form that is not ours."""
    try:
        return UUID(request.POST.get("form_id", ""))
    except ValueError:
        raise SuspiciousOperation("The form has no id.") from None


def message_text(request: HttpRequest) -> str:
    """The message that was typed, with plain line ends."""
    return request.POST.get("text", "").replace("\r\n", "\n").strip()


def text_problem(text: str) -> str:
    """Why a message cannot be sent as it is, in a sentence; empty when it can."""
    if not text:
        return "Write a message first."
    if len(text) > LONGEST_TEXT:
        return f"A message may have {LONGEST_TEXT:,} characters. This one has {len(text):,}."
    return ""
