"""Closing cases again that somebody asked to undo, in steps that may be killed anywhere.

First the wish is written down on the row, then the collector closes the case, then the row says so and lets
go of its invoices. A row that carries the wish is looked at again until it is settled: closing twice changes
nothing, and a case that is not free any more keeps its row as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.ledger import move, take
from arrears.bridge.models import Submission
from arrears.core.submission import Event, State
from arrears.ports import Clock, Collector, NeedsAttention, TryAgainLater


def wish(rows: Sequence[int], clock: Clock) -> int:
    """Write down that these cases are to be closed again. Returns of how many that was not known yet."""
    mine = Submission.objects.filter(pk__in=rows, state=State.CREATED, taking_back_since=None)
    return mine.exclude(case_id="").update(taking_back_since=clock.now())


def close_again(rows: Sequence[Submission], collector: Collector, clock: Clock) -> None:
    """Settle rows that carry the wish. What cannot be closed keeps its case, and its row says why."""
    for row in rows:
        with suppress(NeedsAttention, TryAgainLater):  # the row says so, or is looked at again
            close_one(row, collector, clock)


def close_one(row: Submission, collector: Collector, clock: Clock) -> None:
    """Close one case that carries the wish, and settle its row.

    Raises NeedsAttention, having dropped the wish, when it cannot be closed; TryAgainLater when the collector
    does not say, and the wish stays.
    """
    try:
        collector.take_back(row.case_id)
    except NeedsAttention as reason:
        _keep(row, reason)
        raise
    # Somebody else may be at the row, for its document or for the same wish; the state decides.
    while row.state == State.CREATED:
        if take(row) and _settle(row, clock):
            return
        row.refresh_from_db()


def _settle(row: Submission, clock: Clock) -> bool:
    now = clock.now()
    with transaction.atomic():
        moved = move(
            row, Event.TAKEN_BACK, now, taking_back_since=None, message="Taken back, free of charge."
        )
        if moved:
            text = f"Took back case {row.case_reference}, free of charge."
            note(row.organisation_id, Action.CASE_TAKEN_BACK, text, now, subject=f"case {row.case_reference}")
    return moved


def _keep(row: Submission, reason: NeedsAttention) -> None:
    row.taking_back_since, row.message = None, f"Not taken back: {reason}"
    kept = Submission.objects.filter(pk=row.pk, state=State.CREATED)
    kept.update(taking_back_since=None, message=row.message)
