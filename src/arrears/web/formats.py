"""How amounts, dates and places are written on pages: £1,234.50, 5 March 2026, 9.5%."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from arrears.clock import LONDON, london_date
from arrears.core.country import country_name
from arrears.core.money import Money, exponent, round_amount
from arrears.core.wording import SYMBOLS as SYMBOLS
from arrears.core.wording import date_text, number_text, sign_text


def money(value: Money) -> str:
    """£1,234.50, €20.00, US$5.00, ¥1,235, AED 10.00; a minus comes first: −£5.00."""
    return sign_text(value)


def amount_in(amount: Decimal, currency: str) -> Money:
    """A stored amount with its currency, to be written as money."""
    return Money(amount, currency)


def minor_units(value: Money) -> int:
    """The amount in the currency's smallest unit, for exact sums in the browser: £12.34 is 1234."""
    return int(round_amount(value.amount, value.currency).scaleb(exponent(value.currency)))


def day(value: date | datetime | None) -> str:
    """5 March 2026; a dash when there is no date. Of an instant, the day in London."""
    return date_text(_in_london(value)) if value else "–"


def short_day(value: date | datetime | None) -> str:
    """5 Mar 2026, for columns."""
    if not value:
        return "–"
    local = _in_london(value)
    return f"{local.day} {local:%b %Y}"


def _in_london(value: date | datetime) -> date:
    return london_date(value) if isinstance(value, datetime) else value


def moment(value: datetime | None) -> str:
    """5 March 2026 at 14:05, London time."""
    if value is None:
        return "–"
    local = value.astimezone(LONDON)
    return f"{date_text(local.date())} at {local:%H:%M}"


def percent(points: Decimal) -> str:
    """9.5%."""
    return f"{number_text(points)}%"


def country(code: str) -> str:
    """The country's name, or what was given when it is no code."""
    return country_name(code) or code


def count(number: int) -> str:
    """1,204."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 case`, `1,204 cases`; `many` where adding an s will not do."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def safe_link(url: str) -> str:
    """The address if a browser may follow it, else nothing: what the outside world gives may be a script."""
    return url if urlsplit(url).scheme in ("https", "http") else ""
