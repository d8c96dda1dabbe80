"""A finance user's stories on the real thing: a browser, a server, workers, a database, a KashFlow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, expect

from arrears.core.money import Money
from arrears.core.wording import sign_text
from arrears.sandbox.client import Sandbox
from tests.browser.test_main_job import assert_fits
from tests.scenarios.conftest import FIRST_COMPANY
from tests.scenarios.focus import look, tab_to
from tests.scenarios.people import PATIENCE, PHONE, Person, invited, owner_of
from tests.scenarios.real_stack import Stack, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.timeout(900)]

#: From the first page after sign-up to a case that is open. Typing is not counted, and the fewer the better.
_MOST_CLICKS = 7


# --- The first owner ---------------------------------------------------------------------------------------


def test_from_sign_up_to_the_figures_with_a_correction_and_a_killed_worker(
    first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    owner = first_owner
    first, other = the_first_case_is_a_few_clicks_away(owner, books)
    what_is_put_right_in_kashflow_is_seen_at_once(owner, books, other)
    second, wanted = everything_else_survives_a_dead_worker(owner, stack, books)
    assert str(other) in wanted

    cases = stack.cases_of(FIRST_COMPANY)
    assert Counter(number for number, *_ in cases) == Counter([str(first), *wanted])
    assert stack.opened(second) == len(wanted)
    a_message_is_sent(owner, cases[0][0])
    the_figures_are_what_was_handed_over(owner, stack, books)


def the_first_case_is_a_few_clicks_away(owner: Person, books: Sandbox) -> tuple[int, int]:
    """The number of its invoice, and of another customer's that could be chosen too."""
    owner.clicks = 0
    owner.press(owner.link("Connect KashFlow"))
    owner.connect(books)
    owner.press(owner.link("Read unpaid invoices"))
    owner.all_read()
    customers = {row.number: row.customer_code for row in books.invoices()}
    number, *others = owner.eligible()
    owner.tick(number)
    owner.to_the_sheet()
    owner.open_cases()
    owner.finished(1)
    assert owner.clicks <= _MOST_CLICKS
    return number, next(one for one in others if customers[one] != customers[number])


def what_is_put_right_in_kashflow_is_seen_at_once(owner: Person, books: Sandbox, number: int) -> None:
    [code] = [row.customer_code for row in books.invoices() if row.number == number]
    books.edit_customer(code, line2=None, line3=None, line4=None)
    owner.read()
    expect(owner.box(number)).to_have_count(0)
    owner.link("To-do list").click()
    group = owner.page.get_by_role("region", name="Add the town")
    books.edit_customer(code, line3="Leeds")
    group.get_by_role("button", name=f"Details of invoice {number}").wait_for()

    group.get_by_role("button", name="Check these again").click()

    group.get_by_text(re.compile(f"^{number}, .*: fine now$")).wait_for()
    owner.link("All invoices").click()
    expect(owner.box(number)).to_be_visible()


def everything_else_survives_a_dead_worker(
    owner: Person, stack: Stack, books: Sandbox
) -> tuple[int, list[str]]:
    owner.page.locator("[data-tick-page]:visible").first.click()
    wanted = owner.to_the_sheet()
    owner.sees("You can undo this free of charge until a partner has accepted a case.")
    books.set_latency(250)  # so that there is a middle in which to be killed
    run = owner.open_cases()
    wait_until(lambda: stack.opened(run) >= 3, "three cases were open")

    stack.kill_workers()

    assert stack.stage(run) == "submitting", "the import was over before the worker was killed"
    books.set_latency(0)
    stack.start_worker()
    wait_until(lambda: stack.stage(run) == "finished", "the new worker had finished the import")
    owner.finished(len(wanted))
    return run, wanted


def a_message_is_sent(owner: Person, number: str) -> None:
    owner.go(f"/cases/?q={number}")
    owner.page.locator("a.row-link").first.click()
    owner.page.get_by_label(re.compile("^Write to")).fill("They promised to pay on Friday.")
    owner.button("Send").click()
    owner.sees("Your message is sent.")
    owner.sees("They promised to pay on Friday.")


def the_figures_are_what_was_handed_over(owner: Person, stack: Stack, books: Sandbox) -> None:
    """To the penny, by four accounts: the books, the runs, the desk's cases and the first page."""
    truth = {str(row.number): row for row in books.invoices()}
    cases = stack.cases_of(FIRST_COMPANY)
    at_desk = summed((currency, claim) for _, _, currency, claim in cases)
    assert summed((truth[number].currency, truth[number].outstanding) for number, *_ in cases) == at_desk
    assert asked_for(stack, FIRST_COMPANY) == at_desk
    assert len(at_desk) > 1
    for currency, amount in at_desk.items():
        owner.go(f"/?currency={currency}")
        figure = owner.page.locator(".dashboard-figures a").filter(has_text="In collection")
        expect(figure.locator(".stat-value")).to_have_text(sign_text(Money(amount, currency)))


