"""Every page belongs to an organisation: this finds whose, and refuses everybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from arrears.accounts.models import Membership, OrganisationKind, User
from arrears.core.access import Permission, roles_with
from arrears.core.case import Party
from arrears.core.wording import list_text
from arrears.desk.actors import Actor

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Membership, P], HttpResponseBase]

#: Where a session keeps which of several creditors somebody acts for.
CHOSEN = "organisation"

_HOMES = {OrganisationKind.OPERATOR: "desk_home", OrganisationKind.PARTNER: "portal_home"}

#: What a permission lets somebody do, to complete "… does not let you".
_DEEDS = {
    Permission.VIEW: "look at this",
    Permission.READ: "read invoices",
    Permission.IMPORT: "open cases or change an import",
    Permission.ACT: "act on cases",
    Permission.APPROVE: "approve imports",
    Permission.SIGN: "sign agreements",
    Permission.CONNECT: "change connections",
    Permission.POLICY: "change escalation policies",
    Permission.MANAGE: "change people and settings",
    Permission.AUDIT: "read the audit trail",
}


def memberships_of(
    request: HttpRequest, kind: OrganisationKind = OrganisationKind.CREDITOR
) -> list[Membership]:
    """Everything of a kind that whoever asks belongs to, by name; the one they act for now comes first."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    mine = Membership.objects.select_related("organisation", "user").filter(
        user=user, organisation__kind=kind
    )
    chosen = request.session.get(CHOSEN) if hasattr(request, "session") else None
    return sorted(mine, key=lambda one: (one.organisation_id != chosen, one.organisation.name, one.pk))


def membership_of(
    request: HttpRequest, kind: OrganisationKind = OrganisationKind.CREDITOR
) -> Membership | None:
    """The organisation of a kind that whoever asks acts for, with their role in it; None for nobody."""
    return next(iter(memberships_of(request, kind)), None)


def home_of(request: HttpRequest) -> str:
    """The name of the page where somebody starts who belongs to no creditor; empty for nobody at all."""
    return next((page for kind, page in _HOMES.items() if membership_of(request, kind)), "")


def creditor_actor(membership: Membership) -> Actor:
    """Somebody acting for a creditor, as the desk's verbs know them."""
    user = membership.user
    name = user.get_full_name() or user.email
    return Actor(
        Party.CREDITOR, name, organisation=membership.organisation_id, user=user.pk, email=user.email
    )


def for_members(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the creditor's member who asks, whatever their role.

    Strangers are sent to sign in, then come back; while nobody has an account they are sent to sign up. Who
    belongs to the desk or to a partner only is sent to the pages they have.

    The view must look everything up under `membership.organisation`, so that what belongs to another
    organisation is as absent as what does not exist.
    """
    return members_who(Permission.VIEW)(view)


def members_who(
    permission: Permission,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """As `for_members`, for those only whose role has the permission; others are told whom to ask."""

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in(request)
            membership = membership_of(request)
            if membership is not None:
                require(membership, permission)
                return view(request, membership, *args, **kwargs)
            home = home_of(request)
            if home and request.method == "GET":
                return redirect(home)
            raise PermissionDenied("You are signed in, but you do not belong to an organisation yet.")

        shown.permission = permission  # type: ignore[attr-defined] # what the tests hold every page to
        return shown

    return decorate


def require(membership: Membership, permission: Permission) -> None:
    """Raises PermissionDenied, saying whom to ask, for a member whose role lacks the permission."""
    if membership.may(permission):
        return
    asked = Membership.objects.filter(
        organisation=membership.organisation_id, role__in=roles_with(permission)
    ).select_related("user")
    emails = list_text([one.user.email for one in asked.order_by("pk")[:3]])
    raise PermissionDenied(
        f"Your role at {membership.organisation.name} is {membership.role}, which does not let you "
        f"{_DEEDS[permission]}. Ask {emails or 'an owner'}."
    )


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
        membership = membership_of(request, kind)
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
