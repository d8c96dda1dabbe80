"""Where in the standard price list a claim falls."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arrears.core.pricing import standard_bracket
from tests.builders import TODAY


@pytest.mark.parametrize(
    ("country", "usd", "edge"),
    [
        ("GB", "99.99", None),
        ("GB", "100", 100),
        ("GB", "999.99", 100),
        ("GB", "1000", 1000),
        ("GB", "149999.99", 1000),
        ("GB", "150000", 150000),
        ("US", "8000", 8000),
        ("US", "74999.99", 8000),
        ("US", "75000", 75000),
    ],
)
def test_a_bracket_begins_at_its_edge(country: str, usd: str, edge: int | None) -> None:
    found = standard_bracket(country, Decimal(usd), TODAY)
    assert (found.from_usd if found else None) == edge


def test_before_the_first_price_list_there_is_none() -> None:
    assert standard_bracket("GB", Decimal(1000), date(2026, 3, 24)) is None
