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

from arrears.accounts.models import Membership, OrganisationKind, User
from arrears.core.case import Party
from arrears.desk.actors import Actor

P = ParamSpec("P")

_HOMES = {OrganisationKind.OPERATOR: "desk_home", OrganisationKind.PARTNER: "portal_home"}


def membership_of(user: Any, kind: OrganisationKind = OrganisationKind.CREDITOR) -> Membership | None:
    """The organisation of a kind that somebody acts for, with their role in it; None for nobody."""
    if not user.is_authenticated:
        return None
    mine = Membership.objects.select_related("organisation", "user").filter(user=user)
    return mine.filter(organisation__kind=kind).order_by("pk").first()


def home_of(user: Any) -> str:
    """The name of the page where somebody starts who belongs to no creditor; empty for nobody at all."""
    return next((page for kind, page in _HOMES.items() if membership_of(user, kind)), "")


def creditor_actor(membership: Membership) -> Actor:
    """Somebody acting for a creditor, as the desk's verbs know them."""
    user = membership.user
    name = user.get_full_name() or user.email
    return Actor(
        Party.CREDITOR, name, organisation=membership.organisation_id, user=user.pk, email=user.email
    )


def for_members(
    view: Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the creditor's member who asks.

    Strangers are sent to sign in, then come back; while nobody has an account they are sent to sign up. Who
    belongs to the desk or to a partner only is sent to the pages they have.

    The view must look everything up under `membership.organisation`, so that what belongs to another
    organisation is as absent as what does not exist.
    """

    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in(request)
        membership = membership_of(request.user)
        if membership is not None:
            return view(request, membership, *args, **kwargs)
        home = home_of(request.user)
        if home and request.method == "GET":
            return redirect(home)
        raise PermissionDenied("You are signed in, but you do not belong to an organisation yet.")

    return shown


def for_operators(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the desk's operator who asks; everybody else is refused."""
    return _for_actors(OrganisationKind.OPERATOR, _operator, view)


def for_partners(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the partner's member who asks; everybody else is refused."""
    return _for_actors(OrganisationKind.PARTNER, _partner, view)


def _for_actors(
    kind: OrganisationKind,
    actor_of: Callable[[Membership], Actor],
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in(request)
        membership = membership_of(request.user, kind)
        if membership is None:
            raise PermissionDenied("These pages belong to the people who run the desk, or to its partners.")
        return view(request, actor_of(membership), *args, **kwargs)

    return shown


def _operator(membership: Membership) -> Actor:
    user = membership.user
    return Actor(Party.OPERATOR, user.get_full_name() or user.email, user=user.pk, email=user.email)


def _partner(membership: Membership) -> Actor:
    user, partner = membership.user, membership.organisation.partner
    return Actor(
        Party.PARTNER,
        f"{user.get_full_name() or user.email}, {partner.name}",
        partner=partner.pk,
        user=user.pk,
        email=user.email,
    )


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    if not User.objects.exists():
        return redirect("account_signup")
    return redirect_to_login(request.get_full_path())
