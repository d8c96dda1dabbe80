"""Everything a partner does with one of its cases, each on a page of its own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from arrears.desk.actors import Actor, NotThere
from arrears.desk.adapters import adapters
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.models import Case
from arrears.web.acts import Asked, Offered, answer
from arrears.web.portal import acts_before, acts_complaint, acts_money, acts_working
from arrears.web.portal.addresses import case_url, where_to_go_on
from arrears.web.talk_acts import TALK
from arrears.web.tenancy import for_partners

ACTS = acts_before.ACTS | acts_money.ACTS | acts_working.ACTS | TALK
#: The page of a case has these where they belong: beside its messages and its files.
_BESIDE_THEIR_LIST = TALK.keys()


def offered(case: Case) -> list[Offered]:
    """What the partner can do with a case as it stands now."""
    return [
        Offered(act, reverse("portal_case_act", args=[case.reference, name]))
        for name, act in ACTS.items()
        if name not in _BESIDE_THEIR_LIST and act.when(case)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def portal_act(
    request: HttpRequest, actor: Actor, reference: str, name: str, target: str = ""
) -> HttpResponse:
    act = acts_complaint.ACTS_ON.get(name) if target else ACTS.get(name)
    if act is None:
        raise Http404
    try:
        case = read_case_named(actor, reference)
    except NotThere:
        raise Http404 from None
    clock = adapters().clock
    asked = Asked(actor, case, clock.now(), clock.today(), target)
    return answer(request, act, asked, back=case_url(case), after=lambda: where_to_go_on(actor, case))
