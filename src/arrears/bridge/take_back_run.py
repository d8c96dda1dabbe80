"""Undo the opening of every case of a run for which that is still free."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.collectors import collector_of
from arrears.bridge.models import ImportRun, Submission
from arrears.bridge.taking_back import wish


def take_back_run(run: ImportRun, rows: Sequence[int]) -> int:
    """Queue the closing of the cases of these rows of the run. Returns how many were not on their way yet.

    A worker closes them one after the other; one that a partner has accepted meanwhile stays, and its row
    says so.
    """
    if not collector_of(run).takes_back:
        return 0
    with transaction.atomic():
        mine = list(Submission.objects.filter(run=run, pk__in=rows).values_list("pk", flat=True))
        wished = wish(mine, adapters().clock)
        if wished:
            queue.submit(run, mine)
            _note(run, wished)
    return wished


def _note(run: ImportRun, wished: int) -> None:
    """Who wants it: the worker that closes the cases acts for nobody."""
    text = f"Asked to take back {wished:,} {'case' if wished == 1 else 'cases'} from {run.company_name}."
    now, subject = adapters().clock.now(), f"run {run.pk}"
    note(run.organisation_id, Action.CASE_TAKEN_BACK, text, now, subject=subject)
