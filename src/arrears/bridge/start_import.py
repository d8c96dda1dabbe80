"""Start an import run: write down what was asked for, in one step with the jobs that will do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import collector_trouble
from arrears.bridge.collector_key import removed
from arrears.bridge.collectors import accounts_of
from arrears.bridge.ledger import Left, Picked, finish_if_done, plan, record_left_out
from arrears.bridge.models import CollectorAccount, Connection, ImportRun
from arrears.ports import NeedsAttention


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked to import.

    `groups` lists the invoices of each case to be; None means every eligible invoice, found by the run
    itself. `left_out` tells which invoices were looked at and not taken, for the record. `form_id` is made
    by whoever asks, once: asking again with the same one starts nothing new. `collector` is where the cases
    go, None for our own desk.
    """

    form_id: UUID
    groups: Sequence[Sequence[Picked]] | None
    bundles: bool = False
    left_out: Sequence[Left] = ()
    collector: CollectorAccount | None = None


def start_import(connection: Connection, order: Order, started_by: int | None = None) -> ImportRun:
    """Create the run and its jobs, or return the run that this very order started before.

    Raises NeedsAttention for a connection that never proved whose books it opens, or is gone meanwhile, and
    for a collector that is not in use.
    """
    if not connection.account:
        raise NeedsAttention(
            "This connection has not been verified yet, so nothing can be imported from it.",
            code="not_verified",
            action="Enter its login again.",
        )
    try:
        with transaction.atomic():
            _hold_to_its_place(connection, order.collector)
            run = _create(connection, order, started_by)
            if order.groups is None:
                queue.prepare(run)
            else:
                _plan(run, connection, order.groups, order.left_out)
    except IntegrityError:
        return _started_before(connection, order)
    run.refresh_from_db()
    return run


def _hold_to_its_place(connection: Connection, account: CollectorAccount | None) -> None:
    """Nobody removes the collector while the run is being written down. Raises NeedsAttention."""
    if account is None:
        return
    mine = accounts_of(connection.organisation_id).select_for_update(no_key=True)
    current = mine.filter(pk=account.pk).first()
    if current is None:
        raise removed()
    trouble = collector_trouble(current)
    if trouble is not None:
        raise trouble


def _started_before(connection: Connection, order: Order) -> ImportRun:
    mine = ImportRun.objects.filter(organisation_id=connection.organisation_id, form_id=order.form_id)
    run = mine.first()
    if run is None:
        raise NeedsAttention(
            "The import could not be started: the connection was removed a moment ago.",
            code="connection_removed",
            action="Connect the company again, then choose the invoices afresh.",
        )
    return run


def _plan(
    run: ImportRun, connection: Connection, groups: Sequence[Sequence[Picked]], left_out: Sequence[Left]
) -> None:
    source, account, now = connection.source, connection.account, adapters().clock.now()
    record_left_out(run, source, account, left_out, now)
    rows = plan(run, source, account, groups, now)
    queue.submit(run, [row.pk for row in rows])
    finish_if_done(run.pk, now)


def _create(connection: Connection, order: Order, started_by: int | None) -> ImportRun:
    stage = ImportRun.Stage.PREPARING if order.groups is None else ImportRun.Stage.SUBMITTING
    return ImportRun.objects.create(
        organisation_id=connection.organisation_id,
        connection=connection,
        company_name=connection.company_name,
        collector=order.collector,
        started_by_id=started_by,
        form_id=order.form_id,
        takes_all=order.groups is None,
        bundles=order.bundles,
        stage=stage,
        started_at=adapters().clock.now(),
    )
