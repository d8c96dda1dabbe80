"""Signing what is sent to a webhook, and telling such a message from what somebody else made up.

A secret is written in base64; the key is what that decodes to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

#: How old a signature may be, and how far ahead a sender's clock.
OLDEST = timedelta(seconds=300)
FURTHEST_AHEAD = timedelta(seconds=30)

_LATEST_MOMENT = "9999999999"


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The signature header for a body: `t=<Unix seconds>,v1=<HMAC-SHA256 of "t.body" in lowercase hex>`.

    Raises ValueError for a secret that is empty or not base64.
    """
    moment = str(int(at.timestamp()))
    return f"t={moment},v1={_digest(secret, moment, body)}"


def is_genuine(secret: str, header: str, body: bytes, *, now: datetime) -> bool:
    """Whether a signature header belongs to this body and was made a moment ago.

    A secret that is empty or not base64 has signed nothing.
    """
    fields = dict(part.strip().partition("=")[::2] for part in header.split(","))
    moment, digest = fields.get("t", ""), fields.get("v1", "")
    if not _is_moment(moment) or not digest.isascii():
        return False
    age = now - datetime.fromtimestamp(int(moment), UTC)
    if not -FURTHEST_AHEAD <= age <= OLDEST:
        return False
    try:
        expected = _digest(secret, moment, body)
    except ValueError:
        return False
    return hmac.compare_digest(expected, digest)


def _is_moment(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(_LATEST_MOMENT)


def _digest(secret: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret, validate=True)
    if not key:
        raise ValueError("with an empty key anybody could sign")
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
