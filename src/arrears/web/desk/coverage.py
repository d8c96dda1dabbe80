"""Where the network takes cases, where it does not, and who would get a debt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.core.country import COUNTRIES, jurisdiction
from arrears.core.debtor import DebtorType
from arrears.core.money import Money, is_currency
from arrears.core.routing import jurisdiction_name
from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.models import Partner
from arrears.desk.partners.coverage import Coverage, Covered, coverage
from arrears.desk.partners.what_if import Answer, what_if
from arrears.web.desk.asking import (
    countries,
    creditors,
    operators_page,
    optional_choice,
    public_id,
    states,
    told,
)
from arrears.web.form_fields import amount_field, choice_field, day_field, line_field


@require_safe
@operators_page
def coverage_page(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    told_all = coverage(actor)
    sought = request.GET.get("q", "").strip()[:100]
    letter = request.GET.get("letter", "")[:1].upper()
    gaps_only = request.GET.get("gaps") == "yes"
    shown = [place for place in told_all.places if _fits(place, sought, letter, gaps_only)]
    context = {
        "coverage": told_all,
        "shown": shown,
        "sought": sought,
        "letter": letter,
        "letters": sorted({place.name[0] for place in told_all.places if place.name[0].isascii()}),
        "gaps_only": gaps_only,
        "country_count": len(COUNTRIES),
        "tiles": _tiles(told_all),
    }
    return render(request, "desk/coverage.html", context)


def _fits(place: Covered, sought: str, letter: str, gaps_only: bool) -> bool:
    if gaps_only and not place.gap:
        return False
    if letter and not place.name.startswith(letter):
        return False
    names = [place.name, place.jurisdiction, *(one.name for one in (*place.takes, *place.quotes))]
    return all(word in " ".join(names).casefold() for word in sought.casefold().split())


def _tiles(found: Coverage) -> list[tuple[str, list[Covered]]]:
    """The map as two grids: countries by code, and the states of the USA by code."""
    by_code = sorted(found.places, key=lambda place: place.jurisdiction)
    return [
        ("Countries", [place for place in by_code if "-" not in place.jurisdiction]),
        ("United States", [place for place in by_code if "-" in place.jurisdiction]),
    ]


class DebtForm(forms.Form):
    """A debt that nobody has handed over."""

    amount = amount_field("Amount", required=True)
    currency = line_field("Currency", "Enter a currency code such as EUR.", longest=3)
    debtor = choice_field("Debtor", [("company", "A company"), ("private", "A private person")])
    due = day_field("Due date", required=False)
    state = optional_choice("State, in the United States", states(), any_label="–")

    field_order = ["amount", "currency", "debtor", "country", "state", "due", "creditor"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = choice_field("Country", [("", "Choose a country"), *countries()])
        self.fields["creditor"] = optional_choice("Creditor", creditors(), any_label="Any creditor")
        self.order_fields(self.field_order)

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise forms.ValidationError("Enter a currency code such as EUR.")
        return code

    def clean(self) -> None:
        if self.cleaned_data.get("country") == "US" and not self.cleaned_data.get("state"):
            self.add_error("state", "Choose the state.")


@require_safe
@operators_page
def coverage_what_if(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    asked = "amount" in request.GET
    form = DebtForm(request.GET if asked else None, initial={"currency": "EUR", "amount": "3,000.00"})
    answer = None
    if asked and form.is_valid():
        try:
            answer = _ask(actor, form)
        except Refused as reason:
            form.add_error(None, told(reason))
    context: dict[str, Any] = {"form": form, "answer": answer}
    if answer:
        given = form.cleaned_data
        context |= {
            "steps": _steps(answer),
            "principal": Money(given["amount"], given["currency"]),
            "where": jurisdiction_name(jurisdiction(given["country"], given["state"])),
            "chosen": Partner.objects.filter(pk=int(answer.route.partner)).first()
            if answer.route.partner
            else None,
        }
    return render(request, "desk/coverage_what_if.html", context)


def _ask(actor: Actor, form: DebtForm) -> Answer:
    given = form.cleaned_data
    return what_if(
        actor,
        Money(given["amount"], given["currency"]),
        DebtorType(given["debtor"]),
        given["country"],
        given["state"] if given["country"] == "US" else "",
        due=given["due"],
        creditor_id=public_id(given["creditor"]),
        today=adapters().clock.today(),
    )


def _steps(answer: Answer) -> list[dict[str, Any]]:
    """Everybody who could be asked, in order, with their page, and which of them is chosen."""
    known = Partner.objects.in_bulk([int(step.partner) for step in answer.steps])
    chosen = next((at for at, step in enumerate(answer.steps) if step.taken), None)
    return [
        {"step": step, "partner": known.get(int(step.partner)), "chosen": at == chosen}
        for at, step in enumerate(answer.steps)
    ]
