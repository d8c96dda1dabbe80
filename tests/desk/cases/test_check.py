"""The check of a new case: grace, questions, answers, and what happens when none comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connections, transaction

from arrears.core.case import CloseCode, Lifecycle, Party
from arrears.core.debtor import DebtorType
from arrears.core.verification import CheckArea
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.give_info import give_info
from arrears.desk.cases.pass_check import pass_check
from arrears.desk.cases.sweep_cases import sweep_cases
from arrears.desk.endings import end_case
from arrears.desk.models import Assignment, Case, CoverageRule, Disclosure, Partner, Task
from arrears.desk.talk.attach_document import attach_document
from tests.builders import TODAY
from tests.desk.builders import NOON, OPERATOR, a_case, a_handover, creditor_of, partner_of
from tests.desk.cases.conftest import Opens

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
AFTER_GRACE = NOON + timedelta(hours=1)


def sweep(now: datetime = AFTER_GRACE, today: date = TODAY) -> None:
    sweep_cases(now=now, today=today)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def tasks(case: Case) -> list[tuple[str, str]]:
    return list(case.tasks.filter(solved_at=None).values_list("party", "kind"))


def answer(case: Case, text: str = "It is 1 High Street.", now: datetime = AFTER_GRACE) -> Case:
    return give_info(creditor_of(case), case.public_id, text, now=now, today=TODAY)


@pytest.fixture
def incomplete(opens: Opens) -> Case:
    """A case whose debtor has no street."""
    return opens(a_handover(street=""))


@pytest.fixture
def asked(incomplete: Case) -> Case:
    """The same, after the grace period."""
    sweep()
    return fresh(incomplete)


# --- The grace period --------------------------------------------------------------------------------------


def test_an_incomplete_case_waits_an_hour_before_anybody_is_bothered(incomplete: Case) -> None:
    assert (incomplete.lifecycle, incomplete.check_after) == (Lifecycle.PENDING_CHECK, AFTER_GRACE)
    assert incomplete.info_requests.get().area == CheckArea.ADDRESS
    assert tasks(incomplete) == []
    sweep(AFTER_GRACE - timedelta(seconds=1))
    assert fresh(incomplete).lifecycle == Lifecycle.PENDING_CHECK


def test_a_document_attached_in_time_settles_it(opens: Opens) -> None:
    case = opens(a_handover(debtor_type=DebtorType.PRIVATE, description="Sold a boat."))
    assert case.lifecycle == Lifecycle.PENDING_CHECK
    attach_document(creditor_of(case), str(case.public_id), "i.pdf", PDF, now=NOON, today=TODAY)
    case = fresh(case)
    assert (case.lifecycle, case.check_after) == (Lifecycle.PENDING_VERIFICATION, None)
    assert case.info_requests.get().settled_at == NOON
    assert Assignment.objects.filter(case=case).count() == 1


def test_a_document_that_does_not_settle_all_leaves_what_is_missing(opens: Opens) -> None:
    case = opens(a_handover(debtor_type=DebtorType.PRIVATE))
    attach_document(creditor_of(case), str(case.public_id), "i.pdf", PDF, now=NOON, today=TODAY)
    waiting = case.info_requests.filter(settled_at=None)
    assert [request.area for request in waiting] == [CheckArea.CLAIM]
    assert fresh(case).check_after == AFTER_GRACE


# --- Asking and answering ----------------------------------------------------------------------------------


def test_after_the_grace_the_creditor_is_asked_within_business_days(asked: Case) -> None:
    assert (asked.lifecycle, asked.info_due) == (Lifecycle.MORE_INFO, date(2026, 12, 7))
    assert tasks(asked) == [("creditor", "CaseValidationNeedsInfo")]
    assert asked.info_requests.get().asked_at == AFTER_GRACE


def test_sweeping_again_changes_nothing(asked: Case) -> None:
    lines = asked.events.count()
    sweep()
    assert asked.events.count() == lines


def test_an_answer_that_mends_it_lets_the_case_go_on(asked: Case) -> None:
    Case.objects.filter(pk=asked.pk).update(debtor_street="1 High Street")
    case = answer(asked)
    assert (case.lifecycle, case.info_due) == (Lifecycle.PENDING_VERIFICATION, None)
    request = case.info_requests.get()
    assert (request.answer, request.answered_at, request.settled_at) == (
        "It is 1 High Street.",
        AFTER_GRACE,
        AFTER_GRACE,
    )


def test_an_answer_in_words_is_left_to_an_operator_and_not_asked_again(asked: Case) -> None:
    case = answer(asked)
    assert (case.lifecycle, case.check_after) == (Lifecycle.PENDING_CHECK, None)
    assert tasks(case) == [("operator", "ReviewCase")]
    lines = case.events.count()
    sweep(NOON + timedelta(days=90))
    assert (fresh(case).lifecycle, case.events.count()) == (Lifecycle.PENDING_CHECK, lines)


def test_an_operator_can_let_it_pass_and_it_is_not_checked_again(asked: Case) -> None:
    case = answer(asked)
    case = pass_check(OPERATOR, case.public_id, "Found at Companies House.", now=AFTER_GRACE, today=TODAY)
    assert case.lifecycle == Lifecycle.PENDING_VERIFICATION
    assert tasks(case) == [("partner", "VerifyCase")]
    ask_info(partner_of(case), case.public_id, [(CheckArea.OTHER, "Which goods?")], now=NOON, today=TODAY)
    assert answer(case).lifecycle == Lifecycle.PENDING_VERIFICATION


@pytest.mark.parametrize("by", [Party.CREDITOR, Party.PARTNER])
def test_nobody_else_can_let_it_pass(incomplete: Case, by: Party) -> None:
    actor = Actor(by, "Somebody", organisation=incomplete.creditor_id, partner=incomplete.partner_id)
    with pytest.raises(NotThere):
        pass_check(actor, incomplete.public_id, "Because.", now=NOON, today=TODAY)


def test_passing_needs_a_reason_and_a_case_that_waits(opens: Opens, incomplete: Case) -> None:
    with pytest.raises(Refused):
        pass_check(OPERATOR, incomplete.public_id, " ", now=NOON, today=TODAY)
    with pytest.raises(Refused):
        pass_check(OPERATOR, opens().public_id, "Because.", now=NOON, today=TODAY)


def test_a_partners_question_is_answered_without_giving_it_the_case_twice(opens: Opens) -> None:
    case = opens()
    ask_info(partner_of(case), case.public_id, [(CheckArea.OTHER, "Which goods?")], now=NOON, today=TODAY)
    assert tasks(case) == [("creditor", "MoreInfoNeeded")]
    assert answer(case).lifecycle == Lifecycle.PENDING_VERIFICATION
    assert Assignment.objects.filter(case=case).count() == 1
    assert Disclosure.objects.filter(case=case).count() == 1


def test_a_question_at_work_goes_back_to_work(opens: Opens) -> None:
    case = opens()
    accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY)
    ask_info(partner_of(case), case.public_id, [(CheckArea.OTHER, "Which goods?")], now=NOON, today=TODAY)
    case = answer(case)
    assert case.lifecycle == Lifecycle.ACTIVE
    assert case.info_requests.get().settled_at == AFTER_GRACE


@pytest.mark.parametrize("text", ["", " \n", "\0", "x" * 4001])
def test_an_answer_says_something(asked: Case, text: str) -> None:
    with pytest.raises(Refused):
        answer(asked, text)
    assert fresh(asked).lifecycle == Lifecycle.MORE_INFO


def test_nothing_can_be_answered_that_was_not_asked(opens: Opens) -> None:
    with pytest.raises(Refused):
        answer(opens())


def test_a_stranger_cannot_answer(asked: Case) -> None:
    stranger = Actor(Party.CREDITOR, "Eve", organisation=asked.creditor_id + 1)
    with pytest.raises(NotThere):
        give_info(stranger, asked.public_id, "Hello", now=NOON, today=TODAY)


# --- Nobody answers ----------------------------------------------------------------------------------------


def test_a_case_nobody_answers_for_is_closed_two_business_days_after_the_last(asked: Case) -> None:
    sweep(today=date(2026, 12, 9))
    assert fresh(asked).lifecycle == Lifecycle.MORE_INFO
    sweep(today=date(2026, 12, 10))
    case = fresh(asked)
    assert (case.lifecycle, case.close_code) == (Lifecycle.CLOSED, "Unresponsive Client")
    assert not Task.objects.filter(case=case, solved_at=None).exists()


def test_a_case_at_work_is_not_closed_over_a_question(opens: Opens) -> None:
    case = opens()
    accept_case(partner_of(case), case.public_id, now=NOON, today=TODAY)
    ask_info(partner_of(case), case.public_id, [(CheckArea.OTHER, "Which goods?")], now=NOON, today=TODAY)
    sweep(today=date(2027, 12, 1))
    assert fresh(case).lifecycle == Lifecycle.MORE_INFO


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_holds_is_left_for_later(incomplete: Case) -> None:
    def run() -> None:
        sweep()
        connections.close_all()

    with transaction.atomic():
        Case.objects.select_for_update().get(pk=incomplete.pk)
        other = Thread(target=run)
        other.start()
        other.join(timeout=30)
        assert not other.is_alive()
    assert fresh(incomplete).lifecycle == Lifecycle.PENDING_CHECK
    sweep()
    assert fresh(incomplete).lifecycle == Lifecycle.MORE_INFO


# --- Who is chosen when it passes --------------------------------------------------------------------------


def test_a_partner_that_stopped_meanwhile_is_replaced_before_it_sees_the_case(incomplete: Case) -> None:
    assert incomplete.partner is not None
    Partner.objects.filter(pk=incomplete.partner.pk).update(active=False)
    case = pass_check(OPERATOR, incomplete.public_id, "Known to us.", now=NOON, today=TODAY)
    assert case.partner_id != incomplete.partner_id
    assert not Disclosure.objects.filter(case=case, to=incomplete.partner.name).exists()


def test_with_nobody_left_a_passed_case_goes_to_the_network(incomplete: Case) -> None:
    CoverageRule.objects.filter(jurisdiction="GB").delete()
    assert incomplete.partner is not None
    Partner.objects.filter(pk=incomplete.partner.pk).update(active=False)
    case = pass_check(OPERATOR, incomplete.public_id, "Known to us.", now=NOON, today=TODAY)
    assert (case.lifecycle, case.partner, case.rate) == (Lifecycle.COLLECTING_QUOTES, None, None)


# --- Never signed for --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_case_not_signed_for_in_ninety_days_is_closed() -> None:
    old, younger = (
        a_case(Lifecycle.PENDING_SIGNING, opened_at=NOON - timedelta(days=90) + later)
        for later in (timedelta(0), timedelta(seconds=1))
    )
    sweep(NOON)
    assert (fresh(old).lifecycle, fresh(old).close_code) == (Lifecycle.CLOSED, CloseCode.NEVER_STARTED)
    assert fresh(old).events.get().text == "Closed: not signed for within 90 days."
    assert fresh(younger).lifecycle == Lifecycle.PENDING_SIGNING


@pytest.mark.django_db
def test_a_case_that_cannot_be_swept_stops_no_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = (
        a_case(Lifecycle.PENDING_SIGNING, opened_at=NOON - timedelta(days=days)) for days in (92, 91)
    )

    def end_or_fail(case: Case, *args: Any, **changes: Any) -> None:
        if case.pk == broken.pk:
            raise RuntimeError("It cannot be closed.")
        end_case(case, *args, **changes)

    monkeypatch.setattr("arrears.desk.cases.sweep_cases.end_case", end_or_fail)
    sweep(NOON)
    assert fresh(broken).lifecycle == Lifecycle.PENDING_SIGNING
    assert fresh(sound).lifecycle == Lifecycle.CLOSED
