"""Tells the audit trail who asks for a page, and from where."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from arrears.accounts.audit import Who, acting_as


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
    user = request.user
    if not user.is_authenticated:
        return Who("Somebody not signed in", None, _address(request))
    return Who(user.email, user.pk, _address(request))


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # allauth's word for an address that cannot be told
        return ""