def asked_for(stack: Stack, company: str) -> dict[str, Decimal]:
    """What the imports of a company came to when they were asked for."""
    rows = stack.ask("select totals from bridge_importrun where id = any(%s)", stack.runs_of(company))
    return summed((currency, Decimal(amount)) for (totals,) in rows for currency, _, amount in totals)


def summed(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for currency, amount in amounts:
        found[currency] = found.get(currency, Decimal(0)) + amount
    return found


# --- A second person ---------------------------------------------------------------------------------------


def test_an_import_above_the_limit_waits_for_somebody_else_who_approves_or_declines_it(
    browser: Browser, first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    company = "Two Signatures Ltd"
    with (
        owner_of(company, browser, stack, books) as owner,
        invited("approver@pennine.example", "Approver", owner, browser) as approver,
    ):
        owner.go("/settings/approval/")
        owner.page.get_by_label("Imports of more than").fill("1,000")
        owner.page.get_by_label("Currency").select_option("GBP")
        owner.button("Save").click()
        owner.sees("The approval limit was saved.")

        owner.read("?kind=eligible&currency=GBP&sort=-amount")
        large, other, *_ = owner.eligible()
        approved = an_import_waits(owner, large)
        the_one_who_asked_cannot_approve(owner, stack, approved)
        approver.go("/")
        approver.link(re.compile("^Look at it and decide")).click()
        approver.button(re.compile("^Approve: open 1 case")).click()
        approver.finished(1)
        assert [number for number, *_ in stack.cases_of(company)] == [str(large)]

        owner.read()
        declined = an_import_waits(owner, other)
        owner.read()
        expect(owner.box(other)).to_have_count(0)
        approver.go(f"/runs/{declined}/")
        approver.page.get_by_label("Reason for declining").fill("They have just called us.")
        approver.button("Decline").click()
        approver.sees("Declined. 1 case will not be opened.")
        owner.go(f"/runs/{declined}/")
        owner.sees("They have just called us.")
        owner.read()
        expect(owner.box(other)).to_be_visible()
        assert len(stack.cases_of(company)) == 1


def an_import_waits(owner: Person, number: int) -> int:
    owner.tick(number)
    owner.to_the_sheet()
    owner.page.get_by_role("heading", name="This import waits for approval").wait_for()
    expect(owner.opener).to_contain_text("Ask for approval of 1 case")
    run = owner.open_cases()
    owner.page.get_by_role("heading", name="Waiting for approval").wait_for()
    return run


def the_one_who_asked_cannot_approve(owner: Person, stack: Stack, run: int) -> None:
    owner.sees("You asked for this import, so somebody else has to approve it. approver@pennine.example can.")
    expect(owner.button(re.compile("^Approve"))).to_have_count(0)
    owner.status_of_post(f"/runs/{run}/approve/")
    assert stack.stage(run) == "awaiting"


# --- Somebody who only looks, and somebody who works for two companies --------------------------------------


def test_a_viewer_sees_cases_and_imports_and_is_refused_the_rest_with_a_reason(
    browser: Browser, first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    with owner_of("Open Books Ltd", browser, stack, books) as owner:
        owner.read("?kind=eligible")
        run = owner.import_now(owner.eligible()[0])
        with invited("viewer@pennine.example", "Viewer", owner, browser) as viewer:
            for path in (
                "/import/",
                "/integrations/kashflow/",
                "/settings/members/",
                "/settings/invitations/",
                "/settings/audit/",
            ):
                assert viewer.go(path) == 403
                viewer.sees(
                    re.compile(r"^Your role at Open Books Ltd is viewer, which does not let you .+\. Ask ")
                )
            assert viewer.go(f"/runs/{run}/") == 200
            viewer.finished(1)
            expect(viewer.button(re.compile("Undo|Cancel|Try"))).to_have_count(0)
            viewer.link("See the cases").click()
            viewer.page.locator("a.row-link").first.click()
            viewer.page.get_by_role("heading", name="Timeline").wait_for()
            expect(viewer.page.get_by_role("main").get_by_role("button")).to_have_count(0)
            expect(viewer.link("Attach a document")).to_have_count(0)
            for path in ("/", "/integrations/", "/settings/", "/cases/"):
                assert viewer.go(path) == 200
                unwanted = re.compile(
                    "Read unpaid invoices|Bulk import|Connect|Disconnect|^People|Invitations"
                )
                expect(viewer.link(unwanted)).to_have_count(0)
                expect(viewer.button(re.compile("Connect|Disconnect|Check"))).to_have_count(0)


def test_another_company_sees_nothing_of_the_first_and_a_bookkeeper_of_both_switches_in_a_click(
    browser: Browser, first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    first, second = "Aire Valley Steel Ltd", "Wharfe Timber Ltd"
    with owner_of(first, browser, stack, books) as owner:
        owner.read("?kind=eligible")
        run = owner.import_now(owner.eligible()[0])
        [(reference,)] = stack.ask("select case_reference from bridge_submission where run_id = %s", run)
        with invited("bookkeeper@ledgers.example", "Finance", owner, browser) as keeper:
            assert keeper.go(f"/cases/{reference}/") == 200
            keeper.found(second)
            assert keeper.go(f"/cases/{reference}/") == 404
            assert keeper.go(f"/runs/{run}/") == 404
            assert keeper.go(f"/runs/{run}/results.csv") == 404
            for path in (
                "/",
                "/cases/",
                "/runs/",
                "/integrations/",
                "/settings/audit/",
                "/settings/members/",
            ):
                assert keeper.go(path) == 200
                shown = keeper.page.get_by_role("main").inner_text()
                assert not [word for word in (reference, first, "owner@pennine.example") if word in shown]

            keeper.page.locator(".site-header details.menu > summary").click()
            keeper.button(first).click()
            keeper.sees(f"You act for {first} now.")
            assert keeper.go(f"/cases/{reference}/") == 200
            assert keeper.go("/settings/members/") == 403
        # Founding a company makes nobody a member of it but the founder.
        owner.page.locator(".site-header details.menu > summary").click()
        expect(owner.button(second)).to_have_count(0)


# --- Once, whatever is pressed -----------------------------------------------------------------------------


def test_a_double_click_and_a_second_tab_open_each_case_once(
    browser: Browser, first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    company = "Twice Pressed Ltd"
    with owner_of(company, browser, stack, books) as owner:
        twin = Person(stack, owner.page.context.new_page())
        owner.read("?kind=eligible")
        chosen = owner.eligible()[:3]
        for tab in (owner, twin):
            tab.read()
            tab.tick(*chosen)
            tab.to_the_sheet()
        action, fields = owner.sheet()
        owner.opener.dblclick()
        owner.run_shown()
        assert owner.status_of_post(action, **fields) == 302  # as a browser without scripts sends the second
        assert len(stack.runs_of(company)) == 1
        twin.open_cases()
        owner.finished(3)
        wait_until(
            lambda: {stack.stage(run) for run in stack.runs_of(company)} == {"finished"},
            "whatever was started had ended",
        )

        assert Counter(number for number, *_ in stack.cases_of(company)) == Counter(map(str, chosen))


def test_a_case_undone_frees_its_invoice_for_a_new_case(
    browser: Browser, first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    company = "Second Thoughts Ltd"
    with owner_of(company, browser, stack, books) as owner:
        owner.read("?kind=eligible")
        number = owner.eligible()[0]
        run = owner.import_now(number)

        owner.button(re.compile("^Undo case ")).click()

        owner.sees(f"Invoice {number} can be imported anew.")
        assert [lifecycle for _, lifecycle, *_ in stack.cases_of(company)] == ["closed"]
        assert owner.import_now(number) != run
        cases = stack.cases_of(company)
        assert [one for one, *_ in cases] == [str(number)] * 2
        assert sorted(lifecycle == "closed" for _, lifecycle, *_ in cases) == [False, True]


# --- Narrow screens ----------------------------------------------------------------------------------------


def test_the_main_path_works_on_a_phone_without_scrolling_sideways(
    browser: Browser, first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    with owner_of("Small Screen Ltd", browser, stack, books, PHONE) as owner:
        for path in ("/", "/integrations/", "/runs/", "/cases/", "/settings/"):
            owner.go(path)
            assert_fits(owner.page)
        owner.read("?kind=eligible")
        assert_fits(owner.page)
        number = owner.eligible()[0]
        owner.tick(number)
        assert_fits(owner.page)
        owner.button(f"Details of invoice {number}").click()
        owner.sees("Exactly what leaves")
        assert_fits(owner.page)
        owner.button("Close the details").click()
        owner.to_the_sheet()
        assert_fits(owner.page)
        owner.open_cases()
        owner.finished(1)
        assert_fits(owner.page)
        owner.link("See the cases").click()
        owner.page.locator("a.row-link").first.click()
        owner.page.get_by_role("heading", name="Timeline").wait_for(timeout=PATIENCE)
        assert_fits(owner.page)


# --- Without a mouse ---------------------------------------------------------------------------------------


def test_two_invoices_are_chosen_looked_at_and_handed_over_with_the_keyboard_alone(
    browser: Browser, first_owner: Person, stack: Stack, books: Sandbox
) -> None:
    with owner_of("No Mouse Ltd", browser, stack, books) as owner:
        page, press = owner.page, owner.page.keyboard.press
        owner.read("?kind=eligible")
        first, second = owner.eligible()[:2]
        for key in ("j", " ", "j", "j", "k", " "):
            press(key)
            look(page)
        expect(page.locator("#pick-count")).to_have_text("2 invoices selected")
        expect(owner.box(first)).to_be_checked()
        expect(owner.box(second)).to_be_checked()

        press("Enter")
        expect(page.get_by_role("heading", name=f"Invoice {second}")).to_be_focused()
        press("Escape")
        expect(page.locator("#drawer")).to_be_hidden()
        look(page)
        for _ in range(len(owner.eligible())):  # to the foot of the list, where the bar is
            press("j")
            look(page)

        tab_to(page, "#open-button")
        press("Enter")
        page.get_by_role("heading", name=re.compile("^Hand over 2 invoices")).wait_for()
        tab_to(page, "form.sheet button[type=submit]")
        press("Enter")
        owner.run_shown()
        owner.finished(2)
