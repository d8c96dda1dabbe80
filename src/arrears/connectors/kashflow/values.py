"""Single values as KashFlow writes them, read forgivingly: what cannot be read is absent, never an error."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from arrears.core.money import read_amount

_LEAST_RATE = Decimal("1e-9")
_DAY = re.compile(r"\s*(\d{4})[-/](\d{2})[-/](\d{2})(?!\d)")
#: What neither a database nor UTF-8 takes: the zero character, and halves of a pair without the other.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_YES = {"1", "true", "yes", "y"}


def read_text(value: object) -> str:
    """Text, or a number written as text. Null, missing and anything else are the empty string."""
    if isinstance(value, str):
        return value if value.isprintable() else _UNWRITABLE.sub("", value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return ""


def read_day(value: object) -> date | None:
    """The calendar date at the front of `2026-03-02 12:00:00 +05:30`; None for none.

    The time is always a noon that is probably a midnight, and the offset belongs to whoever wrote the
    documentation, so neither is used. 1900-01-01, 1970-01-01, 0001-01-01 and the year 9999 stand for
    "never".
    """
    match = _DAY.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return None if day.year <= 1900 or day.year == 9999 or day == date(1970, 1, 1) else day


def read_rate(value: object) -> Decimal | None:
    """An exchange rate; one that no two currencies ever had is none."""
    rate = read_amount(value)
    return rate if rate is not None and _LEAST_RATE < rate < 1 / _LEAST_RATE else None


def read_flag(value: object) -> bool:
    """A yes or no in any of its costumes: true, 1, "1", "true"."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return value == 1
    return isinstance(value, str) and value.strip().lower() in _YES


def read_whole(value: object) -> int | None:
    """A whole number, also when written as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and len(value) < 20 and value.strip().isascii() and value.strip().isdigit():
        return int(value)
    return None


def read_deleted(value: object) -> bool:
    """Whether `DeletedAt` says so: it is there and holds anything but a "never" date."""
    text = read_text(value).strip()
    return bool(text) and (read_day(text) is not None or _DAY.match(text) is None)
