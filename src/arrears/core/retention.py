"""How long a debtor's personal data is kept, and what forbids erasing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """What decides whether a debtor's data may go. `closed_on` is None while the case is open."""

    closed_on: date | None
    open_complaints: int = 0
    unsettled_payments: int = 0


def obstacle(facts: RetentionFacts) -> str:
    """Why the data must stay for now, in a sentence; empty when it may be erased."""
    if facts.closed_on is None:
        return "The case is still open."
    if facts.open_complaints:
        return "A complaint about the case is still open."
    if facts.unsettled_payments:
        return "Money recovered on the case is not settled yet."
    return ""


def is_due(facts: RetentionFacts, years: int, today: date) -> bool:
    """Whether the data has been kept long enough and may go: closed for more than `years` years."""
    return (
        not obstacle(facts) and facts.closed_on is not None and facts.closed_on < closed_before(years, today)
    )


def closed_before(years: int, today: date) -> date:
    """Cases closed before this day have been closed for more than `years` years."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February, of a year that has none
        return today.replace(year=today.year - years, day=28)
