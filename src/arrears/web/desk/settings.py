"""Settings of the desk: its deadlines, the people who run it, and keys for programs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from arrears.core.payment import Bucket
from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.key_holders import key_holders
from arrears.desk.models import DeskSettings
from arrears.desk.office.add_operator import add_operator
from arrears.desk.office.change_settings import LIMITS, change_settings
from arrears.desk.office.list_api_keys import list_api_keys
from arrears.desk.office.list_operators import list_operators
from arrears.desk.office.make_api_key import make_api_key
from arrears.desk.office.revoke_api_key import revoke_api_key
from arrears.web.desk.asking import operators_page, told
from arrears.web.form_fields import choice_field, line_field, values_of

#: What each number is for.
_HINTS = {
    "check_minutes": "An incomplete case waits this long before its creditor is asked.",
    "info_business_days": "How long a creditor has to answer.",
    "quote_business_hours": "How long partners can offer their price.",
    "max_quotes": "A request closes early once so many have come.",
    "decide_days": "How long a creditor has to choose among offers.",
    "settle_business_days": "By then the creditor's share of a payment has to reach it.",
    "retention_years": "After that a debtor's personal data is erased.",
}
_PLACES = ("First", "Second", "Third", "Fourth")


class SettingsForm(forms.Form):
    desk_name = line_field("Name of the desk", "Enter the name of the desk.", longest=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column, limit in LIMITS.items():
            wrong = f"Enter a whole number from {limit.least:,} to {limit.most:,}."
            self.fields[column] = forms.IntegerField(
                label=limit.label,
                help_text=_HINTS[column],
                min_value=limit.least,
                max_value=limit.most,
                error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
            )
        for at, place in enumerate(_PLACES):
            self.fields[f"bucket_{at}"] = choice_field(
                place, [(v, v.capitalize()) for v, _ in values_of(Bucket)]
            )

    def numbers(self) -> list[forms.BoundField]:
        return [self[column] for column in LIMITS]

    def buckets(self) -> list[forms.BoundField]:
        return [self[f"bucket_{at}"] for at in range(len(_PLACES))]


class KeyForm(forms.Form):
    name = line_field("What it is for", "Say what the key is for, such as “ERP in Leeds”.", longest=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [
            (str(one.public_id), f"{one.name} ({one.get_kind_display().lower()})") for one in key_holders()
        ]
        self.fields["organisation"] = choice_field("Whose", [("", "Choose a creditor or partner"), *held])
        self.order_fields(["organisation", "name"])


class OperatorForm(forms.Form):
    email = line_field("E-mail address", "Enter an e-mail address.", longest=254)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def settings(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = SettingsForm(request.POST) if request.method == "POST" else SettingsForm(initial=_current())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        allocation = [given[f"bucket_{at}"] for at in range(len(_PLACES))]
        numbers = {column: given[column] for column in LIMITS}
        try:
            change_settings(actor, desk_name=given["desk_name"], allocation=allocation, **numbers)
        except Refused as reason:
            form.add_error("bucket_0" if reason.code == "allocation" else None, told(reason))
        else:
            messages.success(request, "The settings were saved.")
            return redirect("desk_settings")
    return render(request, "desk/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def setting_keys(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The keys, and a form for another. A new key is on this answer and nowhere else."""
    form, made = KeyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            key, text = make_api_key(actor, given["organisation"], given["name"], now=adapters().clock.now())
        except Refused as reason:
            form.add_error(None, told(reason))
        else:
            made, form = {"key": key, "text": text.get_secret_value()}, KeyForm()
    context = {"form": form, "made": made, "keys": list(list_api_keys(actor))}
    return render(request, "desk/setting_keys.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def setting_key_revoke(request: HttpRequest, actor: Actor, key_id: int) -> HttpResponseBase:
    key = list_api_keys(actor).filter(pk=key_id, revoked_at=None).first()
    if key is None:
        raise Http404
    if request.method == "POST":
        revoke_api_key(actor, key_id, now=adapters().clock.now())
        messages.success(request, f"The key “{key.name}” lets nobody in any more.")
        return redirect("desk_setting_keys")
    return render(request, "desk/setting_key_revoke.html", {"key": key})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def setting_people(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Who runs the desk. A first password is on this answer and nowhere else."""
    form, login = OperatorForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            password = add_operator(actor, email, now=adapters().clock.now())
        except Refused as reason:
            form.add_error("email", told(reason))
        else:
            if password is None:
                messages.success(request, f"{email} has an account already, and runs the desk now.")
                return redirect("desk_setting_people")
            login, form = {"email": email, "password": password.get_secret_value()}, OperatorForm()
    context = {"form": form, "login": login, "people": list_operators(actor), "me": actor.user}
    return render(request, "desk/setting_people.html", context, status=422 if form.errors else 200)


def _current() -> dict[str, Any]:
    now = DeskSettings.current()
    buckets = {f"bucket_{at}": bucket for at, bucket in enumerate(now.allocation)}
    return {"desk_name": now.desk_name, **{column: getattr(now, column) for column in LIMITS}, **buckets}
