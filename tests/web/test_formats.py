"""Amounts, dates and places as people in the United Kingdom write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from arrears.core.money import Money
from arrears.web import formats


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234.5 GBP", "£1,234.50"),
        ("0 GBP", "£0.00"),
        ("-5 GBP", "−£5.00"),
        ("20 EUR", "€20.00"),
        ("5.005 USD", "US$5.01"),
        ("1234567 JPY", "¥1,234,567"),
        ("10 AED", "AED 10.00"),
        ("1.2345 KWD", "KWD 1.235"),
    ],
)
def test_money_has_its_sign_separators_and_decimals(amount: str, text: str) -> None:
    assert formats.money(Money.parse(amount)) == text


@pytest.mark.parametrize(("amount", "units"), [("12.34 GBP", 1234), ("5 JPY", 5), ("1.5 KWD", 1500)])
def test_minor_units_are_exact(amount: str, units: int) -> None:
    assert formats.minor_units(Money.parse(amount)) == units


def test_dates_name_the_month() -> None:
    assert formats.day(date(2026, 3, 5)) == "5 March 2026"
    assert formats.short_day(date(2026, 3, 5)) == "5 Mar 2026"
    assert formats.day(None) == "–"


def test_moments_are_london_time() -> None:
    assert formats.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026 at 00:30"


def test_the_day_of_an_instant_is_the_one_in_london() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert (formats.day(late), formats.short_day(late)) == ("1 July 2026", "1 Jul 2026")
    assert formats.day(late.date()) == "30 June 2026"


def test_rates_countries_and_counts() -> None:
    assert formats.percent(Decimal("9.50")) == "9.5%"
    assert formats.country("DE") == "Germany"
    assert formats.country("") == ""
    assert formats.counted(1, "case") == "1 case"
    assert formats.counted(1204, "case") == "1,204 cases"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//books.example/1", "", "file:///etc"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert formats.safe_link(url) == ""
    assert formats.safe_link("https://books.example/1") == "https://books.example/1"
