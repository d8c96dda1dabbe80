"""The main job in a browser: sign up, connect, read, choose, confirm, watch, look at a case."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from arrears.accounts import vault
from arrears.bridge.adapters import adapters
from arrears.bridge.models import ImportRun, Submission
from arrears.bridge.submit import submit
from arrears.desk.partners.seed_network import seed_network
from tests.builders import TODAY
from tests.fakes import FakeAdapters, FakeBooks

pytestmark = pytest.mark.browser


@pytest.fixture
def books(page: Page, transactional_db: None, settings: Settings) -> Iterator[FakeBooks]:
    """Thirty invoices of a company: most in pounds, some in yen, one without a due date.

    Asks for `page` so that the browser is there before the database is used.
    """
    fakes = FakeAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    vault.check_key()
    seed_network(TODAY)
    for number in range(1001, 1030):
        fakes.fake_books.add(str(number), "250000 JPY" if number % 10 == 0 else "1000 GBP")
    fakes.fake_books.add("1030", due=None)
    yield fakes.fake_books
    adapters.cache_clear()


def assert_fits(page: Page) -> None:
    """The page itself never scrolls sideways."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} pixels too wide"


def sign_up(page: Page, server: LiveServer) -> None:
    page.goto(server.url)
    assert_fits(page)
    page.get_by_label("Company name").fill("Pennine Fasteners Ltd")
    page.get_by_label("Your e-mail address").fill("owner@pennine.example")
    page.get_by_label("Password").fill("a long enough sentence")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Pennine Fasteners Ltd")).to_be_visible()
    assert_fits(page)


def connect(page: Page) -> None:
    page.get_by_role("link", name="Connect KashFlow").click()
    page.get_by_label("E-mail address or user name").fill("books@pennine.example")
    page.get_by_label("Password").fill("secret")
    page.get_by_label("Memorable word", exact=True).fill("lighthouse")
    assert_fits(page)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("Connected to Pennine Fasteners Ltd.")).to_be_visible()
    assert_fits(page)


def read(page: Page) -> None:
    page.get_by_role("link", name="Read unpaid invoices").click()
    expect(page.locator("#progress-text")).to_have_text("All read: 30 unpaid invoices")
    expect(page.get_by_text("Agrees with KashFlow’s own report")).to_be_visible()
    expect(page.locator(".kind-card[data-kind=eligible]")).to_contain_text("29")
    expect(page.locator(".kind-card[data-kind=eligible]")).to_contain_text("£27,000.00")
    expect(page.locator(".kind-card[data-kind=eligible]")).to_contain_text("¥500,000")
    assert_fits(page)


def choose(page: Page) -> None:
    page.locator(".kind-card[data-kind=flagged]").click()
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_role("button", name="Details of invoice 1030").click()
    expect(page.locator("#drawer").get_by_text("has no due date").first).to_be_visible()
    page.get_by_role("button", name="Close the details").click()
    page.locator(".kind-card[data-kind='']").click()
    page.get_by_role("searchbox").fill("jpy")
    expect(page.locator("#rows tr")).to_have_count(2)
    page.get_by_role("searchbox").fill("")
    page.locator("[data-tick-page]:visible").first.click()
    expect(page.locator("#pick-count")).to_have_text("29 invoices selected")
    page.get_by_label("Select invoice 1001, Acme Ltd").uncheck()
    expect(page.locator("#pick-count")).to_have_text("28 invoices selected")
    assert_fits(page)


def open_cases(page: Page) -> ImportRun:
    page.get_by_role("button", name="Open 28 cases").click()
    expect(
        page.get_by_role("heading", name="Hand over 28 invoices from Pennine Fasteners Ltd?")
    ).to_be_visible()
    expect(page.get_by_text("£26,000.00").first).to_be_visible()
    expect(page.get_by_text("Bundle by customer and currency: 2 cases")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Open 28 cases").dblclick()
    expect(page.get_by_text("0 of 28 settled").first).to_be_visible()
    return ImportRun.objects.get()


def test_from_sign_up_to_a_case(page: Page, live_server: LiveServer, books: FakeBooks) -> None:
    sign_up(page, live_server)
    connect(page)
    read(page)
    choose(page)
    run = open_cases(page)
    assert_fits(page)

    ids = list(run.submissions.values_list("pk", flat=True))
    submit(run.pk, min(ids), max(ids))

    expect(page.get_by_text("28 cases opened")).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name="See the cases").click()
    expect(page.get_by_text("26 cases in GBP")).to_be_visible()
    assert_fits(page)
    reference = Submission.objects.filter(invoice_numbers=["1002"]).values_list("case_reference", flat=True)[
        0
    ]
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    assert_fits(page)


def test_the_menu_and_the_table_work_with_the_keyboard_alone(
    page: Page, live_server: LiveServer, books: FakeBooks
) -> None:
    sign_up(page, live_server)
    connect(page)
    read(page)

    page.keyboard.press("Home")
    page.locator("body").press("Tab")
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.get_by_label("Select invoice 1001, Acme Ltd").focus()
    page.keyboard.press("Space")
    expect(page.locator("#pick-count")).to_have_text("1 invoice selected")
    page.get_by_role("button", name="Details of invoice 1001").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Exactly what leaves").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".site-header details.menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()


def test_the_back_button_shows_the_list_to_nobody_who_has_signed_out(
    page: Page, live_server: LiveServer, books: FakeBooks
) -> None:
    sign_up(page, live_server)
    connect(page)
    read(page)
    page.evaluate("document.body.dataset.kept = 'yes'")

    page.goto(f"{live_server.url}/runs/")
    page.evaluate("history.back()")
    expect(page.locator("body[data-kept]")).to_be_visible()

    page.locator(".site-header details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.evaluate("history.back()")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/import/"))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.locator("#rows tr").count() == 0
