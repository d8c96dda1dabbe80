"""Telling Debitura's events from forged ones, by a signature, a body, the secrets, and the time. No I/O."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from arrears.connectors.debitura.values import is_id
from arrears.core.json_text import NotJson, read_json
from arrears.core.webhook_signature import is_genuine
from arrears.ports import FeedEvent

#: No honest event is larger.
LARGEST_BODY = 1_000_000

_LONGEST_ID = 100
_LONGEST_KIND = 100
_LONGEST_SIGNATURE = 1_000


def read_event(
    signature: str, body: bytes, secrets: tuple[SecretStr, ...], now: datetime
) -> FeedEvent | None:
    """The event in a request with the header `X-Debitura-Signature`; None unless it is genuine.

    The signature is checked before anything is parsed. What the event is and which case it is about is taken
    from the body alone, because nothing else is signed. A genuine one that names no case, or makes no sense,
    is about no case: refused, it would come again and again until Debitura gives up on us.
    """
    if len(body) > LARGEST_BODY or len(signature) > _LONGEST_SIGNATURE:
        return None
    genuine = [is_genuine(secret.get_secret_value(), signature, body, now=now) for secret in secrets]
    return _event(body) if any(genuine) else None


def _event(body: bytes) -> FeedEvent:
    found = _fields(body)
    data = found.get("data")
    event_id, kind = _text(found.get("id"), _LONGEST_ID), _text(found.get("event"), _LONGEST_KIND)
    case_id = _text(data.get("caseId"), _LONGEST_ID) if isinstance(data, dict) else ""
    return FeedEvent(event_id or hashlib.sha256(body).hexdigest(), kind, case_id if is_id(case_id) else "")


def _fields(body: bytes) -> dict[str, Any]:
    """What an event says; nothing where it is no JSON object that can be read in one way only."""
    try:
        found = read_json(body, unique_names=True)
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any, longest: int) -> str:
    """Text that can be kept; anything else is empty."""
    is_sound = isinstance(value, str) and len(value) <= longest and value.isprintable()
    return value if is_sound else ""
