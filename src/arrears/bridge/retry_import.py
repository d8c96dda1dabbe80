"""Try again what a run could not submit, after somebody put the cause right."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import UNSENT, plan_again, unfinished
from arrears.bridge.limit import WAITING_FIELDS, wait_again, why_again
from arrears.bridge.models import ImportRun, Submission
from arrears.core.submission import State

_WITHOUT_CASE = (State.FLAGGED, State.REJECTED, State.NEEDS_ACTION)


def retry_import(run: ImportRun, asked_by: int | None = None) -> int:
    """Queue again every flagged or refused submission, and whatever a stopped run left undone.

    Returns how many are tried again. A run that could not even read the invoices starts over. Where the
    organisation has a limit, rows whose amounts nobody has agreed to wait for a second person.
    """
    with transaction.atomic():
        # Locked, so that a job that is just ending does not close the run over the rows put back.
        locked = ImportRun.objects.select_for_update(of=("self",), no_key=True).select_related("connection")
        current = locked.get(pk=run.pk)
        if current.connection is None or current.stage in (
            ImportRun.Stage.PREPARING,
            ImportRun.Stage.AWAITING,
        ):
            return 0
        rows = Submission.objects.filter(run=current)
        never_prepared = current.takes_all and not rows.exists()
        again = plan_again(list(rows.filter(state__in=_WITHOUT_CASE)), adapters().clock.now())
        _go_on(current, again, asked_by, never_prepared=never_prepared)
    run.refresh_from_db()
    return len(again)


def _go_on(
    run: ImportRun, again: Sequence[Submission], asked_by: int | None, *, never_prepared: bool
) -> None:
    run.stage = ImportRun.Stage.PREPARING if never_prepared else ImportRun.Stage.SUBMITTING
    run.problem, run.finished_at = "", None
    why = why_again(run, again) if again or never_prepared else ""
    if why:
        wait_again(run, why, asked_by)
    run.save(update_fields=["problem", "finished_at", *WAITING_FIELDS])
    rows = unfinished(Submission.objects.filter(run=run))
    if run.stage == ImportRun.Stage.PREPARING:
        queue.prepare(run)
    else:
        held = rows.exclude(state__in=UNSENT) if why else rows
        queue.submit(run, list(held.values_list("pk", flat=True)))
    text = f"Tried the import from {run.company_name} again. {why}".strip()
    note(run.organisation_id, Action.IMPORT_RETRIED, text, adapters().clock.now(), subject=f"run {run.pk}")
