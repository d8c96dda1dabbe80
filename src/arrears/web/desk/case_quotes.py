"""One request for quotes: who was asked, what was offered, how the offers compare on equal terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from arrears.core.case import Phase
from arrears.core.quote import AgreementType, Nature, Offer, QuoteState, RequestState, price_text
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.models import Partner, QuoteRequest
from arrears.desk.quotes.compare_quotes import compare_quotes
from arrears.desk.quotes.invite_partner import invite_partner
from arrears.desk.quotes.list_quote_requests import list_quote_requests
from arrears.desk.quotes.list_quotes import list_quotes
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.quotes.withdraw_quote import withdraw_quote
from arrears.desk.quoting import offer_of
from arrears.ports import Clock
from arrears.web.desk.actions import Action
from arrears.web.desk.asking import operators_page
from arrears.web.form_fields import amount_field, choice_field, day_field, text_field, tick_field, values_of

#: How a quote stands: icon and tone beside the state's own words.
_QUOTES = {
    QuoteState.OFFERED: ("file-text", "azure"),
    QuoteState.ACCEPTED: ("circle-check", "green"),
    QuoteState.REJECTED: ("circle-minus", "secondary"),
    QuoteState.EXPIRED: ("clock", "secondary"),
    QuoteState.WITHDRAWN: ("circle-minus", "secondary"),
}
_SCENES = [(100, "All of it is recovered"), (50, "Half of it is recovered"), (0, "Nothing is recovered")]


class QuoteAction(Action):
    """Something done to a request for quotes."""

    subject: QuoteRequest


class Invite(QuoteAction):
    key = "invite"
    title = "Invite a partner"
    icon = "plus"
    consequence = "The partner is told about the debt, not who owes it, and may quote until the time is over."
    button = "Invite"
    done = "The partner is invited to quote."
    partner = choice_field("Partner")

    def prepare(self) -> None:
        others = Partner.objects.filter(active=True).exclude(invitations=self.subject).order_by("name")
        choices = [(str(one.public_id), f"{one.name} ({one.country})") for one in others]
        self.fields["partner"] = choice_field("Partner", choices)

    def act(self, actor: Actor, clock: Clock) -> None:
        invite_partner(actor, self.subject.public_id, self.cleaned_data["partner"], now=clock.now())


class OfferFor(QuoteAction):
    key = "offer"
    title = "Enter a partner's offer"
    icon = "pencil"
    consequence = "The creditor sees it at once. A partner has one offer; entering another replaces it."
    button = "Enter the offer"
    done = "The offer is entered."
    partner = choice_field("Partner")
    agreement = choice_field("How the partner is paid", values_of(AgreementType))
    hourly_rate = amount_field("Rate for one hour")
    hours = amount_field("Hours estimated")
    flat_fee = amount_field("Flat fee")
    fixed_price = tick_field("The flat fee is a fixed price")
    success_fee = amount_field("Success fee", hint="In per cent of what is recovered.")
    court_costs = amount_field("Court costs")
    phase = choice_field("For which phase", values_of(Phase))
    nature = choice_field("The step is a", values_of(Nature))
    valid_until = day_field("Valid until")
    solution = text_field("What the partner will do")
    fee_comments = text_field("About the price", rows=2)
    why_us = text_field("Why this partner", rows=2)

    def prepare(self) -> None:
        invited = self.subject.invited.filter(active=True).order_by("name")
        choices = [(str(one.public_id), one.name) for one in invited]
        self.fields["partner"] = choice_field("Partner", choices)
        for name in ("hourly_rate", "flat_fee", "court_costs"):
            self.fields[name].label = f"{self.fields[name].label}, in {self.subject.case.currency}"
        self.initial["phase"] = self.subject.phase

    def act(self, actor: Actor, clock: Clock) -> None:
        given: dict[str, Any] = dict(self.cleaned_data)
        partner = given.pop("partner")
        given["agreement"] = AgreementType(given["agreement"])
        given["phase"], given["nature"] = Phase(given["phase"]), Nature(given["nature"])
        offer = Offer(currency=self.subject.case.currency, **given)
        offer_quote(
            actor,
            self.subject.public_id,
            offer,
            partner_id=partner,
            now=clock.now(),
            today=clock.today(),
        )


class TakeBack(QuoteAction):
    key = "take_back"
    title = "Take an offer back"
    icon = "circle-minus"
    consequence = "The creditor can choose it no more. The place it filled is free again while the time runs."
    button = "Take it back"
    done = "The offer is taken back."
    danger = True
    quote = choice_field("Whose offer")
    reason = text_field("Why", rows=2)

    def prepare(self) -> None:
        standing = self.subject.quotes.filter(state=QuoteState.OFFERED.value).select_related("partner")
        choices = [(str(one.public_id), one.partner.name) for one in standing]
        self.fields["quote"] = choice_field("Whose offer", choices)

    def act(self, actor: Actor, clock: Clock) -> None:
        withdraw_quote(actor, self.cleaned_data["quote"], self.cleaned_data["reason"], now=clock.now())


QUOTE_ACTIONS: dict[str, type[QuoteAction]] = {kind.key: kind for kind in (Invite, OfferFor, TakeBack)}


class Assume(forms.Form):
    """On what terms the offers are compared."""

    recovered = forms.ChoiceField(choices=_SCENES, required=False)


@require_safe
@operators_page
def case_quotes(request: HttpRequest, actor: Actor, reference: str, request_id: UUID) -> HttpResponse:
    return _page(request, actor, _asked(actor, reference, request_id))


@require_POST
@operators_page
def quote_action(
    request: HttpRequest, actor: Actor, reference: str, request_id: UUID, key: str
) -> HttpResponse:
    clock = adapters().clock
    form = QUOTE_ACTIONS[key](_asked(actor, reference, request_id), request.POST, today=clock.today())
    if form.perform(actor, clock):
        messages.success(request, form.done)
        return redirect("desk_case_quotes", reference, request_id)
    return _page(request, actor, _asked(actor, reference, request_id), form, status=422)


def _asked(actor: Actor, reference: str, request_id: UUID) -> QuoteRequest:
    case = read_case_named(actor, reference)
    return get_object_or_404(list_quote_requests(actor, case_id=case.public_id), public_id=request_id)


def _page(
    request: HttpRequest,
    actor: Actor,
    asked: QuoteRequest,
    failed: QuoteAction | None = None,
    status: int = 200,
) -> HttpResponse:
    today = adapters().clock.today()
    quotes = {str(quote.public_id): quote for quote in list_quotes(actor, asked.public_id)}
    assumed = Assume(request.GET)
    recovered = int(assumed.cleaned_data["recovered"] or 100) if assumed.is_valid() else 100
    compared = compare_quotes(actor, asked.public_id, recovered_points=Decimal(recovered))
    kinds = _offered(asked)
    forms_ = [failed if failed and failed.key == kind.key else kind(asked, today=today) for kind in kinds]
    if failed and failed.key not in {kind.key for kind in kinds}:
        forms_.append(failed)
    context = {
        "asked": asked,
        "case": asked.case,
        "quotes": [(quote, price_text(offer_of(quote))) for quote in quotes.values()],
        "compared": [(quotes[one.key], one) for one in compared],
        "looks": _QUOTES,
        "scenes": _SCENES,
        "recovered": recovered,
        "invited": asked.invited.order_by("name"),
        "actions": forms_,
        "failed": failed,
    }
    return render(request, "desk/case_quotes.html", context, status=status)


def _offered(asked: QuoteRequest) -> list[type[QuoteAction]]:
    is_open = asked.state == RequestState.OPEN
    standing = asked.decided_at is None and asked.quotes.filter(state=QuoteState.OFFERED.value).exists()
    return [
        *([Invite] if is_open else []),
        *([OfferFor] if is_open and asked.invited.exists() else []),
        *([TakeBack] if standing else []),
    ]
