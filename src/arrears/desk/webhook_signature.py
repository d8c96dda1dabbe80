"""Signing what is sent to webhooks, and checking such a signature as a receiver does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

HEADER = "X-Debitura-Signature"

#: How old a signature may be, and how far ahead a sender's clock.
OLDEST = timedelta(seconds=300)
FURTHEST_AHEAD = timedelta(seconds=30)

_SECRET_BYTES = 32


def new_secret() -> SecretStr:
    """A new signing secret, written in base64; the key is what that decodes to."""
    return SecretStr(base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode())


def signature(secret: SecretStr, body: bytes, at: datetime) -> str:
    """The signature header for a body: `t=<Unix seconds>,v1=<HMAC-SHA256 of "t.body" in lowercase hex>`."""
    moment = str(int(at.timestamp()))
    return f"t={moment},v1={_digest(secret, moment, body)}"


def is_genuine(secret: SecretStr, header: str, body: bytes, *, now: datetime) -> bool:
    """Whether a signature header belongs to this body and was made a moment ago."""
    fields = dict(part.strip().partition("=")[::2] for part in header.split(","))
    moment, digest = fields.get("t", ""), fields.get("v1", "")
    if (
        not (moment.isascii() and moment.isdecimal())
        or len(moment) > len("9999999999")
        or not digest.isascii()
    ):
        return False
    age = now - datetime.fromtimestamp(int(moment), UTC)
    if not -FURTHEST_AHEAD <= age <= OLDEST:
        return False
    return hmac.compare_digest(_digest(secret, moment, body), digest)


def _digest(secret: SecretStr, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.get_secret_value(), validate=True)
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
