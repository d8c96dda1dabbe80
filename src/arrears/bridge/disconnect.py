"""Disconnect a company's books and destroy what was stored to reach them."""

from __future__ import annotations

from django.db import transaction

from arrears.accounts import vault
from arrears.bridge.adapters import adapters
from arrears.bridge.models import Connection, ImportRun


def disconnect(connection: Connection) -> None:
    """Log out, destroy the sealed credentials and delete the connection.

    The record of submitted cases stays: it is what keeps an invoice from being submitted twice.
    """
    adapters().forget(connection)
    with transaction.atomic():
        open_runs = connection.import_runs.filter(
            stage__in=[ImportRun.Stage.PREPARING, ImportRun.Stage.SUBMITTING]
        )
        open_runs.update(
            stage=ImportRun.Stage.FAILED,
            problem="The connection was removed.",
            finished_at=adapters().clock.now(),
        )
        vault.forget(connection.organisation_id, connection.record)
        connection.delete()
