"""How long to wait, as the other side asks for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from arrears.connectors.retry import (
    LONGEST_WAIT,
    Overloaded,
    Patience,
    TooLarge,
    retry_after,
    retry_after_in,
)
from arrears.ports import NeedsAttention, TryAgainLater

DATE = {"date": "Mon, 02 Mar 2026 10:00:00 GMT"}


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta(0)),
        ("-5", timedelta(0)),
        ("99999999999999999999", LONGEST_WAIT),
        ("Mon, 02 Mar 2026 10:00:30 GMT", timedelta(seconds=30)),
        ("Mon, 02 Mar 2026 09:00:00 GMT", timedelta(0)),
        ("Mon, 02 Mar 2036 10:00:00 GMT", LONGEST_WAIT),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("1.5", None),
        ("+-", None),
    ],
)
def test_retry_after_is_read_in_every_form(header: str, wait: timedelta | None) -> None:
    assert retry_after({"retry-after": header, **DATE}) == wait


def test_without_the_header_nothing_is_asked() -> None:
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("body", "wait"),
    [
        (b'{"retryAfter": 12.5}', timedelta(seconds=12.5)),
        (b'{"error": "rate_limit_exceeded", "retryAfter": 30}', timedelta(seconds=30)),
        (b'{"retryAfter": "7"}', timedelta(seconds=7)),
        (b'{"retryAfter": 0}', timedelta(0)),
        (b'{"retryAfter": -5.5}', timedelta(0)),
        (b'{"retryAfter": 1e300}', LONGEST_WAIT),
        (b'{"retryAfter": 1e-999999}', timedelta(0)),
        (b'{"retryAfter": 99999999999999999999}', LONGEST_WAIT),
        (b'{"retryAfter": NaN}', None),
        (b'{"retryAfter": "NaN"}', None),
        (b'{"retryAfter": "soon"}', None),
        (b'{"retryAfter": true}', None),
        (b'{"retryAfter": null}', None),
        (b'{"retryAfter": [7]}', None),
        (b"{}", None),
        (b"[7]", None),
        (b"<html>", None),
        (b"", None),
        (b'{"retryAfter": 7, "padding": "' + b"x" * 100_000 + b'"}', None),
    ],
)
def test_a_body_may_ask_to_wait_as_well(body: bytes, wait: timedelta | None) -> None:
    assert retry_after_in(body) == wait


def test_only_what_may_pass_by_itself_is_repeated() -> None:
    patience = Patience(jitter=0.0, floor=2.0, longest_wait=30.0)
    assert patience.pause(TryAgainLater("later")) is True
    assert patience.pause(Overloaded("busy")) == 2.0
    assert patience.pause(Overloaded("busy", timedelta(seconds=9))) == 9.0
    assert patience.pause(Overloaded("busy", timedelta(seconds=31))) is False
    assert patience.pause(TooLarge("huge")) is False
    assert patience.pause(NeedsAttention("no", code="no", action="act")) is False
