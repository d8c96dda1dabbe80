"""Let somebody run the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from pydantic import SecretStr

from arrears.accounts.organisations import make_operator
from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.logins import login_for
from arrears.desk.roles import only


def add_operator(actor: Actor, email: str, *, now: datetime) -> SecretStr | None:
    """Let the person with this e-mail address act for the desk.

    Returns a first password, to be told to them and shown once; None for somebody who has an account already.
    Raises Refused for an address that is none.
    """
    only(actor, Party.OPERATOR)
    with transaction.atomic():
        user, password = login_for(email)
        make_operator(user, now)
    return password
