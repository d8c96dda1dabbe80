"""What is sent can be told from what somebody else made up."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta

import pytest

from arrears.core.webhook_signature import FURTHEST_AHEAD, OLDEST, is_genuine, sign

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = base64.b64encode(bytes(range(32))).decode()
BODY = b'{"id": "1", "event": "case.created"}'


def test_the_published_recipe_gives_this_signature() -> None:
    # Worked out by OpenSSL, over the moment, a full stop and the body, with the bytes 0 to 31 as the key.
    expected = "cae94a04971a6a8a2d0ca6f24f1e4c9cd8a7abe163dd3927acabe1dd2d7f755b"
    assert sign(SECRET, BODY, NOON) == f"t=1795348800,v1={expected}"


def test_a_signature_is_good_for_its_body_for_five_minutes() -> None:
    header = sign(SECRET, BODY, NOON)
    for late in (timedelta(0), OLDEST, -FURTHEST_AHEAD):
        assert is_genuine(SECRET, header, BODY, now=NOON + late)
    for late in (OLDEST + timedelta(seconds=1), -FURTHEST_AHEAD - timedelta(seconds=1)):
        assert not is_genuine(SECRET, header, BODY, now=NOON + late)


def test_thousands_of_forgeries_are_told_apart() -> None:
    chance = random.Random(1)  # noqa: S311 - the same forgeries each time
    header = sign(SECRET, BODY, NOON)
    moment, digest = header.removeprefix("t=").split(",v1=")
    forged: list[tuple[str, str, bytes]] = []
    for _ in range(1000):
        at = chance.randrange(len(digest))
        other = chance.choice([sign for sign in "0123456789abcdef" if sign != digest[at]])
        forged.append((SECRET, f"t={moment},v1={digest[:at]}{other}{digest[at + 1 :]}", BODY))
        byte = chance.randrange(len(BODY))
        changed = BODY[:byte] + bytes([BODY[byte] ^ (1 << chance.randrange(8))]) + BODY[byte + 1 :]
        forged.append((SECRET, header, changed))
        forged.append((base64.b64encode(chance.randbytes(32)).decode(), header, BODY))
        forged.append((SECRET, f"t={int(moment) + chance.choice([-1, 1, 5, 60])},v1={digest}", BODY))
        forged.append((SECRET, f"t={moment},v1={chance.randbytes(32).hex()}", BODY))
    assert not any(is_genuine(secret, sent, body, now=NOON) for secret, sent, body in forged)
    assert is_genuine(SECRET, header, BODY, now=NOON)


@pytest.mark.parametrize(
    "header",
    [
        "",
        ",",
        "t=,v1=",
        "v1=00",
        "t=1795348800",
        "t=1795348800,v1=",
        "t=1795348800,v1=\u00e9",
        "t=-1,v1=00",
        "t=1e9,v1=00",
        "t=\u0661,v1=00",
        "t=99999999999999999999,v1=00",
        "nonsense",
        "=,=",
        "\x00",
    ],
)
def test_nonsense_is_not_genuine(header: str) -> None:
    assert not is_genuine(SECRET, header, BODY, now=NOON)


def test_the_hex_is_lower_case_and_upper_case_is_refused() -> None:
    header = sign(SECRET, BODY, NOON)
    assert header == header.lower()
    moment, digest = header.split(",v1=")
    assert not is_genuine(SECRET, f"{moment},v1={digest.upper()}", BODY, now=NOON)


@pytest.mark.parametrize("secret", ["", "not base64!", "é", "AAA"])
def test_a_secret_that_is_none_has_signed_nothing(secret: str) -> None:
    assert not is_genuine(secret, sign(SECRET, BODY, NOON), BODY, now=NOON)
