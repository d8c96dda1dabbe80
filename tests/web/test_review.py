"""Rows that only a person can settle, and imports for which the memorable word is asked each time."""

from __future__ import annotations

import time

import pytest

from arrears.bridge.models import ImportRun, Submission
from arrears.core.submission import State
from tests.web.conftest import Site


def under_review(site: Site) -> Submission:
    """A row whose reference turned out to be taken by a case of another amount."""
    site.books.add("1001", "500 GBP")
    site.work(site.open_cases("1001"))
    Submission.objects.all().delete()  # an old backup was restored
    site.books.remove("1001")
    site.books.add("1001", "700 GBP")
    site.work(site.open_cases("1001", form_id="0f6e3c0e-3a68-4f4e-9a3b-2f1d5b7c9e02"))
    return Submission.objects.get(state=State.REVIEW)


@pytest.mark.parametrize(
    ("decision", "state"),
    [("adopt", State.CREATED), ("drop", State.DROPPED), ("try again", State.PLANNED)],
)
def test_a_person_decides_what_becomes_of_a_row_under_review(site: Site, decision: str, state: State) -> None:
    row = under_review(site)
    page = site.page(f"/runs/{row.run_id}/")
    assert f'value="{decision}"' in page

    site.client.post(f"/runs/{row.run_id}/rows/{row.pk}/settle/", {"decision": decision})

    row.refresh_from_db()
    assert row.state == state


def test_a_decision_that_is_none_is_refused(site: Site) -> None:
    row = under_review(site)

    answer = site.client.post(f"/runs/{row.run_id}/rows/{row.pk}/settle/", {"decision": "whatever"})

    assert answer.status_code == 400


def test_an_amount_that_changed_since_it_was_ticked_is_not_submitted(site: Site) -> None:
    site.books.add("1001", "700 GBP")
    answer = site.client.post(
        f"/import/{site.connection.pk}/open/",
        {
            "picked": '[["71001", "1001", "", "500.00 GBP ACME", "2026-01-31", ""]]',
            "form_id": "8a6e3c0e-3a68-4f4e-9a3b-2f1d5b7c9e01",
        },
    )
    assert answer.status_code == 302
    run = ImportRun.objects.latest("pk")

    site.work(run)

    row = run.submissions.get()
    assert row.state == State.FLAGGED
    assert "GBP 700.00 is owed now" in row.message


def test_where_the_word_is_asked_each_time_this_process_does_the_import(transactional_site: Site) -> None:
    site = transactional_site
    site.connection.asks_for_word = True
    site.connection.save()
    site.books.add("1001")

    run = site.open_cases("1001")

    for _ in range(150):
        run.refresh_from_db()
        if run.stage == ImportRun.Stage.FINISHED:
            break
        time.sleep(0.1)
    assert run.submissions.get().state == State.CREATED
