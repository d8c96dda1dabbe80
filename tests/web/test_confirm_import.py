"""The sheet before an import tells what it means, and its button what it does."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from arrears.accounts.models import Membership, Organisation, User
from arrears.bridge.models import ImportRun
from arrears.core.access import Role
from tests.web.conftest import Site
from tests.web.far_world import an_account

SUMS = json.dumps([["GBP", "3", "48210.00", "4579.95", "43630.05", "0"]])


def row(
    number: int, amount: str = "500.00 GBP ACME", *, group: str = "", due: str = "", chased: str = ""
) -> list[str]:
    return [f"7{number}", str(number), group, amount, due, chased]


def sheet(site: Site, *rows: list[str], **form: str) -> str:
    posted = {"picked": json.dumps(rows), "sums": SUMS} | form
    answer = site.client.post(f"/import/{site.connection.pk}/confirm/", posted)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def button(page: str) -> str:
    found = re.search(r'<button class="btn btn-primary btn-lg".*?</button>', page)
    assert found
    return re.sub(r"<[^>]+>", " ", found[0])


def test_the_button_names_its_scope(site: Site) -> None:
    page = sheet(site, row(1, "48000.00 GBP ACME"), row(2, "210.00 GBP ACME"))
    assert "Open 2 cases, £48,210.00" in button(page)


def test_each_currency_stands_in_the_button(site: Site) -> None:
    assert "Open 2 cases, £500.00 and ¥1,000" in button(sheet(site, row(1), row(2, "1000 JPY ACME")))


def test_the_button_has_both_scopes_where_invoices_can_be_bundled(site: Site) -> None:
    page = sheet(site, row(1, group="A"), row(2, group="A"), row(3))
    assert 'class="when-single">Open 3 cases, £1,500.00<' in page
    assert 'class="when-bundled">Open 2 cases, £1,500.00<' in page


def test_an_amount_that_the_page_did_not_know_is_not_promised(site: Site) -> None:
    assert button(sheet(site, row(1, ""), row(2))).strip().endswith("Open 2 cases")


def test_it_says_what_handing_over_means_and_what_leaves(site: Site) -> None:
    page = sheet(site, row(1))
    for words in (
        "Only the partner collects, for 6 months",
        "makes it longer",
        "Taking a case back costs the full fee",
        "You send no more reminders",
        "within 3 days",
        "Interest and late fees go to the partner",
        "undo this free of charge until a partner has accepted",
        "Your KashFlow notes never leave",
        "Our own desk and the partner",
    ):
        assert words in page, words


def test_a_collector_elsewhere_is_named_and_closes_its_cases_itself(site: Site) -> None:
    account = an_account(site.organisation)
    page = sheet(site, row(1), collector=str(account.pk))
    assert "Debitura, Pennine Fasteners Ltd and the partner" in page
    assert "A case at Debitura is closed there" in page


def test_automatic_reminders_still_on_are_counted_and_how_to_stop_them(site: Site) -> None:
    assert "still sends reminders" not in sheet(site, row(1))
    page = sheet(site, row(1, chased="yes"), row(2, chased="yes"), row(3))
    assert "KashFlow still sends reminders for 2 invoices of these" in page
    assert "switch automatic credit control off" in page


def test_an_age_that_is_crossed_soon_is_told_with_what_waiting_costs(site: Site) -> None:
    """Due so that twelve months are over on 11 December 2026; the fakes' clock stands at 22 November."""
    today = site.clock.today()
    due = today.replace(year=today.year - 1, month=12, day=10)
    page = sheet(site, row(1, "1000.00 GBP ACME", due=due.isoformat()), row(2, due=today.isoformat()))
    assert "1 invoice will be 12 months overdue" in page
    assert "11 December 2026" in page
    assert "more on £1,000.00" in page
    assert "What waiting would cost" not in sheet(site, row(1))


def test_above_the_limit_it_says_that_it_will_wait_and_who_can_approve(site: Site) -> None:
    Organisation.objects.update(approval_limit=Decimal(1000), limit_currency="GBP")
    page = sheet(site, row(1, "1000.01 GBP ACME"))
    assert "Ask for approval of 1 case, £1,000.01" in button(page)
    assert "more than the limit of £1,000.00" in page
    assert "Nobody else in your organisation may approve yet" in page

    boss = User.objects.create_user("boss@pennine.example", "a long enough sentence")
    Membership.objects.create(organisation=site.organisation, user=boss, role=Role.APPROVER.value)
    assert "boss@pennine.example can." in sheet(site, row(1, "1000.01 GBP ACME"))
    assert "waits for approval" not in sheet(site, row(1, "1000.00 GBP ACME"))


def test_what_is_on_the_sheet_is_what_is_started(site: Site) -> None:
    form = {
        "picked": json.dumps([row(1, group="A", due="2026-01-31", chased="yes"), row(2, group="A")]),
        "bundles": "yes",
        "form_id": "8a6e3c0e-3a68-4f4e-9a3b-2f1d5b7c9e01",
    }
    site.client.post(f"/import/{site.connection.pk}/open/", form)
    assert ImportRun.objects.get().totals == [["GBP", 1, "1000.00"]]
