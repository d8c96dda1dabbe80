"""Tasks open and solve themselves as a case stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from arrears.core.case import Event, Lifecycle
from arrears.core.task import Recommendation, TaskKind, TaskStatus
from arrears.desk.actors import DESK, NotThere, Refused
from arrears.desk.models import (
    Assignment,
    Case,
    CaseEvent,
    Delivery,
    Partner,
    Payment,
    StatusUpdate,
    Task,
    Webhook,
)
from arrears.desk.moves import move
from arrears.desk.talk.list_tasks import list_tasks
from arrears.desk.talk.post_update import post_update
from arrears.desk.talk.sweep_talk import sweep_talk
from arrears.desk.task_list import reconcile_account_tasks, reconcile_tasks
from tests.desk.builders import NOON, OPERATOR, a_case, an_organisation, creditor_of, partner_of

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def open_tasks(case: Case) -> list[tuple[str, str, str, date | None]]:
    with transaction.atomic():
        reconcile_tasks(case, now=NOON)
    tasks = Task.objects.filter(case=case, solved_at=None).order_by("kind", "subject")
    return [(task.party, task.kind, task.subject, task.due_on) for task in tasks]


def a_payment(case: Case, **changes: Any) -> Payment:
    nothing = Decimal(0)
    known: dict[str, Any] = {
        "partner": case.partner,
        "paid_on": TODAY,
        "amount": Decimal(100),
        "currency": "GBP",
        "recipient": "CollectionPartner",
        "method": "BankTransfer",
        "to_principal": Decimal(100),
        "to_interest": nothing,
        "to_reminder_fees": nothing,
        "to_collection_fees": nothing,
        "rate": Decimal(10),
        "fee": Decimal(10),
        "fee_vat": nothing,
        "partner_share": nothing,
        "creditor_share": Decimal(90),
        "settle_by": date(2027, 1, 4),
        "recorded_by": "Pat Partner",
        "recorded_at": NOON,
        "updated_at": NOON,
    }
    return Payment.objects.create(case=case, **known | changes)


def test_a_partner_has_one_business_day_to_verify() -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION)
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    declined = {"given_at": friday - timedelta(days=9), "outcome": "declined"}
    for given in (declined, {"given_at": friday}):
        Assignment.objects.create(case=case, partner=Partner.objects.get(), **given)
    assert open_tasks(case) == [("partner", "VerifyCase", "", date(2026, 11, 23))]


def test_a_paused_case_is_followed_up_after_fourteen_business_days() -> None:
    case = a_case()
    with transaction.atomic():
        move(case, Event.PAUSED, DESK, "Paused.", now=NOON)
    # Sunday 22 November counts from Monday the 23rd.
    assert open_tasks(case) == [("partner", "FollowUpPausedCase", "", date(2026, 12, 11))]
    case.withdrawal_asked_at = NOON
    assert open_tasks(case) == [("partner", "DecideWithdrawal", "", None)]


def test_money_waits_for_whoever_received_it() -> None:
    case = a_case(Lifecycle.CLOSED)
    to_partner, to_creditor = a_payment(case), a_payment(case, recipient="Creditor")
    a_payment(case, settled_on=TODAY)
    a_payment(case, reversed_at=NOON, reversed_because="Bounced")
    due = date(2027, 1, 4)
    assert sorted(open_tasks(case)) == [
        ("creditor", "SettlePayment", str(to_creditor.public_id), due),
        ("partner", "SettlePayment", str(to_partner.public_id), due),
    ]


@pytest.mark.parametrize("invited", [False, True])
def test_an_operator_finds_somebody_to_ask_for_a_quote(invited: bool) -> None:
    case = a_case(Lifecycle.COLLECTING_QUOTES)
    asked = case.quote_requests.create(
        scenario="x", purpose="x", phase="x", max_quotes=5, state="open", opened_at=NOON, closes_at=NOON
    )
    if invited:
        asked.invited.set(Partner.objects.filter(cases=case))
    expected = [] if invited else [("operator", "FindPartner", str(asked.public_id), None)]
    assert open_tasks(case) == expected


def test_a_creditor_chooses_among_quotes_by_a_day() -> None:
    case = a_case(Lifecycle.PENDING_QUOTE_SELECTION)
    known = {"scenario": "x", "purpose": "x", "phase": "x", "max_quotes": 5, "state": "x"}
    case.quote_requests.create(**known, opened_at=NOON, closes_at=NOON, decided_at=NOON)
    asked = case.quote_requests.create(**known, opened_at=NOON, closes_at=NOON, decide_by=date(2026, 12, 6))
    assert open_tasks(case) == [("creditor", "SelectQuoteWinner", str(asked.public_id), date(2026, 12, 6))]


@pytest.mark.parametrize(("grace", "expected"), [(NOON, []), (None, [("operator", "ReviewCase", "", None)])])
def test_an_operator_reviews_only_what_no_grace_runs_for(grace: datetime | None, expected: list[Any]) -> None:
    case = a_case(Lifecycle.PENDING_CHECK, check_after=grace)
    case.info_requests.create(area="x", description="x", party="desk", asked_at=NOON)
    assert open_tasks(case) == expected


@pytest.mark.parametrize(
    ("lifecycle", "most"),
    [
        (Lifecycle.PENDING_SIGNING, 3),
        (Lifecycle.PENDING_CHECK, 3),
        (Lifecycle.PENDING_VERIFICATION, 4),
        (Lifecycle.COLLECTING_QUOTES, 4),
    ],
)
def test_a_new_case_costs_few_queries(lifecycle: Lifecycle, most: int) -> None:
    case = a_case(lifecycle)
    with transaction.atomic():
        reconcile_account_tasks(case.creditor_id, now=NOON)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reconcile_tasks(case, now=NOON)
    assert len(queries) <= most


def test_signing_is_one_task_of_the_account() -> None:
    creditor = an_organisation()
    one, two = (a_case(Lifecycle.PENDING_SIGNING, creditor=creditor) for _ in range(2))
    assert open_tasks(one) == open_tasks(two) == []
    (task,) = list_tasks(creditor_of(one))
    assert (task.case, task.kind) == (None, TaskKind.SIGN_CONTRACT)
    assert not list_tasks(creditor_of(one), case_id=one.public_id).exists()
    for case, still_open in ((one, True), (two, False)):
        with transaction.atomic():
            move(case, Event.SIGNED, creditor_of(case), "Signed.", now=NOON)
        assert list_tasks(creditor_of(one), kinds=[TaskKind.SIGN_CONTRACT]).exists() is still_open


def test_a_test_case_asks_nobody_to_sign() -> None:
    case = a_case(Lifecycle.PENDING_SIGNING, is_test=True)
    open_tasks(case)
    assert not Task.objects.exists()


def test_a_signing_task_that_two_cases_left_behind_is_swept() -> None:
    case = a_case(Lifecycle.PENDING_SIGNING)
    open_tasks(case)
    Case.objects.update(lifecycle=Lifecycle.PENDING_CHECK)
    sweep_talk(now=NOON, today=TODAY)
    assert not list_tasks(creditor_of(case)).exists()


def test_only_a_creditors_tasks_are_announced() -> None:
    case = a_case(Lifecycle.MORE_INFO)
    Webhook.objects.create(
        organisation=case.creditor,
        url="https://x.example",
        events=["task.created"],
        created_at=NOON,
        updated_at=NOON,
    )
    open_tasks(case)
    open_tasks(case)
    task = Task.objects.get()
    assert str(task.public_id) in Delivery.objects.get().payload
    Case.objects.update(lifecycle=Lifecycle.PENDING_VERIFICATION)
    case.refresh_from_db()
    open_tasks(case)
    assert Delivery.objects.count() == 1


def test_tasks_are_listed_for_those_who_have_to_act() -> None:
    case, other = a_case(Lifecycle.PENDING_VERIFICATION), a_case(Lifecycle.PENDING_VERIFICATION)
    open_tasks(case), open_tasks(other)
    assert [task.case for task in list_tasks(partner_of(case))] == [case]
    assert not list_tasks(creditor_of(case)).exists()
    assert not list_tasks(OPERATOR).exists()
    with pytest.raises(NotThere):
        list_tasks(partner_of(case), case_id=other.public_id)
    Task.objects.update(solved_at=NOON)
    assert not list_tasks(partner_of(case)).exists()
    assert list_tasks(partner_of(case), status=TaskStatus.SOLVED).count() == 1
    assert list_tasks(partner_of(case), status=None).count() == 1
    assert not list_tasks(partner_of(case), status=None, kinds=[TaskKind.REPLY_TO_CHAT]).exists()


def test_the_most_urgent_comes_first() -> None:
    case = a_case()
    for subject, due in (("none", None), ("late", date(2026, 12, 1)), ("soon", date(2026, 11, 23))):
        Task.objects.create(
            creditor=case.creditor, case=case, party="partner", kind="SettlePayment", subject=subject,
            due_on=due, opened_at=NOON,
        )  # fmt: skip
    assert [task.subject for task in list_tasks(partner_of(case))] == ["soon", "late", "none"]


def update_tasks(case: Case) -> list[date | None]:
    tasks = Task.objects.filter(case=case, kind=TaskKind.MONTHLY_UPDATE, solved_at=None)
    return [task.due_on for task in tasks]


def sweep_on(day: date) -> int:
    return sweep_talk(now=datetime(day.year, day.month, day.day, 12, tzinfo=UTC), today=day)


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [(datetime(2026, 11, 19, 23, 59, tzinfo=UTC), True), (datetime(2026, 11, 20, tzinfo=UTC), False)],
)
def test_a_month_wants_an_update_of_cases_accepted_before_the_twentieth(
    accepted: datetime, wanted: bool
) -> None:
    case = a_case(accepted_at=accepted)
    sweep_on(date(2026, 11, 22))
    assert update_tasks(case) == ([date(2026, 11, 30)] if wanted else [])
    sweep_on(date(2026, 12, 1))
    assert len(update_tasks(case)) == 1


def test_the_sweep_opens_an_update_once_and_no_other() -> None:
    a_case(Lifecycle.PAUSED), a_case(is_test=True), a_case(partner=None)
    told = a_case()
    StatusUpdate.objects.create(
        case=told, month=date(2026, 11, 1), actions="x", recommendation="Stay", by="x", at=NOON
    )
    case = a_case()
    assert sweep_on(date(2026, 11, 22)) == 1
    assert sweep_on(date(2026, 11, 22)) == 0
    assert update_tasks(case) == [date(2026, 11, 30)]


def test_an_overdue_update_stays_overdue_until_one_comes() -> None:
    case = a_case()
    sweep_on(date(2026, 11, 22))
    sweep_on(date(2026, 12, 5))
    with transaction.atomic():
        reconcile_tasks(case, now=datetime(2026, 12, 6, tzinfo=UTC))
    assert update_tasks(case) == [date(2026, 11, 30)]
    post_update(
        partner_of(case),
        case.public_id,
        "Called twice.",
        Recommendation.STAY,
        now=datetime(2026, 12, 6, 12, tzinfo=UTC),
        today=date(2026, 12, 6),
    )
    assert update_tasks(case) == []
    sweep_on(date(2027, 1, 1))
    assert update_tasks(case) == [date(2027, 1, 31)]


def test_an_update_is_kept_once_a_month() -> None:
    case = a_case()

    def post() -> StatusUpdate:
        return post_update(
            partner_of(case), case.public_id, "Called twice.", Recommendation.PAUSE, now=NOON, today=TODAY
        )

    update = post()
    assert (update.month, update.recommendation) == (date(2026, 11, 1), "Pause")
    with pytest.raises(Refused) as refusal:
        post()
    assert refusal.value.code == "already_reported"
    assert case.events.count() == 1


@pytest.mark.parametrize("who", [creditor_of, partner_of])
def test_updates_are_the_partners_and_for_cases_at_work(who: Callable[[Case], Any]) -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION if who is partner_of else Lifecycle.ACTIVE)
    with pytest.raises(Refused):
        post_update(who(case), case.public_id, "Called.", Recommendation.STAY, now=NOON, today=TODAY)
    assert not StatusUpdate.objects.exists()


def test_who_is_late_is_reminded_once_in_seven_days() -> None:
    case = a_case(Lifecycle.MORE_INFO, info_due=date(2026, 11, 20))
    open_tasks(case)

    def reminders() -> list[str]:
        return [event.text for event in CaseEvent.objects.filter(text__contains="reminded")]

    sweep_on(date(2026, 11, 20))
    assert reminders() == []
    for day in (21, 22, 27):
        sweep_on(date(2026, 11, day))
    assert reminders() == ["The creditor was reminded: complete the case, which was due on 20 November 2026."]
    sweep_on(date(2026, 11, 28))
    assert len(reminders()) == 2


def test_a_partners_question_that_stays_unanswered_is_an_operators_to_look_at() -> None:
    case = a_case(Lifecycle.MORE_INFO, info_due=date(2026, 11, 20), accepted_at=NOON)
    before = a_case(Lifecycle.MORE_INFO, info_due=date(2026, 11, 20))

    def reviews() -> list[tuple[int | None, str]]:
        waiting = Task.objects.filter(kind=TaskKind.REVIEW_CASE.value, solved_at=None)
        return list(waiting.values_list("case", "party"))

    sweep_on(date(2026, 11, 20))
    assert reviews() == []
    for day in (21, 22):
        sweep_on(date(2026, 11, day))
        assert reviews() == [(case.pk, "operator")]
    assert not before.tasks.filter(kind=TaskKind.REVIEW_CASE.value).exists()
    with transaction.atomic():
        move(case, Event.INFO_GIVEN_AT_WORK, OPERATOR, "Here it is.", now=NOON, info_due=None)
    assert reviews() == []
