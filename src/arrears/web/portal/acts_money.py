"""What a partner does about money: record a payment, take one back, note that a share was passed on."""

from __future__ import annotations

from django import forms

from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.core.payment import Method, Recipient, payment_refusal
from arrears.core.wording import date_text
from arrears.desk.actors import Refused
from arrears.desk.models import Case
from arrears.desk.money.record_payment import record_payment
from arrears.desk.money.reverse_payment import reverse_payment
from arrears.desk.money.settle_payment import settle_payment
from arrears.desk.splitting import Receipt, payment_for, share_owed
from arrears.web.act_forms import METHODS, nothing_if_empty
from arrears.web.acts import Act, Asked, Done, Preview
from arrears.web.form_fields import amount_field, day_field, member_field, text_field
from arrears.web.formats import money
from arrears.web.payment_preview import payment_preview

_RECIPIENTS = {Recipient.PARTNER: "We received it", Recipient.CREDITOR: "The creditor received it"}


class PaymentForm(forms.Form):
    """Money that came in."""

    amount = amount_field("Amount", required=True)
    paid_on = day_field("Day it arrived")
    recipient = member_field("Who received it", Recipient, _RECIPIENTS)
    method = member_field("How it was paid", Method, METHODS)
    costs = amount_field("Bank costs", hint="Taken off the creditor’s share. Leave empty for none.")
    note = text_field("Note", rows=2)
    close = forms.BooleanField(label="Close the case if nothing is owed any more", required=False)

    def receipt(self) -> Receipt:
        given = self.cleaned_data
        return Receipt(
            given["paid_on"],
            given["amount"],
            given["recipient"],
            given["method"],
            given["note"],
            nothing_if_empty(given["costs"]),
        )


class ReverseForm(forms.Form):
    """Why a payment does not count."""

    reason = text_field("Why it does not count", "Enter a reason.", hint="The creditor reads it too.")


class SettledForm(forms.Form):
    """When the other side had its share."""

    settled_on = day_field("Day it was passed on")
    note = forms.CharField(
        label="Note", required=False, max_length=200, help_text="Such as the transfer’s reference."
    )


def _preview(asked: Asked, form: forms.Form) -> Preview:
    assert isinstance(form, PaymentForm)  # noqa: S101 # the act names its form
    return payment_preview(asked, form.receipt())


def _record(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    payment = record_payment(
        asked.actor,
        asked.case.public_id,
        paid_on=given["paid_on"],
        amount=given["amount"],
        recipient=given["recipient"],
        method=given["method"],
        note=given["note"],
        costs=nothing_if_empty(given["costs"]),
        close=given["close"],
        now=asked.now,
        today=asked.today,
    )
    return Done(f"{money(Money(payment.amount, payment.currency))} is recorded.")


def _reverse(asked: Asked, form: forms.Form) -> Done:
    reverse_payment(asked.actor, asked.target, form.cleaned_data["reason"], now=asked.now)
    return Done("The payment is reversed.")


def _settle(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    settle_payment(
        asked.actor, asked.target, given["settled_on"], given["note"], now=asked.now, today=asked.today
    )
    return Done("It is noted that the money was passed on.")


def _reverse_words(asked: Asked) -> tuple[str, ...]:
    payment = payment_for(asked.actor, asked.target)
    if payment.reversed_at:
        raise Refused("This payment was reversed already.")
    paid = money(Money(payment.amount, payment.currency))
    what = f"The payment of {paid} of {date_text(payment.paid_on)} stays on record and counts no more."
    return (what, "What it paid off is owed again.")


def _settle_words(asked: Asked) -> tuple[str, ...]:
    payment = payment_for(asked.actor, asked.target)
    share = money(Money(share_owed(payment), payment.currency))
    partner_took = payment.recipient == Recipient.PARTNER
    if payment.reversed_at:
        went = "the creditor gave back" if partner_took else "you gave back to the creditor"
        return (f"Note when {went} the {share} of this reversed payment.",)
    if partner_took:
        due = date_text(payment.settle_by)
        return (f"Note when you sent the creditor its share of {share}. It is due by {due}.",)
    return (f"Note when your fee and share of {share} came in.",)


def takes_payments(case: Case) -> bool:
    return not payment_refusal(Lifecycle(case.lifecycle), accepted=case.accepted_at is not None)


ACTS = {
    "payment": Act(
        "Record a payment",
        "Look at the split",
        PaymentForm,
        _record,
        icon="currency-pound",
        when=takes_payments,
        preview=_preview,
        initial=lambda asked: {"paid_on": asked.today},
        main=True,
    ),
}
REVERSE = Act("Reverse the payment", "Reverse", ReverseForm, _reverse, told=_reverse_words, danger=True)
SETTLED = Act(
    "Mark as passed on",
    "Mark as passed on",
    SettledForm,
    _settle,
    told=_settle_words,
    initial=lambda asked: {"settled_on": asked.today},
)
