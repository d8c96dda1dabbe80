"""Find every eligible invoice for a run that takes all, and write down why each other one is left out."""

from __future__ import annotations

from django.db import transaction

from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import Left, end_early, finish_if_done, picked_of, plan, record_left_out
from arrears.bridge.models import Connection, ImportRun
from arrears.bridge.preview import Row, preview
from arrears.core.claim import bundle
from arrears.ports import NeedsAttention


def prepare_import(run_id: int) -> None:
    """Read the unpaid invoices, plan the eligible ones and queue them. Safe to repeat.

    Everything is written in one transaction at the end: stopped before that, the run still prepares.
    Raises TryAgainLater, which the job engine repeats; NeedsAttention stops the run with its reason.
    """
    run = ImportRun.objects.select_related("connection", "collector").filter(pk=run_id).first()
    if run is None or run.stage != ImportRun.Stage.PREPARING:
        return
    if run.connection is None:
        _stop(run_id, "The connection was removed.")
        return
    try:
        rows = [row for instalment in preview(run.connection, run.collector) for row in instalment.rows]
    except NeedsAttention as reason:
        _stop(run_id, reason.in_full)
        return
    _write_down(run, run.connection, rows)
    finish_if_done(run_id, adapters().clock.now())


def _stop(run_id: int, problem: str) -> None:
    end_early(run_id, ImportRun.Stage.FAILED, adapters().clock.now(), problem)


def _write_down(run: ImportRun, connection: Connection, rows: list[Row]) -> None:
    clock = adapters().clock
    with transaction.atomic():
        still_ours = ImportRun.objects.filter(pk=run.pk, stage=ImportRun.Stage.PREPARING).update(
            stage=ImportRun.Stage.SUBMITTING
        )
        if not still_ours:
            return  # cancelled meanwhile, or prepared by somebody else
        run.stage = ImportRun.Stage.SUBMITTING
        left_out = [
            Left(picked_of(row.claim)[0], tuple(one.code for one in row.verdict.findings), row.why_not)
            for row in rows
            if not row.may_be_submitted
        ]
        record_left_out(run, connection.source, connection.account, left_out, clock.now())
        claims = [row.claim for row in rows if row.may_be_submitted]
        groups = [picked_of(claim) for claim in (bundle(claims, clock.today()) if run.bundles else claims)]
        planned = plan(run, connection.source, connection.account, groups, clock.now())
        queue.submit(run, [row.pk for row in planned])
