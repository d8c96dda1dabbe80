"""`arrears import` and `arrears runs`: open cases, and see what became of each invoice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from arrears.cli import PARTLY
from arrears.cli.boot import boot, organisation, organisation_option
from arrears.cli.collectors import chosen_collector, described
from arrears.cli.invoices import connection_of, read
from arrears.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arrears.bridge.models import CollectorAccount, Connection, ImportRun
    from arrears.bridge.preview import Row


@click.command("import")
@click.option("--connection", "connection_id", type=int, metavar="ID", help="Which connection, when several.")
@click.option("--invoice", "numbers", multiple=True, metavar="N", help="An invoice number; may be repeated.")
@click.option("--all-eligible", is_flag=True, help="Every invoice that may be submitted.")
@click.option(
    "--bundle", "bundles", is_flag=True, help="One case a customer and currency instead of one an invoice."
)
@click.option(
    "--collector",
    "collector",
    metavar="WHICH",
    help="Where the cases go: desk, debitura or an ID. The preferred one unless given.",
)
@click.option("--dry-run", is_flag=True, help="Predict every outcome and open nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before opening cases.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
@click.pass_context
def import_command(
    ctx: click.Context,
    connection_id: int | None,
    numbers: tuple[str, ...],
    all_eligible: bool,
    bundles: bool,
    collector: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    organisation: str | None,
) -> None:
    """Open one case for each chosen invoice, exactly once."""
    if bool(numbers) == all_eligible:
        raise click.UsageError("Name invoices with --invoice N, or take all with --all-eligible.")
    boot()
    connection = connection_of(organisation, connection_id)
    account = chosen_collector(connection.organisation_id, collector)
    rows = _chosen(read(connection, account), numbers)
    claims = _claims(rows, bundles)
    if dry_run:
        _tell(_predicted(connection, account, rows, claims), as_json)
        return
    if not yes:
        _ask(claims, described(connection.organisation_id, account))
    document = shown(_carry_out(connection, account, rows, claims, bundles))
    _tell(document, as_json)
    _tell_that_it_waits(document)
    if account is None:
        _tell_what_waits(connection.organisation_id)
    if not _fulfilled(document, {"created", "flagged"} if all_eligible else {"created"}):
        ctx.exit(PARTLY)


def _tell_that_it_waits(document: dict[str, Any]) -> None:
    """Say why nothing was sent and where it is approved. On standard error, because it is no result."""
    from django.conf import settings
    from django.urls import reverse

    if document["stage"] == "awaiting":
        page = f"{settings.ARREARS_URL}{reverse('run', args=[document['run']])}"
        click.echo(f"Nothing is sent yet. {document['waits_because']} It is approved here: {page}", err=True)


def _tell_what_waits(organisation_id: int) -> None:
    """Say where to sign when cases wait for it. On standard error, because it is no part of the results."""
    from arrears.cli.agreements import has_address, new_link, waiting_text
    from arrears.core.case import Lifecycle
    from arrears.desk.models import Case

    waiting = Case.objects.filter(
        creditor_id=organisation_id, lifecycle=Lifecycle.PENDING_SIGNING.value
    ).count()
    if not waiting:
        return
    known = has_address(organisation_id)
    where = new_link(organisation_id) if known else "arrears agreements link --email ADDRESS"
    click.echo(f"{waiting_text(waiting)} {'Sign here' if known else 'Get the link with'}: {where}", err=True)


def _fulfilled(document: dict[str, Any], wanted: set[str]) -> bool:
    """Whether all was done. For --all-eligible a flagged row is an answer, not a failure."""
    return document["stage"] == "finished" and {row["state"] for row in document["results"]} <= wanted


def _chosen(rows: list[Row], numbers: tuple[str, ...]) -> list[Row]:
    if not numbers:
        return rows
    by_number = {row.claim.invoices[0].number: row for row in rows}
    unknown = [number for number in numbers if number not in by_number]
    if unknown:
        raise click.UsageError(f"Not on the list of unpaid invoices: {', '.join(unknown)}.")
    return [by_number[number] for number in dict.fromkeys(numbers)]


def _claims(rows: list[Row], bundles: bool) -> list[Any]:
    from arrears.bridge.adapters import adapters
    from arrears.core.claim import bundle

    claims = [row.claim for row in rows if row.may_be_submitted]
    return bundle(claims, adapters().clock.today()) if bundles else claims


def _ask(claims: list[Any], where: str) -> None:
    from arrears.core.money import totals_by_currency

    totals = totals_by_currency([claim.principal for claim in claims if claim.principal])
    amounts = ", ".join(str(total) for total in totals.values()) or "nothing"
    cases = "1 case" if len(claims) == 1 else f"{len(claims)} cases"
    click.confirm(f"Open {cases} ({amounts}) at {where}?", abort=True, err=True)


def _predicted(
    connection: Connection, account: CollectorAccount | None, rows: list[Row], claims: list[Any]
) -> dict[str, Any]:
    """What an import would do, from the very verdicts that it would use."""
    from arrears.core.submission import reference_of

    test = account is not None and account.test
    results = [
        {
            "invoice_numbers": list(claim.numbers),
            "state": "would be created",
            "reference": reference_of(connection.source, connection.account, claim.invoice_ids, test=test),
            "case": None,
            "findings": [],
            "message": "",
            "action_url": None,
        }
        for claim in claims
    ]
    results += [_left_out(row) for row in rows if not row.may_be_submitted]
    return {
        "run": None,
        "collector": described(connection.organisation_id, account),
        "stage": "dry run",
        "problem": "",
        "waits_because": "",
        "counts": _counts(results),
        "results": results,
    }


def _left_out(row: Row) -> dict[str, Any]:
    return {
        "invoice_numbers": list(row.claim.numbers),
        "state": "flagged",
        "reference": "",
        "case": row.reference or None,
        "findings": [finding.code for finding in row.verdict.findings],
        "message": row.why_not,
        "action_url": None,
    }


def _carry_out(
    connection: Connection,
    account: CollectorAccount | None,
    rows: list[Row],
    claims: list[Any],
    bundles: bool,
) -> ImportRun:
    from arrears.bridge.ledger import Left, picked_of
    from arrears.bridge.start_import import Order, start_import

    order = Order(
        form_id=uuid4(),
        groups=[picked_of(claim) for claim in claims],
        bundles=bundles,
        left_out=[
            Left(
                picked_of(row.claim)[0],
                tuple(finding.code for finding in row.verdict.findings),
                row.why_not,
            )
            for row in rows
            if not row.may_be_submitted
        ],
        collector=account,
    )
    run = start_import(connection, order)
    _watch(run, connection)
    run.refresh_from_db()
    return run


def _watch(run: ImportRun, connection: Connection) -> None:
    """Work on the run in this process, beside whatever workers there are, and show how far it has come."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from arrears.bridge import queue
    from arrears.bridge.models import ImportRun, Submission
    from arrears.bridge.worker import run_until_idle
    from arrears.core.submission import RESTING

    console = Console(stderr=True)
    columns = (TextColumn("Opening cases"), BarColumn(), MofNCompleteColumn())
    total = Submission.objects.filter(run=run).count()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)

        def done() -> bool:
            rows = Submission.objects.filter(run=run)
            bar.update(task, completed=rows.filter(state__in=RESTING).count())
            stage = ImportRun.objects.values_list("stage", flat=True).get(pk=run.pk)
            waiting = (
                rows.filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()
            )
            return stage not in ("preparing", "submitting") or _not_soon(waiting)

        run_until_idle([queue.name_of(connection)], done)


