"""How many requests a key may make: in any minute, in an hour, in a day. All processes count together.

A minute slides in slices of ten seconds; hours and days are those of the clock, in UTC.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from arrears.desk.api.errors import json_answer

_SLICE = 10
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

# One statement a request. That commit need not wait for the disk: after a crash a few counts are missing.
_COUNT = """
WITH counted AS (
    INSERT INTO desk_requestcount AS c (key_id, slice_seconds, started_at, requests)
    VALUES (%(key)s, 10, %(slice)s, 1), (%(key)s, 3600, %(hour)s, 1), (%(key)s, 86400, %(day)s, 1)
    ON CONFLICT (key_id, slice_seconds, started_at) DO UPDATE SET requests = c.requests + 1
    RETURNING slice_seconds, started_at, requests
)
SELECT slice_seconds, started_at, requests, set_config('synchronous_commit', 'off', true) FROM counted
UNION ALL
SELECT slice_seconds, started_at, requests, '' FROM desk_requestcount
WHERE key_id = %(key)s AND slice_seconds = 10 AND started_at > %(since)s AND started_at < %(slice)s
"""

_TAKE_BACK = """
UPDATE desk_requestcount SET requests = requests - 1
WHERE key_id = %(key)s
AND (slice_seconds, started_at) IN ((10, %(slice)s), (3600, %(hour)s), (86400, %(day)s))
"""


class TooManyRequests(Exception):
    """A limit is reached; asking again makes sense after `wait`."""

    def __init__(self, limit: str, wait: timedelta) -> None:
        super().__init__(limit)
        self.limit = limit
        self.wait = wait

    def answer(self) -> HttpResponse:
        seconds = self.wait.total_seconds()
        body = {
            "error": "rate_limit_exceeded",
            "message": f"This key may make {self.limit}. Try again in {math.ceil(seconds)} seconds.",
            "retryAfter": round(seconds, 3),
        }
        answer = json_answer(429, body)
        answer.headers["Retry-After"] = str(math.ceil(seconds))
        return answer


def count_request(key: int, now: datetime) -> None:
    """Count one request of a key. Raises TooManyRequests, and then the request does not count."""
    values: dict[str, int | datetime] = {
        "key": key,
        "slice": _start(now, _SLICE),
        "hour": _start(now, _HOUR),
        "day": _start(now, _DAY),
        "since": _start(now, _SLICE) - timedelta(seconds=_MINUTE),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        rows = [(seconds, started, requests) for seconds, started, requests, _ in cursor.fetchall()]
        refusal = _refusal(rows, now)
        if refusal is not None:
            cursor.execute(_TAKE_BACK, values)
    if refusal is not None:
        raise refusal


def _refusal(rows: list[tuple[int, datetime, int]], now: datetime) -> TooManyRequests | None:
    counts = {seconds: (started, requests) for seconds, started, requests in rows if seconds != _SLICE}
    for seconds, limit, per in (
        (_DAY, settings.ARREARS_API_PER_DAY, "day"),
        (_HOUR, settings.ARREARS_API_PER_HOUR, "hour"),
    ):
        started, requests = counts[seconds]
        if requests > limit:
            wait = started + timedelta(seconds=seconds) - now
            return TooManyRequests(f"{limit:,} requests in one {per}", wait)
    return _minute_refusal([(started, count) for seconds, started, count in rows if seconds == _SLICE], now)


def _minute_refusal(slices: list[tuple[datetime, int]], now: datetime) -> TooManyRequests | None:
    limit = settings.ARREARS_API_PER_MINUTE
    excess = sum(count for _, count in slices) - limit
    if excess <= 0:
        return None
    for started, count in sorted(slices):
        excess -= count
        if excess <= 0:  # once this slice is more than a minute old, there is room again
            wait = started + timedelta(seconds=_MINUTE) - now
            return TooManyRequests(f"{limit:,} requests in one minute", wait)
    return None


def _start(now: datetime, seconds: int) -> datetime:
    stamp = int(now.timestamp())
    return datetime.fromtimestamp(stamp - stamp % seconds, UTC)
