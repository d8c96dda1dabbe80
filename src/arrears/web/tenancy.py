"""Every page belongs to an organisation: this finds whose, and refuses everybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from arrears.accounts.models import Membership, User

P = ParamSpec("P")


def membership_of(user: Any) -> Membership | None:
    """The organisation that somebody acts for, with their role in it; None for nobody in particular."""
    if not user.is_authenticated:
        return None
    return Membership.objects.select_related("organisation", "user").filter(user=user).order_by("pk").first()


def for_members(
    view: Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the member who asks.

    Strangers are sent to sign in, then come back; while nobody has an account they are sent to sign up.

    The view must look everything up under `membership.organisation`, so that what belongs to another
    organisation is as absent as what does not exist.
    """

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if not User.objects.exists():
                return redirect("account_signup")
            return redirect_to_login(request.get_full_path())
        membership = membership_of(request.user)
        if membership is None:
            raise PermissionDenied("You are signed in, but you do not belong to an organisation yet.")
        return view(request, membership, *args, **kwargs)

    return shown
