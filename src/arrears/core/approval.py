"""Whether an import is worth so much that a second person has to agree to it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from arrears.core.fx import Rates
from arrears.core.money import Money
from arrears.core.wording import date_text, sign_text


def why_it_waits(amounts: Iterable[Money], limit: Money, rates: Rates) -> str:
    """Why an import of these amounts has to be approved, in a sentence; empty when it does not have to be.

    Amounts in other currencies are converted into the limit's by the dated `rates`. What no rate is known for
    could be worth anything, so it waits.
    """
    amounts = list(amounts)
    worth = Decimal(0)
    for amount in amounts:
        factor = rates.factor(amount.currency, limit.currency)
        if factor is None:
            return (
                f"There is no exchange rate for {sign_text(amount)}, so it cannot be compared with the limit "
                f"of {sign_text(limit)}."
            )
        worth += amount.amount * factor
    total = Money(worth, limit.currency).rounded()
    if total <= limit:
        return ""
    is_converted = any(amount.currency != limit.currency for amount in amounts)
    basis = f" at the {rates.source} of {date_text(rates.as_of)}" if is_converted else ""
    return f"It comes to {sign_text(total)}{basis}, which is more than the limit of {sign_text(limit)}."


def why_unknown_waits(limit: Money) -> str:
    """Why an import waits of which nobody can say beforehand what it comes to."""
    return (
        "What it comes to is known only once the invoices are read again, and imports above the limit of "
        f"{sign_text(limit)} need a second person."
    )
