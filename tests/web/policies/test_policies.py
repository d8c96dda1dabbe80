"""The pages of escalation policies: making one, trying it, pausing it, and reading why it did what it did."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import openpyxl
import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from arrears.accounts.models import AuditEntry, Membership, User
from arrears.bridge.evaluate_policy import evaluate_policy
from arrears.bridge.models import EscalationPolicy, ImportRun, PolicyRun
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.web.preview_stream import READERS
from tests.builders import TODAY
from tests.web.conftest import PASSWORD, Site, a_connection

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


def a_form(site: Site, **changes: Any) -> dict[str, Any]:
    """What the page sends for a policy that waits for a person."""
    known = {
        "name": "Sixty days",
        "connection": str(site.connection.pk),
        "collector": "desk",
        "days_overdue": "60",
        "minimum": "250",
        "currency": "GBP",
        "reminders_sent": "0",
        "only_without_warnings": "on",
        "weekdays": ["0", "1", "2", "3", "4"],
        "hour": "7",
        "submits": "no",
    }
    return known | changes


def made(site: Site, **changes: Any) -> EscalationPolicy:
    answer = site.client.post("/policies/new/", a_form(site, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return EscalationPolicy.objects.latest("pk")


def evaluated(site: Site, policy: EscalationPolicy) -> PolicyRun:
    site.clock.instant = MONDAY
    evaluate_policy(policy.pk, MONDAY)
    return PolicyRun.objects.get(policy=policy)


def signed_in_as(site: Site, role: str) -> Client:
    user = User.objects.create_user(f"{role}@pennine.example", PASSWORD)
    Membership.objects.create(organisation=site.organisation, user=user, role=role)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def previewed(site: Site, **changes: Any) -> list[dict[str, str]]:
    answer = site.client.post("/policies/preview/", a_form(site, **changes))
    streaming = cast("StreamingHttpResponse", answer)
    content = b"".join(cast("Iterator[bytes]", streaming)) if answer.streaming else answer.content
    return [json.loads(line) for line in content.decode().splitlines()]


# --- The list -----------------------------------------------------------------------------------------------


def test_without_policies_the_page_says_what_they_are_and_leads_to_the_first(site: Site) -> None:
    page = site.page("/policies/")

    assert "No policies yet" in page
    assert 'href="/policies/new/"' in page


def test_without_a_connection_the_page_leads_to_connecting(site: Site) -> None:
    site.connection.delete()

    assert "connect the company’s books first" in site.page("/policies/")
    assert "Connect a company first" in site.page("/policies/new/")


def test_the_list_tells_what_a_policy_does_when_next_and_what_it_did_last(site: Site) -> None:
    site.books.add("1")
    evaluated(site, made(site))

    page = site.page("/policies/")

    assert (
        "Every weekday at 07:00: invoices of Pennine Fasteners Ltd that are at least 60 days overdue, have "
        "at least £250.00 owed on them and show no warnings. The batch waits for a person."
    ) in page
    assert "24 November 2026 at 07:00" in page
    assert "23 November 2026 at 07:00" in page
    assert f'href="/runs/{ImportRun.objects.get().pk}/">Look at the batch' in page


# --- The form -----------------------------------------------------------------------------------------------


def test_a_new_policy_begins_careful_and_can_be_sent_as_it_is_but_for_its_name(site: Site) -> None:
    page = site.page("/policies/new/")

    days = re.findall(r'<input type="checkbox" name="weekdays" value="(\d)"[^>]*checked', page)
    assert days == ["0", "1", "2", "3", "4"]
    assert re.search(r'name="submits" id="id_submits_no" value="no" checked', page)
    assert re.search(r'<input type="checkbox" name="only_without_warnings"[^>]*checked', page)


def test_a_policy_is_made_from_the_form(site: Site) -> None:
    policy = made(
        site,
        minimum="1,250.50",
        excluded_customers="ACME, BOLT\n ACME \n",
        excluded_tags="VIP",
        reminders_sent="2",
        bundles="on",
        ceiling="5000",
    )

    assert str(policy.rule.minimum) == "1250.50 GBP"
    assert policy.excluded_customers == ["ACME", "BOLT"]
    assert policy.excluded_tags == ["VIP"]
    assert (policy.reminders_sent, policy.bundles, policy.submits) == (2, True, False)
    assert policy.created_by == site.owner
    assert AuditEntry.objects.get(action="changed a policy").who == "owner@pennine.example"


def test_the_form_shows_what_was_saved_and_saves_what_is_changed(site: Site) -> None:
    policy = made(site, ceiling="5000", excluded_tags="VIP")

    page = site.page(f"/policies/{policy.pk}/edit/")
    assert 'value="5000"' in page
    assert "VIP</textarea>" in page
    answer = site.client.post(f"/policies/{policy.pk}/edit/", a_form(site, hour="22"))

    assert answer.status_code == 302
    policy.refresh_from_db()
    assert (policy.hour, policy.ceiling, policy.excluded_tags) == (22, None, [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Give the policy a name"),
        ({"days_overdue": "many"}, "Enter the days as a whole number"),
        ({"days_overdue": "0"}, "Enter the days as a whole number"),
        ({"minimum": "1,5"}, "as a number such as"),
        ({"weekdays": []}, "at least one day"),
        ({"submits": "yes"}, "Enter a ceiling"),
        ({"ceiling": "10"}, "below the least amount"),
        ({"connection": "999999"}, "Choose one from the list"),
        ({"hour": "25"}, "Choose one from the list"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(site: Site, changes: dict[str, Any], said: str) -> None:
    answer = site.client.post("/policies/new/", a_form(site, **changes))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not EscalationPolicy.objects.exists()


def test_a_connection_that_asks_for_the_word_is_refused_with_the_reason(site: Site) -> None:
    a_connection(site.organisation, account="account-2", company_name="Harbour Ltd", asks_for_word=True)
    other = site.organisation.connections.get(account="account-2")

    answer = site.client.post("/policies/new/", a_form(site, connection=str(other.pk)))

    assert answer.status_code == 422
    assert "memorable word of Harbour Ltd is asked for each time" in answer.content.decode()
    assert "memorable word" in previewed(site, connection=str(other.pk))[0]["problem"]


def test_the_sentence_follows_the_form(site: Site) -> None:
    def said(**changes: Any) -> str:
        return site.client.post("/policies/summary/", a_form(site, **changes)).content.decode()

    assert said(name="").startswith("Every weekday at 07:00: invoices of Pennine Fasteners Ltd")
    assert "at least 90 days overdue" in said(days_overdue="90")
    assert said(days_overdue="").startswith("Fill in the form")
    assert not EscalationPolicy.objects.exists()


# --- Who may ------------------------------------------------------------------------------------------------


def test_only_an_owner_makes_changes_or_resumes_one_that_opens_cases_by_itself(site: Site) -> None:
    finance = signed_in_as(site, "finance")
    opens = a_form(site, submits="yes", ceiling="5000")

    assert finance.post("/policies/new/", a_form(site)).status_code == 302
    assert finance.post("/policies/new/", opens).status_code == 403
    assert "Only an owner can choose this" in finance.get("/policies/new/").content.decode()

    policy = made(site, submits="yes", ceiling="5000")
    assert finance.post(f"/policies/{policy.pk}/edit/", a_form(site)).status_code == 403
    assert "only an owner can change it" in finance.get(f"/policies/{policy.pk}/edit/").content.decode()
    assert finance.post(f"/policies/{policy.pk}/pause/").status_code == 302
    assert finance.post(f"/policies/{policy.pk}/resume/").status_code == 403
    policy.refresh_from_db()
    assert policy.paused_at is not None
    assert site.client.post(f"/policies/{policy.pk}/resume/").status_code == 302


@pytest.mark.parametrize("role", ["viewer", "approver"])
def test_others_look_and_change_nothing(site: Site, role: str) -> None:
    site.books.add("1")
    policy = made(site)
    evaluation = evaluated(site, policy)
    client = signed_in_as(site, role)

    for path in ("/policies/", f"/policies/{policy.pk}/", f"/policies/evaluations/{evaluation.pk}/"):
        page = client.get(path)
        assert page.status_code == 200
        main = page.content.decode().split("<main")[1].split("</main>")[0]
        assert 'method="post"' not in main
        assert "/edit/" not in main
    for path in ("new/", "summary/", "preview/", "pause/", f"{policy.pk}/edit/", f"{policy.pk}/remove/"):
        assert client.post(f"/policies/{path}", a_form(site)).status_code == 403


# --- Preview ------------------------------------------------------------------------------------------------


def test_a_preview_shows_what_would_be_taken_and_why_not_the_rest(site: Site) -> None:
    site.books.add("1")
    site.books.add("2", "100000 JPY", code="BOLT")
    site.books.add("3", "100 GBP")
    site.books.add("4", due=TODAY - timedelta(days=5))

    lines = previewed(site, name="", only_without_warnings="")

    assert lines[0]["progress"] == "4 of 4 invoices read"
    result = re.sub(r"\s+", " ", lines[-1]["result"])
    assert "it would take 2 invoices" in result
    assert "£500.00, ¥100,000" in result
    assert "leave 2" in result
    assert "Less is owed than the policy’s £250.00." in result
    assert "It is 5 days overdue; the policy asks for 60 days." in result
    assert not ImportRun.objects.exists()
    assert not PolicyRun.objects.exists()
    assert not EscalationPolicy.objects.exists()


def test_a_preview_tells_of_records_being_read(site: Site) -> None:
    site.books.add("1")
    lines = previewed(site, reminders_sent="1")

    assert "1 of 1 records looked into" in [line.get("progress") for line in lines]
    assert "The books do not say how many reminders were sent." in lines[-1]["result"]


def test_names_from_the_books_are_text_in_a_preview(site: Site) -> None:
    site.books.add("1")
    site.books.owed[0] = replace(
        site.books.owed[0], debtor=replace(site.books.owed[0].debtor, name="<img src=x onerror=alert(1)>")
    )

    result = previewed(site)[-1]["result"]

    assert "<img" not in result
    assert "&lt;img" in result


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NeedsAttention("The password is wrong.", code="wrong", action="Enter it again."), "Enter it again."),
        (TryAgainLater("KashFlow does not answer."), "Try again in a minute."),
    ],
)
def test_a_preview_that_cannot_be_read_says_why(site: Site, error: Exception, said: str) -> None:
    site.books.failing = [error]

    lines = previewed(site)

    assert str(error) in lines[-1]["problem"]
    assert said in lines[-1]["problem"]


def test_a_preview_of_a_form_that_is_not_right_says_what_to_put_right(site: Site) -> None:
    assert "Enter the days as a whole number" in previewed(site, days_overdue="x")[0]["problem"]


def test_only_so_many_read_at_once(site: Site) -> None:
    places = [READERS.acquire(blocking=False) for _ in range(4)]
    try:
        assert "Several people" in previewed(site)[0]["problem"]
    finally:
        for _ in filter(None, places):
            READERS.release()
    site.books.add("1")
    assert "result" in previewed(site)[-1]


# --- Pausing and removing -----------------------------------------------------------------------------------


def test_pause_all_pauses_every_policy(site: Site) -> None:
    made(site)
    made(site)

    answer = site.client.post("/policies/pause/", follow=True).content.decode()

    assert "2 policies are paused." in answer
    assert not EscalationPolicy.objects.filter(paused_at=None).exists()
    assert "Pause all" not in site.page("/policies/")
    assert "paused already" in site.client.post("/policies/pause/", follow=True).content.decode()


def test_a_policy_is_removed_after_a_question(site: Site) -> None:
    policy = made(site)

    assert "Remove “Sixty days”?" in site.page(f"/policies/{policy.pk}/remove/")
    assert EscalationPolicy.objects.exists()
    site.client.post(f"/policies/{policy.pk}/remove/")
    assert not EscalationPolicy.objects.exists()


# --- The log ------------------------------------------------------------------------------------------------


@pytest.fixture
def evaluation(site: Site) -> PolicyRun:
    site.books.add("1")
    site.books.add("2", "100 GBP")
    site.books.add("3", due=TODAY - timedelta(days=5))
    return evaluated(site, made(site))


def test_a_policys_page_lists_its_evaluations(site: Site, evaluation: PolicyRun) -> None:
    page = site.page(f"/policies/{evaluation.policy_id}/")

    assert f'href="/policies/evaluations/{evaluation.pk}/"' in page
    assert "Waits for a person" in page


def _numbers(page: str) -> list[str]:
    return re.findall(r'<td data-label="Invoice" class="num">(\w+)</td>', page)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["1", "2", "3"]),
        ("?which=taken", ["1"]),
        ("?which=left", ["2", "3"]),
        ("?code=too_young", ["3"]),
        ("?which=taken&code=too_young", []),
        ("?which=nonsense&code=%27", ["1", "2", "3"]),
    ],
)
def test_decisions_are_filtered(site: Site, evaluation: PolicyRun, query: str, numbers: list[str]) -> None:
    page = site.page(f"/policies/evaluations/{evaluation.pk}/{query}")

    assert _numbers(page) == numbers
    assert ("No such decisions" in page) is not bool(numbers)


def test_decisions_are_downloaded_as_they_are_filtered(site: Site, evaluation: PolicyRun) -> None:
    path = f"/policies/evaluations/{evaluation.pk}/decisions"
    text = site.client.get(f"{path}.csv?which=left").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(site.client.get(f"{path}.xlsx").content))

    assert [line.split(",")[:2] for line in text.splitlines()] == [
        ["Invoice", "Decision"],
        ["2", "Left"],
        ["3", "Left"],
    ]
    assert [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["Taken", "Left", "Left"]
    assert site.client.get(f"{path}.pdf").status_code == 404


def test_an_evaluation_that_came_to_nothing_says_why(site: Site) -> None:
    policy = made(site)
    site.books.failing = [NeedsAttention("The password is wrong.", code="wrong", action="Enter it again.")]
    evaluation = evaluated(site, policy)

    page = site.page(f"/policies/evaluations/{evaluation.pk}/")

    assert "The password is wrong. Enter it again." in page
    assert "Download" not in page
