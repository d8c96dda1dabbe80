"""Connect KashFlow: the login form for a new connection, and for a new login of an existing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.connect import Login, connect
from arrears.bridge.models import Connection
from arrears.core.access import Permission
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.tenancy import members_who


class LoginForm(forms.Form):
    """What KashFlow asks for at its own sign-in page. The secrets are never written back into the page."""

    username = forms.CharField(
        max_length=254,
        error_messages={"required": "Enter the e-mail address or user name that you use for KashFlow."},
    )
    password = forms.CharField(
        max_length=500, strip=False, error_messages={"required": "Enter your KashFlow password."}
    )
    memorable_word = forms.CharField(
        max_length=500,
        error_messages={"required": "Enter the whole memorable word, not three letters of it."},
    )
    keep_word = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], required=False)

    def login(self) -> Login:
        given = self.cleaned_data
        return Login(
            username=given["username"],
            password=SecretStr(given["password"]),
            memorable_word=SecretStr(given["memorable_word"]),
            base_url=settings.ARREARS_KASHFLOW_URL,
            keep_word=given["keep_word"] != "no",
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a login was not accepted and what helps, as one sentence each."""

    text: str
    action: str
    url: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.CONNECT)
def connect_kashflow(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _answer(request, membership, None)


@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.CONNECT)
def edit_connection(request: HttpRequest, membership: Membership, connection_id: int) -> HttpResponse:
    edited = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    return _answer(request, membership, edited)


def _answer(request: HttpRequest, membership: Membership, edited: Connection | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, LoginForm(), edited)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, edited, status=422)
    try:
        connected = connect(membership.organisation_id, form.login(), edited)
    except NeedsAttention as reason:
        return _page(request, form, edited, Problem(str(reason), reason.action, reason.url), status=422)
    except TryAgainLater as reason:
        action = "Nothing is wrong with what you entered, as far as we know. Try again in a few minutes."
        return _page(request, form, edited, Problem(str(reason), action), status=503)
    messages.success(request, f"Connected to {connected.company_name}.")
    return redirect("integrations")


def _page(
    request: HttpRequest,
    form: LoginForm,
    edited: Connection | None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "username": form.data.get("username", edited.username if edited else ""),
        "keeps_word": form.data.get("keep_word", "no" if edited and edited.asks_for_word else "yes") != "no",
        "errors": {name: errors[0] for name, errors in form.errors.items()},
        "problem": problem,
        "edited": edited,
        "demo_kashflow": getattr(settings, "ARREARS_DEMO_KASHFLOW", {}) if settings.ARREARS_DEMO else {},
    }
    return render(request, "connect_kashflow.html", context, status=status)
