"""JSON without rounding, and without surprises."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.json_text import NotJson, instant_text, read_json, write_json


def test_numbers_are_exact_both_ways() -> None:
    text = '{"a":0.1,"b":100000000000000.07,"c":500.00,"d":7}'
    value = read_json(text.encode())
    expected = {"a": Decimal("0.1"), "b": Decimal("100000000000000.07"), "c": Decimal(500), "d": 7}
    assert value == expected
    assert write_json(value) == text


def test_sorted_names_give_one_text_whatever_their_order() -> None:
    assert write_json({"b": 1, "a": {"d": 2, "c": 3}}, sort_keys=True) == '{"a":{"c":3,"d":2},"b":1}'


def test_days_instants_and_ids_have_one_form() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    number = UUID(int=7)
    assert write_json([date(2026, 3, 5), noon, number]) == (
        f'["2026-03-05T00:00:00Z","2026-11-22T12:00:00Z","{number}"]'
    )
    assert instant_text(noon.astimezone(timezone(timedelta(hours=5)))) == "2026-11-22T12:00:00Z"


def test_what_has_no_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError):
        write_json({"a": object()})


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"Infinity", b"\xff\xfe", b"nonsense", b"1" * 10_000, b"[" * 100_000, b'{"a":1}x'],
)
def test_what_is_not_json_is_told(body: bytes) -> None:
    with pytest.raises(NotJson):
        read_json(body)


def test_a_name_given_twice_is_refused_where_it_matters() -> None:
    body = b'{"data":{"id":1,"id":2}}'
    assert read_json(body) == {"data": {"id": 2}}
    with pytest.raises(NotJson, match="twice"):
        read_json(body, unique_names=True)
    assert read_json(b'{"data":{"id":1}}', unique_names=True) == {"data": {"id": 1}}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_written_is_read_again(value: Any) -> None:
    assert read_json(write_json(value).encode()) == value
