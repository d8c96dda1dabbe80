"""Connect Debitura: the API key of a new account, and a new key of an existing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from pydantic import SecretStr

from arrears.accounts.models import Membership
from arrears.bridge.connect_collector import KeyForm, connect_collector
from arrears.bridge.models import CollectorAccount
from arrears.connectors.debitura import BASE_URL, LONGEST_KEY
from arrears.core.access import Permission
from arrears.ports import NeedsAttention, Remedy
from arrears.web.collector_names import shown_of
from arrears.web.collectors import account_of
from arrears.web.remedies import action_of
from arrears.web.tenancy import members_who

_TEST, _LIVE = "test", "live"
_LONGEST_ADDRESS = 200


class AccountForm(forms.Form):
    """What lets us in. The key is never written back into the page."""

    api_key = forms.CharField(
        max_length=LONGEST_KEY,
        error_messages={
            "required": "Paste the API key.",
            "max_length": "This is longer than an API key can be. Copy the key alone.",
        },
    )
    mode = forms.ChoiceField(choices=[(_TEST, "test"), (_LIVE, "live")], required=False)
    base_url = forms.CharField(
        max_length=_LONGEST_ADDRESS,
        required=False,
        error_messages={"max_length": f"The address may have {_LONGEST_ADDRESS} characters at most."},
    )
    waits = forms.BooleanField(required=False)

    def clean_base_url(self) -> str:
        typed: str = self.cleaned_data["base_url"].rstrip("/")
        if typed and not _is_address(typed):
            raise forms.ValidationError(
                "Enter the whole address and nothing else, such as https://desk.example.com/api/customer."
            )
        return typed

    def key_form(self, edited: CollectorAccount | None) -> KeyForm:
        """Where the account is and which cases it opens are settled for good when it is made."""
        given = self.cleaned_data
        return KeyForm(
            key=SecretStr(given["api_key"]),
            base_url=edited.base_url if edited else given["base_url"] or BASE_URL,
            test=edited.test if edited else given["mode"] != _LIVE,
            waits_for_signature=given["waits"],
        )


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(
            parts.scheme in ("https", "http")
            and parts.hostname
            and parts.username is None
            and not parts.query
            and not parts.fragment
            and text.isprintable()
        )
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a key was not accepted, what helps, and where."""

    text: str
    action: str
    url: str = ""


@sensitive_post_parameters("api_key")
@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.CONNECT)
def connect_debitura(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _answer(request, membership, None)


@sensitive_post_parameters("api_key")
@require_http_methods(["GET", "HEAD", "POST"])
@members_who(Permission.CONNECT)
def edit_collector(request: HttpRequest, membership: Membership, account_id: int) -> HttpResponse:
    return _answer(request, membership, account_of(membership, account_id))


def _answer(request: HttpRequest, membership: Membership, edited: CollectorAccount | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, AccountForm(), edited)
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, form, edited, status=422)
    try:
        account = connect_collector(membership.organisation_id, form.key_form(edited), edited)
    except NeedsAttention as reason:
        problem = Problem(str(reason), reason.action, reason.url)
        return _page(request, form, edited, problem, status=422)
    except Remedy as reason:
        return _page(request, form, edited, Problem(str(reason), action_of(reason)), status=503)
    mode = "test mode" if account.test else "live"
    messages.success(request, f"Connected to {shown_of(account).full_name}: {mode}.")
    return redirect("integrations")


def _page(
    request: HttpRequest,
    form: AccountForm,
    edited: CollectorAccount | None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    waits = bool(form.data.get("waits")) if form.is_bound else edited is None or edited.waits_for_signature
    context: dict[str, Any] = {
        "edited": edited,
        "collector": shown_of(edited) if edited else None,
        "is_live": form.data.get("mode") == _LIVE,
        "base_url": form.data.get("base_url", ""),
        "waits": waits,
        "longest_key": LONGEST_KEY,
        "errors": {name: errors[0] for name, errors in form.errors.items()},
        "problem": problem,
    }
    return render(request, "connect_collector.html", context, status=status)
