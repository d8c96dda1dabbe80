"""When a failed read is worth repeating, and how long to wait before doing so."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime

import stamina
import stamina.instrumentation

from arrears.clock import SystemClock
from arrears.core.json_text import NotJson, read_json
from arrears.ports import TryAgainLater

# Left alone, stamina announces every retry on standard output, where a JSON document may be expected.
stamina.instrumentation.set_on_retry_hooks(())

#: A longer wait is not waited out here: whoever asked is told and may come back.
LONGEST_WAIT = timedelta(minutes=10)


#: No answer that only asks to wait is longer.
_LONGEST_BODY = 65_536


class Overloaded(TryAgainLater):
    """The other side asked to slow down, or did not answer in time."""


class TooLarge(TryAgainLater):
    """The answer is larger than any honest one; asking again at once would not make it smaller."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long one read is repeated. Times are in seconds.

    Waits double from `first_wait` up to `longest_wait`, with up to `jitter` added by chance. After an
    overload the wait is at least `floor`, or what the other side asks for; above `longest_wait` the read
    fails at once and says how long to stay away. Nothing is begun after `total`.
    """

    attempts: int = 5
    total: float = 120.0
    first_wait: float = 0.5
    longest_wait: float = 30.0
    jitter: float = 1.0
    floor: float = 2.0

    def tries(self) -> AsyncIterator[stamina.Attempt]:
        """Attempts for `async for attempt in …: with attempt: …`, as many as there is patience for."""
        return aiter(
            stamina.retry_context(
                on=self.pause,
                attempts=self.attempts,
                timeout=self.total,
                wait_initial=self.first_wait,
                wait_max=self.longest_wait,
                wait_jitter=self.jitter,
            )
        )

    def pause(self, error: Exception) -> bool | float:
        """Whether to repeat after `error`: no, yes after the usual wait, or yes after so many seconds."""
        if not isinstance(error, TryAgainLater) or isinstance(error, TooLarge):
            return False
        if error.after is None and not isinstance(error, Overloaded):
            return True
        seconds = max(self.floor, error.after.total_seconds() if error.after else 0.0)
        if seconds > self.longest_wait:
            return False
        return seconds + random.uniform(0, self.jitter)  # noqa: S311 - spreads retries, guards nothing


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long the `Retry-After` header asks to wait: seconds or an HTTP date (RFC 9110, 10.2.3).

    None for a missing or unreadable header. A moment in the past is no wait at all; the answer is capped
    at `LONGEST_WAIT`. A date is compared with the answer's own `Date`, so that a wrong clock on either
    side does not matter.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    wait = _seconds(text) if text.lstrip("+-").isdecimal() else _until(text, headers.get("date", ""))
    return None if wait is None else max(timedelta(0), min(wait, LONGEST_WAIT))


def retry_after_in(body: bytes) -> timedelta | None:
    """How long a JSON body asks to wait: `{"retryAfter": 12.5}`, in seconds.

    None where it does not say so. Less than nothing is no wait at all; the answer is capped at
    `LONGEST_WAIT`.
    """
    try:
        found = read_json(body) if len(body) <= _LONGEST_BODY else None
    except NotJson:
        return None
    asked = found.get("retryAfter") if isinstance(found, dict) else None
    if isinstance(asked, bool) or not isinstance(asked, int | str | Decimal):
        return None
    try:
        seconds = Decimal(asked)
    except InvalidOperation:
        return None
    if not seconds.is_finite():
        return None
    most = Decimal(int(LONGEST_WAIT.total_seconds()))
    milliseconds = max(Decimal(0), min(seconds, most)).quantize(Decimal("0.001"))
    return timedelta(milliseconds=int(milliseconds * 1000))


def _seconds(text: str) -> timedelta | None:
    if not text.isascii():
        return None
    return timedelta(seconds=min(int(text[:9]), int(LONGEST_WAIT.total_seconds())))


def _until(text: str, answered: str) -> timedelta | None:
    moment = _http_date(text)
    if moment is None:
        return None
    return moment - (_http_date(answered) or SystemClock().now())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
