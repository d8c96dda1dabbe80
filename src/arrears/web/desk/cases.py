"""All cases of the desk: searched, filtered, paged and added up in the database."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Organisation, OrganisationKind
from arrears.core.case import Lifecycle
from arrears.core.country import COUNTRIES, country_name
from arrears.desk.actors import Actor
from arrears.desk.case_search import CaseSearch
from arrears.desk.cases.search_cases import search_cases
from arrears.desk.cases.total_cases import total_cases
from arrears.desk.models import Case, Partner
from arrears.web.desk.asking import public_id
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.tenancy import for_operators

_PAGE = 50
_LONGEST_SEARCH = 200
_TESTS = {"": ("Real cases", False), "only": ("Test cases", True), "all": ("Real and test cases", None)}


@require_safe
@for_operators
def cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    search = _search(request.GET)
    page = Paginator(search_cases(actor, search), _PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    context: dict[str, Any] = {
        "page": page,
        "totals": total_cases(actor, search),
        "search": search,
        "test": request.GET.get("test", ""),
        "tests": _TESTS,
        "lifecycles": LIFECYCLES,
        "partners": Partner.objects.order_by("name"),
        "creditors": Organisation.objects.filter(kind=OrganisationKind.CREDITOR).order_by("name", "pk"),
        "countries": _countries(),
        "is_filtered": bool(kept),
        "query": urlencode(kept) + "&" if kept else "",
    }
    return render(request, "desk/cases.html", context)


def _search(asked: QueryDict) -> CaseSearch:
    """What the address asks for; what cannot be meant is left out."""
    country = asked.get("country", "")
    return CaseSearch(
        words=asked.get("q", "").strip()[:_LONGEST_SEARCH],
        lifecycle=next((one for one in Lifecycle if one.value == asked.get("state")), None),
        partner=public_id(asked.get("partner", "")),
        creditor=public_id(asked.get("creditor", "")),
        country=country if country in COUNTRIES else "",
        is_test=_TESTS.get(asked.get("test", ""), _TESTS[""])[1],
    )


def _countries() -> list[tuple[str, str]]:
    """Those that debtors of the desk live in, by name."""
    codes = Case.objects.order_by().values_list("debtor_country", flat=True).distinct()
    return sorted(((code, country_name(code) or code) for code in codes), key=lambda one: one[1])
