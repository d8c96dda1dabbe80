"""How many calls are made to a collector, counted in the database for every process at once."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection as database
from django.db import models, transaction

from arrears.bridge.login_ledger import own_connection
from arrears.bridge.models import CallSlice
from arrears.ports import Clock

_SLICE = timedelta(seconds=10)

#: A call that was granted may reach the other side this much later.
_ON_ITS_WAY = timedelta(seconds=10)

#: The other side's minute may begin anywhere: every slice counts that a call within it can come from.
_MARGIN = _SLICE + _ON_ITS_WAY

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

#: How many calls a busy process takes at once. They are good for the slice they are taken in; what is left
#: of them then is lost, and so a process wastes fewer than this in a slice.
_LEASE = 5


def subject_of(host: str, creditor: str, key: str) -> str:
    """Whose calls are counted together: a creditor's at one host, a key's while its creditor is not known."""
    text = f"{host}|{creditor}" if creditor else f"{host}||{hashlib.sha256(key.encode()).hexdigest()}"
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class _Lease:
    """Calls already counted, to be made within one slice."""

    slice: datetime
    left: int


class DatabaseCallBudget:
    """ports.CallBudget over CallSlice rows, at most as many calls as the settings allow.

    The limits hold in any minute, hour and day as the other side sees them, wherever those begin.
    """

    def __init__(self, subject: str, clock: Clock) -> None:
        self._subject = subject
        self._clock = clock
        self._lock = threading.Lock()
        self._lease = _Lease(datetime.min.replace(tzinfo=UTC), 0)
        self._cleared_at = self._lease.slice

    @own_connection
    def take(self) -> timedelta:
        with self._lock:
            now = self._clock.now()
            this = _slice_of(now)
            busy = self._lease.slice == this
            if busy and self._lease.left:
                self._lease.left -= 1
                return timedelta(0)
            granted, wait = self._take(now, _LEASE if busy else 1)
            if not granted:
                return wait
            self._lease = _Lease(this, granted - 1)
            self._clear(now)
        return timedelta(0)

    def _take(self, now: datetime, wanted: int) -> tuple[int, timedelta]:
        """Count up to `wanted` calls, or none and how long to wait."""
        with transaction.atomic():
            self._one_at_a_time()
            room, wait = wanted, timedelta(0)
            for limit, span in _limits():
                counted = self._slices(now - span)
                left = limit - (counted.aggregate(sum=models.Sum("calls"))["sum"] or 0)
                room = min(room, left)
                if left <= 0:
                    wait = max(wait, self._until_room(counted, now, span))
            if room <= 0:
                return 0, wait
            row, _ = CallSlice.objects.get_or_create(subject=self._subject, starts_at=_slice_of(now))
            CallSlice.objects.filter(pk=row.pk).update(calls=models.F("calls") + room)
        return room, timedelta(0)

    def _one_at_a_time(self) -> None:
        """Until the transaction ends, nobody else counts for this subject, in whatever process."""
        number = int.from_bytes(bytes.fromhex(self._subject)[:8], "big", signed=True)
        with database.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [number])

    def _slices(self, after: datetime) -> models.QuerySet[CallSlice]:
        return CallSlice.objects.filter(subject=self._subject, starts_at__gt=after)

    def _until_room(self, counted: models.QuerySet[CallSlice], now: datetime, span: timedelta) -> timedelta:
        """Until the oldest of the counted slices counts no longer."""
        oldest = counted.aggregate(first=models.Min("starts_at"))["first"]
        return oldest + span - now if oldest else span

    def _clear(self, now: datetime) -> None:
        """Forget slices that count nowhere any more, whoever they belong to."""
        if abs(now - self._cleared_at) > _HOUR:
            self._cleared_at = now
            CallSlice.objects.filter(starts_at__lt=now - _DAY - _HOUR).delete()


def _slice_of(now: datetime) -> datetime:
    seconds = int(_SLICE.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _limits() -> Iterator[tuple[int, timedelta]]:
    yield settings.ARREARS_DEBITURA_PER_MINUTE, _MINUTE + _MARGIN
    yield settings.ARREARS_DEBITURA_PER_HOUR, _HOUR + _MARGIN
    yield settings.ARREARS_DEBITURA_PER_DAY, _DAY + _MARGIN
