"""Settings: the organisation itself, its approval limit, and the way to everything that can be set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from arrears.accounts.change_settings import DETAILS, change_details, set_approval_limit
from arrears.accounts.members import LEAST_APPROVERS, approvers_of
from arrears.accounts.models import Membership, Organisation
from arrears.bridge.adapters import adapters
from arrears.core.access import Permission
from arrears.core.country import COUNTRIES
from arrears.core.money import CURRENCIES
from arrears.ports import NeedsAttention
from arrears.web.form_fields import amount_field, choice_field, line_field
from arrears.web.tenancy import for_members, members_who


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the settings page, for those with the permission."""

    page: str
    icon: str
    label: str
    text: str
    permission: Permission = Permission.VIEW


#: The links by what they are about. A new page of settings is one line here.
WAYS: dict[str, tuple[Way, ...]] = {
    "People and programs": (
        Way("setting_members", "user", "People", "Who belongs here and what they may do", Permission.MANAGE),
        Way("setting_invitations", "mail", "Invitations", "Ask somebody to join", Permission.MANAGE),
        Way("setting_keys", "key", "API keys", "For programs that act for you", Permission.MANAGE),
    ),
    "What was done": (
        Way("setting_audit", "list-details", "Audit trail", "Who did what, and when", Permission.AUDIT),
    ),
    "You": (
        Way("setting_notices", "mail", "E-mails to you", "What you hear about, and how often"),
        Way("account_change_password", "lock", "Password", "Choose another one"),
        Way("mfa_index", "shield-lock", "How you sign in", "Passkeys and a second step"),
        Way("sessions", "clock", "Where you are signed in", "Sign out other devices"),
        Way("setting_new_organisation", "plus", "New organisation", "Work for another company too"),
    ),
}

#: Offered first in lists.
_USUAL_CURRENCIES = ("GBP", "EUR", "USD")


class DetailsForm(forms.Form):
    name = line_field("Name", "Enter the organisation's name.", longest=200)
    registration_number = line_field("Registration number", longest=100, hint="At Companies House, say.")
    street = line_field("Street", longest=200)
    city = line_field("Town", longest=100)
    zip = line_field("Postcode", longest=40)
    state = line_field("County or state", longest=100)
    country = choice_field("Country")
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        error_messages={"invalid": "Enter an e-mail address such as name@firm.example."},
    )
    phone = line_field("Telephone number", longest=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = sorted(((code, one.name) for code, one in COUNTRIES.items()), key=lambda one: one[1])
        self.fields["country"] = choice_field("Country", places)


class LimitForm(forms.Form):
    limit = amount_field("Imports of more than", hint="Leave it empty if no import needs approval.")
    currency = choice_field("Currency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = sorted(CURRENCIES.difference(_USUAL_CURRENCIES))
        codes = [(code, code) for code in (*_USUAL_CURRENCIES, *others)]
        self.fields["currency"] = choice_field("Currency", codes)


@require_safe
@for_members
def settings_page(request: HttpRequest, membership: Membership) -> HttpResponse:
    ways = {about: [way for way in some if membership.may(way.permission)] for about, some in WAYS.items()}
    context = {"organisation": membership.organisation, "ways": {k: v for k, v in ways.items() if v}}
    return render(request, "people/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.MANAGE)
def details(request: HttpRequest, membership: Membership) -> HttpResponse:
    organisation = membership.organisation
    form = DetailsForm(
        request.POST or None, initial={field: getattr(organisation, field) for field in DETAILS}
    )
    if request.method == "POST" and form.is_valid():
        change_details(organisation.pk, form.cleaned_data, adapters().clock.now())
        messages.success(request, "The organisation's details were saved.")
        return redirect("settings")
    return render(request, "people/details.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.MANAGE)
def approval_limit(request: HttpRequest, membership: Membership) -> HttpResponse:
    organisation = membership.organisation
    form = LimitForm(request.POST or None, initial=_limit_of(organisation))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_approval_limit(organisation.pk, given["limit"], given["currency"], adapters().clock.now())
        except NeedsAttention as problem:
            form.add_error("currency" if problem.code == "currency" else "limit", problem.in_full)
        else:
            messages.success(request, "The approval limit was saved. It holds for imports from now on.")
            return redirect("settings")
    approvers = list(approvers_of(organisation.pk))
    context = {"form": form, "approvers": approvers, "enough": len(approvers) >= LEAST_APPROVERS}
    return render(request, "people/approval_limit.html", context, status=422 if form.errors else 200)


def _limit_of(organisation: Organisation) -> dict[str, str]:
    limit = organisation.approval_limit
    shown = "" if limit is None else f"{limit.normalize():,f}"
    return {"limit": shown, "currency": organisation.limit_currency}
