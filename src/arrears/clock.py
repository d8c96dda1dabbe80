"""The one place that asks the machine what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class SystemClock:
    """The machine's clock; dates are London dates, because the books are."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return london_date(self.now())


def london_date(moment: datetime) -> date:
    """The day it is in London at a moment, which knows its time zone."""
    return moment.astimezone(LONDON).date()


def london_midnight(day: date) -> datetime:
    """The moment at which a day begins in London."""
    return datetime.combine(day, time.min, LONDON)
