"""Money that the books show on an open case and its collector does not: found, asked about, reported once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.accounts.models import AuditEntry
from arrears.bridge.dismiss_paid import dismiss_paid
from arrears.bridge.jobs import find_paid_elsewhere_job
from arrears.bridge.models import Connection, PaidElsewhere, Submission
from arrears.bridge.report_paid import report_paid
from arrears.bridge.sweep_tracking import sweep_tracking
from arrears.core.case import Lifecycle
from arrears.core.invoice import Outstanding
from arrears.ports import Company, NeedsAttention, NotSent, OutcomeUnknown
from tests.bridge.elsewhere import days
from tests.bridge.paid_world import PAID_ON, Paid
from tests.builders import money


def test_money_in_the_books_is_to_be_reported_within_three_days(paid: Paid) -> None:
    paid.submitted("1001")
    assert paid.look() == []
    paid.pays("1001", "200 GBP")

    (row,) = paid.look()
    assert (row.amount, row.currency, row.in_books) == (Decimal(300), "GBP", Decimal(300))
    assert row.paid_on == PAID_ON
    assert row.report_by == date(2026, 11, 25)
    assert len(paid.look()) == 1


def test_a_case_at_our_own_desk_is_no_exception(paid: Paid) -> None:
    paid.submitted("1001", at_desk=True)
    paid.pays("1001", "0 GBP")

    (row,) = paid.look()
    assert row.amount == 500


def test_what_the_collector_has_recorded_is_not_asked_about(paid: Paid) -> None:
    paid.submitted("1001")
    paid.pays("1001", "200 GBP")
    paid.states(outstanding=money("200 GBP"))

    assert paid.look() == []
    assert not PaidElsewhere.objects.exists()


def test_costs_on_top_do_not_look_like_payments(paid: Paid) -> None:
    paid.submitted("1001")
    paid.pays("1001", "200 GBP")
    paid.states(added=money("100 GBP"), outstanding=money("600 GBP"))

    (row,) = paid.look()
    assert row.amount == 300


def test_once_the_collector_knows_or_the_case_is_closed_nobody_is_asked_any_more(paid: Paid) -> None:
    paid.submitted("1001")
    paid.pays("1001", "200 GBP")
    paid.look()
    paid.states(outstanding=money("200 GBP"))
    assert paid.look() == []

    paid.pays("1001", "100 GBP")
    assert len(paid.look()) == 1
    paid.states(lifecycle=Lifecycle.CLOSED)
    assert paid.look() == []


def test_an_open_question_grows_with_what_comes_in_and_keeps_its_day(paid: Paid) -> None:
    paid.submitted("1001")
    paid.pays("1001", "400 GBP")
    paid.look()
    paid.tracking.clock.advance(days(2))
    paid.pays("1001", "300 GBP")

    (row,) = paid.look()
    assert (row.amount, row.report_by) == (Decimal(200), date(2026, 11, 25))


def test_what_was_dismissed_comes_back_only_with_more_money(paid: Paid) -> None:
    paid.submitted("1001")
    paid.pays("1001", "400 GBP")
    (row,) = paid.look()
    assert dismiss_paid(row)
    assert not dismiss_paid(row)
    assert paid.look() == []

    paid.pays("1001", "350 GBP")
    (row,) = paid.look()
    assert row.amount == 150


def test_after_a_report_was_recorded_the_next_payment_is_asked_about(paid: Paid) -> None:
    paid.submitted("1001")
    paid.pays("1001", "400 GBP")
    (row,) = paid.look()
    assert report_paid(row, "100 came in.")
    assert paid.look() == []
    paid.states(outstanding=money("400 GBP"))
    paid.pays("1001", "350 GBP")

    (row,) = paid.look()
    assert row.amount == 50


def test_a_case_that_nobody_could_read_for_days_is_not_compared(paid: Paid) -> None:
    """What the collector has taken in and passed on since would look like money paid to us."""
    paid.submitted("1")
    paid.tracking.clock.advance(days(2) + timedelta(seconds=1))
    paid.pays("1", left="300 GBP")
    assert paid.look() == []

    paid.states(outstanding=money("300 GBP"))
    assert paid.look() == []
    paid.pays("1", left="200 GBP")
    assert [one.amount for one in paid.look()] == [100]


def _vanishes(paid: Paid) -> None:
    paid.books.remove("1001")


def _is_another_invoice_now(paid: Paid) -> None:
    paid.books.change("1001", id="9999")


def _amount_is_not_known(paid: Paid) -> None:
    paid.books.change("1001", outstanding=Outstanding(None, "", "Two readings."))


def _is_in_another_currency(paid: Paid) -> None:
    paid.books.change("1001", outstanding=Outstanding(money("0 EUR"), ""))


def _is_deleted(paid: Paid) -> None:
    paid.books.change("1001", deleted=True)


@pytest.mark.parametrize("waiting", [True, False])
@pytest.mark.parametrize(
    "change",
    [_vanishes, _is_another_invoice_now, _amount_is_not_known, _is_in_another_currency, _is_deleted],
)
def test_what_the_books_do_not_tell_is_not_guessed_at(
    paid: Paid, change: Callable[[Paid], None], waiting: bool
) -> None:
    paid.submitted("1001", "1002")
    if waiting:
        paid.pays("1002", "0 GBP")
        assert len(paid.look()) == 1
    change(paid)

    assert len(paid.look()) == (1 if waiting else 0)


def test_a_case_for_testing_or_one_that_is_not_known_is_left_alone(paid: Paid) -> None:
    row = paid.submitted("1001")
    paid.pays("1001", "0 GBP")
    Submission.objects.filter(pk=row.pk).update(case_id="another")
    assert paid.look() == []

    Submission.objects.filter(pk=row.pk).update(case_id="c1")
    type(paid.tracking.account).objects.update(test=True)
    assert paid.look() == []


def test_only_the_connections_own_submissions_are_looked_at(paid: Paid) -> None:
    paid.submitted("1001", account="account-2")
    paid.pays("1001", "0 GBP")

    assert paid.look() == []
    assert paid.books.fetched == []


def test_books_are_not_touched_while_no_case_is_open(paid: Paid) -> None:
    paid.books.failing = [NeedsAttention("No.", code="wrong_credentials", action="")]

    assert paid.look() == []


def test_another_companys_books_are_not_compared(paid: Paid) -> None:
    paid.submitted("1001")
    paid.pays("1001", "0 GBP")
    paid.books.company_ = Company("account-9", "Somebody else", "GBP", "GB")

    with pytest.raises(NeedsAttention):
        paid.look()
    assert not PaidElsewhere.objects.exists()


def test_many_cases_are_compared_in_batches(paid: Paid) -> None:
    for number in range(120):
        paid.submitted(f"{number}", case_id=f"c{number}")
        paid.pays(f"{number}", "100 GBP")

    assert len(paid.look()) == 120


# --- Reporting ----------------------------------------------------------------------------------------------


@pytest.fixture
def seen(paid: Paid) -> PaidElsewhere:
    paid.submitted("1001")
    paid.pays("1001", "200 GBP")
    (row,) = paid.look()
    return row


def test_a_report_is_a_message_on_the_case(paid: Paid, seen: PaidElsewhere) -> None:
    assert report_paid(seen, "300 came in.")

    seen.refresh_from_db()
    assert list(paid.tracking.elsewhere.said.values()) == ["300 came in."]
    assert seen.reported_at == paid.tracking.clock.now()
    assert seen.sending_since is None


@pytest.mark.parametrize("deed", [lambda row: report_paid(row, "300 came in."), dismiss_paid])
def test_the_trail_names_the_case_by_the_reference_that_its_page_has(
    paid: Paid, seen: PaidElsewhere, deed: Callable[[PaidElsewhere], bool]
) -> None:
    Submission.objects.update(reference="INV-1001", case_reference="C1")
    assert deed(PaidElsewhere.objects.get())

    line = AuditEntry.objects.latest("pk")

    assert line.subject == "case C1"
    assert "on case C1" in line.text


def test_pressed_twice_it_is_sent_once(paid: Paid, seen: PaidElsewhere) -> None:
    assert [report_paid(seen, "300 came in.") for _ in range(3)] == [True, False, False]
    assert paid.tracking.elsewhere.asked.count("say c1") == 1


def test_while_it_is_being_sent_nobody_else_sends_it(
    paid: Paid, seen: PaidElsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner, seconds = paid.tracking.elsewhere.say, []

    def say(case_id: str, text: str, key: str) -> Any:
        seconds.append(report_paid(seen, text))
        return inner(case_id, text, key)

    monkeypatch.setattr(paid.tracking.elsewhere, "say", say)

    assert report_paid(seen, "300 came in.")
    assert seconds == [False]


def test_what_was_dismissed_is_not_sent(paid: Paid, seen: PaidElsewhere) -> None:
    dismiss_paid(seen)

    assert not report_paid(seen, "300 came in.")
    assert paid.tracking.elsewhere.said == {}


def test_when_the_outcome_is_not_known_a_person_is_told_to_look_and_may_send_again(
    paid: Paid, seen: PaidElsewhere
) -> None:
    paid.tracking.elsewhere.failing = [OutcomeUnknown("The connection was cut.")]
    with pytest.raises(OutcomeUnknown, match=r"cut\. It is not known .* Look at the messages"):
        report_paid(seen, "300 came in.")

    assert paid.look() == [seen]
    assert report_paid(seen, "300 came in.")


def test_the_same_words_sent_again_after_a_lost_answer_are_one_message(
    paid: Paid, seen: PaidElsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = paid.tracking.elsewhere.say

    def say(case_id: str, text: str, key: str) -> Any:
        inner(case_id, text, key)
        raise OutcomeUnknown("The answer was lost.")

    monkeypatch.setattr(paid.tracking.elsewhere, "say", say)
    for words in ("300 came in.", "300 came in.", "300 came in today."):
        with pytest.raises(OutcomeUnknown):
            report_paid(seen, words)

    assert list(paid.tracking.elsewhere.said.values()) == ["300 came in.", "300 came in today."]


@pytest.mark.parametrize(
    "reason", [NotSent("Refused."), NeedsAttention("No such case.", code="not_there", action="")]
)
def test_what_was_certainly_not_sent_can_be_sent_at_once(
    paid: Paid, seen: PaidElsewhere, reason: Exception
) -> None:
    paid.tracking.elsewhere.failing = [reason]
    with pytest.raises(type(reason)):
        report_paid(seen, "300 came in.")

    assert report_paid(seen, "300 came in.")


def test_when_the_process_dies_over_it_nothing_counts_as_reported_and_a_little_later_it_can_be_sent(
    paid: Paid, seen: PaidElsewhere
) -> None:
    paid.tracking.elsewhere.failing = [KeyboardInterrupt()]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        report_paid(seen, "300 came in.")

    assert not report_paid(seen, "300 came in.")
    assert paid.look() == [seen]
    paid.tracking.clock.advance(timedelta(minutes=3))
    assert report_paid(seen, "300 came in.")


# --- Every day ----------------------------------------------------------------------------------------------


def _jobs() -> list[int]:
    jobs = ProcrastinateJob.objects.filter(task_name="find_paid_elsewhere", status="todo")
    return [job.args["connection_id"] for job in jobs]


def test_books_are_looked_through_once_a_day(paid: Paid) -> None:
    sweep_tracking()
    sweep_tracking()
    assert _jobs() == [paid.connection.pk]

    find_paid_elsewhere_job(paid.connection.pk)
    paid.tracking.forget_jobs()
    sweep_tracking()
    assert _jobs() == []
    paid.tracking.clock.advance(days(1))
    sweep_tracking()
    assert _jobs() == [paid.connection.pk]


@pytest.mark.parametrize("changes", [{"asks_for_word": True}, {"account": ""}, {"state": "needs attention"}])
def test_books_that_need_a_person_are_not_opened_unasked(paid: Paid, changes: dict[str, Any]) -> None:
    Connection.objects.update(**changes)
    sweep_tracking()

    assert _jobs() == []


def test_a_login_that_was_refused_is_not_tried_again_the_same_day(paid: Paid) -> None:
    paid.submitted("1001")
    paid.books.failing = [NeedsAttention("Wrong password.", code="wrong_credentials", action="Edit it.")]
    find_paid_elsewhere_job(paid.connection.pk)

    paid.connection.refresh_from_db()
    assert paid.connection.attention_text == "Wrong password."
    assert paid.connection.payments_looked_at == paid.tracking.clock.now()
