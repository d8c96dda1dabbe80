"""How amounts, dates and rates are written in sentences for people: GBP 1,234.50, 5 March 2026, 9.5%."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from arrears.core.money import Money, round_amount

_MONTHS = {
    **dict(enumerate(("January", "February", "March", "April", "May", "June"), start=1)),
    **dict(enumerate(("July", "August", "September", "October", "November", "December"), start=7)),
}


def money_text(money: Money) -> str:
    """Currency code, then the amount with thousands separators and the currency's own decimals."""
    return f"{money.currency} {round_amount(money.amount, money.currency):,f}"


#: Currencies that people know by a sign. Every other one is written with its code: AED 1,234.50.
SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "US$", "JPY": "¥"}

MINUS = "\N{MINUS SIGN}"


def sign_text(money: Money) -> str:
    """£1,234.50, €20.00, US$5.00, ¥1,235, AED 10.00; a minus comes first: −£5.00."""
    figures = f"{abs(round_amount(money.amount, money.currency)):,f}"
    sign = MINUS if money.amount < 0 else ""
    return f"{sign}{SYMBOLS.get(money.currency, money.currency + ' ')}{figures}"


def usd_text(amount: Decimal) -> str:
    """An amount of US dollars, without cents where there are none: USD 1,000 or USD 74.20."""
    return money_text(Money(amount, "USD")).removesuffix(".00")


def date_text(day: date) -> str:
    """Day, month in full, year. Does not depend on the machine's language."""
    return f"{day.day} {_MONTHS[day.month]} {day.year}"


def number_text(number: Decimal) -> str:
    """A number without needless zeros and never with an exponent: 9.5, 20, 100."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def full_stop(text: str) -> str:
    """`text` as a sentence that has an end: names such as `Smith Ltd.` and typed sentences may have one."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def list_text(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
