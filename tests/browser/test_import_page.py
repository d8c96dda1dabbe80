"""The bulk import page in a browser: filters, ticks, keys, details, what is cut off, what is put right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from arrears.accounts import vault
from arrears.accounts.models import SavedView, User
from arrears.bridge.adapters import adapters
from arrears.desk.partners.seed_network import seed_network
from tests.browser.test_main_job import assert_fits
from tests.builders import TODAY
from tests.fakes import FakeAdapters, FakeBooks
from tests.web.conftest import PASSWORD, a_connection, an_organisation

pytestmark = pytest.mark.browser

#: 130 that can be submitted, of which 10 in yen, and 3 without a due date, of another customer.
ALL, ELIGIBLE, FLAGGED = 133, 130, 3


@pytest.fixture
def books(page: Page, transactional_db: None, settings: Settings) -> Iterator[FakeBooks]:
    """More than a page of the list. Asks for `page` so that the browser is there before the database."""
    fakes = FakeAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    vault.check_key()
    seed_network(TODAY)
    for number in range(1001, 1001 + ELIGIBLE):
        fakes.fake_books.add(str(number), "250000 JPY" if number % 13 == 0 else f"{number} GBP")
    for number in range(2001, 2001 + FLAGGED):
        fakes.fake_books.add(str(number), code="BETA", due=None)
    yield fakes.fake_books
    adapters.cache_clear()


def enter(page: Page, server: LiveServer) -> None:
    """Sign in as the owner of a company whose books are connected."""
    owner = User.objects.create_user("owner@pennine.example", PASSWORD)
    a_connection(an_organisation("Pennine Fasteners Ltd", owner))
    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])


@pytest.fixture
def read(page: Page, live_server: LiveServer, books: FakeBooks) -> Page:
    """The page with everything read."""
    enter(page, live_server)
    page.goto(f"{live_server.url}/import/")
    expect(page.locator("#progress-text")).to_have_text(f"All read: {ALL} unpaid invoices", timeout=30_000)
    expect(page.locator(".kind-card[data-kind=''] [data-count]")).to_have_text(str(ALL))
    return page


def rows_of(page: Page) -> list[str]:
    """The invoice numbers that are shown, in their order."""
    return [text.split()[0] for text in page.locator("#rows td[data-column=invoice]").all_inner_texts()]


def tick_page(page: Page) -> None:
    """Press the box in the head of the table, or its twin above the cards of a narrow screen."""
    page.locator("[data-tick-page]:visible").first.click()


def is_wide(page: Page) -> bool:
    return bool(page.evaluate("innerWidth >= 1000"))


def test_filters_are_in_the_address_and_a_link_opens_the_same_view(read: Page) -> None:
    page = read
    page.locator(".kind-card[data-kind=eligible]").click()
    page.get_by_role("searchbox").fill("jpy")
    page.locator("#filter-menu summary").click()
    page.get_by_label("From", exact=True).fill("250,000")
    page.get_by_label("From", exact=True).press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#rows tr")).to_have_count(10)
    expect(page).to_have_url(re.compile(r"\?kind=eligible&from=250%2C000&q=jpy$"))
    expect(page.get_by_role("button", name="Remove the filter")).to_have_count(3)
    assert_fits(page)

    page.goto(page.url)
    expect(page.locator("#rows tr")).to_have_count(10)
    expect(page.get_by_role("searchbox")).to_have_value("jpy")

    page.get_by_role("button", name="Remove the filter Search: jpy").click()
    expect(page.locator("#page-text")).not_to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#page-text")).to_have_text(f"1–100 of {ALL}")
    assert page.url.endswith("/import/")


def test_a_band_of_the_ageing_bar_filters(read: Page) -> None:
    bands = read.locator(".band:not([hidden])")
    full = bands.filter(has_text=f"{ELIGIBLE} invoices")
    full.click()
    expect(full).to_have_attribute("aria-pressed", "true")
    expect(read.locator("#page-text")).to_have_text(f"1–100 of {ELIGIBLE}")
    full.click()
    expect(read.locator("#page-text")).to_have_text(f"1–100 of {ALL}")


def test_a_press_on_a_heading_sorts_and_says_so(read: Page) -> None:
    if not is_wide(read):
        read.locator("#sort").select_option("-amount")
    else:
        read.get_by_role("button", name="Outstanding").click()
        heading = read.get_by_role("columnheader", name="Outstanding")
        expect(heading).to_have_attribute("aria-sort", "descending")
    assert rows_of(read)[0] == "1130"  # the largest in pounds, before any in yen
    if is_wide(read):
        read.get_by_role("button", name="Outstanding").click()
        expect(heading).to_have_attribute("aria-sort", "ascending")
        assert rows_of(read)[0].startswith("200")  # the three of 500 pounds


def test_a_column_can_be_hidden_and_stays_so(read: Page) -> None:
    cell = read.locator("#rows td[data-column=verdict]").first
    expect(cell).to_be_visible()
    read.locator("#column-menu summary").click()
    read.get_by_label("Verdict", exact=True).uncheck()
    expect(cell).to_be_hidden()
    read.goto(read.url.split("?")[0])
    expect(cell).to_be_hidden()


def test_selecting_a_page_is_told_apart_from_selecting_all_that_match(read: Page) -> None:
    tick_page(read)
    expect(read.locator("#pick-count")).to_have_text("100 invoices selected")
    expect(read.locator("#banner-text")).to_have_text("100 invoices on this page are selected.")
    read.get_by_role("button", name=f"Select all {ELIGIBLE} that match").click()
    expect(read.locator("#banner-text")).to_have_text(f"All {ELIGIBLE} matching are selected.")
    expect(read.locator("#pick-count")).to_have_text(f"{ELIGIBLE} invoices selected")
    expect(read.get_by_role("button", name=f"Open {ELIGIBLE} cases, £")).to_be_enabled()
    assert_fits(read)
    read.locator("#banner-clear").click()
    expect(read.locator("#open")).to_be_hidden()


def test_the_next_step_gets_what_was_ticked_with_its_amount(read: Page) -> None:
    read.get_by_label("Select invoice 1002, Acme Ltd").check()
    sent: list[str] = []

    def keep(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort()

    read.route("**/confirm/", keep)
    expect(read.get_by_role("button", name="Open 1 case, £1,002.00")).to_be_visible()
    form = read.locator("#open")
    form.evaluate("form => form.addEventListener('submit', event => event.preventDefault())")
    read.get_by_role("button", name="Open 1 case").click()

    picked = json.loads(form.locator("[name=picked]").input_value())
    sums = json.loads(form.locator("[name=sums]").input_value())
    assert [len(one) for one in picked] == [6]
    assert picked[0][:2] == ["71002", "1002"]
    assert picked[0][5] in ("", "yes")
    assert sums[0][:3] == ["GBP", "1", "1002.00"]


def test_shift_takes_in_everything_between_two_boxes(read: Page) -> None:
    read.get_by_label("Select invoice 1002, Acme Ltd").click()
    read.get_by_label("Select invoice 1006, Acme Ltd").click(modifiers=["Shift"])
    expect(read.locator("#pick-count")).to_have_text("5 invoices selected")


def test_the_list_is_worked_with_keys_alone(read: Page) -> None:
    page = read
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ ")
    expect(page.locator("#pick-count")).to_have_text("3 invoices selected")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Invoice 1004")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("heading", name="Invoice 1005")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.get_by_role("searchbox")).to_have_value("jk?")
    expect(page.locator("#help")).to_be_hidden()


def test_single_keys_can_be_switched_off(read: Page) -> None:
    read.keyboard.press("?")
    expect(read.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    read.get_by_label("Use the single-key shortcuts").uncheck()
    read.locator("#help-close").click()
    read.keyboard.press("?")
    read.keyboard.press("/")
    expect(read.locator("#help")).to_be_hidden()
    expect(read.get_by_role("searchbox")).not_to_be_focused()


def test_details_stand_beside_the_list_or_over_it_and_give_the_focus_back(read: Page) -> None:
    button = read.get_by_role("button", name="Details of invoice 1003")
    button.click()
    expect(read.get_by_role("heading", name="Invoice 1003")).to_be_focused()
    expect(read.get_by_text("Exactly what leaves")).to_be_visible()
    assert read.evaluate("document.getElementById('drawer').matches(':modal')") is not is_wide(read)
    assert_fits(read)
    read.get_by_role("button", name="Close the details").click()
    expect(button).to_be_focused()


def test_checking_again_replaces_the_row_that_was_put_right(read: Page, books: FakeBooks) -> None:
    read.get_by_role("searchbox").fill("2001")
    expect(read.get_by_text("1 problem")).to_be_visible()
    read.get_by_role("button", name="Details of invoice 2001").click()
    books.change("2001", due=books.owed[0].invoice.due)

    read.get_by_role("button", name="Check again").click()

    expect(read.locator("#drawer-said")).to_have_text("Invoice 2001 can be submitted.")
    read.get_by_role("button", name="Close the details").click()
    expect(read.get_by_label("Select invoice 2001, Beta Ltd")).to_be_visible()
    expect(read.locator(".kind-card[data-kind=flagged] [data-count]")).to_have_text(str(FLAGGED - 1))


def test_the_to_do_list_groups_by_what_to_put_right_and_ticks_it_off(read: Page, books: FakeBooks) -> None:
    read.get_by_role("link", name="To-do list").click()
    expect(read).to_have_url(re.compile(r"view=to-fix"))
    group = read.locator(".fix-group")
    expect(group).to_have_count(1)
    expect(group.locator(".fix-list li")).to_have_count(1)  # one customer, with its three invoices
    expect(group.get_by_role("button", name="Details of invoice")).to_have_count(3)
    assert_fits(read)
    books.change("2001", due=books.owed[0].invoice.due)
    books.remove("2002")

    read.get_by_role("button", name="Check all again").click()

    expect(group.get_by_role("button", name="Details of invoice")).to_have_count(1)
    expect(group.get_by_text("2001, Beta Ltd: fine now")).to_be_visible()
    expect(group.get_by_text("2002, Beta Ltd: no longer unpaid")).to_be_visible()
    read.goto(read.url)
    expect(group.get_by_role("button", name="Details of invoice")).to_have_count(1)


def test_reading_goes_on_after_the_connection_was_cut(
    page: Page, live_server: LiveServer, books: FakeBooks
) -> None:
    enter(page, live_server)

    def cut(route: Route) -> None:
        lines = route.fetch().body().splitlines(keepends=True)
        route.fulfill(body=b"".join(lines[:3]), content_type="application/x-ndjson")

    page.route("**/rows/", cut, times=1)
    page.goto(f"{live_server.url}/import/")
    expect(
        page.get_by_text(f"Incomplete: 30 unpaid invoices so far, {ALL - 30} invoices not read").first
    ).to_be_visible()
    expect(page.get_by_text("The connection was cut off. What arrived before is below")).to_be_visible()
    page.get_by_label("Select invoice 1002, Acme Ltd").check()
    page.get_by_role("searchbox").fill("acme")
    books.remove("1001")

    page.get_by_role("button", name="Continue reading").click()

    expect(page.get_by_text(f"All read: {ALL - 1} unpaid invoices").first).to_be_visible()
    expect(page.get_by_text("1 invoice is no longer unpaid: 1001.")).to_be_visible()
    expect(page.locator("#pick-count")).to_have_text("1 invoice selected")
    expect(page.get_by_role("searchbox")).to_have_value("acme")
    expect(page.locator("#page-text")).to_have_text(f"1–100 of {ELIGIBLE - 1}")


def test_a_view_is_saved_followed_and_removed_without_reading_again(read: Page) -> None:
    asked: list[str] = []
    read.on("request", lambda request: asked.append(request.url) if request.url.endswith("/rows/") else None)
    read.locator(".kind-card[data-kind=flagged]").click()
    read.locator(".saved-views summary").click()
    read.get_by_label("Save this view as").fill("To chase")
    read.get_by_role("button", name="Save", exact=True).click()
    expect(read.get_by_text("The view “To chase” is saved.")).to_be_visible()
    assert SavedView.objects.get().query == "kind=flagged"
    read.keyboard.press("Escape")
    read.get_by_role("button", name="Clear all").click()

    read.locator(".saved-views summary").click()
    read.get_by_role("link", name="To chase").click()
    expect(read.locator("#rows tr")).to_have_count(FLAGGED)
    read.locator(".saved-views summary").click()
    read.get_by_role("button", name="Remove the view To chase").click()
    expect(read.get_by_role("link", name="To chase")).to_have_count(0)

    assert SavedView.objects.count() == 0
    assert asked == []


def test_nothing_unpaid_is_said_kindly(page: Page, live_server: LiveServer, books: FakeBooks) -> None:
    books.owed.clear()
    enter(page, live_server)
    page.goto(f"{live_server.url}/import/")
    expect(page.get_by_role("heading", name="Nothing is unpaid")).to_be_visible()
    expect(page.locator("#listing")).to_be_hidden()
    assert_fits(page)


def test_nothing_that_was_read_is_kept_in_the_browser(read: Page) -> None:
    read.locator("#column-menu summary").click()
    read.get_by_label("You keep", exact=True).uncheck()
    kept = read.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "arrears.import.columns" in kept
    assert not re.search(r"acme|beta|1001|GBP", kept, re.IGNORECASE)
