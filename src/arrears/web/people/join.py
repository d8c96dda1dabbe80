"""The page behind an invitation's link: join as who you are, sign in first, or make the invited account.

A link that does not work looks the same whatever the reason, and looking at a page changes nothing.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from pydantic import SecretStr

from arrears.accounts.invitations import accept, accept_anew, account_of, find, is_for
from arrears.accounts.models import Invitation, Membership, User
from arrears.bridge.adapters import adapters
from arrears.core.access import PURPOSES, Role
from arrears.ports import NeedsAttention
from arrears.web.people.pace import too_often
from arrears.web.tenancy import CHOSEN

#: Guessing at links is hopeless; this keeps it from being a burden too.
_PACE = "60/m/ip"


class PasswordForm(forms.Form):
    """A password for the new account, by the rules of sign-up."""

    password1 = forms.CharField(
        label="Choose a password",
        max_length=1000,
        strip=False,
        help_text="At least 12 characters. A sentence is easier to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean_password1(self) -> SecretStr:
        password: str = self.cleaned_data["password1"]
        get_adapter().clean_password(password, user=User(email=self._email))
        return SecretStr(password)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    if slowed := too_often(request, "open an invitation", _PACE):
        return slowed
    found = find(token, adapters().clock.now())
    if found is None:
        return _gone(request)
    if request.method != "POST":
        return _page(request, found)
    if request.user.is_authenticated:
        return _join(request, token, found, request.user)
    if account_of(found) is not None:
        return redirect_to_login(request.path)
    return _sign_up(request, token, found)


def _join(request: HttpRequest, token: str, found: Invitation, user: User) -> HttpResponseBase:
    try:
        membership = accept(token, user, adapters().clock.now())
    except NeedsAttention:  # signed in as somebody else
        return _page(request, found, status=403)
    return _joined(request, membership) if membership else _gone(request)


def _sign_up(request: HttpRequest, token: str, found: Invitation) -> HttpResponseBase:
    form = PasswordForm(found.email, request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        membership = accept_anew(token, form.cleaned_data["password1"], adapters().clock.now())
    except NeedsAttention:  # somebody has made the account meanwhile
        return redirect_to_login(request.path)
    if membership is None:
        return _gone(request)
    login = Login(user=membership.user, redirect_url=reverse("home"), email=found.email)
    answer: HttpResponseBase = perform_password_login(request, {"email": found.email}, login)
    _joined(request, membership)
    return answer


def _joined(request: HttpRequest, membership: Membership) -> HttpResponseBase:
    request.session[CHOSEN] = membership.organisation_id
    messages.success(request, f"You belong to {membership.organisation.name} now, as {membership.role}.")
    return redirect("home")


def _page(
    request: HttpRequest, found: Invitation, form: PasswordForm | None = None, status: int = 200
) -> HttpResponseBase:
    user = request.user
    context = {
        "invitation": found,
        "purpose": PURPOSES[Role(found.role)],
        "signed_in": user.is_authenticated,
        "is_for_me": user.is_authenticated and is_for(found, user),
        "has_account": account_of(found) is not None,
        "form": form or PasswordForm(found.email),
        "here": request.path,
    }
    return render(request, "account/invitation.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponseBase:
    return render(request, "people/invitation_gone.html", status=404)
