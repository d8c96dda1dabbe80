"""Making organisations and letting people into them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.accounts.models import Membership, Organisation, OrganisationKind, User


def make_creditor(name: str, user: User, now: datetime) -> Organisation:
    """A new creditor with its first member."""
    return _make(OrganisationKind.CREDITOR, name, user, now)


def found_creditor(name: str, user: User, now: datetime) -> Organisation:
    """One more creditor for somebody who has an account. They own it."""
    with transaction.atomic():
        made = make_creditor(name, user, now)
        note(made.pk, Action.SIGNED_UP, f"{user.email} founded {name}.", now)
    return made


def make_operator(user: User, now: datetime) -> Organisation:
    """Let somebody run this installation's desk, together with those who do already."""
    desk = Organisation.objects.filter(kind=OrganisationKind.OPERATOR).order_by("pk").first()
    if desk is None:
        return _make(OrganisationKind.OPERATOR, "The desk", user, now)
    Membership.objects.get_or_create(organisation=desk, user=user)
    return desk


def _make(kind: OrganisationKind, name: str, user: User, now: datetime) -> Organisation:
    made = Organisation.objects.create(kind=kind, name=name, email=user.email, created_at=now)
    Membership.objects.create(organisation=made, user=user)
    return made
