"""Stop an import run: nothing more is sent, and what is under way ends known."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import OPEN, end_early
from arrears.bridge.models import ImportRun


def cancel_import(run: ImportRun) -> int:
    """Cancel what has not been sent. Returns how many submissions were dropped.

    A submission that is being sent right now, or whose answer was lost, is not dropped: it is settled by
    looking it up, so that no case exists that nobody knows of.
    """
    now = adapters().clock.now()
    with transaction.atomic():
        before = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        dropped = end_early(run.pk, ImportRun.Stage.CANCELLED, now, of=OPEN)
        if before.stage in OPEN:
            text = f"Cancelled the import from {run.company_name}. {dropped} rows were not sent."
            note(run.organisation_id, Action.IMPORT_CANCELLED, text, now, subject=f"run {run.pk}")
    run.refresh_from_db()
    return dropped
