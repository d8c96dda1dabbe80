"""One case: the facts, the money, who works it and why, and what has happened."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.accounts.models import Membership
from arrears.bridge.models import Submission
from arrears.bridge.read_case import read_case
from arrears.ports import Remedy
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.tenancy import for_members


@require_safe
@for_members
def case(request: HttpRequest, membership: Membership, reference: str) -> HttpResponse:
    if not reference.isprintable():  # no database holds such a name
        raise Http404
    try:
        found = read_case(membership.organisation_id, reference)
    except Remedy as reason:
        return render(
            request, "case_unreadable.html", {"reference": reference, "problem": str(reason)}, status=503
        )
    if found is None:
        raise Http404
    submission = (
        Submission.objects.filter(organisation=membership.organisation_id, reference=found.creditor_reference)
        .select_related("run")
        .last()
    )
    context = {"case": found, "look": LIFECYCLES[found.lifecycle], "submission": submission}
    return render(request, "case.html", context)
