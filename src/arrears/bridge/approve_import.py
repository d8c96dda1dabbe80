"""Let an import that waits go ahead."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import finish_if_done, unfinished
from arrears.bridge.limit import what_of
from arrears.bridge.models import ImportRun
from arrears.ports import NeedsAttention


def approve_import(run: ImportRun, approved_by: int | None) -> ImportRun:
    """Queue what the run holds and return the run as it stands then. Exactly one of several callers wins.

    Raises NeedsAttention for a run that does not wait any more, for one above the limit when whoever asked
    for it approves, and for one whose connection is gone. Whether somebody may approve at all is for the
    caller to know.
    """
    now = adapters().clock.now()
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",), no_key=True).select_related("connection")
        current = locked.get(pk=run.pk)
        _check(current, approved_by, was_for_anybody=not run.needs_second_person)
        never_prepared = current.takes_all and not current.submissions.exists()
        current.stage = ImportRun.Stage.PREPARING if never_prepared else ImportRun.Stage.SUBMITTING
        current.approved_by_id, current.approved_at = approved_by, now
        current.save(update_fields=["stage", "approved_by", "approved_at"])
        if never_prepared:
            queue.prepare(current)
        else:
            queue.submit(current, list(unfinished(current.submissions.all()).values_list("pk", flat=True)))
            finish_if_done(current.pk, now)
        text = f"Approved the import {what_of(current)}."
        note(current.organisation_id, Action.IMPORT_APPROVED, text, now, subject=f"run {current.pk}")
    run.refresh_from_db()
    return run


def _check(run: ImportRun, approved_by: int | None, *, was_for_anybody: bool) -> None:
    # Who may approve was judged by the run as it was read; it may have come to need a second person since.
    if run.stage != ImportRun.Stage.AWAITING or (was_for_anybody and run.needs_second_person):
        raise NeedsAttention(
            "This import is not waiting any more: somebody has decided about it already.",
            code="not_waiting",
            action="Load the page again to see how it stands.",
        )
    if run.needs_second_person and approved_by is not None and approved_by == run.asked_by_id:
        raise NeedsAttention(
            "You asked for this import, so somebody else has to approve it.",
            code="second_person",
            action="Ask an owner or an approver of your organisation.",
        )
    if run.connection_id is None:
        raise NeedsAttention(
            "The connection of this import was removed, so its invoices cannot be read.",
            code="connection_removed",
            action="Decline it, connect the company again and start a new import.",
        )
