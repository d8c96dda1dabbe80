"""Connecting KashFlow: what the pages say, keep, and never give back."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from pytest_django import Settings

from arrears.accounts import vault
from arrears.bridge.models import Connection, ConnectionState
from arrears.core.access import Role
from arrears.ports import NeedsAttention, TryAgainLater
from tests.web.conftest import Site

LOGIN = {
    "username": "new@pennine.example",
    "password": "hunter22 canary",
    "memorable_word": "lighthouse canary",
    "keep_word": "yes",
}
REJECTED = NeedsAttention(
    "KashFlow did not accept the password.",
    code="wrong_credentials",
    action="Enter the password that works on KashFlow's own page.",
    url="https://app.kashflow.com/",
)


@pytest.fixture
def unconnected(site: Site) -> Site:
    vault.check_key()
    Connection.objects.all().delete()
    return site


def test_without_a_connection_the_page_offers_one(unconnected: Site) -> None:
    page = unconnected.page("/integrations/")
    assert "Not connected" in page
    assert "/integrations/kashflow/" in page
    assert "Connect KashFlow first" in unconnected.page("/import/")


def test_a_good_login_connects_and_names_the_company(unconnected: Site) -> None:
    answer = unconnected.client.post("/integrations/kashflow/", LOGIN, follow=True)

    page = answer.content.decode()
    assert "Connected to Pennine Fasteners Ltd." in page
    connection = Connection.objects.get()
    assert connection.base_url == "https://api.kashflow.com/v2"
    assert vault.read(connection.organisation_id, connection.record, "memorable_word") == SecretStr(
        LOGIN["memorable_word"]
    )


def test_the_word_is_not_stored_when_it_is_to_be_asked_for(unconnected: Site) -> None:
    unconnected.client.post("/integrations/kashflow/", LOGIN | {"keep_word": "no"})

    connection = Connection.objects.get()
    assert connection.asks_for_word
    assert vault.read(connection.organisation_id, connection.record, "memorable_word") is None
    assert 'name="memorable_word"' in unconnected.page("/import/")


@pytest.mark.parametrize("failure", [REJECTED, TryAgainLater("KashFlow does not answer.")])
def test_a_failure_is_told_beside_the_form_and_no_secret_comes_back(
    unconnected: Site, failure: Exception
) -> None:
    unconnected.books.failing = [failure]
    answer = unconnected.client.post("/integrations/kashflow/", LOGIN)
    page = answer.content.decode()

    assert answer.status_code in (422, 503)
    assert str(failure).replace("'", "&#39;") in page
    assert 'role="alert"' in page
    assert 'value="new@pennine.example"' in page
    assert "canary" not in page


def test_empty_fields_are_named_and_nothing_is_sent(unconnected: Site) -> None:
    answer = unconnected.client.post("/integrations/kashflow/", {"username": "", "password": ""})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Enter your KashFlow password." in page
    assert page.count('aria-invalid="true"') == 3
    assert not Connection.objects.exists()


def test_a_connection_that_needs_attention_says_why_and_what_helps(unconnected: Site) -> None:
    unconnected.books.failing = [REJECTED]
    unconnected.client.post("/integrations/kashflow/", LOGIN)

    for path in ("/integrations/", "/"):
        page = unconnected.page(path)
        assert "KashFlow did not accept the password." in page
        assert "works on KashFlow&#39;s own page." in page
        assert 'href="https://app.kashflow.com/"' in page
    assert "needs attention" in unconnected.page("/import/")


def test_trying_again_after_a_wrong_password_sends_nothing(unconnected: Site) -> None:
    unconnected.books.failing = [REJECTED]
    unconnected.client.post("/integrations/kashflow/", LOGIN)
    connection = Connection.objects.get()
    unconnected.books.failing = [AssertionError("a rejected login was sent again")]

    answer = unconnected.client.post(f"/integrations/{connection.pk}/try-again/", follow=True)

    assert "did not accept the password" in answer.content.decode()


def test_trying_again_after_the_cause_is_gone_connects(site: Site) -> None:
    changes = {
        "state": ConnectionState.NEEDS_ATTENTION,
        "attention_code": "locked",
        "attention_text": "Locked.",
    }
    Connection.objects.update(**changes)

    answer = site.client.post(f"/integrations/{site.connection.pk}/try-again/", follow=True)

    assert "is connected again" in answer.content.decode()
    site.connection.refresh_from_db()
    assert site.connection.state == ConnectionState.OK


def test_editing_needs_all_secrets_again_and_shows_none(unconnected: Site) -> None:
    unconnected.client.post("/integrations/kashflow/", LOGIN)
    page = unconnected.page(f"/integrations/{Connection.objects.get().pk}/")

    assert "Edit the login of Pennine Fasteners Ltd" in page
    assert 'value="new@pennine.example"' in page
    assert "canary" not in page


def test_disconnecting_says_what_goes_and_deletes_it(unconnected: Site) -> None:
    unconnected.client.post("/integrations/kashflow/", LOGIN)
    connection = Connection.objects.get()
    path = f"/integrations/{connection.pk}/disconnect/"

    page = unconnected.page(path)
    assert "The stored user name, password and memorable word" in page
    assert Connection.objects.exists()

    unconnected.client.post(path)
    assert not Connection.objects.exists()
    assert vault.read(connection.organisation_id, connection.record, "password") is None


def test_the_demo_shows_the_made_up_login_only_in_the_demo(site: Site, settings: Settings) -> None:
    settings.ARREARS_DEMO_KASHFLOW = {"username": "u", "password": "p", "memorable_word": "made-up-word"}
    settings.ARREARS_DEMO = True
    assert "made-up-word" in site.page("/integrations/kashflow/")

    settings.ARREARS_DEMO = False
    assert "made-up-word" not in site.page("/integrations/kashflow/")


def test_password_managers_and_pasting_are_welcome(site: Site) -> None:
    page = site.page("/integrations/kashflow/")
    assert 'autocomplete="section-kashflow username"' in page
    assert 'autocomplete="section-kashflow current-password"' in page
    assert "onpaste" not in page


def test_a_connection_that_works_can_be_tested(site: Site) -> None:
    assert "Test<" in site.page("/integrations/")

    answer = site.client.post(f"/integrations/{site.connection.pk}/try-again/", follow=True)

    assert "answered as Pennine Fasteners Ltd. The connection works." in answer.content.decode()


def test_who_may_not_connect_sees_how_it_stands_and_nothing_to_press(site: Site) -> None:
    site.owner.memberships.update(role=Role.VIEWER)

    page = site.page("/integrations/")

    assert "Connected" in page
    assert "set up and changed by the owner of Pennine Fasteners" in page
    for address in ("/try-again/", "/disconnect/", "/integrations/kashflow/", "/prefer/", "/import/?"):
        assert address not in page, address
