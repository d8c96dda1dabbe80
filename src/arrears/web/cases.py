"""Cases: everything that was handed over, with what is left to recover."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.case_figures import CaseFigures, case_figures
from arrears.bridge.collectors import accounts_of
from arrears.bridge.find_cases import CasePage, Place, find_cases
from arrears.bridge.models import TrackedCase
from arrears.core.country import country_name
from arrears.ports import CaseSearch, Figures, Remedy
from arrears.web.case_filters import CaseFilters, filters_of
from arrears.web.collector_names import all_of, shown_of
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.saved_views import views_of
from arrears.web.stages import AGES, OPEN, STAGES
from arrears.web.tenancy import for_members

_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Found:
    """A page of what fits, what it comes to, and what there is in all; or why that cannot be told."""

    page: CasePage = field(default_factory=lambda: CasePage(()))
    figures: Figures = field(default_factory=Figures)
    whole: CaseFigures = field(default_factory=lambda: CaseFigures(Figures(), Figures(), Figures()))
    problem: str = ""


@require_safe
@for_members
def cases(request: HttpRequest, membership: Membership) -> HttpResponse:
    organisation = membership.organisation_id
    collectors = all_of(organisation)
    filters = filters_of(request.GET.dict(), {one.key: one.full_name for one in collectors})
    found = _found(organisation, filters, Place.read(request.GET.get("at", "")))
    whole = found.whole.all
    return render(
        request,
        "cases.html",
        {
            "page": found.page,
            "rows": [(one, shown_of(one.account)) for one in found.page.cases],
            "figures": found.figures,
            "filters": filters,
            "query": f"{filters.query}&" if filters.query else "",
            "views": views_of(membership, "cases"),
            "collectors": collectors,
            "countries": _countries(whole),
            "currencies": [one.currency for one in whole.currencies],
            "stages": (OPEN, *STAGES),
            "ages": AGES,
            "lifecycles": LIFECYCLES,
            "read_at": _as_of(organisation),
            "all_count": whole.count,
            "unsigned_count": found.whole.own.unsigned,
            "unsigned_elsewhere": found.whole.elsewhere.unsigned,
            "problem": found.problem,
        },
    )


def _found(organisation: int, filters: CaseFilters, place: Place | None) -> _Found:
    try:
        whole = case_figures(organisation, CaseSearch())
        figures = case_figures(organisation, filters.search).all
        page = find_cases(organisation, filters.search, _PAGE, place)
    except Remedy as reason:
        return _Found(problem=str(reason))
    return _Found(page, figures, whole)


def _countries(whole: Figures) -> list[tuple[str, str]]:
    """The countries with open cases, with their names."""
    codes = {code for one in whole.currencies for code in one.by_country}
    return sorted(((code, country_name(code) or code) for code in codes if code), key=lambda one: one[1])


def _as_of(organisation: int) -> datetime | None:
    """Since when nothing here can be older; of removed accounts each case says so itself."""
    read = TrackedCase.objects.filter(organisation_id=organisation, account__in=accounts_of(organisation))
    return read.order_by("read_at").values_list("read_at", flat=True).first()
