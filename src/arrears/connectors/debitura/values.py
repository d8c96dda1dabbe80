"""Single values as Debitura writes them, read forgivingly: what cannot be read is absent, never an error."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from arrears.core.money import Money, is_currency, read_amount, round_amount

#: What neither a database nor UTF-8 takes: the zero character, and halves of a pair without the other.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)", re.ASCII)
#: More digits of a second than a datetime holds.
_FINE_FRACTION = re.compile(r"(\.\d{6})\d+")
_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_LONGEST_ADDRESS = 4000
_LONGEST_TEXT = 100_000
_LARGEST_NUMBER = Decimal("1e9")
_FINEST = Decimal("0.000001")
_YES = {"true", "1", "yes"}


def read_text(value: object) -> str:
    """Text, or a number written as text. Null, missing and anything else are the empty string."""
    if isinstance(value, str):
        text = value[:_LONGEST_TEXT]
        return text if text.isprintable() else _UNWRITABLE.sub("", text)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return ""


def read_line(value: object) -> str:
    """`read_text` on one line: for names, labels and codes."""
    return " ".join(read_text(value).split())


def read_flag(value: object) -> bool:
    """A yes or no: true, 1, "true"."""
    if isinstance(value, str):
        return value.strip().lower() in _YES
    return value is True or (isinstance(value, int) and value == 1)


def read_whole(value: object) -> int | None:
    """A whole number that a counter can hold, also when written as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,10}", value.strip(), re.ASCII):
        value = int(value)
    return value if isinstance(value, int) and abs(value) < 10**10 else None


def read_number(value: object) -> Decimal | None:
    """A percentage, a rate or a number of hours: exact to a millionth, and no larger than any real one."""
    number = read_amount(value)
    if number is None or abs(number) > _LARGEST_NUMBER:
        return None
    return Decimal(f"{number.quantize(_FINEST).normalize():f}")


def money_of(amount: Decimal | None, currency: str) -> Money | None:
    """An amount rounded to its currency's smallest unit, since what is sent went through a double."""
    if amount is None or not is_currency(currency):
        return None
    return Money(round_amount(amount, currency), currency)


def read_instant(value: object) -> datetime | None:
    """An instant in UTC. One that is written without a zone is in UTC already."""
    if not isinstance(value, str) or len(value) > 50:
        return None
    try:
        found = datetime.fromisoformat(_FINE_FRACTION.sub(r"\1", value.strip()))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def read_day(value: object) -> date | None:
    """The calendar date at the front of a date with a time, as it is written."""
    match = _DAY.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def is_id(text: str) -> bool:
    """Whether `text` can be one of Debitura's ids, or a reference of ours: safe as a piece of a path."""
    return _ID.fullmatch(text) is not None


def web_address(value: object) -> str:
    """An address that a person can be sent to: https, or http on this machine. Anything else is empty."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > _LONGEST_ADDRESS or not text.isprintable() or " " in text or "\\" in text:
        return ""
    try:
        parts = urlsplit(text)
        _ = parts.port  # complains only when asked
    except ValueError:
        return ""
    if not parts.hostname or "@" in parts.netloc:
        return ""
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname))
    return text if is_safe else ""


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
