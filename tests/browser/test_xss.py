"""Whatever the outside world calls itself, a page shows it as text: nothing of it runs in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from arrears.accounts.models import Membership, Organisation, OrganisationKind, User
from arrears.accounts.organisations import make_operator
from arrears.bridge.adapters import adapters
from arrears.bridge.models import ConnectionState, ImportRun
from arrears.core.case import Lifecycle
from arrears.core.submission import State
from arrears.desk.models import Case, Partner
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.raise_complaint import raise_complaint
from arrears.desk.talk.send_message import send_message
from arrears.ports import CaseEvent, CaseFile, Document, DocumentKind, Message, Question
from tests.browser.pages import BACKEND, signed_in
from tests.browser.payloads import PAYLOADS
from tests.builders import a_debtor
from tests.desk.api.world import Adapters
from tests.desk.builders import NOON, a_case, a_partner, an_organisation, creditor_of, sign_everything
from tests.fakes import FakeClock
from tests.web.conftest import PASSWORD, a_connection
from tests.web.far_world import FarAdapters, FarCollector, a_far_case, an_account
from tests.web.role_world import Person, World, a_run

pytestmark = pytest.mark.browser

#: Runs before anything of the page: whatever a payload does is written down.
_WATCH = """
  window.__ran = [];
  window.__run = () => window.__ran.push("a payload ran");
  window.alert = window.confirm = window.prompt = (text) => window.__ran.push(`a dialog: ${text}`);
  document.addEventListener("securitypolicyviolation", (event) =>
    window.__ran.push(`the policy stopped ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
#: What anybody can open, hover or reach with the keyboard.
_TRY_EVERYTHING = """() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  for (const one of document.querySelectorAll("main button[aria-expanded=false]")) one.click();
  for (const one of document.querySelectorAll("main *")) {
    one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    if (one.tabIndex >= 0) one.focus({ preventScroll: true });
  }
}"""
_STRANGE = """() => [...document.querySelectorAll(
    "main script, iframe, object, embed, base, main style, main meta, [onerror], [onload], [onfocus], " +
    "[onmouseover], [ontoggle], a[href^='javascript:' i], a[href^='data:' i], form[action^='javascript:' i]"
  )].map((one) => `an element that nobody of ours made: ${one.outerHTML.slice(0, 120)}`)"""


@pytest.fixture
def world(browser: Browser, transactional_db: None, settings: Settings) -> Iterator[World]:
    """A creditor, a partner and a desk whose every name and text is a payload."""
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Adapters.clock = FakeClock()
    FarAdapters.fresh()
    adapters.cache_clear()
    world = World()
    creditor = an_organisation(f"Creditor {PAYLOADS[5]}")
    agency = an_organisation(f"Agency {PAYLOADS[7]}", kind=OrganisationKind.PARTNER)
    partner = a_partner(f"Partner {PAYLOADS[26]}", organisation=agency)
    sign_everything(creditor)
    for name, organisation in (("creditor", creditor), ("partner", agency)):
        _person(world, name, organisation)
    operator = User.objects.create_user("operator@people.example", PASSWORD)
    make_operator(operator, NOON)
    _sign_in(world, "operator", OrganisationKind.OPERATOR, operator)
    _cases(world, creditor, partner)
    _books(world, creditor)
    yield world
    adapters.cache_clear()


def _person(world: World, name: str, organisation: Organisation) -> None:
    user = User.objects.create_user(f"{name}@people.example", PASSWORD)
    Membership.objects.create(organisation=organisation, user=user)
    _sign_in(world, name, OrganisationKind(organisation.kind), user)


def _sign_in(world: World, name: str, kind: OrganisationKind, user: User) -> None:
    client = Client()
    client.force_login(user, backend=BACKEND)
    world.people[name] = Person(name, kind, client)


def _cases(world: World, creditor: Organisation, partner: Partner) -> None:
    for at, payload in enumerate(PAYLOADS):
        case = a_case(
            Lifecycle.ACTIVE,
            creditor=creditor,
            partner=partner,
            debtor_name=payload,
            debtor_street=payload,
            debtor_city=payload,
            claim_description=payload,
            creditor_reference=f"{at} {payload}"[:40],
        )
        case.assignments.create(partner=partner, given_at=case.opened_at)
        _talk(case, payload)
        world.keep(**{f"case_{at}": case.reference})


def _talk(case: Case, payload: str) -> None:
    owner, today = creditor_of(case), NOON.date()
    owner = replace(owner, name=payload)
    send_message(owner, case.public_id, payload, now=NOON)
    file_name = payload.replace("/", "∕") + ".txt"
    attach_document(owner, str(case.public_id), file_name, b"Words.\n", now=NOON, today=today)
    raise_complaint(owner, case.public_id, payload, payload, now=NOON, today=today)


def _books(world: World, creditor: Organisation) -> None:
    """A company in KashFlow, its invoices and runs, and a collector elsewhere, all with such names."""
    a_connection(
        creditor,
        account="account-9",
        company_name=f"Books {PAYLOADS[26]}",
        username=PAYLOADS[24],
        state=ConnectionState.NEEDS_ATTENTION,
        attention_text=PAYLOADS[0],
        attention_action=PAYLOADS[5],
        attention_url=PAYLOADS[40],
    )
    healthy = a_connection(creditor, company_name=f"Other books {PAYLOADS[7]}")
    books = FarAdapters.fake_books
    for at, payload in enumerate(PAYLOADS):
        number = f"{at} {payload}"[:40]
        books.add(number)
        emails = (f"{at}@quayside.example",)
        books.owed[-1] = replace(books.owed[-1], debtor=a_debtor(code=payload, name=payload, emails=emails))
    run, _ = a_run(healthy, ImportRun.Stage.FAILED, State.FLAGGED, "AR-X-1")
    ImportRun.objects.filter(pk=run.pk).update(problem=PAYLOADS[5], company_name=PAYLOADS[0])
    run.submissions.update(invoice_numbers=[payload[:40] for payload in PAYLOADS])
    account = an_account(creditor, company_name=f"Far {PAYLOADS[5]}")
    for at, payload in enumerate(PAYLOADS[::10]):
        case = a_far_case(
            account,
            id=f"far-{at}",
            reference=f"FAR{at}",
            debtor_name=payload,
            creditor_reference=payload[:60],
            partner=payload,
            phase=payload[:40],
            url=PAYLOADS[40],
        )
        world.keep(**{f"far_{at}": case.reference})
    world.keep(connection=healthy.pk, run=run.pk, account=account.pk)


def _told(payload: str) -> CaseFile:
    """Everything that a collector elsewhere can say in its own words."""
    now = FarAdapters.clock.now()
    return CaseFile(
        timeline=(CaseEvent(now - timedelta(days=1), payload),),
        messages=(Message("m-1", now, None, payload, payload),),
        documents=(Document("f-1", now, payload, DocumentKind.INVOICE, PAYLOADS[40]),),
        questions=(Question("Claim", payload),),
        unread=(payload,),
    )


@pytest.mark.timeout(900)
def test_nothing_that_anybody_is_called_runs(browser: Browser, live_server: LiveServer, world: World) -> None:
    wrong: list[str] = []
    for person, paths in _visits(world).items():
        context = signed_in(browser, world, person, live_server.url)
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        for path, shown in paths:
            wrong += [
                f"{path} ({person}): {problem}" for problem in _problems(page, live_server, path, shown)
            ]
        context.close()
    assert not wrong, "\n".join(wrong)


def _visits(world: World) -> dict[str, list[tuple[str, list[str]]]]:
    """By person: the pages, each with what must be read there as text."""
    ids, few = world.ids, range(0, len(PAYLOADS), 6)
    cases = [(f"/cases/{ids[f'case_{at}']}/", [payload]) for at, payload in enumerate(PAYLOADS)]
    far = [(f"/cases/{ids[f'far_{at}']}/", [payload]) for at, payload in enumerate(PAYLOADS[::10])]
    alone: list[tuple[str, list[str]]] = [
        ("/", []),
        ("/integrations/", [PAYLOADS[0], PAYLOADS[5], PAYLOADS[24], PAYLOADS[26]]),
        (f"/integrations/{ids['connection']}/disconnect/", [PAYLOADS[7]]),
        ("/runs/", [PAYLOADS[0]]),
        (f"/runs/{ids['run']}/", [PAYLOADS[5]]),
        ("/cases/", []),
        (f"/import/?connection={ids['connection']}", [PAYLOADS[0]]),
        ("/settings/", []),
    ]
    desk = [(f"/desk/cases/{ids[f'case_{at}']}/", [PAYLOADS[at]]) for at in few]
    portal = [(f"/partner/cases/{ids[f'case_{at}']}/", [PAYLOADS[at]]) for at in few]
    return {
        "creditor": [*alone, *cases, *far],
        "operator": [("/desk/", []), ("/desk/cases/", []), ("/desk/complaints/", []), *desk],
        "partner": [("/partner/", []), ("/partner/cases/", []), *portal],
    }


def _problems(page: Page, server: LiveServer, path: str, shown: list[str]) -> list[str]:
    FarCollector.file = _told(shown[0] if shown else PAYLOADS[0])
    answer = page.goto(server.url + path)
    if answer is None or answer.status != 200:
        return [f"answered {answer and answer.status}"]
    if path.startswith("/import/"):
        page.wait_for_function("(text) => document.body.textContent.includes(text)", arg=PAYLOADS[0])
    page.evaluate(_TRY_EVERYTHING)
    page.wait_for_timeout(50)  # what is loaded by an element fails a moment later
    text = _plain(page.evaluate("document.body.textContent"))
    missing = [f"{one!r} is not shown as text" for one in shown if _plain(one) not in text]
    ran: list[Any] = page.evaluate("window.__ran")
    return [*map(str, ran), *page.evaluate(_STRANGE), *missing]


def _plain(text: str) -> str:
    return " ".join(text.split())
