"""The invoices of a run as they stand in KashFlow now: what somebody looks at before approving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.check_again import MOST_NUMBERS, check_again
from arrears.bridge.models import Connection, ImportRun, Submission
from arrears.core.access import Permission
from arrears.core.money import Money
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.collector_names import shown_of
from arrears.web.preview_row import Line
from arrears.web.preview_stream import READERS
from arrears.web.tenancy import members_who

#: Cases of a run that are looked at: enough to judge it, few enough to wait for.
MOST_CASES = 200


@dataclass(frozen=True, slots=True)
class Held:
    """One case to be, as its invoices stand now. `gone` are the numbers of those no longer unpaid."""

    submission: Submission
    lines: list[Line]
    gone: list[str]

    @property
    def customer(self) -> str:
        return self.lines[0].debtor.name if self.lines else ""

    @property
    def problems(self) -> list[str]:
        """Why the case would not be opened as things stand; empty when it would."""
        return [one.message for line in self.lines for one in line.blocking]


@dataclass(slots=True)
class Seen:
    """What was found. `problem` says why it could not be read to its end, with what to do in `action`."""

    cases: list[Held] = field(default_factory=list)
    problem: str = ""
    action: str = ""
    link: str = ""

    @property
    def sums(self) -> list[Money]:
        """What is owed on all of it now, a sum for each currency."""
        sums: dict[str, Money] = {}
        for money in (line.outstanding for case in self.cases for line in case.lines):
            if money is not None:
                sums[money.currency] = sums.get(money.currency, Money.zero(money.currency)) + money
        return list(sums.values())


@require_POST
@members_who(Permission.READ)
def run_invoices(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    """Customers and amounts, read live and not kept. A part of a page for htmx, else a page of its own."""
    mine = ImportRun.objects.select_related("connection", "collector")
    run = get_object_or_404(mine, pk=run_id, organisation=membership.organisation_id)
    word = request.POST.get("memorable_word", "").strip()
    rows = list(run.submissions.order_by("pk")[:MOST_CASES])
    context: dict[str, Any] = {
        "run": run,
        "seen": _seen(run, rows, SecretStr(word) if word else None),
        "all_count": run.submissions.count(),
        "most": MOST_CASES,
        "collector": shown_of(run.collector),
    }
    template = "parts/run_invoices.html" if request.headers.get("HX-Request") else "run_invoices.html"
    return render(request, template, context)


def _seen(run: ImportRun, rows: Sequence[Submission], word: SecretStr | None) -> Seen:
    if run.connection is None:
        return Seen(
            problem="The connection to KashFlow was removed.", action="Connect KashFlow again to look."
        )
    if run.connection.asks_for_word and word is None:
        return Seen(problem="The memorable word is needed.", action="Enter it, then look again.")
    if not READERS.acquire(blocking=False):
        return Seen(
            problem="Several people are reading their invoices at this moment.",
            action="Wait a minute, then look again.",
        )
    try:
        return Seen(_held(run, run.connection, rows, word))
    except NeedsAttention as reason:
        return Seen(problem=str(reason), action=reason.action, link=reason.url)
    except TryAgainLater as reason:
        return Seen(problem=str(reason), action="Try again in a minute.")
    finally:
        READERS.release()


def _held(
    run: ImportRun, connection: Connection, rows: Sequence[Submission], word: SecretStr | None
) -> list[Held]:
    today = adapters().clock.today()
    numbers = [number for row in rows for number in row.invoice_numbers]
    found: dict[str, Line] = {}
    for start in range(0, len(numbers), MOST_NUMBERS):
        for look in check_again(connection, run.collector, numbers[start : start + MOST_NUMBERS], word):
            found |= {line.invoice.id: line for line in (Line(row, today) for row in look.rows)}
    return [_one(row, found) for row in rows]


def _one(row: Submission, found: dict[str, Line]) -> Held:
    """The ids decide which invoice is meant: a number may have been given to another since."""
    named = list(zip(row.invoice_ids, row.invoice_numbers, strict=True))
    lines = [found[key] for key, _ in named if key in found]
    return Held(row, lines, [number for key, number in named if key not in found])
