"""A creditor's people, as the API names them."""

from __future__ import annotations

import uuid

from arrears.accounts.models import Organisation, User

#: Under this, a person's number in a creditor's team becomes a UUID that never changes.
_PEOPLE = uuid.UUID("8f7a1c52-4a0e-5d1b-9d0e-6d2f4c1b7a35")


def user_uuid(creditor: Organisation, user: User) -> uuid.UUID:
    """The id by which `/users` names a person. It differs from creditor to creditor."""
    return uuid.uuid5(_PEOPLE, f"{creditor.public_id}:{user.pk}")


def member(creditor: Organisation, *, email: str = "", user_id: uuid.UUID | None = None) -> User | None:
    """The active team member with this address or, without one, this id."""
    team = creditor.members.filter(is_active=True)
    if email:
        return team.filter(email__iexact=email).first() if "\0" not in email else None
    return next((user for user in team if user_uuid(creditor, user) == user_id), None)
