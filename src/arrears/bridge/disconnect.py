"""Disconnect a company's books and destroy what was stored to reach them."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts import vault
from arrears.accounts.audit import Action
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import note_connection
from arrears.bridge.ledger import OPEN, end_early
from arrears.bridge.models import Connection, ImportRun


def disconnect(connection: Connection) -> None:
    """Log out, destroy the sealed credentials and delete the connection. What was not sent lets go at once.

    The record of submitted cases stays: it is what keeps an invoice from being submitted twice.
    """
    adapters().forget(connection)
    now = adapters().clock.now()
    with transaction.atomic():
        open_runs = connection.import_runs.filter(stage__in=OPEN).order_by("pk")
        for run_id in open_runs.values_list("pk", flat=True):
            end_early(run_id, ImportRun.Stage.FAILED, now, "The connection was removed.", OPEN)
        vault.forget(connection.organisation_id, connection.record)
        company = connection.company_name or "a company that was never proven"
        note_connection(connection, Action.DISCONNECTED, f"Disconnected KashFlow for {company}")
        connection.delete()
