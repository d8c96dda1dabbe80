"""A complaint's way from submission to decision."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from arrears.core.case import Lifecycle
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Case, Complaint, Task
from arrears.desk.talk.decide_complaint import decide_complaint
from arrears.desk.talk.list_complaints import list_complaints
from arrears.desk.talk.raise_complaint import raise_complaint
from arrears.desk.talk.request_response import request_response
from arrears.desk.talk.respond_complaint import respond_complaint
from arrears.desk.talk.review_complaint import review_complaint
from arrears.desk.talk.withdraw_complaint import withdraw_complaint
from tests.desk.builders import NOON, OPERATOR, a_case, creditor_of, partner_of

TODAY = NOON.date()


def a_complaint(case: Case, now: datetime = NOON) -> Complaint:
    return raise_complaint(
        creditor_of(case), case.public_id, "Nothing happens", "No letter went out.", now=now, today=now.date()
    )


def open_tasks(case: Case) -> list[tuple[str, str, str, date | None]]:
    tasks = Task.objects.filter(case=case, solved_at=None, kind__endswith="Complaint")
    return [(task.party, task.kind, task.subject, task.due_on) for task in tasks]


@pytest.mark.django_db
def test_a_complaint_goes_its_way_and_always_waits_for_somebody() -> None:
    case = a_case()
    number = a_complaint(case).number
    assert number == "C-2026-000001"
    assert open_tasks(case) == [("operator", "DecideComplaint", number, None)]
    review_complaint(OPERATOR, number, now=NOON)
    request_response(OPERATOR, number, now=NOON, today=TODAY)
    assert open_tasks(case) == [("partner", "AnswerComplaint", number, date(2026, 12, 2))]
    respond_complaint(partner_of(case), number, "It went out on Monday.", now=NOON)
    assert open_tasks(case) == [("operator", "DecideComplaint", number, None)]
    decide_complaint(OPERATOR, number, False, "The letter is there.", now=NOON)
    assert open_tasks(case) == []
    complaint = Complaint.objects.get()
    assert (complaint.state, complaint.response, complaint.decision) == (
        "Declined", "It went out on Monday.", "The letter is there.",
    )  # fmt: skip
    assert [event.data["to"] for event in case.events.all()] == [
        "Submitted", "Under Review", "Awaiting Response", "Response Received", "Declined",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_complaint_is_upheld() -> None:
    number = a_complaint(a_case(Lifecycle.CLOSED)).number
    review_complaint(OPERATOR, number, now=NOON)
    assert decide_complaint(OPERATOR, number, True, "True.", now=NOON).state == "Upheld"


@pytest.mark.django_db
def test_nobody_complains_before_a_partner_has_accepted() -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION)
    with pytest.raises(Refused) as refusal:
        a_complaint(case)
    assert refusal.value.code == "not_now"
    assert not Complaint.objects.exists()


@pytest.mark.django_db
def test_numbers_count_up_within_a_year() -> None:
    case = a_case()
    next_year = NOON + timedelta(days=100)
    numbers = [a_complaint(case, when).number for when in (NOON, NOON, next_year, NOON, next_year)]
    assert numbers == ["C-2026-000001", "C-2026-000002", "C-2027-000001", "C-2026-000003", "C-2027-000002"]


@pytest.mark.django_db(transaction=True)
def test_complaints_at_the_same_moment_get_numbers_without_gaps() -> None:
    cases = [a_case() for _ in range(6)]

    def complain(case: Case) -> None:
        try:
            a_complaint(case)
        finally:
            connection.close()

    threads = [threading.Thread(target=complain, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    numbers = sorted(Complaint.objects.values_list("number", flat=True))
    assert numbers == [f"C-2026-{count:06}" for count in range(1, 7)]


@pytest.mark.django_db
def test_only_the_creditor_raises_and_withdraws() -> None:
    case = a_case()
    for actor in (partner_of(case), OPERATOR):
        with pytest.raises(Refused):
            raise_complaint(actor, case.public_id, "x", "x", now=NOON, today=TODAY)
    number = a_complaint(case).number
    for actor in (partner_of(case), OPERATOR):
        with pytest.raises(Refused):
            withdraw_complaint(actor, number, now=NOON)
    assert withdraw_complaint(creditor_of(case), number, now=NOON).state == "Withdrawn"
    with pytest.raises(Refused):
        withdraw_complaint(creditor_of(case), number, now=NOON)


Verb = Callable[[Actor, str], Complaint]
VERBS: dict[str, Verb] = {
    "review": lambda actor, number: review_complaint(actor, number, now=NOON),
    "request": lambda actor, number: request_response(actor, number, now=NOON, today=TODAY),
    "respond": lambda actor, number: respond_complaint(actor, number, "x", now=NOON),
    "decide": lambda actor, number: decide_complaint(actor, number, True, "x", now=NOON),
    "withdraw": lambda actor, number: withdraw_complaint(actor, number, now=NOON),
}


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_somebody_elses_complaint_is_not_there(verb: Verb) -> None:
    case, other = a_case(), a_case()
    number = a_complaint(case).number
    for stranger in (creditor_of(other), partner_of(other)):
        with pytest.raises(NotThere):
            verb(stranger, number)
        assert not list_complaints(stranger).exists()
        with pytest.raises(NotThere):
            list_complaints(stranger, case.public_id)
    with pytest.raises(NotThere):
        verb(OPERATOR, "C-2026-\0")
    assert Complaint.objects.get().state == "Submitted"
    assert list(list_complaints(creditor_of(case), case.public_id)) == [Complaint.objects.get()]
