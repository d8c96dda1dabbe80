"""Passkeys: browsers make them for a name, over a secure connection, so they are not offered everywhere."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.http import HttpRequest


def why_no_passkeys(request: HttpRequest) -> str:
    """Why browsers would make no passkey for the address of this request, in a sentence; empty if they do."""
    host = _host(request)
    if _is_number(host):
        return (
            "Passkeys belong to a name. This page was opened at an address made of numbers, "
            f"{host}, so your browser cannot use them here. Open Arrears by its name instead."
        )
    if not request.is_secure() and host != "localhost" and not host.endswith(".localhost"):
        return (
            "Passkeys need a secure connection. This page was opened without one, so your browser cannot use "
            "them here. Open Arrears at an address that begins with https."
        )
    return ""


def own_host() -> str:
    """The name that passkeys made or used in the current request belong to."""
    return _host(context.request)


class _CredentialForm(forms.Form):
    """What a device answered comes through the browser, so it can be anything."""

    def full_clean(self) -> None:
        """allauth takes the answer apart before it knows its shape; what it trips over is a wrong answer."""
        try:
            super().full_clean()
        except (AttributeError, LookupError, TypeError, ValueError):
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))


class PasskeyForm(_CredentialForm, AddWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A new passkey. Each proves who holds it, so each is enough to sign in with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="Name", required=False, max_length=60, help_text="So that you can tell it from others."
        )
        self.fields["passwordless"] = forms.BooleanField(widget=forms.HiddenInput, initial=True)


class SignInForm(_CredentialForm, LoginWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A passkey instead of a password."""


class SecondStepForm(_CredentialForm, AuthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A passkey after a password."""


class StillYouForm(_CredentialForm, ReauthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """A passkey before something that matters."""


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Another name for a passkey."""

    name = forms.CharField(
        label="Name", max_length=60, error_messages={"required": "Enter a name for the passkey."}
    )


def _host(request: HttpRequest) -> str:
    host = request.get_host()
    return host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
