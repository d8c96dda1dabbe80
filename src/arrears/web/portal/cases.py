"""The cases a partner has, to search and filter."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.core.case import HIDDEN_FROM_PARTNERS, Lifecycle
from arrears.desk.actors import Actor
from arrears.desk.case_search import CaseSearch
from arrears.desk.cases.count_cases import count_cases
from arrears.desk.cases.search_cases import search_cases
from arrears.desk.cases.total_cases import total_cases
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.tenancy import for_partners

_PAGE = 50


@require_safe
@for_partners
def portal_cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:200]
    counts = count_cases(actor)
    state = next((one for one in counts if one.value == request.GET.get("state")), None)
    search = CaseSearch(words=words, lifecycle=state)
    context = {
        "page": Paginator(search_cases(actor, search), _PAGE).get_page(request.GET.get("page")),
        "totals": total_cases(actor, search),
        "states": {one: number for one, number in counts.items() if _worth_a_filter(one, number)},
        "all_count": sum(counts.values()),
        "sought": words,
        "state": state,
        "lifecycles": LIFECYCLES,
        "query": urlencode({"q": words, "state": state.value if state else ""}),
    }
    return render(request, "portal/cases.html", context)


def _worth_a_filter(state: Lifecycle, number: int) -> bool:
    return bool(number) and state not in HIDDEN_FROM_PARTNERS
