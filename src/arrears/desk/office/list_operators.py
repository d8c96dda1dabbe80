"""List the people who run the desk."""

from __future__ import annotations

from arrears.accounts.models import OrganisationKind, User
from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.roles import only


def list_operators(actor: Actor) -> list[User]:
    """Everybody who may do what the operator does, by e-mail address."""
    only(actor, Party.OPERATOR)
    of_the_desk = User.objects.filter(memberships__organisation__kind=OrganisationKind.OPERATOR)
    return list(of_the_desk.distinct().order_by("email"))
