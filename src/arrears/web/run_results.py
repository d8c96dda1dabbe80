"""What became of every row of a run, as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.models import ImportRun
from arrears.web.collector_names import shown_of
from arrears.web.exports import FORMS, Column, export
from arrears.web.outcomes import outcome_of
from arrears.web.run import run_of
from arrears.web.tenancy import for_members

_COLUMNS = (
    Column("Invoices"),
    Column("Result"),
    Column("Case"),
    Column("Reason"),
    Column("Our reference"),
    Column("Collector"),
    Column("Last changed", "moment"),
)


@require_safe
@for_members
def run_results(_request: HttpRequest, membership: Membership, run_id: int, form: str) -> HttpResponse:
    """Amounts and customers are not in it: they are not kept."""
    if form not in FORMS:
        raise Http404
    run = run_of(membership, run_id)
    return export(form, f"import-{run.pk}-results", _COLUMNS, _rows(run))


def _rows(run: ImportRun) -> Iterator[tuple[object, ...]]:
    collector = shown_of(run.collector).full_name
    for row in run.submissions.iterator():
        yield (
            ", ".join(row.invoice_numbers),
            outcome_of(row).label,
            row.case_reference,
            row.message,
            row.reference,
            collector,
            row.changed_at,
        )
