"""Start an import run: write down what was asked for, in one step with the jobs that will do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from arrears.accounts.audit import Action, note
from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.attention import collector_trouble
from arrears.bridge.collector_key import removed
from arrears.bridge.collectors import accounts_of
from arrears.bridge.ledger import Left, Picked, finish_if_done, plan, record_left_out
from arrears.bridge.limit import totals_of, what_of, why_above_limit
from arrears.bridge.models import CollectorAccount, Connection, EscalationPolicy, ImportRun
from arrears.core.submission import State
from arrears.ports import NeedsAttention


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked to import.

    `groups` lists the invoices of each case to be; None means every eligible invoice, found by the run
    itself. `left_out` tells which invoices were looked at and not taken, for the record. `form_id` is made
    by whoever asks, once: asking again with the same one starts nothing new. `collector` is where the cases
    go, None for our own desk. `waits_because` is a sentence: the run waits until a person lets it go ahead;
    `policy` is what prepared it.
    """

    form_id: UUID
    groups: Sequence[Sequence[Picked]] | None
    bundles: bool = False
    left_out: Sequence[Left] = ()
    collector: CollectorAccount | None = None
    policy: EscalationPolicy | None = None
    waits_because: str = ""


def start_import(connection: Connection, order: Order, started_by: int | None = None) -> ImportRun:
    """Create the run and its jobs, or return the run that this very order started before.

    A run above the organisation's limit holds its invoices and waits for a second person; nothing is sent.
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
            if order.groups is not None:
                _plan(run, connection, order.groups, order.left_out)
            elif run.stage == ImportRun.Stage.PREPARING:
                queue.prepare(run)
            _note(run)
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
    if run.stage == ImportRun.Stage.AWAITING and not any(row.state == State.PLANNED for row in rows):
        # All of it is taken by another import, so there is nothing to agree to.
        run.stage, run.waits_because, run.needs_second_person = ImportRun.Stage.SUBMITTING, "", False
        run.save(update_fields=["stage", "waits_because", "needs_second_person"])
    if run.stage == ImportRun.Stage.SUBMITTING:
        queue.submit(run, [row.pk for row in rows])
        finish_if_done(run.pk, now)


def _create(connection: Connection, order: Order, started_by: int | None) -> ImportRun:
    totals = totals_of(order.groups)
    above = why_above_limit(connection.organisation_id, totals)
    stage = ImportRun.Stage.PREPARING if order.groups is None else ImportRun.Stage.SUBMITTING
    waits_because = f"{order.waits_because} {above}".strip()
    return ImportRun.objects.create(
        organisation_id=connection.organisation_id,
        connection=connection,
        company_name=connection.company_name,
        collector=order.collector,
        started_by_id=started_by,
        # A policy asks in the name of whoever made it: that person cannot be the second one either.
        asked_by_id=started_by or (order.policy.created_by_id if order.policy else None),
        form_id=order.form_id,
        takes_all=order.groups is None,
        bundles=order.bundles,
        policy=order.policy,
        totals=totals.as_kept() if totals else [],
        stage=ImportRun.Stage.AWAITING if waits_because else stage,
        waits_because=waits_because,
        needs_second_person=bool(above),
        started_at=adapters().clock.now(),
    )


def _note(run: ImportRun) -> None:
    text = f"Started an import {what_of(run)}."
    if run.stage == ImportRun.Stage.AWAITING:
        text = f"{text} It waits: {run.waits_because}"
    note(run.organisation_id, Action.IMPORT_STARTED, text, run.started_at, subject=f"run {run.pk}")
