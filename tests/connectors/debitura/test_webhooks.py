"""Only what Debitura has signed, a moment ago, is an event."""

from __future__ import annotations

import base64
import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from arrears.connectors.debitura import webhooks
from arrears.connectors.debitura.webhooks import LARGEST_BODY, read_event
from arrears.core.json_text import write_json
from arrears.core.webhook_signature import sign
from arrears.ports import FeedEvent
from tests.connectors.debitura.scripted import CASE_ID

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = SecretStr(base64.b64encode(bytes(range(32))).decode())
OLD = SecretStr(base64.b64encode(bytes(32)).decode())
EVENT = FeedEvent("evt_1", "case.updated", CASE_ID)


def an_event(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": "evt_1",
        "specVersion": "1.0",
        "event": "case.updated",
        "timestamp": "2026-11-22T12:00:00Z",
        "data": {"caseId": CASE_ID, "reference": "Q8OAXF3W"},
        "links": {"self": f"/cases/{CASE_ID}"},
    }
    return known | changes


BODY = write_json(an_event()).encode()


def signed(body: bytes, secret: SecretStr = SECRET, at: datetime = NOW) -> str:
    return sign(secret.get_secret_value(), body, at)


def read(body: bytes, signature: str | None = None, *secrets: SecretStr) -> FeedEvent | None:
    return read_event(signed(body) if signature is None else signature, body, secrets or (SECRET,), NOW)


def test_the_published_recipe_is_accepted() -> None:
    # Worked out by OpenSSL for the body below, with the bytes 0 to 31 as the key.
    body = b'{"id": "1", "event": "case.created"}'
    header = "t=1795348800,v1=cae94a04971a6a8a2d0ca6f24f1e4c9cd8a7abe163dd3927acabe1dd2d7f755b"
    assert signed(body) == header
    assert read(BODY) == EVENT


def test_either_secret_will_do_while_one_replaces_the_other() -> None:
    for secret in (SECRET, OLD):
        assert read(BODY, signed(BODY, secret), SECRET, OLD) == EVENT
    assert read(BODY, signed(BODY, OLD), SECRET) is None
    assert read_event(signed(BODY), BODY, (), NOW) is None


@pytest.mark.parametrize(
    ("age", "good"), [(0, True), (300, True), (301, False), (-30, True), (-31, False), (10**9, False)]
)
def test_five_minutes_old_and_half_a_minute_ahead(age: int, good: bool) -> None:
    header = signed(BODY, at=NOW - timedelta(seconds=age))
    assert (read(BODY, header) == EVENT) is good


def test_no_mutation_gets_through() -> None:
    chance = random.Random(7)  # noqa: S311 - the same forgeries each time
    header = signed(BODY)
    moment, digest = header.removeprefix("t=").split(",v1=")
    accepted = 0
    for _ in range(3000):
        place, bit = chance.randrange(len(BODY)), 1 << chance.randrange(8)
        accepted += read(BODY[:place] + bytes([BODY[place] ^ bit]) + BODY[place + 1 :], header) is not None
        cut = chance.randrange(len(digest))
        accepted += read(BODY, f"t={moment},v1={digest[:cut]}") is not None
        accepted += read(BODY, f"t={int(moment) + chance.choice([-60, -1, 1, 60])},v1={digest}") is not None
        accepted += read(BODY, f"t={moment},v1={chance.randbytes(32).hex()}") is not None
    assert accepted == 0
    for other in (header.upper(), header.replace("v1", "v2"), f"t={moment}", f"v1={digest}", "", "\x00"):
        assert read(BODY, other) is None
    assert read(BODY + b" ", header) is None
    assert read(BODY, header) == EVENT


def test_nothing_is_parsed_before_it_is_known_to_be_genuine(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def read_json(body: bytes, **_: Any) -> dict[str, Any]:
        parsed.append(body)
        return an_event()

    monkeypatch.setattr(webhooks, "read_json", read_json)
    assert read(BODY, "t=1795348800,v1=00") is None
    assert parsed == []
    assert read(BODY) == EVENT
    assert parsed == [BODY]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"id":' + b"1" * 10_000 + b"}",
        BODY.replace(b'"id":"evt_1"', b'"id":"evt_1","id":"evt_2"'),
        BODY.replace(b'"caseId"', b'"caseId":"x","caseId"', 1),
    ],
)
def test_what_is_genuine_and_cannot_be_read_is_about_no_case(body: bytes) -> None:
    # Refused, it would be sent again and again, until we are sent nothing any more.
    assert read(body) == FeedEvent(hashlib.sha256(body).hexdigest(), "", "")


@pytest.mark.parametrize(
    "data", [None, [], {}, {"caseId": None}, {"caseId": 7}, {"caseId": "../admin"}, {"caseId": "a" * 101}]
)
def test_an_event_without_a_case_is_about_none(data: Any) -> None:
    assert read(write_json(an_event(data=data)).encode()) == FeedEvent("evt_1", "case.updated", "")


@pytest.mark.parametrize("odd", [None, 7, "", "a" * 101, "a\x00b", "a\ud800b", ["evt_1"]])
def test_an_event_without_a_sound_id_is_told_from_others_by_its_body(odd: Any) -> None:
    body = write_json(an_event(id=odd)).encode()
    assert read(body) == FeedEvent(hashlib.sha256(body).hexdigest(), "case.updated", CASE_ID)


def test_a_body_above_a_megabyte_is_not_looked_at() -> None:
    assert read(write_json(an_event(padding="x" * LARGEST_BODY)).encode()) is None
    assert read(write_json(an_event(padding="x" * (LARGEST_BODY - 1000))).encode()) == EVENT


def test_a_kind_that_is_not_known_yet_is_told_as_it_is() -> None:
    event = read(write_json(an_event(event="case.teleported")).encode())
    assert event is not None
    assert event.kind == "case.teleported"


def test_a_stored_secret_that_is_none_accepts_nothing_and_hides_nothing() -> None:
    assert read(BODY, None, SecretStr("not base64!")) is None
    assert read(BODY, signed(BODY), SecretStr("not base64!"), SECRET) == EVENT


@given(st.text(max_size=200), st.binary(max_size=200))
def test_whatever_is_sent_is_no_event(signature: str, body: bytes) -> None:
    assert read_event(signature, body, (SECRET,), NOW) is None


@given(st.binary(max_size=200))
def test_whatever_is_signed_is_an_event(body: bytes) -> None:
    event = read(body)
    assert event is not None
    assert 0 < len(event.id) <= 100
