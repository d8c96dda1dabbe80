"""Debitura's published prices of 25 March 2026, worked out without any code of ours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale

_THE_EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
_EUROPE = frozenset(f"{_THE_EU} IS LI NO GB CH".split(" "))
#: Lower edges in US dollars, each with the points in Europe and elsewhere.
_TABLE = (
    (Decimal(150_000), Decimal(6), Decimal("7.5")),
    (Decimal(75_000), Decimal("9.5"), Decimal(10)),
    (Decimal(8_000), Decimal("9.5"), Decimal(15)),
    (Decimal(1_000), Decimal("9.5"), Decimal(18)),
    (Decimal(0), Decimal(20), Decimal(30)),
)
_DOLLARS = {"EUR": Decimal(1), "GBP": Decimal("1.25"), "JPY": 1 / Decimal(150)}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
OVER_12, OVER_24 = Decimal(8), Decimal(15)


def in_dollars(amount: Decimal, currency: str) -> Decimal:
    """Currencies not listed are taken to be worth a dollar."""
    return amount * _DOLLARS.get(currency, Decimal(1))


def base_points(amount: Decimal, currency: str, country: str) -> Decimal:
    """The success fee without age, in percentage points of the whole amount."""
    dollars = in_dollars(amount, currency)
    _, europe, world = next(row for row in _TABLE if dollars >= row[0])
    return europe if country in _EUROPE else world


def age_points(due: date, today: date) -> Decimal:
    """Points added for one due date: over 12 and over 24 complete months."""
    months = (today.year - due.year) * 12 + today.month - due.month
    days_on = today.day - due.day
    if (months, days_on) > (24, 0):
        return OVER_24
    return OVER_12 if (months, days_on) > (12, 0) else Decimal(0)


def blended_points(amount: Decimal, over_12: Decimal, over_24: Decimal) -> Decimal:
    """Points added for a claim of several ages; the older part lies within the other."""
    points = ((over_12 - over_24) * OVER_12 + over_24 * OVER_24) / amount
    return points.quantize(Decimal("0.01"))


@cache
def countries() -> dict[str, str]:
    """Alpha-2 codes and English names."""
    names = Locale("en").territories
    return {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }


@cache
def currencies() -> frozenset[str]:
    real_x = {"XAF", "XOF", "XCD", "XPF", "XCG"}
    return frozenset(code for code in map(str, Locale("en").currencies) if code[0] != "X") | real_x
