"""Cases: everything that was handed over, with what is left to recover."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.list_cases import CaseAt, list_cases
from arrears.core.case import Lifecycle
from arrears.ports import Case, Remedy
from arrears.web.collector_names import CollectorShown, shown_of
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.tenancy import for_members
from arrears.web.totals import case_totals, unsigned

_PAGE = 100


@require_safe
@for_members
def cases(request: HttpRequest, membership: Membership) -> HttpResponse:
    sought = request.GET.get("q", "").strip()[:200]
    state = next((one for one in Lifecycle if one.value == request.GET.get("state")), None)
    problem = ""
    found: list[CaseAt] = []
    try:
        found = list(list_cases(membership.organisation_id))
    except Remedy as reason:
        problem = str(reason)
    collectors = _collectors(found)
    chosen = next((one for one in collectors if one.key == request.GET.get("collector")), None)
    shown = [
        one
        for one in found
        if (state is None or one.case.lifecycle is state)
        and (chosen is None or shown_of(one.account) == chosen)
        and _matches(one.case, sought)
    ]
    return render(
        request,
        "cases.html",
        {
            "page": (page := Paginator(shown, _PAGE).get_page(request.GET.get("page"))),
            "rows": [(one, shown_of(one.account)) for one in page.object_list],
            "totals": case_totals(one.case for one in shown if not one.case.test),
            "read_at": _as_of(shown),
            "test_count": sum(one.case.test for one in shown),
            "collectors": collectors,
            "chosen": chosen,
            "all_count": len(found),
            "sought": sought,
            "state": state,
            "lifecycles": LIFECYCLES,
            "problem": problem,
            **unsigned(found),
        },
    )


def _collectors(found: list[CaseAt]) -> list[CollectorShown]:
    """Whoever has a case, each once: one that was removed still has its cases."""
    return list({one.account.pk if one.account else 0: shown_of(one.account) for one in found}.values())


def _as_of(found: list[CaseAt]) -> datetime | None:
    """Since when nothing here can be older; of removed accounts each case says so itself."""
    read = (one.read_at for one in found if one.account is not None and one.account.removed_at is None)
    return min((at for at in read if at is not None), default=None)


def _matches(case: Case, sought: str) -> bool:
    """Every word sought occurs in the reference, the invoice numbers or the debtor's name."""
    text = " ".join(
        (case.reference, case.creditor_reference, case.debtor_name, *case.invoice_numbers)
    ).casefold()
    return all(word in text for word in sought.casefold().split())
