"""Colleagues with a browser, and the e-mails that reach people."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client

from arrears.accounts.models import Organisation
from arrears.core.access import Role
from tests.accounts.people import a_member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def a_colleague(organisation: Organisation, email: str, role: Role) -> Client:
    """Somebody's browser, signed in."""
    client = Client()
    client.force_login(a_member(organisation, email, role).user, backend=BACKEND)
    return client


def last_link() -> str:
    """The path of the invitation in the last e-mail."""
    found = re.search(r"https?://[^/]+(/invitations/\S+/)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def shown(client: Client, path: str) -> str:
    """A page as the browser gets it, wherever it is led."""
    return client.get(path, follow=True).content.decode()
