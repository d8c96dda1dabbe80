"""One payment on a case: how it was split, whether it was passed on, and undoing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from arrears.core.payment import Method, Recipient
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.models import Payment
from arrears.desk.money.list_payments import list_payments
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.ports import Clock
from arrears.web.act_forms import METHODS
from arrears.web.desk.actions import Action
from arrears.web.desk.asking import operators_page
from arrears.web.desk.case_dealings import RECIPIENTS
from arrears.web.desk.case_shown import in_currency, owed_on
from arrears.web.form_fields import day_field, line_field, text_field


class PaymentAction(Action):
    """Something done to a payment."""

    subject: Payment


class Settle(PaymentAction):
    key = "settle"
    title = "Note that it was passed on"
    icon = "circle-check"
    consequence = "The task to settle it is done. This cannot be taken back, except by reversing the payment."
    button = "Note it"
    done = "The payment is settled."
    settled_on = day_field("On which day")
    note = line_field("Note", longest=200, hint="Such as the bank's reference.")

    def prepare(self) -> None:
        self.initial["settled_on"] = self.today

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        settle_payment(
            actor,
            self.subject.public_id,
            given["settled_on"],
            given["note"],
            now=clock.now(),
            today=clock.today(),
        )


class Reverse(PaymentAction):
    key = "reverse"
    title = "Reverse the payment"
    icon = "rotate-clockwise"
    consequence = (
        "It stays on record and counts no more: what it paid is owed again, a case closed as paid is "
        "reopened, and a share that was passed on is owed back. This cannot be undone."
    )
    button = "Reverse the payment"
    done = "The payment is reversed."
    danger = True
    reason = text_field("Why", "Say why the payment is reversed.", rows=2)

    def act(self, actor: Actor, clock: Clock) -> None:
        reverse_payment(actor, self.subject.public_id, self.cleaned_data["reason"], now=clock.now())


PAYMENT_ACTIONS: dict[str, type[PaymentAction]] = {kind.key: kind for kind in (Settle, Reverse)}


@require_safe
@operators_page
def case_payment(request: HttpRequest, actor: Actor, reference: str, payment_id: UUID) -> HttpResponse:
    return _page(request, _payment(actor, reference, payment_id))


@require_POST
@operators_page
def payment_action(
    request: HttpRequest, actor: Actor, reference: str, payment_id: UUID, key: str
) -> HttpResponse:
    clock = adapters().clock
    payment = _payment(actor, reference, payment_id)
    form = PAYMENT_ACTIONS[key](payment, request.POST, today=clock.today())
    if form.perform(actor, clock):
        messages.success(request, form.done)
        return redirect("desk_case_payment", reference, payment_id)
    return _page(request, _payment(actor, reference, payment_id), form, status=422)


def _payment(actor: Actor, reference: str, payment_id: UUID) -> Payment:
    case = read_case_named(actor, reference)
    return get_object_or_404(list_payments(actor, case.public_id, reversed_too=True), public_id=payment_id)


def _page(
    request: HttpRequest, payment: Payment, failed: PaymentAction | None = None, status: int = 200
) -> HttpResponse:
    today = adapters().clock.today()
    open_forms = [Settle] if _waits(payment) else []
    kinds: list[type[PaymentAction]] = [*open_forms, *([] if payment.reversed_at else [Reverse])]
    forms = [failed if failed and failed.key == kind.key else kind(payment, today=today) for kind in kinds]
    if failed and failed.key not in {kind.key for kind in kinds}:
        forms.append(failed)
    context: dict[str, Any] = {
        "payment": payment,
        "case": payment.case,
        "amount": in_currency(payment.currency),
        "owed": owed_on(payment),
        "actions": forms,
        "failed": failed,
        "late": _waits(payment) and payment.settle_by < today,
        "waits": _waits(payment),
        "method": METHODS[Method(payment.method)],
        "recipient": RECIPIENTS[Recipient(payment.recipient)],
    }
    return render(request, "desk/case_payment.html", context, status=status)


def _waits(payment: Payment) -> bool:
    """Whether somebody still has to pass on, or give back, their share of it."""
    if payment.reversed_at:
        return payment.settled_on is not None and payment.returned_on is None
    return payment.settled_on is None
