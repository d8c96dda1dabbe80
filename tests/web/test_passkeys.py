"""Where passkeys are offered, and what is said where they cannot be. Using one: tests/browser."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.conftest import PASSWORD, Site


def client_at(site: Site, host: str) -> Client:
    client = Client(headers={"Host": host})
    client.post("/accounts/login/", {"login": site.owner.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture(autouse=True)
def _settings(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "arrears.localhost"])
def test_they_are_offered_on_this_machine(site: Site, host: str) -> None:
    assert "Sign in with a passkey" in Client(headers={"Host": host}).get("/accounts/login/").content.decode()
    assert "Add a passkey" in client_at(site, host).get("/accounts/mfa/").content.decode()


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("127.0.0.1:8000", "address made of numbers"),
        ("[::1]:8000", "address made of numbers"),
        ("arrears.pennine.example", "begins with https"),
    ],
)
def test_where_browsers_make_none_a_sentence_says_why(site: Site, host: str, sentence: str) -> None:
    login = Client(headers={"Host": host}).get("/accounts/login/").content.decode()
    client = client_at(site, host)

    assert "passkey" not in login
    assert sentence in client.get("/accounts/mfa/").content.decode()
    page = client.get("/accounts/mfa/webauthn/add/").content.decode()
    assert sentence in page
    assert "<form method" not in page.split("<main")[1]


def test_a_name_over_a_secure_connection_has_them(site: Site) -> None:
    answer = Client(headers={"Host": "arrears.pennine.example"}).get("/accounts/login/", secure=True)

    assert "Sign in with a passkey" in answer.content.decode()


def test_no_script_stands_in_the_page(site: Site) -> None:
    page = client_at(site, "localhost").get("/accounts/mfa/webauthn/add/").content.decode()

    scripts = page.split("<script")[1:]
    assert all("src=" in one.split(">")[0] or "application/json" in one.split(">")[0] for one in scripts)


def test_a_passkey_is_asked_for_by_the_name_of_the_site(site: Site) -> None:
    client = Client(headers={"Host": "localhost", "Accept": "application/json"})
    options = json.loads(client.get("/accounts/mfa/webauthn/login/").content)["request_options"]["publicKey"]

    assert options["rpId"] == "localhost"
    assert options["userVerification"] == "required"


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": 1}', '{"response": 5}', '"x"'])
def test_what_is_no_passkey_signs_nobody_in(site: Site, credential: str) -> None:
    client = Client(headers={"Host": "localhost"})
    client.get("/accounts/mfa/webauthn/login/", headers={"Accept": "application/json"})
    answer = client.post("/accounts/mfa/webauthn/login/", {"credential": credential})

    assert answer.headers["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302
