"""Throw away what the API keeps only for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from arrears.desk.api.idempotency import KEPT_FOR
from arrears.desk.models import RequestCount, StoredAnswer

_COUNTS_KEPT_FOR = timedelta(days=2)


def purge(*, now: datetime) -> int:
    """Delete stored answers and counts of requests that no longer matter. Returns how many rows went."""
    answers, _ = StoredAnswer.objects.filter(answered_at__lt=now - KEPT_FOR).delete()
    counts, _ = RequestCount.objects.filter(started_at__lt=now - _COUNTS_KEPT_FOR).delete()
    return answers + counts
