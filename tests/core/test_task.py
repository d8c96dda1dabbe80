"""Which tasks a case should have open, and when they are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.case import Lifecycle, Party
from arrears.core.task import (
    CaseFacts,
    TaskKind,
    WantedTask,
    due_of_open,
    follow_up_by,
    reply_by,
    update_due,
    verify_by,
    wanted_tasks,
)

DUE = date(2026, 12, 1)

#: Everything that can wait, waits.
EVERYTHING = CaseFacts(
    Lifecycle.ACTIVE,
    has_partner=True,
    info_due=DUE,
    info_asked_by_partner=True,
    check_failed=True,
    decide_quotes_by=DUE,
    quote_request="request",
    verify_by=DUE,
    creditor_reply_by=DUE,
    partner_reply_by=DUE,
    operator_reply_by=DUE,
    update_due=DUE,
    paused_follow_up=DUE,
    complaints_to_answer=(("C-2026-000001", DUE),),
    complaints_to_decide=("C-2026-000002",),
    payments_to_settle=(("payment", Party.CREDITOR, DUE),),
)

ALWAYS = {
    WantedTask(Party.CREDITOR, TaskKind.SETTLE_PAYMENT, "payment", DUE),
    WantedTask(Party.PARTNER, TaskKind.ANSWER_COMPLAINT, "C-2026-000001", DUE),
    WantedTask(Party.OPERATOR, TaskKind.DECIDE_COMPLAINT, "C-2026-000002"),
}
REPLIES = {
    WantedTask(party, TaskKind.REPLY_TO_CHAT, due=DUE)
    for party in (Party.CREDITOR, Party.PARTNER, Party.OPERATOR)
}

OWN: dict[Lifecycle, set[WantedTask]] = {
    Lifecycle.PENDING_SIGNING: set(),
    Lifecycle.PENDING_CHECK: {WantedTask(Party.OPERATOR, TaskKind.REVIEW_CASE)},
    Lifecycle.PENDING_VERIFICATION: {WantedTask(Party.PARTNER, TaskKind.VERIFY_CASE, due=DUE)},
    Lifecycle.MORE_INFO: {WantedTask(Party.CREDITOR, TaskKind.MORE_INFO, due=DUE)},
    Lifecycle.COLLECTING_QUOTES: {WantedTask(Party.OPERATOR, TaskKind.FIND_PARTNER, "request")},
    Lifecycle.PENDING_QUOTE_SELECTION: {WantedTask(Party.CREDITOR, TaskKind.SELECT_QUOTE, "request", DUE)},
    Lifecycle.ACTIVE: {WantedTask(Party.PARTNER, TaskKind.MONTHLY_UPDATE, due=DUE)},
    Lifecycle.PAUSED: {WantedTask(Party.PARTNER, TaskKind.FOLLOW_UP_PAUSED, due=DUE)},
}


@pytest.mark.parametrize("lifecycle", OWN)
def test_each_state_has_its_own_tasks(lifecycle: Lifecycle) -> None:
    wanted = wanted_tasks(replace(EVERYTHING, lifecycle=lifecycle))
    assert set(wanted) == ALWAYS | REPLIES | OWN[lifecycle]
    assert len(wanted) == len(set(wanted))


def test_an_operator_reviews_an_answer_that_is_overdue() -> None:
    facts = CaseFacts(Lifecycle.MORE_INFO, has_partner=True, info_due=DUE)
    review = WantedTask(Party.OPERATOR, TaskKind.REVIEW_CASE)
    assert review not in wanted_tasks(facts)
    assert review in wanted_tasks(replace(facts, answer_overdue=True))


def test_a_closed_case_keeps_money_and_complaints_only() -> None:
    assert set(wanted_tasks(replace(EVERYTHING, lifecycle=Lifecycle.CLOSED))) == ALWAYS


@pytest.mark.parametrize("lifecycle", Lifecycle)
def test_nobody_is_bothered_about_a_test_case(lifecycle: Lifecycle) -> None:
    assert set(wanted_tasks(replace(EVERYTHING, lifecycle=lifecycle, is_test=True))) == ALWAYS


def test_what_the_check_asks_is_not_what_the_partner_asks() -> None:
    facts = CaseFacts(Lifecycle.MORE_INFO, has_partner=False, info_due=DUE)
    assert wanted_tasks(facts) == (WantedTask(Party.CREDITOR, TaskKind.NEEDS_INFO, due=DUE),)


def test_deciding_on_a_withdrawal_takes_the_place_of_following_up() -> None:
    facts = CaseFacts(Lifecycle.PAUSED, has_partner=True, withdrawal_asked=True, paused_follow_up=DUE)
    assert wanted_tasks(facts) == (WantedTask(Party.PARTNER, TaskKind.DECIDE_WITHDRAWAL),)


def test_without_a_partner_an_operator_answers_a_complaint() -> None:
    facts = CaseFacts(Lifecycle.ACTIVE, has_partner=False, complaints_to_answer=(("C-2026-000001", DUE),))
    (task,) = wanted_tasks(facts)
    assert (task.party, task.kind) == (Party.OPERATOR, TaskKind.ANSWER_COMPLAINT)


def test_deadlines_count_business_days() -> None:
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)
    assert (verify_by(friday), verify_by(sunday)) == (date(2026, 11, 23), date(2026, 11, 24))
    assert (reply_by(friday), reply_by(sunday)) == (date(2026, 11, 24), date(2026, 11, 25))
    assert follow_up_by(friday) == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("accepted", "last", "today", "due"),
    [
        (date(2026, 11, 19), None, date(2026, 11, 19), date(2026, 11, 30)),
        (date(2026, 11, 20), None, date(2026, 11, 30), None),
        (date(2026, 11, 20), None, date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 1, 5), date(2026, 11, 1), date(2026, 11, 30), None),
        (date(2026, 1, 5), date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2024, 1, 5), None, date(2024, 2, 3), date(2024, 2, 29)),
    ],
)
def test_an_update_is_due_at_the_end_of_each_month(
    accepted: date, last: date | None, today: date, due: date | None
) -> None:
    assert update_due(accepted, last, today) == due


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_an_update_is_due_in_the_month_it_is_for(accepted: date, today: date) -> None:
    due = update_due(accepted, None, today)
    assert update_due(accepted, today.replace(day=1), today) is None
    if due is not None:
        assert (due.year, due.month) == (today.year, today.month)
        assert due >= today
        assert due > accepted


def test_only_an_overdue_update_stays_due_when_it_was() -> None:
    november, december = date(2026, 11, 30), date(2026, 12, 31)
    assert due_of_open(TaskKind.MONTHLY_UPDATE, november, december) == november
    assert due_of_open(TaskKind.REPLY_TO_CHAT, november, december) == december
    assert due_of_open(TaskKind.MONTHLY_UPDATE, None, december) == december


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_can_be_named(kind: TaskKind) -> None:
    assert kind.label[0].isupper()
