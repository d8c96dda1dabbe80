"""Try again what a run could not submit, after somebody put the cause right."""

from __future__ import annotations

from django.db import transaction

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import plan_again, unfinished
from arrears.bridge.models import ImportRun, Submission
from arrears.core.submission import State

_WITHOUT_CASE = (State.FLAGGED, State.REJECTED, State.NEEDS_ACTION)


def retry_import(run: ImportRun) -> int:
    """Queue again every flagged or refused submission, and whatever a stopped run left undone.

    Returns how many are tried again. A run that could not even read the invoices starts over.
    """
    with transaction.atomic():
        # Locked, so that a job that is just ending does not close the run over the rows put back.
        locked = ImportRun.objects.select_for_update(of=("self",), no_key=True).select_related("connection")
        current = locked.get(pk=run.pk)
        if current.connection is None or current.stage == ImportRun.Stage.PREPARING:
            return 0
        rows = Submission.objects.filter(run=current)
        never_prepared = current.takes_all and not rows.exists()
        current.stage = ImportRun.Stage.PREPARING if never_prepared else ImportRun.Stage.SUBMITTING
        current.problem, current.finished_at = "", None
        current.save(update_fields=["stage", "problem", "finished_at"])
        if never_prepared:
            queue.prepare(current)
            return 0
        again = plan_again(list(rows.filter(state__in=_WITHOUT_CASE)), adapters().clock.now())
        queue.submit(current, list(unfinished(rows).values_list("pk", flat=True)))
    return len(again)
