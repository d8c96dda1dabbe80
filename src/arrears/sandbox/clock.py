"""The stand-in's clock, which tests may move forward."""

import time
from datetime import date, datetime, timedelta


class Clock:
    """Real time plus an offset. ``start`` fixes the calendar day of the books at the beginning."""

    def __init__(self, start: date | None = None) -> None:
        self._began = time.monotonic()
        now = datetime.now()
        self._start = now if start is None else datetime(start.year, start.month, start.day, 9)
        self._ahead = 0.0

    def advance(self, minutes: float) -> None:
        """Move forward; sessions age and invoices become overdue accordingly."""
        self._ahead += minutes * 60

    def seconds(self) -> float:
        """Seconds since the start, with what was added."""
        return time.monotonic() - self._began + self._ahead

    def now(self) -> datetime:
        """The moment by this clock, without a zone: UK office time."""
        return self._start + timedelta(seconds=self.seconds())

    def today(self) -> date:
        """The calendar day by this clock."""
        return self.now().date()
