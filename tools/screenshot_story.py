"""The story that the pictures are taken from: a creditor's pages in the order somebody meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

_LOGIN = {
    "username": "accounts@pennine-fasteners.example",
    "password": "Zinc-Plated-1889",
    "memorable_word": "Calderdale",
}


@dataclass(frozen=True, slots=True)
class Demo:
    """The running product: its address, and the password of its one user."""

    url: str
    password: str


@dataclass(frozen=True, slots=True)
class Step:
    """One picture: its name in docs/images, its heading and sentence in docs, how to get there.

    `pages` are the names of the addresses it shows. Taken `as_seen` it shows the window, else the whole page.
    """

    name: str
    title: str
    text: str
    act: Callable[[Page, Demo], None]
    pages: tuple[str, ...] = ()
    as_seen: bool = False


def at(path: str, ready: str = "h1") -> Callable[[Page, Demo], None]:
    """Go to an address and wait until what matters is there."""

    def act(page: Page, demo: Demo) -> None:
        answer = page.goto(demo.url + path)
        if answer is None or answer.status >= 400:
            raise ValueError(f"{path} answers {answer and answer.status}")
        expect(page.locator(ready).first).to_be_visible()
        page.wait_for_load_state("networkidle")

    return act


def linked(path: str, link: str) -> Callable[[Page, Demo], None]:
    """Go to an address, and from there by the first link whose address is like `link`."""

    def act(page: Page, demo: Demo) -> None:
        at(path)(page, demo)
        anchors = page.locator("main a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        found = next((one for one in anchors if one and re.fullmatch(link, one)), None)
        if not found:
            raise ValueError(f"no link like {link} on {path}")
        at(found)(page, demo)

    return act


def _sign_in(page: Page, demo: Demo) -> None:
    at("/accounts/login/")(page, demo)
    page.get_by_label("E-mail address").fill("demo@arrears.example")
    page.get_by_label("Password", exact=True).fill(demo.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def _menu(page: Page, demo: Demo) -> None:
    at("/")(page, demo)
    page.locator("header details.menu > summary").click()


def _connect_filled(page: Page, demo: Demo) -> None:
    at("/integrations/kashflow/")(page, demo)
    for name, value in _LOGIN.items():
        page.locator(f"[name={name}]").fill(value)


def _connected(page: Page, demo: Demo) -> None:
    _connect_filled(page, demo)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text(re.compile("^Connected to "))).to_be_visible()


def _read(page: Page, demo: Demo, query: str = "") -> None:
    at(f"/import/{query}")(page, demo)
    expect(page.get_by_text(re.compile("All read")).first).to_be_visible()


def _drawer(page: Page, demo: Demo) -> None:
    _read(page, demo)
    page.get_by_role("button", name=re.compile("^Details of invoice")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _to_fix(page: Page, demo: Demo) -> None:
    _read(page, demo, "?view=to-fix")
    expect(page.get_by_role("heading", name="To put right in KashFlow")).to_be_visible()


def _chosen(page: Page, demo: Demo) -> None:
    _read(page, demo)
    page.locator("thead [data-tick-page]").check(force=True)
    expect(page.locator("#open-button")).to_be_visible()


def _sheet(page: Page, demo: Demo) -> None:
    _chosen(page, demo)
    page.locator("#open-button").click()
    expect(page.get_by_role("heading", name=re.compile("^Hand over"))).to_be_visible()


def _run_starts(page: Page, demo: Demo) -> None:
    _sheet(page, demo)
    page.locator(".sheet-actions button[type=submit]:visible").first.click()
    page.wait_for_url(re.compile(r"/runs/\d+/"))


def _run_finished(page: Page, demo: Demo) -> None:
    at("/runs/1/")(page, demo)
    page.wait_for_function("() => /finished/i.test(document.body.innerText)", timeout=120_000)
    at("/runs/1/")(page, demo)


def _policy_tried(page: Page, demo: Demo) -> None:
    at("/policies/new/")(page, demo)
    page.locator("[name=name]").fill("Overdue by two months")
    page.get_by_role("button", name=re.compile("^Preview")).click()
    page.locator("main table tbody tr").first.wait_for()
    page.wait_for_load_state("networkidle")


def _policy_saved(page: Page, demo: Demo) -> None:
    at("/policies/new/")(page, demo)
    page.locator("[name=name]").fill("Overdue by two months")
    page.get_by_role("button", name="Save the policy").click()
    page.wait_for_url(re.compile(r"/policies/(\d+/)?$"))
    linked("/policies/", r"/policies/\d+/")(page, demo)


_CASE = r"/cases/[A-Z0-9-]+/"

#: Before anybody is there.
BEFORE = (
    Step(
        "sign-up",
        "Sign up",
        "The first visitor of a new installation becomes its owner.",
        at("/accounts/signup/"),
    ),
)

STORY = (
    Step(
        "sign-in",
        "Sign in",
        "Light, dark, or as the system says: chosen here or in the menu.",
        at("/accounts/login/"),
    ),
    Step("home-empty", "Home, at first", "Three steps to the first case.", _sign_in, ("home",)),
    Step(
        "menu", "The menu", "Other parts, the account, how the pages look, the way out.", _menu, as_seen=True
    ),
    Step(
        "integrations-empty",
        "Integrations, at first",
        "Where invoices will come from and where cases will go.",
        at("/integrations/"),
        ("integrations",),
    ),
    Step("import-empty", "Bulk import without a connection", "It says what is missing.", at("/import/")),
    Step(
        "connect-kashflow",
        "Connect KashFlow",
        "What is asked, where to switch API access on, what is kept and how.",
        _connect_filled,
        ("connect_kashflow",),
    ),
    Step(
        "integrations",
        "Integrations",
        "How each connection stands, when it was last used, and what helps.",
        _connected,
    ),
    Step(
        "edit-connection",
        "Edit a login",
        "All three secrets again: what is stored is never shown.",
        at("/integrations/1/"),
        ("edit_connection",),
    ),
    Step(
        "disconnect",
        "Disconnect",
        "What is deleted and what stays.",
        at("/integrations/1/disconnect/"),
        ("disconnect",),
    ),
    Step(
        "connect-debitura",
        "Connect Debitura",
        "A collector elsewhere, by its API key.",
        at("/integrations/collectors/debitura/"),
        ("connect_debitura",),
    ),
    Step(
        "import",
        "Bulk import",
        "Every unpaid invoice, read live, with its verdict, fee and net.",
        _read,
        ("import_preview",),
    ),
    Step(
        "import-drawer",
        "One invoice",
        "What KashFlow says beside what would be sent; findings with their fix.",
        _drawer,
        as_seen=True,
    ),
    Step(
        "import-to-fix", "The to-do list", "Flagged invoices, grouped by what would put them right.", _to_fix
    ),
    Step("import-chosen", "Invoices chosen", "The running total by currency.", _chosen, as_seen=True),
    Step(
        "consequences",
        "Before cases are opened",
        "What it costs, what it means, what leaves and to whom.",
        _sheet,
        ("confirm_import",),
    ),
    Step("run-under-way", "A run under way", "Each invoice as it is settled.", _run_starts, ("run",)),
    Step(
        "run-finished",
        "A run that has finished",
        "Counts by outcome, and each row's case or reason.",
        _run_finished,
    ),
    Step("runs", "Import runs", "All runs, newest first.", at("/runs/"), ("runs",)),
    Step(
        "agreements", "Agreements", "What is to be signed, and what was.", at("/agreements/"), ("agreements",)
    ),
    Step("cases", "Cases", "Everything in collection, with filters and export.", at("/cases/"), ("cases",)),
    Step(
        "case",
        "A case",
        "Where it stands, what was said, what is owed, and what can be done.",
        linked("/cases/", _CASE),
        ("case",),
    ),
    Step("home", "Home", "What is in collection, what was recovered, and what needs somebody.", at("/")),
    Step(
        "policies",
        "Policies",
        "Rules that look for overdue invoices by themselves.",
        at("/policies/"),
        ("policies",),
    ),
    Step(
        "policy-new",
        "A new policy",
        "What it would take today, and why, before it is saved.",
        _policy_tried,
        ("policy_new",),
    ),
    Step(
        "policy",
        "A policy",
        "When it looks next, what it took before, and how to pause it.",
        _policy_saved,
        ("policy",),
    ),
    Step(
        "policy-remove",
        "Remove a policy",
        "What goes with it and what stays.",
        at("/policies/1/remove/"),
        ("policy_remove",),
    ),
    Step(
        "settings",
        "Settings",
        "Everything about the organisation and its people.",
        at("/settings/"),
        ("settings",),
    ),
    Step(
        "organisation",
        "The organisation",
        "Its name and details.",
        at("/settings/organisation/"),
        ("setting_details",),
    ),
    Step(
        "approval-limit",
        "Approval",
        "Above which sum a second person lets an import go ahead.",
        at("/settings/approval/"),
        ("setting_limit",),
    ),
    Step("members", "Members", "Who may do what.", at("/settings/members/"), ("setting_members",)),
    Step(
        "invitations",
        "Invitations",
        "Asking somebody to join, by a link that works once.",
        at("/settings/invitations/"),
        ("setting_invitations",),
    ),
    Step(
        "api-keys",
        "API keys",
        "Shown once, stored as a hash, with their last use.",
        at("/settings/keys/"),
        ("setting_keys",),
    ),
    Step(
        "notices",
        "E-mails",
        "Which news comes by e-mail, and how often.",
        at("/settings/notices/"),
        ("setting_notices",),
    ),
    Step(
        "audit",
        "Who did what",
        "The trail that nobody can change.",
        at("/settings/audit/"),
        ("setting_audit",),
    ),
    Step(
        "new-organisation",
        "Another organisation",
        "For bookkeepers who look after several.",
        at("/settings/new-organisation/"),
        ("setting_new_organisation",),
    ),
    Step(
        "password",
        "Change the password",
        "The old one, and a new one that is not known to be guessed.",
        at("/accounts/password/change/"),
    ),
    Step(
        "sessions",
        "Where you are signed in",
        "Each browser, and the way out of all of them.",
        at("/accounts/sessions/"),
    ),
    Step("two-factor", "Two-factor sign-in", "An app, passkeys and recovery codes.", at("/accounts/mfa/")),
)
