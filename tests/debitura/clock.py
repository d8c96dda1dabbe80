"""Time that moves only when it is told to."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

#: Noon of the day on which all tests happen.
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


class MovableClock(Protocol):
    """A clock that can be moved forward; `tests.fakes.FakeClock` is another one."""

    def now(self) -> datetime: ...

    def today(self) -> date: ...

    def advance(self, by: timedelta) -> None: ...


class VirtualClock:
    """A clock for any number of threads."""

    def __init__(self, start: datetime = START) -> None:
        self._instant = start
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._instant

    def today(self) -> date:
        return self._instant.date()

    def advance(self, by: timedelta) -> None:
        with self._lock:
            self._instant += by

    def advance_to(self, moment: datetime) -> None:
        """Move to `moment` unless it has passed."""
        with self._lock:
            self._instant = max(self._instant, moment)
