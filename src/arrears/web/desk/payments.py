"""Payments: what came in, what is still to be passed on, settling and reversing one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.models import Payment
from arrears.desk.money.list_payments import list_payments
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.splitting import share_owed
from arrears.desk.unsettled import OWED, OWED_BACK
from arrears.web.desk.asking import creditors, operators_page, optional_choice, partners, told
from arrears.web.form_fields import day_field, line_field, text_field

_PAGE = 50

#: What can be looked for, and what that means for a payment.
STATES = {
    "to settle": ("To be passed on", OWED),
    "to return": ("To be given back", OWED_BACK),
    "settled": ("Passed on", Q(reversed_at=None, settled_on__isnull=False)),
    "reversed": ("Reversed", Q(reversed_at__isnull=False)),
}
#: Words, icon and colour of a payment's state.
LOOKS = {
    "to settle": ("To be passed on", "clock", "azure"),
    "overdue": ("Overdue", "alert-triangle", "red"),
    "to return": ("To be given back", "rotate-clockwise", "orange"),
    "settled": ("Passed on", "circle-check", "green"),
    "reversed": ("Reversed", "circle-minus", "secondary"),
}


class PaymentSearch(forms.Form):
    state = optional_choice(
        "State", [(key, words) for key, (words, _) in STATES.items()], any_label="All payments"
    )
    first = day_field("Paid from", required=False)
    last = day_field("Paid until", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["creditor"] = optional_choice("Creditor", creditors(), any_label="Every creditor")
        self.fields["partner"] = optional_choice("Partner", partners(), any_label="Every partner")

    def narrowed(self, payments: QuerySet[Payment]) -> QuerySet[Payment]:
        """The payments that fit what was given."""
        if not self.is_valid():
            return payments.none()
        given = self.cleaned_data
        columns = {
            "first": "paid_on__gte",
            "last": "paid_on__lte",
            "creditor": "case__creditor__public_id",
            "partner": "partner__public_id",
        }
        found = payments.filter(**{column: given[key] for key, column in columns.items() if given[key]})
        return found.filter(STATES[given["state"]][1]) if given["state"] else found


class SettleForm(forms.Form):
    settled_on = day_field("Day on which the money was passed on")
    note = line_field("Note", longest=200, hint="Such as the bank's reference.")


class ReverseForm(forms.Form):
    reason = text_field("Reason", "Say why the payment is reversed.")


@require_safe
@operators_page
def payments_page(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = PaymentSearch(request.GET)
    found = form.narrowed(list_payments(actor, reversed_too=True))
    today = adapters().clock.today()
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": [_row(payment, today) for payment in page.object_list],
        "searched": any(request.GET.get(name) for name in form.fields),
        "query": f"{query.urlencode()}&" if query else "",
    }
    return render(request, "desk/payments.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def payment_settle(request: HttpRequest, actor: Actor, payment_id: UUID) -> HttpResponseBase:
    payment, clock = _payment(actor, payment_id), adapters().clock
    form = SettleForm(request.POST or None, initial={"settled_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            settle_payment(
                actor, payment_id, given["settled_on"], given["note"], now=clock.now(), today=clock.today()
            )
        except Refused as reason:
            dated = reason.code in ("future_date", "too_early")
            form.add_error("settled_on" if dated else None, told(reason))
        else:
            messages.success(request, "Noted as passed on.")
            return redirect("desk_payments")
    context = {"form": form, **_row(payment, clock.today())}
    return render(request, "desk/payment_settle.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def payment_reverse(request: HttpRequest, actor: Actor, payment_id: UUID) -> HttpResponseBase:
    payment, clock = _payment(actor, payment_id), adapters().clock
    form = ReverseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reverse_payment(actor, payment_id, form.cleaned_data["reason"], now=clock.now())
        except Refused as reason:
            form.add_error(None, told(reason))
        else:
            messages.success(request, "The payment was reversed. What it had paid is owed again.")
            return redirect("desk_payments")
    context = {"form": form, **_row(payment, clock.today())}
    return render(request, "desk/payment_reverse.html", context, status=422 if form.errors else 200)


def _payment(actor: Actor, payment_id: UUID) -> Payment:
    found = list_payments(actor, reversed_too=True).filter(public_id=payment_id).first()
    if found is None:
        raise Http404
    return found


def _row(payment: Payment, today: date) -> dict[str, Any]:
    """A payment with its amounts as money, who owes whom, and how it stands."""

    def money(amount: Any) -> Money:
        return Money(amount, payment.currency).rounded()

    state = _state(payment, today)
    to_partner = payment.recipient == Recipient.PARTNER
    names = [payment.partner.name if payment.partner else "The partner", payment.case.creditor.name]
    owes, gets = names if to_partner else reversed(names)
    if state == "to return":
        owes, gets = gets, owes
    return {
        "payment": payment,
        "state": state,
        "look": LOOKS[state],
        "amount": money(payment.amount),
        "fee": money(payment.fee + payment.fee_vat),
        "share": money(share_owed(payment)),
        "owes": owes,
        "gets": gets,
        "can_settle": state in ("to settle", "overdue", "to return"),
        "can_reverse": payment.reversed_at is None,
    }


def _state(payment: Payment, today: date) -> str:
    if payment.reversed_at:
        return "to return" if payment.settled_on and not payment.returned_on else "reversed"
    if payment.settled_on:
        return "settled"
    return "overdue" if payment.settle_by < today else "to settle"
