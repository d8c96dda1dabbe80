"""A passkey in a browser: made on one visit, used on the next, with the browser's own virtual device."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from arrears.accounts import vault
from arrears.accounts.models import AuditEntry
from arrears.bridge.adapters import adapters
from tests.fakes import FakeAdapters

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "owner@pennine.example", "a long enough sentence"


@pytest.fixture
def outside(page: Page, transactional_db: None, settings: Settings) -> Iterator[None]:
    """Asks for `page` so that the browser is there before the database is used."""
    FakeAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    vault.check_key()
    yield
    adapters.cache_clear()


def a_device(page: Page) -> None:
    """A device that keeps passkeys and always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_up(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/accounts/signup/")
    page.get_by_label("Company name").fill("Pennine Fasteners Ltd")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Pennine Fasteners Ltd")).to_be_visible()


def add_a_passkey(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/accounts/mfa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{server.url}/accounts/mfa/webauthn/")
    expect(page.get_by_role("row", name=re.compile("Office laptop"))).to_contain_text("Never")


def sign_out(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(page: Page, outside: None, live_server: LiveServer) -> None:
    a_device(page)
    sign_up(page, live_server)
    add_a_passkey(page, live_server)
    sign_out(page, live_server)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("heading", name="Pennine Fasteners Ltd")).to_be_visible()
    assert AuditEntry.objects.filter(action="signed in", text="Signed in with a passkey.").exists()


def test_a_passkey_is_the_second_step_after_a_password(
    page: Page, outside: None, live_server: LiveServer
) -> None:
    a_device(page)
    sign_up(page, live_server)
    add_a_passkey(page, live_server)
    sign_out(page, live_server)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()

    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Pennine Fasteners Ltd")).to_be_visible()


def test_a_device_without_the_passkey_is_told_so(page: Page, outside: None, live_server: LiveServer) -> None:
    sign_up(page, live_server)
    sign_out(page, live_server)
    a_device(page)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Nothing was done")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
