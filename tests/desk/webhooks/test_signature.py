"""A subscription's secret cannot be guessed."""

from __future__ import annotations

import base64

from arrears.desk.webhook_signature import new_secret


def test_a_secret_is_32_random_bytes_in_base64() -> None:
    secrets = {new_secret().get_secret_value() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(base64.b64decode(secret, validate=True)) for secret in secrets} == {32}
