"""Cases: everything that was handed over, with what is left to recover."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.list_cases import list_cases
from arrears.core.case import Lifecycle
from arrears.ports import Case, Remedy
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.tenancy import for_members
from arrears.web.totals import case_totals

_PAGE = 100


@require_safe
@for_members
def cases(request: HttpRequest, membership: Membership) -> HttpResponse:
    sought = request.GET.get("q", "").strip()[:200]
    state = next((one for one in Lifecycle if one.value == request.GET.get("state")), None)
    problem = ""
    found: list[Case] = []
    try:
        found = list(list_cases(membership.organisation_id))
    except Remedy as reason:
        problem = str(reason)
    shown = [case for case in found if (state is None or case.lifecycle is state) and _matches(case, sought)]
    return render(
        request,
        "cases.html",
        {
            "page": Paginator(shown, _PAGE).get_page(request.GET.get("page")),
            "totals": case_totals(shown),
            "all_count": len(found),
            "sought": sought,
            "state": state,
            "lifecycles": LIFECYCLES,
            "problem": problem,
            "unsigned_count": sum(case.lifecycle is Lifecycle.PENDING_SIGNING for case in found),
        },
    )


def _matches(case: Case, sought: str) -> bool:
    """Every word sought occurs in the reference, the invoice numbers or the debtor's name."""
    text = " ".join(
        (case.reference, case.creditor_reference, case.debtor_name, *case.invoice_numbers)
    ).casefold()
    return all(word in text for word in sought.casefold().split())
