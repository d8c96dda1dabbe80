"""The page of a run: approving and declining, undoing, and taking the results away as a file."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client

from arrears.accounts.models import AuditEntry, Membership, Organisation, User
from arrears.bridge.models import Holding, ImportRun, Submission
from arrears.core.access import Role
from arrears.core.case import Lifecycle
from arrears.core.submission import State
from arrears.desk.models import Case
from tests.web.conftest import PASSWORD, Site
from tests.web.far_world import a_far_run, an_account

Stage = ImportRun.Stage


def somebody(site: Site, role: Role, email: str = "") -> Client:
    user = User.objects.create_user(email or f"{role}@pennine.example", PASSWORD)
    Membership.objects.create(organisation=site.organisation, user=user, role=role.value)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def waiting(site: Site, client: Client | None = None) -> ImportRun:
    """An import above the limit."""
    Organisation.objects.update(approval_limit=Decimal(1000), limit_currency="GBP")
    site.books.add("1001", "5000 GBP")
    picked = json.dumps([["71001", "1001", "", "5000.00 GBP ACME", "", ""]])
    form = {"picked": picked, "form_id": str(uuid4())}
    answer = (client or site.client).post(f"/import/{site.connection.pk}/open/", form)
    assert answer.status_code == 302
    return ImportRun.objects.latest("pk")


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


# --- Approving ----------------------------------------------------------------------------------------------


def test_who_asked_reads_why_it_waits_and_who_can_decide(site: Site) -> None:
    somebody(site, Role.APPROVER, "boss@pennine.example")
    run = waiting(site)
    page = text_of(site.client, f"/runs/{run.pk}/")
    assert "1 case held, nothing sent" in page
    assert "It comes to £5,000.00, which is more than the limit of £1,000.00." in page
    assert "somebody else has to approve it. boss@pennine.example can." in page
    assert "/approve/" not in page
    assert "hx-get" not in page
    assert "Cancel it" in page
    assert 'value="5000' not in page

    answer = site.client.post(f"/runs/{run.pk}/approve/", follow=True)
    assert "somebody else has to approve it" in answer.content.decode()
    run.refresh_from_db()
    assert run.stage == Stage.AWAITING


def test_an_approver_sees_what_it_comes_to_and_lets_it_go_ahead(site: Site) -> None:
    boss = somebody(site, Role.APPROVER)
    run = waiting(site)
    page = text_of(boss, f"/runs/{run.pk}/")
    assert "owner@pennine.example" in page
    assert "Approve: open 1 case, £5,000.00" in page
    assert f'hx-post="/runs/{run.pk}/invoices/"' in page

    for _ in range(2):  # a double click
        boss.post(f"/runs/{run.pk}/approve/")
    site.work(run)

    run.refresh_from_db()
    assert (run.stage, run.submissions.get().state) == (Stage.FINISHED, State.CREATED)
    assert "approved by approver@pennine.example" in text_of(boss, f"/runs/{run.pk}/")
    assert list(
        AuditEntry.objects.filter(subject=f"run {run.pk}").order_by("pk").values_list("action", "who")
    ) == [
        ("started an import", "owner@pennine.example"),
        ("approved an import", "approver@pennine.example"),
    ]


def test_declining_takes_a_reason_and_shows_it(site: Site) -> None:
    boss = somebody(site, Role.APPROVER)
    run = waiting(site)
    assert "says why" in boss.post(f"/runs/{run.pk}/decline/", {"reason": " "}, follow=True).content.decode()

    boss.post(f"/runs/{run.pk}/decline/", {"reason": "They pay <b>on Friday</b>"})

    page = text_of(site.client, f"/runs/{run.pk}/")
    assert "Declined by approver@pennine.example: They pay &lt;b&gt;on Friday&lt;/b&gt;." in page
    assert "Nothing more is sent." in page
    assert not Holding.objects.exists()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.VIEWER])
@pytest.mark.parametrize("verb", ["approve", "decline"])
def test_whoever_may_not_approve_is_refused_and_offered_no_button(site: Site, role: Role, verb: str) -> None:
    run = waiting(site)
    client = somebody(site, role)
    assert f"/{verb}/" not in text_of(client, f"/runs/{run.pk}/")
    assert client.post(f"/runs/{run.pk}/{verb}/", {"reason": "No."}).status_code == 403
    run.refresh_from_db()
    assert run.stage == Stage.AWAITING


def test_a_policys_run_below_the_limit_waits_for_a_click_of_anybody_who_imports(site: Site) -> None:
    run = waiting(site)
    ImportRun.objects.update(needs_second_person=False, waits_because="Prepared by a policy.")
    finance, approver = somebody(site, Role.FINANCE), somebody(site, Role.APPROVER)
    assert approver.post(f"/runs/{run.pk}/approve/").status_code == 403
    assert "Waiting for your click" in text_of(finance, f"/runs/{run.pk}/")
    finance.post(f"/runs/{run.pk}/approve/")
    run.refresh_from_db()
    assert run.stage == Stage.SUBMITTING


def test_a_word_that_is_not_kept_has_to_be_told_by_whoever_approves(site: Site) -> None:
    run = waiting(site)
    site.connection.asks_for_word = True
    site.connection.save()
    boss = somebody(site, Role.APPROVER)
    assert "It is not stored, so it has to be told again" in text_of(boss, f"/runs/{run.pk}/")

    answer = boss.post(f"/runs/{run.pk}/approve/", follow=True)

    assert "memorable word" in answer.content.decode()
    run.refresh_from_db()
    assert run.stage == Stage.AWAITING


def test_trying_again_says_when_it_waits_once_more(site: Site) -> None:
    Organisation.objects.update(approval_limit=Decimal(1000), limit_currency="GBP")
    picked = json.dumps([["71001", "1001", "", "500.00 GBP ACME", "", ""]])
    run = site.open_cases(picked=picked)
    site.work(run)
    answer = site.client.post(f"/runs/{run.pk}/retry/", follow=True)
    assert "Waiting for approval." in answer.content.decode()


def test_what_waits_stands_first_among_the_runs(site: Site) -> None:
    run = waiting(site)
    Organisation.objects.update(approval_limit=None)
    newer = site.open_cases("1002")
    page = site.page("/runs/")
    assert page.index(f"/runs/{run.pk}/") < page.index(f"/runs/{newer.pk}/")
    assert "Waiting for approval" in page


# --- Undo ---------------------------------------------------------------------------------------------------


def opened(site: Site, *numbers: str) -> ImportRun:
    for number in numbers:
        site.books.add(number)
    run = site.open_cases(*numbers)
    site.work(run)
    return run


def test_a_case_is_undone_from_its_row_and_the_page_says_so(site: Site) -> None:
    run = opened(site, "1001", "1002")
    first, second = run.submissions.all()
    page = site.page(f"/runs/{run.pk}/")
    assert f'id="undo-{first.pk}"' in page
    assert "Undo: close 2 cases, free of charge" in page

    site.client.post(f"/runs/{run.pk}/rows/{first.pk}/take-back/")

    page = site.page(f"/runs/{run.pk}/")
    assert "Taken back" in page
    assert "is closed again, free of charge" in page
    assert f'id="undo-{first.pk}"' not in page
    assert f'id="undo-{second.pk}"' in page


def test_all_that_is_free_is_undone_at_once_and_the_rest_stays(site: Site) -> None:
    run = opened(site, "1001", "1002")
    first = run.submissions.all()[0]
    Case.objects.filter(reference=first.case_reference).update(
        accepted_at=site.clock.now(), lifecycle=Lifecycle.ACTIVE.value
    )
    assert "Undo: close 1 case, free of charge" in site.page(f"/runs/{run.pk}/")

    site.client.post(f"/runs/{run.pk}/take-back/")
    assert "Closing 1 case again" in site.page(f"/runs/{run.pk}/")
    site.work(run)

    assert [row.state for row in run.submissions.all()] == [State.CREATED, State.WITHDRAWN]
    assert "Undo" not in site.page(f"/runs/{run.pk}/")
    answer = site.client.post(f"/runs/{run.pk}/take-back/", follow=True)
    assert "None of these cases" in answer.content.decode()


def test_a_case_is_undone_from_its_own_page(site: Site) -> None:
    row = opened(site, "1001").submissions.get()
    path = f"/cases/{row.case_reference}/"
    assert "Undo: close this case, free of charge" in site.page(path)

    answer = site.client.post(f"/runs/{row.run_id}/rows/{row.pk}/take-back/", {"next": "case"}, follow=True)

    assert answer.redirect_chain[-1][0] == path
    assert "Undo: close this case" not in site.page(path)


def test_where_a_collector_closes_its_cases_itself_no_undo_is_offered(site: Site) -> None:
    row = a_far_run(site.connection, an_account(site.organisation), reference="AR-FAR-1", identity="far")
    assert "Undo" not in site.page(f"/runs/{row.run_id}/")


def test_a_viewer_can_undo_nothing(site: Site) -> None:
    run = opened(site, "1001")
    viewer = somebody(site, Role.VIEWER)
    page = text_of(viewer, f"/runs/{run.pk}/")
    assert "take-back" not in page
    assert viewer.post(f"/runs/{run.pk}/take-back/").status_code == 403


# --- Results ------------------------------------------------------------------------------------------------


def test_the_results_can_be_taken_away_as_csv_and_as_a_workbook(site: Site) -> None:
    site.books.add("1001")
    run = site.open_cases("1001", "1002")
    site.work(run)
    Submission.objects.filter(state=State.FLAGGED).update(message="=cmd|' /c calc'!A1")
    page = site.page(f"/runs/{run.pk}/")

    for form in ("csv", "xlsx"):
        assert f'href="/runs/{run.pk}/results.{form}"' in page
    answer = site.client.get(f"/runs/{run.pk}/results.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    created = run.submissions.get(state=State.CREATED)
    assert rows[1][:3] == ["1001", "Case opened", created.case_reference]
    assert rows[2][3] == "'=cmd|' /c calc'!A1"
    sheet = openpyxl.load_workbook(io.BytesIO(site.client.get(f"/runs/{run.pk}/results.xlsx").content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == rows[0]
    assert site.client.get(f"/runs/{run.pk}/results.exe").status_code == 404


# --- Told to a screen reader --------------------------------------------------------------------------------


def test_progress_is_told_in_steps_and_not_every_second(site: Site) -> None:
    numbers = [str(number) for number in range(1001, 1031)]
    run = site.open_cases(*numbers)
    told = set()
    for row in run.submissions.all():
        Submission.objects.filter(pk=row.pk).update(state=State.FLAGGED)
        page = site.page(f"/runs/{run.pk}/progress/")
        told.add(page.split('data-told="')[1].split('"')[0])
    assert len(told) == 11
    assert 'role="status"' not in page
