"""The list of cases as a file, narrowed as the page is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.export_cases import export_cases
from arrears.bridge.list_cases import CaseAt
from arrears.clock import london_date
from arrears.core.country import country_name
from arrears.core.wording import list_text
from arrears.web.case_filters import filters_of
from arrears.web.collector_names import all_of, shown_of
from arrears.web.exports import Column, Form, export
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.tenancy import for_members

_FORMS: dict[str, Form] = {"csv": "csv", "xlsx": "xlsx"}
_COLUMNS = (
    Column("Case"),
    Column("Your reference"),
    Column("Debtor"),
    Column("Country"),
    Column("Invoices"),
    Column("State"),
    Column("Phase"),
    Column("Closed because"),
    Column("Collector"),
    Column("Partner"),
    Column("Opened", "date"),
    Column("Handed over", "money"),
    Column("Interest and costs", "money"),
    Column("Recovered", "money"),
    Column("Left", "money"),
    Column("Fee in per cent", "number"),
    Column("For testing only"),
)


@require_POST
@for_members
def cases_export(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = _FORMS.get(request.POST.get("form", "csv"))
    if form is None:
        raise SuspiciousOperation("The form asks for a kind of file that there is not.")
    organisation = membership.organisation_id
    names = {one.key: one.full_name for one in all_of(organisation)}
    asked = QueryDict(request.POST.get("query", "")[:2000])
    filters = filters_of({name: asked[name] for name in asked}, names)
    found = export_cases(organisation, filters.search, _what(filters.given))
    name = f"cases-{adapters().clock.today():%Y-%m-%d}"
    return export(form, name, _COLUMNS, _rows(found))


def _what(given: Mapping[str, str]) -> str:
    """The filters as the audit trail tells of them: values of the address, in its words."""
    if not given:
        return "all cases"
    return "the cases with " + list_text([f"{name} “{value}”" for name, value in given.items()])


def _rows(found: Iterator[CaseAt]) -> Iterator[list[object]]:
    for one in found:
        case, collector = one.case, shown_of(one.account)
        yield [
            case.reference,
            case.creditor_reference,
            case.debtor_name,
            country_name(case.country) or case.country,
            ", ".join(case.invoice_numbers),
            case.stated or LIFECYCLES[case.lifecycle].label,
            case.phase,
            case.close_code,
            collector.full_name,
            case.partner,
            london_date(case.opened_at),
            case.principal,
            case.added,
            case.paid,
            case.outstanding,
            case.rate,
            "Yes" if case.test else "",
        ]
