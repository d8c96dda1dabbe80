"""Look at some invoices again, after they were corrected in the books. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import SecretStr

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import noting_attention, noting_collector, refuse_other_company
from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.unpaid_rows import Row, rows_of
from arrears.core.eligibility import Finding, Severity, Verdict
from arrears.core.invoice import is_unpaid
from arrears.ports import Progress

#: The most invoices that one call looks at again.
MOST_NUMBERS = 1_000

#: Invoices fetched afresh at once: enough to keep the connection busy, few enough that rows come soon.
_FRESH = 20


@dataclass(frozen=True, slots=True)
class Look:
    """Some invoices as they stand now, and the numbers of those that are no longer on the unpaid list."""

    rows: tuple[Row, ...]
    gone: tuple[str, ...]
    progress: Progress


def check_again(
    connection: Connection,
    account: CollectorAccount | None,
    numbers: Sequence[str],
    word: SecretStr | None = None,
) -> Iterator[Look]:
    """Read the named invoices afresh and yield them with verdict and estimate, some at a time.

    `account` is the collector that is asked, None for our own desk. Only the first MOST_NUMBERS are read.
    Raises NeedsAttention or TryAgainLater; what was already yielded stays valid.
    """
    clock = adapters().clock
    wanted = list(dict.fromkeys(numbers))[:MOST_NUMBERS]
    with noting_attention(connection, clock):
        today = clock.today()
        books = adapters().books(connection, word)
        refuse_other_company(connection, books.company())
        collector = adapters().collector(connection.organisation_id, account)
        for start in range(0, len(wanted), _FRESH):
            part = wanted[start : start + _FRESH]
            found = books.fresh(part)
            owed = {number: one for number, one in found.items() if one and is_unpaid(one.invoice, today)}
            with noting_collector(account):
                rows = rows_of(tuple(owed.values()), None, connection, collector, today)
            gone = tuple(number for number in part if number not in owed)
            seen = Progress(start + len(part), len(wanted))
            yield Look(tuple(_without_report(row) for row in rows), gone, seen)


def _without_report(row: Row) -> Row:
    """KashFlow's report of everything unpaid is compared with the whole list, and not with a few of it."""
    if not any(one.code == "control_unavailable" for one in row.verdict.findings):
        return row
    kept = [one for one in row.verdict.findings if one.code != "control_unavailable"]
    told = [_not_compared(one) for one in row.verdict.findings if one.code == "control_unavailable"]
    return replace(row, verdict=Verdict((*kept, *told)))


def _not_compared(finding: Finding) -> Finding:
    return replace(
        finding,
        severity=Severity.INFORMS,
        message="Checked again by itself, so it was not compared with KashFlow's report of unpaid invoices.",
        fix="Read all invoices again if you want the comparison.",
    )
