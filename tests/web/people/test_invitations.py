"""Inviting: the link is for the mailbox alone, and what can be seen tells nothing about accounts."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from arrears.accounts.models import Invitation, User
from tests.web.conftest import PASSWORD, Site
from tests.web.people.builders import last_link

FORM = {"email": "fred@pennine.example", "role": "approver"}


def invite(site: Site, email: str = "fred@pennine.example") -> str:
    """What the inviter is shown."""
    answer = site.client.post("/settings/invitations/", FORM | {"email": email}, follow=True)
    return answer.content.decode()


def test_the_owner_never_sees_the_link(site: Site) -> None:
    page = invite(site)
    token = last_link().split("/")[2]
    sent = site.client.post(f"/settings/invitations/{Invitation.objects.get().pk}/resend/", follow=True)
    second = last_link().split("/")[2]

    assert token != second
    for shown in (page, sent.content.decode(), site.page("/settings/invitations/")):
        assert token not in shown
        assert second not in shown
    assert "The invitation is on its way to fred@pennine.example." in page


def test_an_address_with_an_account_looks_like_one_without(site: Site) -> None:
    User.objects.create_user("known@elsewhere.example", PASSWORD)
    pages = []
    for name in ("known", "other"):
        page = invite(site, f"{name}@elsewhere.example").replace(name, "NAME")
        pages.append(re.sub(r'value="\w{64}"|/invitations/\d+/', "", page))
        Invitation.objects.update(revoked_at=site.clock.now())

    assert pages[0] == pages[1]
    known, other = (str(one.body).replace(last_link(), "") for one in mail.outbox)
    assert known.splitlines()[0] == other.splitlines()[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "not an address"}, "Enter an e-mail address such as"),
        ({"email": ""}, "Enter an e-mail address such as"),
        ({"role": "emperor"}, "Choose a role."),
        ({"email": "OWNER@pennine.example"}, "belongs to Pennine Fasteners already"),
    ],
)
def test_what_cannot_be_sent_says_why(site: Site, changes: dict[str, str], said: str) -> None:
    answer = site.client.post("/settings/invitations/", FORM | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not mail.outbox


def test_a_mail_server_that_takes_nothing_is_told_of_and_can_be_tried_again(
    site: Site, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_invitations.RefusingBackend"
    page = invite(site)
    assert "could not be sent" in page
    assert "Send again" in page

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    site.client.post(f"/settings/invitations/{Invitation.objects.get().pk}/resend/")
    assert Client().get(last_link()).status_code == 200


def test_nobody_can_flood_mailboxes_in_our_name(site: Site) -> None:
    invite(site)
    resend = f"/settings/invitations/{Invitation.objects.get().pk}/resend/"
    statuses = [site.client.post(resend).status_code for _ in range(60)]
    assert statuses == [302] * 59 + [429]
    assert len(mail.outbox) == 60


def test_only_the_demo_tells_where_its_e_mails_go(site: Site, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = "/somewhere/mail"
    assert "/somewhere/mail" not in site.page("/settings/invitations/")
    settings.ARREARS_DEMO = True
    assert "into the folder /somewhere/mail" in site.page("/settings/invitations/")
