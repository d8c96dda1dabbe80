"""Tells the audit trail who asks for a page, and from where."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from arrears.accounts.audit import Who, acting_as
from arrears.web.account.trail import address_of


class ActingMiddleware:
    """Whatever a page's verbs note was done by whoever is signed in; by a stranger where nobody is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD", "OPTIONS"):  # reading is not noted, and asks no user
            return self._get_response(request)
        with acting_as(_who(request)):
            return self._get_response(request)


def _who(request: HttpRequest) -> Who:
    # Who brings no session is nobody's user, and the answer need not vary by who asks.
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    user = request.user if has_session else AnonymousUser()
    if not user.is_authenticated:
        return Who("Somebody not signed in", None, address_of(request))
    return Who(user.email, user.pk, address_of(request))
