"""Say that money seen in the books needs no report."""

from __future__ import annotations

from arrears.bridge.adapters import adapters
from arrears.bridge.models import PaidElsewhere


def dismiss_paid(row: PaidElsewhere) -> bool:
    """Ask no more about this money, unless more comes in. False when it was answered already."""
    waiting = PaidElsewhere.objects.filter(pk=row.pk, reported_at=None, dismissed_at=None)
    return bool(waiting.update(dismissed_at=adapters().clock.now()))
