"""`arrears invoices`: every unpaid invoice, live, with its verdict and estimated fee."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from arrears.cli.boot import boot, organisation, organisation_option
from arrears.cli.collectors import chosen_collector
from arrears.cli.connections import ask_for_word, pick_connection
from arrears.cli.output import print_json, print_table

if TYPE_CHECKING:
    from arrears.bridge.models import CollectorAccount
    from arrears.bridge.preview import Row

COLUMNS = (
    "number", "customer_code", "customer_name", "issued", "due", "days_overdue", "currency", "gross",
    "outstanding", "status", "eligible", "findings", "country", "rate", "fee", "net",
)  # fmt: skip
AMOUNTS = ("gross", "outstanding", "rate", "fee", "net")


@click.command("invoices")
@click.option("--connection", "connection_id", type=int, metavar="ID", help="Which connection, when several.")
@click.option(
    "--collector",
    "collector",
    metavar="WHICH",
    help="Whose offer to ask for: desk, debitura or an ID. The preferred one unless given.",
)
@click.option("--eligible", "only", flag_value="eligible", help="Only those that may be submitted.")
@click.option("--flagged", "only", flag_value="flagged", help="Only those that may not.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document: a list with one entry an invoice."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@organisation_option
def invoices_command(
    connection_id: int | None,
    collector: str | None,
    only: str | None,
    as_json: bool,
    as_csv: bool,
    organisation: str | None,
) -> None:
    """List every unpaid invoice as it stands now, with what may be submitted and what it would cost."""
    if as_json and as_csv:
        raise click.UsageError("Choose --json or --csv, not both.")
    boot()
    connection = connection_of(organisation, connection_id)
    account = chosen_collector(connection.organisation_id, collector)
    rows = [row for row in read(connection, account) if _wanted(row, only)]
    today = _today()
    if as_json:
        print_json([shown(row, today) for row in rows])
    elif as_csv:
        click.echo(_csv(rows, today), nl=False)
    else:
        _print(rows, today)


def connection_of(named: str | None, connection_id: int | None) -> Any:
    return pick_connection(organisation(named), connection_id)


def _today() -> date:
    from arrears.bridge.adapters import adapters

    return adapters().clock.today()


def _wanted(row: Row, only: str | None) -> bool:
    return only is None or row.verdict.eligible == (only == "eligible")


def read(connection: Any, account: CollectorAccount | None) -> list[Row]:
    """All rows of a live preview, with progress on the terminal and remarks on standard error."""
    from arrears.bridge.preview import preview

    word = ask_for_word() if connection.asks_for_word else None
    rows: list[Row] = []
    remarks: list[str] = []
    with _progress() as advance:
        for instalment in preview(connection, account, word):
            rows.extend(instalment.rows)
            remarks.extend(remark for remark in instalment.remarks if remark not in remarks)
            advance(instalment.progress.seen, instalment.progress.total)
    for remark in remarks:
        click.echo(f"Note: {remark}", err=True)
    return rows


@contextmanager
def _progress() -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading invoices from KashFlow", total=None)
        yield lambda seen, total: bar.update(task, completed=seen, total=total)


def shown(row: Row, today: date) -> dict[str, object]:
    """One row as the JSON document gives it: amounts as text, dates as YYYY-MM-DD."""
    from arrears.core.invoice import days_overdue, status_of

    invoice, debtor = row.claim.invoices[0], row.claim.debtor
    principal = row.claim.principal
    return {
        "number": invoice.number,
        "customer_code": debtor.code,
        "customer_name": debtor.name,
        "issued": invoice.issued.isoformat() if invoice.issued else None,
        "due": invoice.due.isoformat() if invoice.due else None,
        "days_overdue": days_overdue(invoice.due, today),
        "currency": invoice.currency,
        "gross": _amount(invoice.figures.gross, invoice.currency),
        "outstanding": _amount(principal.amount, principal.currency) if principal else None,
        "status": status_of(invoice, today),
        "eligible": row.verdict.eligible,
        "submitted": row.reference or None,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "field": finding.field,
                "message": finding.message,
                "fix": finding.fix,
            }
            for finding in row.verdict.findings
        ],
        "debtor": _debtor(row),
        "estimate": _estimate(row),
    }


def _amount(amount: Any, currency: str) -> str | None:
    from arrears.core.money import round_amount

    return None if amount is None else str(round_amount(amount, currency))


def _debtor(row: Row) -> dict[str, object]:
    debtor = row.claim.debtor
    return {
        "name": debtor.name,
        "type": debtor.type.value,
        "address": debtor.address.street,
        "zip": debtor.address.zip,
        "city": debtor.address.city,
        "state": debtor.address.state,
        "country": debtor.address.country,
        "email": debtor.emails[0] if debtor.emails else "",
        "phone": debtor.phones[0] if debtor.phones else "",
    }


def _estimate(row: Row) -> dict[str, str] | None:
    if row.estimate is None:
        return None
    return {
        "rate": str(row.estimate.rate),
        "fee": str(row.estimate.fee.amount),
        "net": str(row.estimate.net.amount),
        "source": row.estimate.source,
    }


def _csv(rows: list[Row], today: date) -> str:
    from arrears.desk.csv_text import csv_text

    return csv_text(COLUMNS, [[_cell(flat, name) for name in COLUMNS] for flat in _flat(rows, today)])


def _flat(rows: list[Row], today: date) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield (
            shown(row, today)
            | (_estimate(row) or {})
            | {
                "country": row.claim.debtor.address.country,
                "eligible": "yes" if row.verdict.eligible else "no",
                "findings": "; ".join(finding.code for finding in row.verdict.findings),
            }
        )


def _cell(flat: dict[str, Any], name: str) -> Any:
    """An amount below zero is a number, not a formula."""
    value = flat.get(name)
    return Decimal(value) if value is not None and name in AMOUNTS else value


def _print(rows: list[Row], today: date) -> None:
    if not rows:
        click.echo("No unpaid invoices.")
        return
    print_table(
        ["Invoice", "Customer", "Due", "Days", "Outstanding", "Verdict", "Fee"],
        [_line(row, today) for row in rows],
        right=(3, 4, 6),
    )
    eligible = [row for row in rows if row.may_be_submitted]
    click.echo(f"{len(rows)} unpaid · {len(eligible)} can be submitted · {_totals(eligible)}")


def _line(row: Row, today: date) -> list[str]:
    from arrears.core.invoice import days_overdue
    from arrears.core.wording import money_text

    invoice = row.claim.invoices[0]
    blocking = [finding.message for finding in row.verdict.findings if finding.severity == "blocks"]
    verdict = (
        f"submitted: {row.reference}"
        if row.reference
        else "can be submitted"
        if not blocking
        else blocking[0]
    )
    return [
        invoice.number,
        row.claim.debtor.name,
        f"{invoice.due:%-d %b %Y}" if invoice.due else "unknown",
        str(days_overdue(invoice.due, today)),
        money_text(row.claim.principal) if row.claim.principal else "unknown",
        verdict,
        money_text(row.estimate.fee) if row.estimate else "",
    ]


def _totals(rows: list[Row]) -> str:
    from arrears.core.money import totals_by_currency
    from arrears.core.wording import money_text

    totals = totals_by_currency([row.claim.principal for row in rows if row.claim.principal])
    return ", ".join(money_text(total) for total in totals.values()) or "nothing outstanding"
