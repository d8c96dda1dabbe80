"""The audit trail of signing in: what allauth tells, written for every creditor that the user belongs to."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from arrears.accounts.audit import Action, Who, acting_as, note
from arrears.accounts.models import Membership, OrganisationKind, User
from arrears.bridge.adapters import adapters

_FACTORS = {
    Authenticator.Type.TOTP: "the authenticator app",
    Authenticator.Type.RECOVERY_CODES: "the recovery codes",
    Authenticator.Type.WEBAUTHN: "a passkey",
}


def note_for_user(request: HttpRequest, user: Any, action: Action, text: str) -> None:
    """One line for each creditor of somebody who is, by now at the latest, known to be this user."""
    mine = Membership.objects.filter(user=user.pk, organisation__kind=OrganisationKind.CREDITOR)
    now = adapters().clock.now()
    with acting_as(Who(user.email, user.pk, address_of(request))), transaction.atomic():
        for organisation_id in mine.values_list("organisation_id", flat=True):
            note(organisation_id, action, text, now, subject=f"user {user.pk}")


def address_of(request: HttpRequest) -> str:
    """The network address that asks, as far as the proxies in front can be believed; empty if unknown."""
    try:
        return str(get_adapter().get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):  # allauth's words for an address that cannot be told
        return ""


def listen() -> None:
    """Write down what allauth announces from now on."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="trail")
    account.password_changed.connect(_password_changed, dispatch_uid="trail")
    account.password_reset.connect(_password_reset, dispatch_uid="trail")
    second_factor.authenticator_added.connect(_factor_added, dispatch_uid="trail")
    second_factor.authenticator_removed.connect(_factor_removed, dispatch_uid="trail")
    second_factor.authenticator_reset.connect(_factor_renewed, dispatch_uid="trail")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    ways = get_authentication_records(request, user)
    how = "with a passkey" if any(way.get("passwordless") for way in ways) else "with a password"
    if "passkey" not in how and any(way.get("method") == "mfa" for way in ways):
        how += " and a second factor"
    note_for_user(request, user, Action.SIGNED_IN, f"Signed in {how}.")


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    note_for_user(request, user, Action.PASSWORD_CHANGED, "Changed their password.")


def _password_reset(request: HttpRequest, user: User, **_: Any) -> None:
    note_for_user(request, user, Action.PASSWORD_CHANGED, "Chose a new password through a link by e-mail.")


def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    note_for_user(request, user, Action.SECOND_FACTOR, f"Added {_named(authenticator)}.")


def _factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    note_for_user(request, user, Action.SECOND_FACTOR, f"Removed {_named(authenticator)}.")


def _factor_renewed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    note_for_user(request, user, Action.SECOND_FACTOR, f"Renewed {_named(authenticator)}.")


def _named(authenticator: Authenticator) -> str:
    return _FACTORS.get(authenticator.type, "a second factor")
