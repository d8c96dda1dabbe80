"""Remove a collector: destroy its key, and stop what still wanted to send cases there."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts import vault
from arrears.accounts.audit import Action
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import note_collector
from arrears.bridge.ledger import OPEN, end_early
from arrears.bridge.models import CollectorAccount, ImportRun
from arrears.bridge.subscription import cancel


def remove_collector(account: CollectorAccount) -> None:
    """Be told of nothing more, destroy the sealed secrets and stop the imports that go there.

    The account stays as a name in the history, and the cases as they were last read. What was sent and not
    answered is given to a person to decide. Safe to repeat.
    """
    cancel(account)
    now = adapters().clock.now()
    with transaction.atomic():
        row = CollectorAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        vault.forget(row.organisation_id, row.record)
        if row.removed_at is None:
            row.removed_at, row.is_default, row.swept_at = now, False, None
            row.save(update_fields=["removed_at", "is_default", "swept_at"])
            note_collector(row, Action.COLLECTOR_REMOVED, "Removed")
        open_runs = row.import_runs.filter(stage__in=OPEN).order_by("pk")
        for run_id in open_runs.values_list("pk", flat=True):
            end_early(run_id, ImportRun.Stage.FAILED, now, "The collector was removed.", OPEN)
    account.refresh_from_db()
