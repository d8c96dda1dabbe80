"""Somebody at a browser, doing with the pages what people do. Clicks are counted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

from arrears.sandbox.client import Sandbox
from tests.scenarios.real_stack import Stack

#: A busy machine is no fault of a page.
PATIENCE = 60_000

PASSWORD = "a long enough sentence"
OWNER = "owner@pennine.example"

DESKTOP, PHONE = (1280, 860), (390, 844)


@dataclass
class Person:
    """One browser window. `clicks` counts what was pressed with the mouse since it was last set."""

    stack: Stack
    page: Page
    clicks: int = 0

    # --- Looking and pressing ------------------------------------------------------------------------------

    def go(self, path: str) -> int:
        """Open an address of the site, and say with which status it answered."""
        answer = self.page.goto(self.stack.url + path)
        assert answer is not None
        return answer.status

    def press(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("link", name=name)

    def sees(self, text: str | re.Pattern[str]) -> None:
        self.page.get_by_text(text).first.wait_for()

    # --- Who they are --------------------------------------------------------------------------------------

    def sign_up(self, company: str) -> None:
        self.go("/")
        self.page.get_by_label("Company name").fill(company)
        self.page.get_by_label("Your e-mail address").fill(OWNER)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.button("Create the account").click()
        self.page.get_by_role("heading", name=company).wait_for()

    def sign_in(self, email: str = OWNER) -> None:
        self.go("/accounts/login/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.button("Sign in").first.click()
        self.page.locator(".site-header details.menu").wait_for()

    def found(self, company: str) -> None:
        """Set up another organisation, and act for it from now on."""
        self.go("/settings/new-organisation/")
        self.page.get_by_label("Name of the company").fill(company)
        self.button("Set it up").click()
        self.page.get_by_role("heading", name=company, level=1).wait_for()

    def invite(self, email: str, role: str) -> None:
        self.go("/settings/invitations/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_role("radio", name=re.compile(f"^{role}")).check()
        self.button("Send the invitation").click()
        self.page.get_by_role("cell", name=email, exact=True).wait_for()

    def join(self, email: str) -> None:
        """Follow the link in the e-mail, and make an account."""
        self.page.goto(self.stack.invitation_of(email))
        self.page.get_by_label("Choose a password").fill(PASSWORD)
        self.button("Create the account and join").click()
        self.sees(re.compile("^You belong to"))

    # --- The main job --------------------------------------------------------------------------------------

    def connect(self, sandbox: Sandbox) -> None:
        self.page.get_by_label("E-mail address or user name").fill(sandbox.credentials["username"])
        self.page.get_by_label("Password").fill(sandbox.credentials["password"])
        self.page.get_by_label("Memorable word", exact=True).fill(sandbox.credentials["memorable_word"])
        self.press(self.button("Connect"))
        self.sees(re.compile("^Connected to"))

    def read(self, query: str = "") -> None:
        self.go(f"/import/{query}")
        self.all_read()

    def all_read(self) -> None:
        expect(self.page.locator("#progress-text")).to_have_text(re.compile("^All read"), timeout=PATIENCE)
        expect(self.page.locator("#rows tr").first).to_be_visible(timeout=PATIENCE)

    def box(self, number: int | str) -> Locator:
        """Where an invoice is selected."""
        return self.page.get_by_label(re.compile(f"^Select invoice {number},"))

    def tick(self, *numbers: int) -> None:
        for number in numbers:
            self.press(self.box(number))
        expect(self.page.locator("#pick-count")).to_have_text(
            f"{len(numbers)} invoice{'s' if len(numbers) > 1 else ''} selected"
        )

    def to_the_sheet(self) -> list[str]:
        """Go from the selection to what it would mean; return the numbers of the invoices chosen."""
        self.press(self.button(re.compile(r"^Open \d+ case")))
        self.page.get_by_role("heading", name=re.compile("^Hand over")).wait_for()
        return [row[1] for row in json.loads(self.page.locator("[name=picked]").input_value())]

    @property
    def opener(self) -> Locator:
        """The button of the sheet, whether it opens cases or asks for approval."""
        return self.page.locator("form.sheet button[type=submit]")

    def sheet(self) -> tuple[str, dict[str, str]]:
        """Where the form of the sheet goes, and what it sends."""
        form = self.page.locator("form.sheet")
        fields: dict[str, str] = form.evaluate("form => Object.fromEntries(new FormData(form))")
        return str(form.get_attribute("action")), fields

    def open_cases(self) -> int:
        """Confirm; return the number of the import that has started."""
        self.press(self.opener)
        return self.run_shown()

    def run_shown(self) -> int:
        self.page.wait_for_url(re.compile(r"/runs/\d+/"))
        found = re.search(r"/runs/(\d+)/", self.page.url)
        assert found is not None
        return int(found[1])

    def import_now(self, *numbers: int) -> int:
        """Read, choose, confirm, and wait until the cases are open."""
        self.read()
        self.tick(*numbers)
        self.to_the_sheet()
        run = self.open_cases()
        self.finished(len(numbers))
        return run

    def finished(self, cases: int) -> None:
        self.page.locator(".run-state").get_by_text(
            re.compile(f"^{cases} case{'s' if cases > 1 else ''} opened")
        ).wait_for()

    def eligible(self) -> list[int]:
        """The invoices on the page that can be chosen."""
        labels = self.page.locator("#rows label.tick").all_inner_texts()
        return [int(label.split("Select invoice ")[1].split(",")[0]) for label in labels]

    def status_of_post(self, path: str, **fields: str) -> int:
        """Send a form that no page shows, as somebody could who knows the address."""
        fields["csrfmiddlewaretoken"] = self.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        answer = self.page.context.request.post(
            self.stack.url + path,
            form=dict(fields),
            headers={"Referer": self.page.url},
            max_redirects=0,
        )
        return answer.status


@contextmanager
def somebody(browser: Browser, stack: Stack, size: tuple[int, int] = DESKTOP) -> Iterator[Person]:
    """A browser that nobody has signed in with. A script that fails on a page fails the story."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Person(stack, page)
    context.close()
    assert errors == []


@contextmanager
def owner_of(
    company: str, browser: Browser, stack: Stack, sandbox: Sandbox, size: tuple[int, int] = DESKTOP
) -> Iterator[Person]:
    """The owner of a company of its own whose books are connected."""
    with somebody(browser, stack, size) as owner:
        owner.sign_in()
        owner.found(company)
        owner.go("/integrations/kashflow/")
        owner.connect(sandbox)
        yield owner


@contextmanager
def invited(email: str, role: str, by: Person, browser: Browser) -> Iterator[Person]:
    """Somebody who has followed the link of an invitation, in a browser of their own."""
    by.invite(email, role)
    with somebody(browser, by.stack) as person:
        person.join(email)
        yield person
