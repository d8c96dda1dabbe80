"""Hostile shapes, hostile neighbours: what the pages refuse, and what they never give away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from arrears.accounts import vault
from arrears.accounts.models import User
from arrears.bridge.models import Connection, ImportRun
from arrears.web import sign_up
from tests.web.conftest import PASSWORD, Site, a_connection, an_organisation

ORDER = {"form_id": "8a6e3c0e-3a68-4f4e-9a3b-2f1d5b7c9e01", "sums": "[]"}


@pytest.mark.parametrize(
    "picked",
    [
        "[" * 100_000,
        json.dumps([["7\0", "1001", "", "", "", ""]]),
        json.dumps([["71001", "1001\0", "", "", "", ""]]),
        json.dumps([["\ud800", "1001", "", "", "", ""]]),
        json.dumps([["71001", "1001\n", "", "", "", ""]]),
    ],
    ids=["nested", "NUL in id", "NUL in number", "half a surrogate pair", "line break"],
)
@pytest.mark.parametrize("step", ["confirm", "open"])
def test_an_order_that_no_page_of_ours_sends_is_refused(site: Site, step: str, picked: str) -> None:
    answer = site.client.post(f"/import/{site.connection.pk}/{step}/", ORDER | {"picked": picked})

    assert answer.status_code == 400
    assert not ImportRun.objects.exists()


def test_the_largest_order_fits_into_a_form(site: Site) -> None:
    group = json.dumps(["A CUSTOMER CODE AS LONG AS THEY GET", "GBP"])
    picked = json.dumps(
        [
            [f"{number:010}", f"INV-{number:06}", group, "500.00 GBP ACME", "2026-01-31", "yes"]
            for number in range(20_000)
        ]
    )
    answer = site.client.post(f"/import/{site.connection.pk}/confirm/", ORDER | {"picked": picked})

    assert answer.status_code == 200
    assert "Open 20,000 cases" in answer.content.decode()


def test_the_page_knows_how_many_invoices_an_order_may_name(site: Site) -> None:
    assert 'data-most="20000"' in site.page("/import/")


def test_an_order_for_an_unverified_connection_says_what_to_do(site: Site) -> None:
    Connection.objects.update(account="")
    picked = json.dumps([["71001", "1001", "", "", "", ""]])
    answer = site.client.post(f"/import/{site.connection.pk}/open/", ORDER | {"picked": picked}, follow=True)

    assert "Enter its login again." in answer.content.decode()


def test_a_case_reference_with_a_nul_is_not_there(site: Site) -> None:
    site.page("/cases/%00/", status=404)


def test_another_organisation_cannot_watch_a_run(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001")
    mallory = User.objects.create_user("mallory@elsewhere.example", PASSWORD)
    a_connection(an_organisation("Elsewhere", mallory), account="account-2")
    client = Client()
    client.force_login(mallory, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(f"/runs/{run.pk}/progress/").status_code == 404


def guess(email: str, password: str, **extra: Any) -> str:
    page = Client().post("/accounts/login/", {"login": email, "password": password}, **extra)
    return page.content.decode() if page.status_code == 200 else ""


def test_guesses_at_a_password_are_counted_and_then_refused(site: Site) -> None:
    for number in range(4):
        claimed = f"198.51.100.{number}"
        assert "not correct" in guess(
            site.owner.email, f"guess {number}", headers={"X-Forwarded-For": claimed}
        )

    assert "Too many failed" in guess(site.owner.email, PASSWORD)


def test_guesses_are_counted_where_all_processes_look(site: Site) -> None:
    cache.set("guess", 1)

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from accounts_cache")
        assert cursor.fetchone() == (1,)


@pytest.mark.usefixtures("db", "outside")
def test_a_wrong_password_and_a_stranger_get_the_same_answer() -> None:
    User.objects.create_user("owner@pennine.example", PASSWORD)
    answers = {
        guess(email, "not the password").replace(email, "")
        for email in ("owner@pennine.example", "nobody@pennine.example")
    }
    assert len({answer.split('role="alert"')[1].split("</div>")[0] for answer in answers}) == 1


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "password/set/", "login/code/confirm/", "signup/passkey/"]
)
def test_pages_for_other_ways_to_sign_in_are_not_there(site: Site, path: str) -> None:
    site.page(f"/accounts/{path}", status=404)


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/reauthenticate/"])
def test_account_pages_offer_no_page_that_is_not_there(site: Site, path: str) -> None:
    page = site.page(path)

    assert "Forgot" not in page
    assert "placeholder" not in page


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_never_leads_elsewhere(site: Site, target: str) -> None:
    form = {"login": site.owner.email, "password": PASSWORD, "next": target}
    assert Client().post("/accounts/login/", form).headers["Location"] == "/"


def test_signing_in_starts_another_session(site: Site) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted or ""

    client.post("/accounts/login/", {"login": site.owner.email, "password": PASSWORD})

    assert client.cookies["sessionid"].value != planted
    assert client.get("/").status_code == 200


def test_a_new_password_ends_the_other_sessions(site: Site) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/accounts/login/", {"login": site.owner.email, "password": PASSWORD})
    fresh = "another sentence, just as long"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}

    assert here.post("/accounts/password/change/", form).status_code == 302
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_the_second_factor_can_be_switched_on(site: Site) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": site.owner.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/mfa/totp/activate/").content.decode()
    secret = page.split('id="authenticator_secret"')[1].split('value="')[1].split('"')[0]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    client.post("/accounts/mfa/totp/activate/", {"code": code})

    assert "Switched on" in client.get("/accounts/mfa/").content.decode()
    signed_in = Client().post("/accounts/login/", {"login": site.owner.email, "password": PASSWORD})
    assert signed_in.headers["Location"] == "/accounts/mfa/authenticate/"


@pytest.mark.usefixtures("db")
class TestMetrics:
    def test_are_for_this_machine(self) -> None:
        assert Client().get("/metrics").status_code == 200
        assert Client().get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404

    @pytest.mark.parametrize(
        "header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto", "Via"]
    )
    def test_are_not_for_whoever_comes_through_a_proxy(self, header: str) -> None:
        assert Client().get("/metrics", headers={header: "anything"}).status_code == 404

    def test_a_token_that_is_not_ascii_is_a_wrong_token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ARREARS_METRICS_TOKEN", "right")
        assert Client().get("/metrics", headers={"Authorization": "Bearer \xe9"}).status_code == 404
        assert Client().get("/metrics", headers={"Authorization": "Bearer right"}).status_code == 200


def test_signing_up_waits_for_nothing_else() -> None:
    assert sign_up._LOCK != vault._LOCK


def test_too_many_attempts_get_a_page_of_ours(site: Site, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    Client().post("/accounts/login/", {"login": "a@b.example", "password": "x"})
    answer = Client().post("/accounts/login/", {"login": "a@b.example", "password": "x"})

    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()


def test_the_connect_page_is_honest_about_what_is_kept(site: Site) -> None:
    page = site.page("/integrations/kashflow/")

    assert "User name: readable" in page
    assert "60 minutes without use" in page
