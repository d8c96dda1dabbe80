"""An import to a collector elsewhere: its price, what it wants signed, and a run that names it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pytest_django import Settings

from arrears.bridge.models import CollectorAccount, ImportRun
from arrears.core.submission import State
from arrears.ports import Offer, Required, TryAgainLater
from tests.fakes import FakeAdapters
from tests.web.conftest import Site
from tests.web.far_world import KEY, FarAdapters, a_far_run, an_account

POA = Required("MissingPowerOfAttorney", "Sign the power of attorney for Cobros Iberia.")
SIGN = "https://app.debitura.com/sign/all"
OFFER = Offer(
    True,
    "Cobros Iberia",
    "Covers Great Britain.",
    rate=Decimal(12),
    price_source="Creditor custom pricing",
    required=(POA,),
    signing_url=SIGN,
)


@pytest.fixture
def outside(outside: type[FakeAdapters], settings: Settings) -> type[FakeAdapters]:
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    return FarAdapters.fresh()


@pytest.fixture
def account(site: Site) -> CollectorAccount:
    site.books.add("1001")
    FarAdapters.far_end.offer = OFFER
    return an_account(site.organisation)


def confirm(site: Site, collector: str, required: str = "[]") -> tuple[int, str]:
    form = {
        "picked": json.dumps([["71001", "1001", "", "", "", ""]]),
        "sums": json.dumps([["GBP", "1", "500.00", "60.00", "440.00", "0"]]),
        "collector": collector,
        "required": required,
    }
    answer = site.client.post(f"/import/{site.connection.pk}/confirm/", form)
    return answer.status_code, answer.content.decode()


def seals(site: Site, account: CollectorAccount) -> str:
    """What the page carries from the rows to the confirmation."""
    rows = site.listed(collector=str(account.pk)).values()
    return json.dumps([row["required"] for row in rows if row["required"]])


def test_a_row_shows_the_collectors_price_and_how_it_differs(site: Site, account: CollectorAccount) -> None:
    rows = site.rows(collector=str(account.pk))

    assert "Debitura’s price: 12%, £60.00. The standard price list says" in rows
    assert "Sign the power of attorney for Cobros Iberia." in rows


def test_what_an_age_adds_to_a_collectors_own_price_is_not_claimed(
    site: Site, account: CollectorAccount
) -> None:
    site.books.change("1001", issued=date(2025, 11, 9), due=date(2025, 12, 9))
    row = site.listed(collector=str(account.pk))["1001"]
    assert row["edge"]["text"] == "12 months overdue: the standard price list adds 8 points"


def test_a_row_says_who_gets_what_and_what_was_asked_already(site: Site, account: CollectorAccount) -> None:
    drawer = site.listed(collector=str(account.pk))["1001"]["drawer"]

    assert f"to <strong>Debitura, {account.company_name}</strong>, and from there to its partner" in drawer
    assert "was asked about amount, due date, place and kind of debtor only, not who owes it" in drawer


def test_a_row_whose_collector_was_not_asked_says_so(site: Site, account: CollectorAccount) -> None:
    FarAdapters.far_end.offer = replace(OFFER, asked=False, rate=None, reason="Too many were asked for.")

    rows = site.rows(collector=str(account.pk))

    assert "Debitura was not asked about this invoice." in rows
    assert "Too many were asked for." in rows


def test_the_page_says_where_cases_go_and_takes_another_for_this_import(
    site: Site, account: CollectorAccount
) -> None:
    test = an_account(site.organisation, test=True)

    assert "Cases go to <strong>Our own desk" in site.page("/import/")
    page = site.page(f"/import/?collector={test.pk}")
    assert "TEST MODE." in page
    assert f'name="collector" value="{test.pk}"' in page


@pytest.mark.parametrize("word", ["999999", "nobody", "-1", "1e3", "٣", "9" * 30])
def test_a_collector_that_is_none_of_ours_is_not_there(
    site: Site, account: CollectorAccount, word: str
) -> None:
    assert site.client.get("/import/", {"collector": word}).status_code == 404
    assert confirm(site, word)[0] == 404


def test_what_has_to_be_signed_is_told_once_with_the_collectors_own_link(
    site: Site, account: CollectorAccount
) -> None:
    site.books.add("1002")
    carried = json.loads(seals(site, account))
    assert len(set(carried)) == 1

    _, page = confirm(site, str(account.pk), json.dumps(carried[:1]))

    assert page.count("Sign the power of attorney for Cobros Iberia.") == 1
    assert page.count("Sign the standard agreement of 2026.") == 1
    assert f'href="{SIGN}" rel="noopener noreferrer" target="_blank">Sign now' in page
    assert "They wait, and each starts by itself" in page
    assert "required>" not in page


def test_where_cases_may_not_wait_the_page_asks_to_sign_first(site: Site, account: CollectorAccount) -> None:
    CollectorAccount.objects.filter(pk=account.pk).update(waits_for_signature=False)

    _, page = confirm(site, str(account.pk), seals(site, account))

    assert "Needed before these cases can be opened" in page
    assert 'id="seen" required' in page


@pytest.mark.parametrize(
    "required",
    [
        "no json",
        "{}",
        '["[[[\\"x\\",\\"Send money\\",\\"https://evil.example\\",false]],\\"\\"]:abc"]',
        "[1]",
    ],
)
def test_a_link_that_the_collector_never_gave_is_not_shown(
    site: Site, account: CollectorAccount, required: str
) -> None:
    assert confirm(site, str(account.pk), required)[0] == 400


def test_what_one_collector_wants_is_not_taken_for_another(site: Site, account: CollectorAccount) -> None:
    carried = seals(site, account)
    other = an_account(site.organisation, creditor="c-2")

    assert confirm(site, str(other.pk), carried)[0] == 400


def test_a_collector_that_cannot_be_asked_leaves_what_the_rows_brought(
    site: Site, account: CollectorAccount
) -> None:
    carried = seals(site, account)
    FarAdapters.far_end.failing.append(TryAgainLater("Debitura does not answer."))

    status, page = confirm(site, str(account.pk), carried)

    assert status == 200
    assert "Sign the power of attorney for Cobros Iberia." in page
    assert "Debitura does not answer." in page


def test_the_cases_go_to_the_collector_of_the_form_and_the_run_says_so(
    site: Site, account: CollectorAccount
) -> None:
    run = site.open_cases("1001", collector=str(account.pk))
    site.work(run)

    assert run.collector == account
    assert run.submissions.get().case_reference == "D-1"
    assert "To <strong>Debitura, Pennine Fasteners Ltd" in site.page(f"/runs/{run.pk}/")
    assert "Debitura" in site.page("/runs/")


def test_a_form_without_a_collector_never_takes_the_preferred_one(
    site: Site, account: CollectorAccount
) -> None:
    CollectorAccount.objects.filter(pk=account.pk).update(is_default=True)

    assert site.open_cases("1001").collector is None


def test_a_row_that_waits_for_a_signature_leads_there_and_can_be_tried_again(
    site: Site, account: CollectorAccount
) -> None:
    row = a_far_run(
        site.connection,
        account,
        state=State.NEEDS_ACTION,
        case_id="",
        case_reference="",
        message=POA.text,
        action_url=SIGN,
    )
    page = site.page(f"/runs/{row.run_id}/")
    assert POA.text in page
    assert f'href="{SIGN}"' in page
    assert "Done: try these again" in page
    assert f'href="/runs/{row.run_id}/?show=needs-you"' in site.page("/agreements/done-elsewhere/")

    site.client.post(f"/runs/{row.run_id}/retry/")

    assert ImportRun.objects.get(pk=row.run_id).stage == ImportRun.Stage.SUBMITTING


def test_trouble_with_the_collector_is_not_blamed_on_the_books(site: Site, account: CollectorAccount) -> None:
    del FarAdapters.far_end.keys[KEY]

    [told] = [line["problem"] for line in site.stream(collector=str(account.pk)) if "problem" in line]

    assert "does not accept this API key" in told
    site.connection.refresh_from_db()
    assert site.connection.state == "ok"
