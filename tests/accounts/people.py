"""People of organisations, made in one line each."""

from __future__ import annotations

from datetime import UTC, datetime

from arrears.accounts.models import Membership, Organisation, User
from arrears.core.access import Role

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_firm(name: str = "Pennine Fasteners") -> Organisation:
    return Organisation.objects.create(name=name, created_at=NOON)


def a_member(firm: Organisation, email: str, role: Role = Role.OWNER) -> Membership:
    """Somebody who belongs to the firm; a new account if the address has none."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    return Membership.objects.create(organisation=firm, user=user, role=role.value)
