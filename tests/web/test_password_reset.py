"""A forgotten password: a link that works once, for half an hour, and tells nobody who has an account."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from arrears.accounts.models import AuditEntry, User
from arrears.project.logs import drop_query
from arrears.web.jobs import send_password_link
from tests.web.conftest import PASSWORD, Site

FRESH = "another sentence, just as long"
FORM = {"password1": FRESH, "password2": FRESH}


@pytest.fixture(autouse=True)
def _settings(settings: Settings) -> None:
    settings.ARREARS_URL = "https://arrears.pennine.example"


def ask(email: str, client: Client | None = None, **extra: Any) -> Any:
    return (client or Client()).post("/accounts/password/reset/", {"email": email}, **extra)


def jobs() -> list[dict[str, Any]]:
    return [
        job.args for job in ProcrastinateJob.objects.filter(task_name="send_password_link").order_by("pk")
    ]


def link_for(site: Site) -> str:
    """The path in the e-mail that a worker sends."""
    ask(site.owner.email)
    send_password_link(**jobs()[-1])
    found = re.search(r"https://arrears\.pennine\.example(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def follow(link: str, client: Client) -> str:
    """Open the link as a browser does. Returns the address of the form."""
    return str(client.get(link, follow=True).redirect_chain[-1][0])


def test_the_link_sets_a_new_password_and_signs_nobody_in(site: Site) -> None:
    client = Client()
    answer = client.post(follow(link_for(site), client), FORM)

    assert answer.headers["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302
    assert (
        Client().post("/accounts/login/", {"login": site.owner.email, "password": FRESH}).status_code == 302
    )
    assert AuditEntry.objects.filter(action="password changed", user_id=site.owner.pk).exists()


def test_the_link_leads_to_the_address_of_the_installation_whatever_the_browser_said(
    site: Site, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ask(site.owner.email, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    send_password_link(**jobs()[-1])

    assert "https://arrears.pennine.example/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_a_link_works_once(site: Site) -> None:
    link, client = link_for(site), Client()
    client.post(follow(link, client), FORM)

    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_a_link_works_for_half_an_hour(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_for(site)

    def later(minutes: int) -> None:
        now = datetime.now() + timedelta(minutes=minutes)  # noqa: DTZ005 # as the generator reads it
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _: now)

    later(29)
    assert "Choose a new password" in Client().get(link, follow=True).content.decode()
    later(31)
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_a_guessed_link_does_not_work(site: Site) -> None:
    link = link_for(site)
    wrong = link[:-3] + ("aa/" if not link.endswith("aa/") else "bb/")

    assert "no longer works" in Client().get(wrong, follow=True).content.decode()


def test_signing_in_meanwhile_ends_the_link(site: Site) -> None:
    User.objects.update(last_login=site.clock.now())
    link = link_for(site)
    Client().post("/accounts/login/", {"login": site.owner.email, "password": PASSWORD})

    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_a_new_password_ends_every_session(site: Site) -> None:
    elsewhere, client = Client(), Client()
    elsewhere.post("/accounts/login/", {"login": site.owner.email, "password": PASSWORD})
    assert elsewhere.get("/").status_code == 200

    client.post(follow(link_for(site), client), FORM)

    assert elsewhere.get("/").status_code == 302
    assert site.client.get("/").status_code == 302


def test_the_second_step_stays(site: Site) -> None:
    TOTP.activate(site.owner, "JBSWY3DPEHPK3PXP")
    client = Client()
    client.post(follow(link_for(site), client), FORM)

    answer = client.post("/accounts/login/", {"login": site.owner.email, "password": FRESH})

    assert answer.headers["Location"] == "/accounts/mfa/authenticate/"
    assert client.get("/").status_code == 302


def test_a_weak_password_is_refused_in_a_sentence(site: Site) -> None:
    client = Client()
    page = client.post(follow(link_for(site), client), {"password1": "short", "password2": "short"})

    assert "at least 12 characters" in page.content.decode()


def test_an_address_without_an_account_is_answered_and_worked_on_alike(site: Site) -> None:
    known, unknown = ask(site.owner.email), ask("nobody@pennine.example")

    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [list(one) for one in jobs()] == [["user_id"], ["user_id"]]
    for one in jobs():
        send_password_link(**one)
    assert [one.to for one in mail.outbox] == [[site.owner.email]]


def test_the_job_holds_neither_the_address_nor_the_link(site: Site) -> None:
    ask(site.owner.email)

    assert jobs() == [{"user_id": site.owner.pk}]


def test_nobody_can_be_flooded_with_links(site: Site) -> None:
    codes = [ask(site.owner.email, REMOTE_ADDR=f"198.51.100.{number}").status_code for number in range(5)]

    assert codes == [302, 302, 302, 429, 429]
    assert len(jobs()) == 3


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [
        ("console", "prints them on its console"),
        ("filebased", "writes them into files"),
        ("smtp", "folder for unwanted e-mails"),
    ],
)
def test_the_page_says_where_the_e_mail_is(
    site: Site, settings: Settings, backend: str, sentence: str
) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    page = Client().get("/accounts/password/reset/done/").content.decode()

    assert sentence in page
    assert ("Ask whoever runs it" in page) == (backend != "smtp")


def test_no_log_line_holds_the_link(site: Site) -> None:
    link = link_for(site)
    line = drop_query(None, "info", {"request": f"GET {link}", "event": f"Not found: {link}"})

    assert link.split("/")[-2] not in str(line)


def test_whoever_came_by_the_link_gets_in_while_others_guess(site: Site) -> None:
    client = Client()
    client.post(follow(link_for(site), client), FORM)
    form = {"login": site.owner.email, "password": "a guess"}
    for number in range(20):
        Client().post("/accounts/login/", form, REMOTE_ADDR=f"198.51.100.{number}")

    answer = client.post("/accounts/login/", form | {"password": FRESH}, REMOTE_ADDR="203.0.113.7")

    assert answer.status_code == 302
