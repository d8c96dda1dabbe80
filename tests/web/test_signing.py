"""Signing by link on the page, the page of agreements, and the banner over the cases."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from arrears.accounts.models import Membership, Organisation, User
from arrears.core.case import Lifecycle
from arrears.desk.contracts.publish_version import publish_version
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import AgreementKind, Case, Signature
from arrears.desk.signatures import signing_link
from arrears.project.logs import drop_query
from arrears.project.mail import mail_settings
from tests.desk.builders import NOON, OPERATOR, a_case, a_partner
from tests.fakes import FakeClock
from tests.web.conftest import PASSWORD


class FakeDeskAdapters:
    """The desk with a clock that stands still."""

    clock = FakeClock()
    webhooks = None


@dataclass
class Visitor:
    """Somebody with a link, and no account in this browser."""

    creditor: Organisation
    client: Client
    path: str = ""

    def gets_a_link(self, return_url: str = "") -> Visitor:
        link = signing_link(self.creditor.pk, return_url, now=NOON)
        self.path = link.removeprefix("http://127.0.0.1:8000")
        return self

    def page(self, path: str = "", status: int = 200) -> str:
        answer = self.client.get(path or self.path)
        assert answer.status_code == status
        return html.unescape(answer.content.decode())

    def asks_for_a_code(self) -> str:
        choice = re.search(r'name="address" value="(\w+)"', self.page())
        assert choice
        answer = self.client.post(f"{self.path}code/", {"address": choice[1]})
        assert answer.status_code == 302
        code = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
        assert code
        return code[0]

    def signs(self, **changes: str) -> tuple[int, str]:
        shown = re.search(r'name="shown" value="(\w+)"', self.page())
        form = {
            "name": "Dana Director",
            "title": "Director",
            "typed": "Dana Director",
            "agreed": "yes",
            "shown": shown[1] if shown else "",
        }
        answer = self.client.post(self.path, form | changes)
        return answer.status_code, html.unescape(answer.content.decode())


@pytest.fixture
def visitor(db: None, settings: Settings) -> Visitor:
    settings.ARREARS_DESK_ADAPTERS = "tests.web.test_signing.FakeDeskAdapters"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    seed_agreements()
    creditor = Organisation.objects.create(name="Acme & Söhne", created_at=NOON)
    user = User.objects.create_user("director@acme.example", PASSWORD)
    Membership.objects.create(organisation=creditor, user=user)
    return Visitor(creditor, Client()).gets_a_link()


@pytest.fixture
def member(visitor: Visitor) -> Client:
    """The same creditor's member, signed in."""
    client = Client()
    client.force_login(User.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def a_waiting_case(creditor: Organisation) -> Case:
    return a_case(Lifecycle.PENDING_SIGNING, creditor=creditor, partner=a_partner("Leeds Recovery"))


def test_the_page_shows_every_document_to_read(visitor: Visitor) -> None:
    a_waiting_case(visitor.creditor)

    page = visitor.page()

    assert "2 documents to read" in page
    assert "Standard Debt Collection Agreement" in page
    assert "Power of attorney: Leeds Recovery" in page
    assert "between Acme & Söhne (the creditor)" in page
    assert page.count("<h1") == 1
    assert page.index("<h2") < page.index("<h3") < page.index("<h4")


def test_the_page_tells_nobody_an_address(visitor: Visitor) -> None:
    page = visitor.page()

    assert "d•••@acme.example" in page
    assert "director@acme.example" not in page


def test_from_the_link_to_the_copies(visitor: Visitor) -> None:
    case = a_waiting_case(visitor.creditor)
    visitor.gets_a_link("https://app.example/back")
    code = visitor.asks_for_a_code()
    assert "A code was sent to <strong>d•••@acme.example</strong>" in visitor.page()

    status, _ = visitor.signs(code=code, drawn="M1 2L30 40")

    assert status == 302
    done = visitor.page(f"{visitor.path}done/")
    assert "1 case that waited for this goes on now." in done
    assert 'href="https://app.example/back"' in done
    copies = re.findall(r'href="([^"]+\.pdf)"', done)
    assert len(copies) == 2
    copy = visitor.client.get(copies[0])
    assert copy.headers["Content-Type"] == "application/pdf"
    assert copy.content.startswith(b"%PDF-")
    case.refresh_from_db()
    assert case.lifecycle != Lifecycle.PENDING_SIGNING


def test_copies_of_a_link_are_for_the_browser_that_signed(visitor: Visitor) -> None:
    visitor.signs(code=visitor.asks_for_a_code())
    copy = re.findall(r'href="([^"]+\.pdf)"', visitor.page(f"{visitor.path}done/"))[0]

    other = Client()
    for path in (copy, f"{visitor.path}done/", visitor.path):
        assert other.get(path).status_code == 404


def test_unknown_used_and_expired_links_look_the_same_and_say_what_to_do(
    visitor: Visitor, settings: Settings
) -> None:
    used = visitor.path
    visitor.signs(code=visitor.asks_for_a_code())
    publish_version(
        OPERATOR,
        AgreementKind.STANDARD,
        "2",
        "# New",
        NOON.date(),
        must_be_signed_again=True,
        today=NOON.date(),
    )
    expired = visitor.gets_a_link().path
    FakeDeskAdapters.clock = FakeClock()
    FakeDeskAdapters.clock.instant = NOON.replace(month=12, day=30)
    try:
        pages = {visitor.page(path, 404) for path in ("/sign/nonsense/", used, expired)}
        posted = {
            visitor.client.post(f"{path}{step}").status_code
            for path in ("/sign/nonsense/", used, expired)
            for step in ("", "code/")
        }
    finally:
        FakeDeskAdapters.clock = FakeClock()

    assert len(pages) == 1
    assert "Ask whoever sent it for a new one." in pages.pop()
    assert posted <= {404}


def test_a_wrong_code_is_told_and_what_was_entered_stays(visitor: Visitor) -> None:
    code = visitor.asks_for_a_code()

    status, page = visitor.signs(code="000000" if code != "000000" else "000001", drawn="M1 2")

    assert status == 422
    assert "This is not the code." in page
    assert 'value="Dana Director"' in page
    assert 'value="M1 2"' in page
    assert Signature.objects.count() == 0


def test_without_agreeing_nothing_is_signed(visitor: Visitor) -> None:
    status, page = visitor.signs(code=visitor.asks_for_a_code(), agreed="")

    assert status == 422
    assert "Tick the box if you agree." in page
    assert Signature.objects.count() == 0


def test_what_is_entered_cannot_become_markup(visitor: Visitor) -> None:
    visitor.asks_for_a_code()

    answer = visitor.client.post(visitor.path, {"name": '"><script>x()</script>'})

    assert "<script>x()" not in answer.content.decode()


@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demo_shows_the_code(visitor: Visitor, settings: Settings, demo: bool) -> None:
    settings.ARREARS_DEMO = demo
    code = visitor.asks_for_a_code()

    page = visitor.page()

    assert (code in page) is demo
    assert ("Demo:" in page) is demo


def test_the_page_runs_nothing_written_into_it_and_labels_its_fields(visitor: Visitor) -> None:
    visitor.asks_for_a_code()
    page = visitor.page()

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    for inside in re.findall(r"<input[^>]*>", page):
        name = re.search(r'\bid="([^"]+)"', inside)
        quiet = 'type="hidden"' in inside or 'type="radio"' in inside
        assert quiet or (name and f'for="{name[1]}"' in page), inside


def test_forms_without_their_token_are_refused(visitor: Visitor) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in (visitor.path, f"{visitor.path}code/"):
        assert client.post(path).status_code == 403


def test_a_link_never_gets_into_a_log(visitor: Visitor) -> None:
    logged = drop_query(structlog.get_logger(), "info", {"request": f"POST {visitor.path}code/?x=1"})

    assert logged["request"] == "POST /sign/[withheld]/code/"


def test_the_frameworks_own_lines_about_a_link_do_not_tell_it(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    Client(enforce_csrf_checks=True).post(f"{visitor.path}code/")

    lines = [record.getMessage() for record in caplog.records if record.name == "django.security.csrf"]
    assert lines
    for line in lines:
        assert "/sign/[withheld]/" in drop_query(structlog.get_logger(), "info", {"event": line})["event"]


def test_a_member_sees_what_is_signed_and_signs_what_is_not(visitor: Visitor, member: Client) -> None:
    a_waiting_case(visitor.creditor)
    page = html.unescape(member.get("/agreements/").content.decode())
    assert page.count("Not signed") == 2
    assert "1 case waits for your signature" in page

    answer = member.post("/agreements/sign/")
    visitor.path = answer.headers["Location"]
    assert visitor.path.startswith("/sign/")
    visitor.signs(code=visitor.asks_for_a_code())

    page = html.unescape(member.get("/agreements/").content.decode())
    assert "Not signed" not in page
    assert "Sign now" not in page
    assert "by Dana Director, version 1" in page
    copy = re.findall(r'href="(/agreements/[^"]+\.pdf)"', page)[0]
    assert member.get(copy).content.startswith(b"%PDF-")


def test_another_creditors_copy_is_not_there(visitor: Visitor, member: Client) -> None:
    visitor.signs(code=visitor.asks_for_a_code())
    mallory = User.objects.create_user("mallory@elsewhere.example", PASSWORD)
    theirs = Organisation.objects.create(name="Elsewhere", created_at=NOON)
    Membership.objects.create(organisation=theirs, user=mallory)
    client = Client()
    client.force_login(mallory, backend="allauth.account.auth_backends.AuthenticationBackend")
    path = f"/agreements/{Signature.objects.get().public_id}.pdf"

    assert member.get(path).status_code == 200
    assert client.get(path).status_code == 404
    assert Client().get(path).status_code == 302
    assert Client().get("/agreements/").status_code == 302


def test_the_cases_page_says_when_cases_wait_for_a_signature(visitor: Visitor, member: Client) -> None:
    assert "for your signature" not in member.get("/cases/").content.decode()
    a_waiting_case(visitor.creditor)

    page = member.get("/cases/").content.decode()

    assert "1 case waits for your signature." in page
    assert 'href="/agreements/"' in page


def test_e_mail_into_files_is_for_this_user_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARREARS_EMAIL", "file")

    found = mail_settings(tmp_path)

    assert Path(found.folder).stat().st_mode & 0o777 == 0o700
    assert found.backend.endswith("filebased.EmailBackend")


@pytest.mark.parametrize(
    ("port", "host", "expected"),
    [
        ("587", "mail.example", (True, False)),
        ("465", "mail.example", (False, True)),
        ("25", "localhost", (False, False)),
    ],
)
def test_a_mail_server_is_spoken_to_in_tls_except_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: str, host: str, expected: tuple[bool, bool]
) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3cret\n")
    for name, value in {
        "ARREARS_EMAIL": "smtp",
        "ARREARS_SMTP_HOST": host,
        "ARREARS_SMTP_PORT": port,
        "ARREARS_SMTP_PASSWORD_FILE": str(secret),
    }.items():
        monkeypatch.setenv(name, value)

    found = mail_settings(tmp_path)

    assert (found.starts_tls, found.is_tls) == expected
    assert found.password.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ARREARS_EMAIL", "pigeon"),
        ("ARREARS_SMTP_PORT", "x"),
        ("ARREARS_SMTP_PASSWORD_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_e_mail_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        mail_settings(tmp_path)
