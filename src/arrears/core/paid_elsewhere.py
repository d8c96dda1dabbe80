"""Money that came in on a debt and that its collector does not know of, as far as the books tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arrears.core.money import Money
from arrears.core.wording import date_text, list_text, money_text


def in_books(handed_over: Money, outstanding: Sequence[Money | None]) -> Money | None:
    """How much less the books show as owed now than was handed over, in the currency of the debt.

    `outstanding` holds what is still owed on each of its invoices. None when that cannot be told: the books
    do not say what is owed on one of them, or speak of another currency. Never below nothing, and an invoice
    on which too much was paid counts as paid, no more.
    """
    left = Money.zero(handed_over.currency)
    for money in outstanding:
        if money is None or money.currency != handed_over.currency:
            return None
        left = left + max(money, Money.zero(money.currency))
    return max(handed_over - left, Money.zero(handed_over.currency))


def seen_elsewhere(seen: Money, recorded: Money) -> Money | None:
    """What came in beyond what the collector has recorded; None when that is nothing.

    `seen` is what the books show (see `in_books`), `recorded` what the collector says was paid. In two
    currencies nothing can be said.
    """
    if seen.currency != recorded.currency:
        return None
    beyond = (seen - max(recorded, Money.zero(recorded.currency))).rounded()
    return beyond if beyond.amount > 0 else None


def draft(amount: Money, invoice_numbers: Sequence[str], paid_on: date | None) -> str:
    """A message to the collector, for a person to check and change.

    The books may owe the difference to a credit note, which only a person can tell.
    """
    invoices = ("invoice " if len(invoice_numbers) == 1 else "invoices ") + list_text(invoice_numbers)
    latest = f"; the latest payment is dated {date_text(paid_on)}" if paid_on else ""
    return (
        f"Our books show {money_text(amount)} on {invoices} that this case does not show as paid{latest}. "
        "It was paid directly to us. Please record it on the case, and tell us what we owe you for it."
    )
