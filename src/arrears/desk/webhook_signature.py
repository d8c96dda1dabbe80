"""What a subscription is signed with, and where the signature goes."""

from __future__ import annotations

import base64
import secrets

from pydantic import SecretStr

HEADER = "X-Debitura-Signature"

_SECRET_BYTES = 32


def new_secret() -> SecretStr:
    """A new signing secret, written in base64; the key is what that decodes to."""
    return SecretStr(base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode())
