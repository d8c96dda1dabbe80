"""A partner's payments: what it has to remit by when, and everything that was paid; and noting both."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere
from arrears.desk.adapters import adapters
from arrears.desk.money.list_payments import list_payments
from arrears.desk.money.list_unsettled import list_unsettled
from arrears.desk.splitting import payment_for
from arrears.web.act_forms import METHODS
from arrears.web.acts import Act, Asked, answer
from arrears.web.case_pieces import payment_lines
from arrears.web.portal.acts_money import REVERSE, SETTLED
from arrears.web.tenancy import for_partners

_PAGE = 50
_SHOWS = ("remit", "due", "all")


@require_safe
@for_partners
def portal_payments(request: HttpRequest, actor: Actor) -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in _SHOWS else "remit"
    found = {
        "remit": lambda: list_unsettled(actor, owed_by=Party.PARTNER),
        "due": lambda: list_unsettled(actor, owed_by=Party.CREDITOR),
        "all": lambda: list_payments(actor, reversed_too=True),
    }[show]()
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "payments": payment_lines(page.object_list),
        "show": show,
        "methods": METHODS,
        "today": adapters().clock.today(),
    }
    return render(request, "portal/payments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def portal_payment_settle(request: HttpRequest, actor: Actor, payment_id: UUID) -> HttpResponse:
    return _act(request, actor, SETTLED, payment_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_partners
def portal_payment_reverse(request: HttpRequest, actor: Actor, payment_id: UUID) -> HttpResponse:
    return _act(request, actor, REVERSE, payment_id)


def _act(request: HttpRequest, actor: Actor, act: Act, payment_id: UUID) -> HttpResponse:
    """On the payment itself: a partner keeps its payments when it no longer has the case."""
    try:
        payment = payment_for(actor, payment_id)
    except NotThere:
        raise Http404 from None
    clock = adapters().clock
    asked = Asked(actor, payment.case, clock.now(), clock.today(), str(payment_id))
    return answer(request, act, asked, back=reverse("portal_payments"))
