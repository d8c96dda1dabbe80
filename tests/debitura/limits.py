"""How many calls one key may make, counted in the stand-in's own time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_SLICE = timedelta(seconds=10)
_MINUTE, _HOUR = 6, 360
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls per minute and per hour slide in slices of ten seconds; a day begins with the first call.

    With `header` a 429 also carries Retry-After; the real one tells the seconds in its body alone.
    """

    per_minute: int = 2_000
    per_hour: int = 20_000
    per_day: int = 100_000
    header: bool = False


@dataclass
class Usage:
    """The calls that one key has made in the last hour, by slice, and in its present day."""

    _slices: Counter[int] = field(default_factory=Counter)
    _of_hour: int = 0
    _day_began: datetime | None = None
    _of_day: int = 0

    def take(self, now: datetime, limits: Limits) -> timedelta:
        """Count one call and return zero; or count nothing and return how long to stay away."""
        if self._day_began is None or now >= self._day_began + _DAY:
            self._day_began, self._of_day = now, 0
        if self._of_day >= limits.per_day:
            return self._day_began + _DAY - now
        current = _number(now)
        if current not in self._slices:
            self._forget(current)
        if self._of_hour >= min(limits.per_minute, limits.per_hour):
            for slices, most in ((_MINUTE, limits.per_minute), (_HOUR, limits.per_hour)):
                wait = self._wait(now, slices, most)
                if wait:
                    return wait
        self._slices[current] += 1
        self._of_hour += 1
        self._of_day += 1
        return timedelta(0)

    def _forget(self, current: int) -> None:
        """What is older than an hour."""
        for number in [number for number in self._slices if number <= current - _HOUR]:
            self._of_hour -= self._slices.pop(number)

    def _wait(self, now: datetime, slices: int, most: int) -> timedelta:
        """Until enough old slices have slid out of a window of so many."""
        current = _number(now)
        window = sorted(number for number in self._slices if number > current - slices)
        total = sum(self._slices[number] for number in window)
        if total < most:
            return timedelta(0)
        for number in window:
            total -= self._slices[number]
            if total < most:
                break
        return (number + slices) * _SLICE - timedelta(seconds=now.timestamp())


def _number(now: datetime) -> int:
    return int(now.timestamp() // _SLICE.total_seconds())