def _not_soon(due: Any) -> bool:
    """Whether what is left is due so late that a command should not wait for it; a worker takes it up."""
    from datetime import timedelta

    from arrears.bridge.adapters import adapters

    return due is not None and due > adapters().clock.now() + timedelta(seconds=30)


def shown(run: ImportRun) -> dict[str, Any]:
    """A run as the JSON document gives it."""
    results = [
        {
            "invoice_numbers": row.invoice_numbers,
            "state": row.state,
            "reference": row.reference,
            "case": row.case_reference or None,
            "findings": row.finding_codes,
            "message": row.message,
            "action_url": row.action_url or None,
        }
        for row in run.submissions.all()
    ]
    return {
        "run": run.pk,
        "collector": described(run.organisation_id, run.collector),
        "stage": run.stage,
        "problem": run.problem,
        "waits_because": run.waits_because,
        "counts": _counts(results),
        "results": results,
    }


def _counts(results: list[dict[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in results:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    return counts


def _tell(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    print_table(
        ["Invoice", "Outcome", "Case", "Why"],
        [
            [", ".join(row["invoice_numbers"]), row["state"], row["case"] or "", _why(row)]
            for row in document["results"]
        ],
    )
    counts = (
        " · ".join(f"{number} {state}" for state, number in document["counts"].items()) or "nothing to do"
    )
    name = f"Run {document['run']}" if document["run"] else "Dry run"
    click.echo(f"{name} at {document['collector']}: {counts}")
    if document["problem"]:
        click.echo(document["problem"], err=True)


def _why(row: dict[str, Any]) -> str:
    """The reason with the page on which it is settled, if there is one."""
    return f"{row['message']} {row['action_url'] or ''}".strip()


@click.command("runs")
@click.argument("run_id", metavar="[ID]", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@organisation_option
def runs_command(run_id: int | None, as_json: bool, organisation: str | None) -> None:
    """List import runs, or show what became of each invoice in one."""
    boot()
    from arrears.bridge.models import ImportRun

    mine = ImportRun.objects.filter(organisation_id=_organisation(organisation))
    runs = mine.select_related("collector")
    if run_id is not None:
        run = runs.filter(pk=run_id).first()
        if run is None:
            raise click.UsageError(f"There is no run {run_id}. See: arrears runs")
        _tell(shown(run), as_json)
        return
    documents = [shown(run) | {"started_at": run.started_at.isoformat()} for run in runs[:50]]
    if as_json:
        print_json([{name: value for name, value in one.items() if name != "results"} for one in documents])
        return
    print_table(
        ["Run", "Started", "Collector", "Stage", "Outcome"],
        [
            [
                str(one["run"]),
                one["started_at"][:16].replace("T", " "),
                one["collector"],
                one["stage"],
                " · ".join(f"{number} {state}" for state, number in one["counts"].items()),
            ]
            for one in documents
        ],
    )


def _organisation(named: str | None) -> int:
    return organisation(named)
