"""What a creditor does with a case at our own desk, each on a page of its own."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from arrears.accounts.models import Membership
from arrears.core.access import Permission
from arrears.core.case import Lifecycle
from arrears.core.complaint import SETTLED
from arrears.core.money import Money
from arrears.core.payment import Recipient, payment_refusal
from arrears.core.quote import QuoteState, price_text
from arrears.core.withdrawal import May, Terms
from arrears.desk.actors import NotThere, Refused
from arrears.desk.adapters import adapters
from arrears.desk.cases.give_info import give_info
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.cases.read_withdrawal_terms import read_withdrawal_terms
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.download import download
from arrears.desk.models import Case
from arrears.desk.money.report_direct_payment import report_direct_payment
from arrears.desk.quotes.accept_quote import accept_quote
from arrears.desk.quotes.decline_quotes import decline_quotes
from arrears.desk.quoting import offer_of, quote_for, request_for
from arrears.desk.splitting import Receipt
from arrears.desk.talk.raise_complaint import LONGEST_SUBJECT, raise_complaint
from arrears.desk.talk.read_complaint import read_complaint
from arrears.desk.talk.read_document import read_document
from arrears.desk.talk.withdraw_complaint import withdraw_complaint
from arrears.web.act_forms import DirectPaymentForm, Nothing, ReasonForm
from arrears.web.acts import Act, Asked, Done, Offered, Preview, answer
from arrears.web.form_fields import text_field
from arrears.web.formats import money
from arrears.web.payment_preview import payment_preview
from arrears.web.talk_acts import TALK, readable
from arrears.web.tenancy import creditor_actor, for_members, members_who


class AnswerForm(forms.Form):
    """One answer to everything that was asked."""

    text = text_field("Your answer", "Write your answer.", rows=6)


class OptionalReasonForm(forms.Form):
    """A reason that may be left out."""

    reason = text_field("Reason")


class ComplaintForm(forms.Form):
    """What is wrong with how the case is worked."""

    subject = forms.CharField(
        label="Subject", max_length=LONGEST_SUBJECT, error_messages={"required": "Enter a subject."}
    )
    text = text_field("What happened", "Say what happened.", rows=6)


def _answer(asked: Asked, form: forms.Form) -> Done:
    give_info(asked.actor, asked.case.public_id, form.cleaned_data["text"], now=asked.now, today=asked.today)
    return Done("Your answer is sent.")


def _direct_preview(asked: Asked, form: forms.Form) -> Preview:
    given = form.cleaned_data
    receipt = Receipt(given["paid_on"], given["amount"], Recipient.CREDITOR, given["method"], given["note"])
    return payment_preview(asked, receipt)


def _report(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    payment = report_direct_payment(
        asked.actor,
        asked.case.public_id,
        paid_on=given["paid_on"],
        amount=given["amount"],
        method=given["method"],
        note=given["note"],
        now=asked.now,
        today=asked.today,
    )
    return Done(f"The payment of {money(Money(payment.amount, payment.currency))} is reported.")


def _terms(asked: Asked) -> Terms:
    return read_withdrawal_terms(asked.actor, asked.case.public_id, asked.today)


def _withdrawal_preview(terms: Terms) -> Preview:
    lead = "The case is closed at once." if terms.may is May.CLOSE else "The partner is asked to agree."
    cost = "As agreed with the partner" if terms.cost is None else money(terms.cost)
    return Preview(lead, (("What it costs you, before any VAT", cost),), terms.sentences)


def _withdraw(asked: Asked, form: forms.Form) -> Done:
    terms = _terms(asked)
    if _withdrawal_preview(terms).fingerprint != form.data.get("shown"):
        raise Refused("The terms have changed just now.", action="Read them again before you confirm.")
    cost = terms.cost.amount if terms.cost else None
    withdraw_case(
        asked.actor,
        asked.case.public_id,
        form.cleaned_data["reason"],
        confirmed_cost=cost,
        now=asked.now,
        today=asked.today,
    )
    return Done("The case is withdrawn." if terms.may is May.CLOSE else "The partner has been asked.")


def _complain(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    complaint = raise_complaint(
        asked.actor,
        asked.case.public_id,
        given["subject"],
        given["text"],
        now=asked.now,
        today=asked.today,
    )
    return Done(f"Your complaint has the number {complaint.number}. You find the answer here.")


def _accept_quote(asked: Asked, _: forms.Form) -> Done:
    accept_quote(asked.actor, asked.target, now=asked.now, today=asked.today)
    return Done("The quote is accepted.")


def _quote_words(asked: Asked) -> tuple[str, ...]:
    quote = quote_for(asked.actor, asked.target)
    if quote.request.case_id != asked.case.pk:
        raise NotThere("quote")
    if quote.state != QuoteState.OFFERED:
        raise Refused(f"This quote cannot be accepted: it is {quote.state.lower()}.")
    return (
        f"{quote.partner.name} works the case for {price_text(offer_of(quote))}.",
        "The other quotes are turned down. This cannot be undone.",
    )


def _decline_quotes(asked: Asked, form: forms.Form) -> Done:
    decline_quotes(asked.actor, asked.target, form.cleaned_data["reason"], now=asked.now)
    return Done("The quotes are turned down.")


def _decline_words(asked: Asked) -> tuple[str, ...]:
    request = request_for(asked.actor, asked.target)
    if request.case_id != asked.case.pk:
        raise NotThere("quote request")
    if request.decided_at is not None:
        raise Refused("This request for quotes has ended already.")
    goes_on = asked.case.accepted_at is not None
    return ("The case goes on as before." if goes_on else "The case is then closed as withdrawn.",)


def _take_back(asked: Asked, _: forms.Form) -> Done:
    withdraw_complaint(asked.actor, asked.target, now=asked.now)
    return Done("Your complaint is withdrawn.")


def _complaint_words(asked: Asked) -> tuple[str, ...]:
    complaint = read_complaint(asked.actor, asked.target)
    if complaint.case_id != asked.case.pk:
        raise NotThere("complaint")
    if complaint.state in SETTLED:
        raise Refused(f"Complaint {complaint.number} is settled already.")
    return (f"{complaint.number}: {complaint.subject}", "Nobody looks into it any further.")


def _takes_payments(case: Case) -> bool:
    return not payment_refusal(Lifecycle(case.lifecycle), accepted=case.accepted_at is not None)


ACTS = {
    "answer": Act(
        "Answer the questions",
        "Send the answer",
        AnswerForm,
        _answer,
        icon="pencil",
        when=lambda case: case.lifecycle == Lifecycle.MORE_INFO,
        told=lambda asked: tuple(
            f"{one.area}: {one.description}"
            for one in asked.case.info_requests.filter(answered_at=None, settled_at=None)
        ),
    ),
    **TALK,
    "payment": Act(
        "Report a direct payment",
        "See what follows",
        DirectPaymentForm,
        _report,
        icon="currency-pound",
        when=_takes_payments,
        told=lambda _: ("For money that the debtor has paid to you and not to the partner.",),
        preview=_direct_preview,
        initial=lambda asked: {"paid_on": asked.today},
    ),
    "complaint": Act(
        "Complain",
        "Send the complaint",
        ComplaintForm,
        _complain,
        icon="scale",
        when=lambda case: case.accepted_at is not None and readable(case),
        told=lambda asked: (
            f"About how the case is worked. The desk looks into it, not {asked.case.partner}.",
        ),
    ),
    "withdraw": Act(
        "Withdraw the case",
        "See the terms",
        ReasonForm,
        _withdraw,
        icon="circle-x",
        when=lambda case: case.lifecycle != Lifecycle.CLOSED and case.withdrawal_asked_at is None,
        preview=lambda asked, _: _withdrawal_preview(_terms(asked)),
        danger=True,
    ),
}
#: Acts on one thing of a case, which the address names.
ACTS_ON = {
    "accept-quote": Act("Accept the quote", "Accept", Nothing, _accept_quote, told=_quote_words),
    "decline-quotes": Act(
        "Turn the quotes down",
        "Turn them down",
        OptionalReasonForm,
        _decline_quotes,
        told=_decline_words,
        danger=True,
    ),
    "withdraw-complaint": Act(
        "Withdraw the complaint", "Withdraw it", Nothing, _take_back, told=_complaint_words
    ),
}
_BESIDE_THEIR_LIST = ("answer", "message", "attach")


def offered(case: Case) -> list[Offered]:
    """What the creditor can do with a case as it stands now."""
    return [
        Offered(act, reverse("case_act", args=[case.reference, name]))
        for name, act in ACTS.items()
        if name not in _BESIDE_THEIR_LIST and act.when(case)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.ACT)
def case_act(
    request: HttpRequest, membership: Membership, reference: str, name: str, target: str = ""
) -> HttpResponse:
    act = (ACTS_ON if target else ACTS).get(name)
    if act is None:
        raise Http404
    actor, clock = creditor_actor(membership), adapters().clock
    try:
        case = read_case_named(actor, reference)
    except NotThere:
        raise Http404 from None
    asked = Asked(actor, case, clock.now(), clock.today(), target)
    return answer(request, act, asked, back=reverse("case", args=[case.reference]))


@require_safe
@for_members
def case_document(
    _request: HttpRequest, membership: Membership, reference: str, document_id: UUID
) -> HttpResponse:
    try:
        actor, now = creditor_actor(membership), adapters().clock.now()
        document = read_document(actor, document_id, reference=reference, now=now)
    except NotThere:
        raise Http404 from None
    return download(document.name, document.media_type, bytes(document.content))
