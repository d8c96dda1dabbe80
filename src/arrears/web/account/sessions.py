"""Where somebody is signed in, and signing out there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from arrears.accounts.audit import Action
from arrears.web.account.devices import device_text
from arrears.web.account.trail import address_of, note_for_user

#: When somebody was last seen is told to the minute, so it is not written down more often.
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser that is signed in, for people."""

    pk: int
    device: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


class LastSeenMiddleware:
    """Keeps by each session from which device and address it was last used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.session.session_key and request.user.is_authenticated and address_of(request):
            _see(request)
        return self._get_response(request)


@require_safe
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser that is signed in as this user, this one first."""
    mine = sorted(_signed_in(request), key=lambda one: (one.is_this, one.seen), reverse=True)
    return render(request, "account/sessions.html", {"sessions": mine})


@require_POST
@login_required
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out the named session, or without a name all but this one. They are over at once."""
    others = UserSession.objects.filter(user=request.user.pk).exclude(session_key=request.session.session_key)
    named = request.POST.get("session", "")
    if named:
        others = others.filter(pk=int(named) if named.isdecimal() and len(named) < 18 else 0)
        if not others.exists():
            raise Http404
    with transaction.atomic():
        ended = [device_text(one.user_agent) for one in others]
        for one in others:
            one.end()
        if ended:
            note_for_user(request, request.user, Action.SIGNED_OUT, f"Signed out: {', '.join(ended)}.")
    said = f"{ended[0]} is signed out." if named else "You are signed out everywhere else."
    messages.success(request, said)
    return redirect("sessions")


def _signed_in(request: HttpRequest) -> list[SignedIn]:
    """Those that have run out, or were ended by a new password, are forgotten on the way."""
    return [
        SignedIn(
            one.pk,
            device_text(one.user_agent),
            one.ip,
            one.created_at,
            one.last_seen_at,
            one.session_key == request.session.session_key,
        )
        for one in UserSession.objects.purge_and_list(request.user)
    ]


def _see(request: HttpRequest) -> None:
    just_now = UserSession.objects.filter(
        session_key=request.session.session_key,
        user=request.user.pk,
        ip=address_of(request),
        user_agent=request.headers.get("User-Agent", "")[:200],
        last_seen_at__gt=Now() - _SEEN_EVERY,
    )
    if not just_now.exists():
        UserSession.objects.create_from_request(request)
