"""Collectors elsewhere on the integrations page: connected, preferred, checked, removed, never mixed up."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from arrears.bridge.collectors import default_account
from arrears.bridge.models import CollectorAccount, TrackedCase
from arrears.ports import Standing, TryAgainLater
from tests.fakes import FakeAdapters
from tests.web.conftest import Site
from tests.web.far_world import DEBITURA, KEY, FarAdapters, a_far_case, an_account

CONNECT = "/integrations/collectors/debitura/"


@pytest.fixture
def outside(outside: type[FakeAdapters], settings: Settings) -> type[FakeAdapters]:
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    return FarAdapters.fresh()


@pytest.fixture
def account(site: Site) -> CollectorAccount:
    return an_account(site.organisation)


def test_a_key_is_connected_for_testing_unless_live_is_chosen(site: Site) -> None:
    FarAdapters.far_end.keys["pasted"] = Standing("c-7", "Pennine Fasteners Ltd")

    site.client.post(CONNECT, {"api_key": " pasted ", "waits": "yes"})
    site.client.post(CONNECT, {"api_key": "pasted", "mode": "live"})

    test, live = CollectorAccount.objects.order_by("-test")
    assert (test.test, test.base_url, test.waits_for_signature) == (True, DEBITURA, True)
    assert (live.test, live.waits_for_signature) == (False, False)
    page = site.page("/integrations/")
    assert "TEST MODE" in page
    assert "LIVE" in page


def test_a_key_that_is_refused_is_said_with_what_helps_and_never_shown(site: Site) -> None:
    answer = site.client.post(CONNECT, {"api_key": "a-wrong-key", "mode": "live"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "does not accept this API key" in page
    assert "Enter another API key." in page
    assert "a-wrong-key" not in page
    assert 'value="live" checked' in page


@pytest.mark.parametrize(
    "typed",
    ["nonsense", "ftp://desk.example.com", "https://me:pw@desk.example.com", "https://d.example/?q=1"],
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(site: Site, typed: str) -> None:
    answer = site.client.post(CONNECT, {"api_key": KEY, "base_url": typed})

    assert answer.status_code == 422
    assert "Enter the whole address" in answer.content.decode()
    assert FarAdapters.far_end.knocks == []


def test_a_new_key_keeps_the_address_and_the_mode_whatever_the_form_says(
    site: Site, account: CollectorAccount
) -> None:
    path = f"/integrations/collectors/{account.pk}/"
    FarAdapters.far_end.keys["new"] = FarAdapters.far_end.keys[KEY]

    site.client.post(path, {"api_key": "new", "mode": "test", "base_url": "https://other.example"})

    account.refresh_from_db()
    assert (account.base_url, account.test, account.version) == (DEBITURA, False, 2)


def test_new_cases_go_to_the_collector_that_was_chosen(site: Site, account: CollectorAccount) -> None:
    site.client.post("/integrations/collectors/prefer/", {"collector": str(account.pk)})
    assert default_account(site.organisation.pk) == account
    assert "Cases go to <strong>Debitura, Pennine Fasteners Ltd" in site.page("/import/")

    site.client.post("/integrations/collectors/prefer/", {"collector": "desk"})
    assert default_account(site.organisation.pk) is None


def test_a_check_shows_what_waits_and_who_belongs_there(site: Site, account: CollectorAccount) -> None:
    page = site.client.post(f"/integrations/collectors/{account.pk}/check/").content.decode()

    for told in ("Sign the standard agreement", "Name a bank account", "Ada Nuttall", "Export", "Archived"):
        assert told in page
    assert 'href="https://app.debitura.com/sign" rel="noopener noreferrer" target="_blank"' in page


def test_a_check_that_fails_says_why_and_what_helps(site: Site, account: CollectorAccount) -> None:
    FarAdapters.far_end.failing.append(TryAgainLater("Debitura does not answer."))

    answer = site.client.post(f"/integrations/collectors/{account.pk}/check/", follow=True)

    assert "Debitura does not answer. Try again in a few minutes." in answer.content.decode()


def test_a_rejected_key_is_shown_on_every_page_that_leads_there(
    site: Site, account: CollectorAccount
) -> None:
    del FarAdapters.far_end.keys[KEY]
    site.client.post(f"/integrations/collectors/{account.pk}/check/")

    for path in ("/", "/integrations/", f"/import/?collector={account.pk}"):
        page = site.page(path)
        assert "does not accept this API key" in page, path
        assert "Enter another API key." in page, path
    assert "needs attention" in site.page("/cases/")


def test_what_removing_deletes_is_said_and_the_cases_stay_as_last_read(
    site: Site, account: CollectorAccount
) -> None:
    case = a_far_case(account)
    path = f"/integrations/collectors/{account.pk}/remove/"
    assert "The stored API key" in site.page(path)

    site.client.post(path)

    assert "Where cases go" in site.page("/integrations/")
    assert f"collector-{account.pk}" not in site.page("/integrations/")
    shown = site.page(f"/cases/{case.reference}/")
    assert "The account was removed" in shown
    assert "What you see is as of" in shown
    assert "<textarea" not in shown


def test_only_test_cases_can_be_removed(site: Site, account: CollectorAccount) -> None:
    test = an_account(site.organisation, test=True)
    a_far_case(test)
    assert site.client.get(f"/integrations/collectors/{account.pk}/remove-test-cases/").status_code == 404

    site.client.post(f"/integrations/collectors/{test.pk}/remove-test-cases/")

    assert not TrackedCase.objects.exists()
    assert FarAdapters.far_end.cases == []


def test_the_words_of_a_collector_are_never_markup(site: Site, account: CollectorAccount) -> None:
    bad = "<script>alert(1)</script>"
    FarAdapters.far_end.keys[KEY] = Standing("c-1", bad)
    CollectorAccount.objects.filter(pk=account.pk).update(company_name=bad, hook_notice=bad)

    for path in ("/", "/integrations/", "/import/", f"/integrations/collectors/{account.pk}/remove/"):
        assert bad not in site.page(path), path
    assert bad not in site.client.post(f"/integrations/collectors/{account.pk}/check/").content.decode()
