"""Stop an import run: nothing more is sent, and what is under way ends known."""

from __future__ import annotations

from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import end_early
from arrears.bridge.models import ImportRun


def cancel_import(run: ImportRun) -> int:
    """Cancel what has not been sent. Returns how many submissions were dropped.

    A submission that is being sent right now, or whose answer was lost, is not dropped: it is settled by
    looking it up, so that no case exists that nobody knows of.
    """
    dropped = end_early(run.pk, ImportRun.Stage.CANCELLED, adapters().clock.now())
    run.refresh_from_db()
    return dropped
