"""What holds for every page: nothing foreign runs in it, it is nobody else's, and forms are protected."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from arrears.accounts.api_keys import make_key
from arrears.accounts.invitations import invite
from arrears.accounts.models import User
from arrears.bridge.ledger import Picked
from arrears.bridge.models import ImportRun, PaidElsewhere
from arrears.bridge.start_import import Order, start_import
from arrears.core.access import Role
from tests.builders import TODAY
from tests.fakes import FakeAdapters
from tests.web.conftest import PASSWORD, Site, a_connection, an_organisation
from tests.web.far_world import (
    FarAdapters,
    FarCollector,
    a_far_case,
    a_far_run,
    an_account,
    everything_about_it,
)
from tests.web.policies.kept import a_policy_evaluated

PAGES = [
    "/",
    "/integrations/",
    "/integrations/kashflow/",
    "/integrations/{connection}/",
    "/integrations/{connection}/disconnect/",
    "/import/",
    "/import/?connection={connection}",
    "/runs/",
    "/runs/{run}/",
    "/cases/",
    "/cases/?stage=open&country=GB&currency=GBP&age=0-30&paid=no&from=2026-01-01&test=no",
    "/?currency=GBP",
    "/cases/{case}/",
    "/integrations/collectors/debitura/",
    "/integrations/collectors/{account}/",
    "/integrations/collectors/{account}/remove/",
    "/integrations/collectors/{account}/remove-test-cases/",
    "/import/?collector={account}",
    "/runs/{far_run}/",
    "/runs/{waiting}/",
    "/cases/{far_case}/",
    "/agreements/done-elsewhere/",
    "/accounts/mfa/",
    "/settings/",
    "/settings/organisation/",
    "/settings/approval/",
    "/settings/new-organisation/",
    "/settings/members/",
    "/settings/members/{member}/remove/",
    "/settings/invitations/",
    "/settings/keys/",
    "/settings/keys/{key}/revoke/",
    "/settings/audit/",
    "/settings/audit/?q=login&who=owner&action=signed+in&from=2026-11-01&to=2026-11-30",
    "/accounts/sessions/",
    "/policies/",
    "/policies/new/",
    "/policies/{policy}/",
    "/policies/{policy}/edit/",
    "/policies/{policy}/remove/",
    "/policies/evaluations/{evaluation}/",
]
POSTS = [
    "/policies/{policy}/edit/",
    "/policies/{policy}/pause/",
    "/policies/{policy}/resume/",
    "/policies/{policy}/remove/",
    "/integrations/kashflow/",
    "/integrations/{connection}/",
    "/integrations/{connection}/try-again/",
    "/integrations/{connection}/disconnect/",
    "/import/{connection}/rows/",
    "/import/{connection}/check/",
    "/import/{connection}/confirm/",
    "/import/{connection}/open/",
    "/runs/{run}/invoices/",
    "/runs/{run}/cancel/",
    "/runs/{run}/retry/",
    "/runs/{run}/approve/",
    "/runs/{run}/decline/",
    "/runs/{run}/take-back/",
    "/runs/{run}/rows/{row}/take-back/",
    "/integrations/collectors/{account}/",
    "/integrations/collectors/{account}/check/",
    "/integrations/collectors/{account}/remove/",
    "/integrations/collectors/{account}/remove-test-cases/",
    "/collectors/{account}/cases/{far_id}/say/",
    "/collectors/{account}/cases/{far_id}/attach/",
    "/paid-elsewhere/{paid}/report/",
    "/paid-elsewhere/{paid}/dismiss/",
    "/organisations/switch/",
    "/settings/organisation/",
    "/settings/approval/",
    "/settings/new-organisation/",
    "/settings/members/{member}/role/",
    "/settings/members/{member}/remove/",
    "/settings/invitations/",
    "/settings/invitations/{invitation}/resend/",
    "/settings/invitations/{invitation}/revoke/",
    "/settings/keys/",
    "/settings/keys/{key}/revoke/",
    "/cases/export/",
    "/views/save/",
    "/views/remove/",
]


@pytest.fixture
def outside(outside: type[FakeAdapters], settings: Settings) -> type[FakeAdapters]:
    """With a collector elsewhere that has something of everything to tell."""
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    return FarAdapters.fresh()


def a_waiting_run(site: Site) -> ImportRun:
    """One that somebody has to approve."""
    groups = [[Picked("71002", "1002", "500.00 GBP ACME")]]
    return start_import(site.connection, Order(uuid4(), groups, waits_because="It is more than agreed."))


@pytest.fixture
def places(site: Site) -> Callable[[str], str]:
    """Fills in ids of things that exist."""
    site.books.add("1001")
    run = site.open_cases("1001")
    site.work(run)
    reference = run.submissions.get().case_reference
    account = an_account(site.organisation, test=True)
    FarCollector.file = everything_about_it()
    far = a_far_case(account)
    row = a_far_run(site.connection, account, reference="AR-FAR-1", identity="far")
    paid = PaidElsewhere.objects.create(
        submission=row,
        amount=Decimal(120),
        in_books=Decimal(120),
        currency="EUR",
        seen_at=site.clock.now(),
        report_by=TODAY,
    )
    things = {"connection": site.connection.pk, "run": run.pk, "case": reference, "account": account.pk}
    things |= {"row": run.submissions.get().pk, "waiting": a_waiting_run(site).pk}
    things |= {"far_run": row.run_id, "far_case": far.reference, "far_id": far.id, "paid": paid.pk}
    policy, evaluation = a_policy_evaluated(site.connection)
    things |= {"policy": policy.pk, "evaluation": evaluation.pk}
    things |= {"member": site.organisation.memberships.get().pk}
    invited = invite(site.organisation.pk, "fred@pennine.example", Role.VIEWER, site.owner, site.clock.now())
    key, _ = make_key(site.organisation, "ERP", site.owner.email, site.clock.now())
    things |= {"invitation": invited.invitation.pk, "key": key.pk}
    return lambda path: path.format(**things)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_inline_script_style_or_foreign_address(
    site: Site, places: Callable[[str], str], path: str
) -> None:
    page = site.page(places(path))

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    for address in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page):
        assert address.startswith("/static/"), address


@pytest.mark.parametrize("path", PAGES)
def test_every_form_that_changes_something_can_be_sent_from_the_page(
    site: Site, places: Callable[[str], str], path: str
) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", site.page(places(path)), re.DOTALL):
        assert 'name="csrfmiddlewaretoken"' in form, form[:200]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_a_title_landmarks_one_heading_and_labels(
    site: Site, places: Callable[[str], str], path: str
) -> None:
    page = site.page(places(path))

    assert re.search(r"<title>\s*\S", page)
    assert page.count("<h1") == 1
    assert '<main id="content"' in page
    assert 'href="#content"' in page
    for field in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
        hidden = 'type="hidden"' in field or 'type="radio"' in field
        name = re.search(r'\bid="([^"]+)"', field)
        assert hidden or (name and f'for="{name[1]}"' in page), field


def test_every_answer_forbids_foreign_content_and_framing(site: Site) -> None:
    for client, path in ((site.client, "/"), (Client(), "/accounts/login/"), (site.client, "/nothing-here/")):
        headers = client.get(path).headers
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "private" in headers["Cache-Control"]


@pytest.mark.parametrize("path", [path for path in [*PAGES, *POSTS] if "{" in path])
def test_what_belongs_to_another_organisation_looks_like_what_does_not_exist(
    site: Site, places: Callable[[str], str], path: str
) -> None:
    mallory = User.objects.create_user("mallory@elsewhere.example", PASSWORD)
    a_connection(an_organisation("Elsewhere", mallory), account="account-2")
    theirs, client = places(path), Client(raise_request_exception=True)
    client.force_login(mallory, backend="allauth.account.auth_backends.AuthenticationBackend")
    ask = client.post if path in POSTS else client.get
    nobody = {"case": "AR-NOBODY-1", "far_case": "AR-NOBODY-1", "far_id": "nobody"}
    known = ("connection", "run", "row", "waiting", "account", "far_run", "paid", "policy", "evaluation")
    numbers = dict.fromkeys((*known, "member", "invitation", "key"), 999_999)
    nowhere = path.format(**nobody, **numbers)

    foreign, absent = ask(theirs), ask(nowhere)

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert foreign.content == absent.content


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_is_refused(site: Site, places: Callable[[str], str], path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(site.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(places(path))

    assert answer.status_code == 403
    assert "no longer valid" in answer.content.decode()


@pytest.mark.parametrize("path", [*PAGES, *POSTS])
def test_a_stranger_sees_nothing(site: Site, places: Callable[[str], str], path: str) -> None:
    client = Client()
    answer = (client.post if path in POSTS else client.get)(places(path))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/")


def test_a_page_that_is_not_there_is_a_page_of_ours(site: Site) -> None:
    assert "There is nothing here" in site.page("/nothing-here/", status=404)


def test_a_broken_page_says_so_without_details(site: Site) -> None:
    site.client.raise_request_exception = False
    FarAdapters.desk_index = object()  # type: ignore[assignment]
    page = site.page("/cases/", status=500)

    assert "Something went wrong on our side" in page
    assert "Traceback" not in page
    assert "AttributeError" not in page
