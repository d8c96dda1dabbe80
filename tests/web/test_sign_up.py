"""Signing up is for the first owner alone; everybody else signs in."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from arrears.accounts.models import Membership, Organisation, User
from tests.fakes import FakeAdapters
from tests.web.conftest import PASSWORD, Site

FORM = {"company": "Pennine Fasteners Ltd", "email": "owner@pennine.example", "password1": PASSWORD}


@pytest.mark.usefixtures("db", "outside")
class TestNobodyHasAnAccount:
    def test_the_home_page_leads_to_sign_up(self) -> None:
        assert Client().get("/").headers["Location"] == "/accounts/signup/"

    def test_signing_up_makes_the_organisation_and_its_owner(self) -> None:
        client = Client()
        answer = client.post("/accounts/signup/", FORM)

        assert answer.status_code == 302
        membership = Membership.objects.get(organisation__kind="creditor")
        assert membership.user.email == "owner@pennine.example"
        assert membership.organisation.name == "Pennine Fasteners Ltd"
        assert membership.role == "owner"
        desk = Membership.objects.get(organisation__kind="operator")
        assert desk.user == membership.user
        assert "Pennine Fasteners Ltd" in client.get("/").content.decode()

    def test_without_a_company_name_nothing_is_made(self) -> None:
        answer = Client().post("/accounts/signup/", FORM | {"company": " "})

        assert answer.status_code == 200
        assert not User.objects.exists()
        assert not Organisation.objects.exists()

    def test_a_short_password_is_refused(self) -> None:
        answer = Client().post("/accounts/signup/", FORM | {"password1": "short"})

        assert "at least 12 characters" in answer.content.decode()
        assert not User.objects.exists()


def test_sign_up_is_closed_once_somebody_has_an_account(site: Site) -> None:
    client = Client()

    assert "Sign-up is closed" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", FORM | {"email": "second@pennine.example"})
    assert User.objects.count() == 1


def test_a_stranger_is_sent_to_sign_in_and_back(site: Site) -> None:
    stranger = Client()
    answer = stranger.get("/runs/")
    assert answer.headers["Location"] == "/accounts/login/?next=/runs/"

    form = {"login": site.owner.email, "password": PASSWORD, "next": "/runs/"}
    assert stranger.post("/accounts/login/", form).headers["Location"] == "/runs/"


def test_a_wrong_password_says_so_and_is_not_repeated_in_the_page(site: Site) -> None:
    form = {"login": site.owner.email, "password": "not this one at all"}
    page = Client().post("/accounts/login/", form).content.decode()

    assert 'role="alert"' in page
    assert "not this one at all" not in page


def test_signing_out_needs_the_button(site: Site) -> None:
    site.page("/accounts/logout/")
    assert site.client.get("/").status_code == 200

    site.client.post("/accounts/logout/")
    assert site.client.get("/").status_code == 302


def test_somebody_without_an_organisation_is_told(site: Site) -> None:
    loner = User.objects.create_user("loner@pennine.example", PASSWORD)
    client = Client()
    client.force_login(loner, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.get("/")
    assert answer.status_code == 403
    assert "You may not see this" in answer.content.decode()


@pytest.mark.parametrize("path", ["/accounts/mfa/", "/accounts/password/change/", "/accounts/logout/"])
def test_account_pages_carry_the_header_of_the_product(site: Site, path: str) -> None:
    page = site.page(path)

    assert '<nav class="site-nav" aria-label="Your invoices and cases">' in page
    assert "/static/app/app.css" in page


@pytest.mark.usefixtures("db")
def test_the_demo_shows_its_login_and_nothing_else_does(
    settings: Settings, outside: type[FakeAdapters]
) -> None:
    settings.ARREARS_DEMO_LOGIN = {"email": "demo@arrears.example", "password": "made up for all to see"}
    settings.ARREARS_DEMO = True
    assert "made up for all to see" in Client().get("/accounts/login/").content.decode()

    settings.ARREARS_DEMO = False
    assert "made up for all to see" not in Client().get("/accounts/login/").content.decode()
