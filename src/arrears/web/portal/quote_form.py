"""The form for a partner's offer."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from django import forms

from arrears.core.case import Phase
from arrears.core.quote import AgreementType, Nature, Offer
from arrears.desk.models import Quote
from arrears.desk.quoting import LONGEST_TEXT, offer_of
from arrears.web.form_fields import amount_field, day_field, member_field, text_field

#: How long an offer stands unless its partner says otherwise.
_VALID_DAYS = 30

_AGREEMENTS = {
    AgreementType.HOURLY: "By the hour",
    AgreementType.FLAT: "Flat fee",
    AgreementType.SUCCESS: "Success fee",
    AgreementType.HYBRID: "Hybrid: two or more of these",
}
_NATURES = {
    Nature.RECOMMENDATION: "We recommend this step",
    Nature.REQUIRED: "We cannot go on without it",
}


class OfferForm(forms.Form):
    """One offer. Which figures an agreement needs is the desk's to judge."""

    agreement = member_field("How you want to be paid", AgreementType, _AGREEMENTS)
    hourly_rate = amount_field("Rate for one hour")
    hours = amount_field("Estimated hours")
    flat_fee = amount_field("Flat fee")
    success_fee = amount_field("Success fee, % of what is recovered")
    fixed_price = forms.BooleanField(
        label="Fixed price",
        required=False,
        help_text="You promise to ask for nothing beyond the flat fee and the court costs.",
    )
    court_costs = amount_field("Court costs", hint="What courts and bailiffs charge, as you expect it.")
    phase = member_field("For which phase", Phase)
    nature = member_field("How needed it is", Nature, _NATURES)
    valid_until = day_field("Valid until")
    solution = text_field("What you will do", rows=3, longest=LONGEST_TEXT)
    fee_comments = text_field("About the fee", rows=2, longest=LONGEST_TEXT)
    why_us = text_field("Why you", rows=2, longest=LONGEST_TEXT)

    def offer(self, currency: str) -> Offer:
        return Offer(currency=currency, **self.cleaned_data)


def first_values(own: Quote | None, phase: str, today: date) -> dict[str, Any]:
    """What the form starts with: the partner's present offer, or an empty one for what is asked."""
    if own is None:
        return {"phase": phase, "valid_until": today + timedelta(days=_VALID_DAYS)}
    offer = offer_of(own)
    values = {field.name: getattr(offer, field.name) for field in fields(offer)}
    return {name: _typed(value) for name, value in values.items()}


def _typed(value: Any) -> Any:
    """Numbers as somebody would type them: no needless zeros."""
    if value is None or not hasattr(value, "normalize"):
        return value
    return f"{value.normalize():f}"
