"""Single values, however odd."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.connectors.debitura import values
from arrears.core.money import Money

_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_READERS = [
    values.read_text,
    values.read_line,
    values.read_flag,
    values.read_whole,
    values.read_number,
    values.read_instant,
    values.read_day,
    values.web_address,
]


@given(_ANYTHING)
def test_no_value_is_too_odd_for_any_reader(value: Any) -> None:
    for read in _READERS:
        read(value)


@pytest.mark.parametrize(
    "url",
    [
        "https://app.debitura.com/sign/1?x=y#z",
        "https://app.example:8443/a",
        "http://localhost:8000/sign",
        "http://127.0.0.1:9/sign",
        "http://[::1]:9/sign",
    ],
)
def test_a_web_address_is_passed_on(url: str) -> None:
    assert values.web_address(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        7,
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,hi",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://host/x",
        "/relative",
        "//host/x",
        "sign/here",
        "https://",
        "https:///x",
        "https://user:pass@host/",
        "https://good.example@evil.example/",
        "http://elsewhere.example/",
        "http://localhost.evil.example/",
        "https://host:port/",
        "https://[::1",
        "https://host/with space",
        "https://host/\r\nSet-Cookie: x",
        "https://host\\@evil.example/",
        "https://host/\u202e",
        "https://host/" + "a" * 5000,
    ],
)
def test_anything_else_is_no_address(url: object) -> None:
    assert values.web_address(url) == ""


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T12:00:00", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("2026-11-22T12:00:00Z", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("2026-11-22T12:00:00.1234567Z", datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2026-11-22T13:00:00+01:00", datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("2026-13-01T00:00:00", None),
        (1795348800, None),
        (None, None),
    ],
)
def test_an_instant_is_utc_where_no_zone_is_written(text: object, instant: datetime | None) -> None:
    assert values.read_instant(text) == instant


def test_a_day_is_read_as_it_is_written() -> None:
    assert values.read_day("2026-03-05T23:59:59+12:00") == date(2026, 3, 5)
    assert values.read_day("2026-02-30T00:00:00Z") is None
    assert values.read_day("٢٠٢٦-03-05") is None


def test_amounts_lose_what_a_double_added() -> None:
    assert values.money_of(Decimal("0.30000000000000004"), "GBP") == Money(Decimal("0.30"), "GBP")
    assert values.money_of(Decimal("1234.567"), "KWD") == Money(Decimal("1234.567"), "KWD")
    assert values.money_of(Decimal(1), "???") is None
    assert values.money_of(None, "GBP") is None


def test_numbers_are_short_and_of_this_world() -> None:
    assert str(values.read_number(Decimal("9.50"))) == "9.5"
    assert str(values.read_number("20")) == "20"
    assert str(values.read_number(Decimal("1e-999999"))) == "0"
    for absurd in (Decimal("1e30"), Decimal("NaN"), True, "x", None):
        assert values.read_number(absurd) is None


def test_text_keeps_mark_up_and_loses_what_cannot_be_stored() -> None:
    assert values.read_text("<b>\ud800 a\x00b\n\x1b</b>") == "<b> ab\n\x1b</b>"
    assert values.read_line(" two\r\n lines ") == "two lines"
    assert values.read_text(7) == "7"
    assert values.read_text(True) == values.read_text(None) == values.read_text([]) == ""


@pytest.mark.parametrize("text", ["", "a/b", "..", "a b", "é", "a" * 65, "a%2f", "a?b", "a\n"])
def test_what_could_leave_its_place_in_a_path_is_no_id(text: str) -> None:
    assert not values.is_id(text)
