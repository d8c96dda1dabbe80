"""Decline an import that waits: nothing of it is sent."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.accounts.models import User
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import end_early
from arrears.bridge.limit import what_of
from arrears.bridge.models import ImportRun
from arrears.core.wording import full_stop
from arrears.ports import NeedsAttention

#: The longest reason kept.
LONGEST_REASON = 500


def decline_import(run: ImportRun, declined_by: int | None, reason: str) -> int:
    """End a run that waits, free its invoices, and return how many cases will not be opened.

    Raises NeedsAttention without a reason, and for a run that does not wait any more.
    """
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise NeedsAttention(
            "A declined import says why.", code="no_reason", action="Write a reason, then decline it."
        )
    now = adapters().clock.now()
    who = User.objects.filter(pk=declined_by).first() if declined_by else None
    problem = f"Declined by {who.email if who else 'somebody'}: {full_stop(words)}"
    waiting = (ImportRun.Stage.AWAITING,)
    with transaction.atomic():
        current = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if current.stage not in waiting:
            raise NeedsAttention(
                "This import is not waiting any more: somebody has decided about it already.",
                code="not_waiting",
                action="Load the page again to see how it stands.",
            )
        dropped = end_early(run.pk, ImportRun.Stage.CANCELLED, now, problem, waiting)
        text = f"Declined the import {what_of(current)}: {full_stop(words)}"
        note(run.organisation_id, Action.IMPORT_DECLINED, text, now, subject=f"run {run.pk}")
    run.refresh_from_db()
    return dropped
