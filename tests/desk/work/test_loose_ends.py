"""What is left over when a case moves on: nobody sees what is not theirs, and nothing waits for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from arrears.core.case import CloseCode, Lifecycle, Party, Phase
from arrears.core.quote import Scenario
from arrears.core.task import TaskKind
from arrears.core.verification import CheckArea
from arrears.desk.actors import NotThere, Refused, case_for, cases_of
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.delete_test_cases import delete_test_cases
from arrears.desk.cases.give_info import give_info
from arrears.desk.cases.pass_check import pass_check
from arrears.desk.cases.set_debtor_details import DebtorDetails, set_debtor_details
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import Assignment, Case, CoverageRule, Partner, QuoteRequest, Task
from arrears.desk.partners.read_scorecard import read_scorecard
from arrears.desk.quotes.decline_quotes import decline_quotes
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.quotes.sweep_quotes import sweep_quotes
from arrears.desk.talk.send_message import send_message
from tests.desk.builders import NOON, OPERATOR, a_case, a_partner, creditor_of, partner_of
from tests.desk.work.at_work import TODAY, a_priced_case, row, told

pytestmark = pytest.mark.django_db

WEEKS_LATER = datetime(2026, 12, 14, 12, 0, tzinfo=UTC)


def tasks_of(case: Case) -> set[tuple[str, str]]:
    return set(Task.objects.filter(case=case, solved_at=None).values_list("party", "kind"))


def given(case: Case, **changes: Any) -> Assignment:
    return Assignment.objects.create(**{"case": case, "partner": case.partner, "given_at": NOON} | changes)


@pytest.mark.parametrize("state", [Lifecycle.MORE_INFO, Lifecycle.CLOSED])
def test_a_chosen_partner_sees_nothing_of_a_case_that_it_was_never_given(state: Lifecycle) -> None:
    case = a_case(state, accepted_at=None)
    with pytest.raises(NotThere):
        case_for(partner_of(case), case.public_id)
    assert not cases_of(partner_of(case)).exists()
    given(case)
    assert case_for(partner_of(case), case.public_id) == case


def test_who_has_declined_a_case_sees_no_more_of_it_when_it_is_closed_for_want_of_another() -> None:
    case = a_case(Lifecycle.CLOSED, accepted_at=None)
    given(case, outcome=Assignment.Outcome.DECLINED)
    with pytest.raises(NotThere):
        case_for(partner_of(case), case.public_id)


def test_a_message_about_a_case_that_its_partner_cannot_see_yet_waits_for_an_operator() -> None:
    case = a_case(Lifecycle.PENDING_CHECK)
    send_message(creditor_of(case), case.public_id, "Is anything missing?", now=NOON)
    assert (Party.OPERATOR, TaskKind.REPLY_TO_CHAT) in tasks_of(case)
    assert (Party.PARTNER, TaskKind.REPLY_TO_CHAT) not in tasks_of(case)


def test_a_partner_who_had_to_ask_has_its_day_again_after_the_answer() -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION, principal_usd=Decimal(650))
    given(case)
    ask_info(partner_of(case), case.public_id, [(CheckArea.OTHER, "Who ordered?")], now=NOON, today=TODAY)
    give_info(creditor_of(case), case.public_id, "Ms Doe.", now=WEEKS_LATER, today=WEEKS_LATER.date())
    assert row(case).lifecycle == Lifecycle.PENDING_VERIFICATION
    task = Task.objects.get(case=case, kind=TaskKind.VERIFY_CASE, solved_at=None)
    assert task.due_on == date(2026, 12, 15)


def test_nobody_is_waited_for_on_a_closed_case() -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION)
    given(case)
    withdraw_case(creditor_of(case), case.public_id, "Paid.", now=NOON, today=TODAY)
    assignment = Assignment.objects.get(case=case)
    assert (assignment.outcome, assignment.decided_at) == (Assignment.Outcome.WITHDRAWN, NOON)


@pytest.mark.parametrize("how", ["declined", "expired"])
def test_a_partner_whose_own_terms_came_to_nothing_is_not_waited_for(how: str) -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION)
    given(case)
    asked: dict[str, Any] = {"phase": Phase.PRE_LEGAL, "text": "", "scenario": Scenario.EXCLUSIVE}
    request = request_quotes(partner_of(case), case.public_id, **asked, now=NOON, today=TODAY)
    if how == "declined":
        decline_quotes(creditor_of(case), request.public_id, now=NOON)
    else:
        sweep_quotes(now=NOON + timedelta(days=60), today=TODAY + timedelta(days=60))
    assert row(case).lifecycle == Lifecycle.CLOSED
    assert Assignment.objects.get(case=case).outcome == Assignment.Outcome.WITHDRAWN


def test_what_was_taken_back_is_no_answer_of_the_partner() -> None:
    case = a_case(Lifecycle.CLOSED, accepted_at=None)
    given(case, outcome=Assignment.Outcome.WITHDRAWN, decided_at=NOON + timedelta(days=30))
    card = read_scorecard(OPERATOR, str(case.partner.public_id if case.partner else ""), today=TODAY)
    assert card.median_answer is None


def an_asked_withdrawal(state: Lifecycle) -> Case:
    case = a_priced_case(state, accepted_at=NOON, price_source="Accepted quote", phase="Pre-legal")
    withdraw_case(creditor_of(case), case.public_id, "We have settled", now=NOON, today=TODAY)
    return row(case)


def test_quotes_are_not_waited_for_while_a_withdrawal_is_decided() -> None:
    case = a_priced_case(price_source="Accepted quote")
    asked: dict[str, Any] = {"phase": Phase.LEGAL, "text": "", "scenario": Scenario.EXCLUSIVE}
    request_quotes(creditor_of(case), case.public_id, **asked, now=NOON, today=TODAY)
    withdraw_case(creditor_of(case), case.public_id, "We have settled", now=NOON, today=TODAY)
    assert row(case).lifecycle == Lifecycle.PAUSED
    assert not QuoteRequest.objects.filter(decided_at=None).exists()
    decide_withdrawal(partner_of(case), case.public_id, False, "Not yet.", now=NOON, today=TODAY)
    assert row(case).lifecycle == Lifecycle.ACTIVE


def test_an_answer_does_not_set_a_case_to_work_whose_withdrawal_is_asked_for() -> None:
    case = an_asked_withdrawal(Lifecycle.MORE_INFO)
    assert case.lifecycle == Lifecycle.MORE_INFO
    give_info(creditor_of(case), case.public_id, "Here it is.", now=NOON, today=TODAY)
    now = row(case)
    assert (now.lifecycle, now.withdrawal_asked_at) == (Lifecycle.PAUSED, NOON)
    assert (Party.PARTNER, TaskKind.DECIDE_WITHDRAWAL) in tasks_of(case)


def test_sentences_that_people_typed_without_a_full_stop_get_one_and_no_name_gets_two() -> None:
    case = an_asked_withdrawal(Lifecycle.ACTIVE)
    assert any("We have settled. As agreed" in text for text in told(case))
    agency = a_partner("Inkaso s.r.o.")
    waiting = a_case(Lifecycle.PENDING_CHECK, partner=agency, rate=Decimal(10))
    pass_check(OPERATOR, waiting.public_id, "Looks fine", now=NOON, today=TODAY)
    assert told(waiting)[-1] == "Passed by an operator: Looks fine. Given to Inkaso s.r.o."
    accept_case(partner_of(waiting), waiting.public_id, now=NOON, today=TODAY)
    assert told(waiting)[-1] == "Accepted by Inkaso s.r.o."
    questions = [(CheckArea.DEBTOR, "Who signed"), (CheckArea.DATES, "When?")]
    ask_info(partner_of(waiting), waiting.public_id, questions, now=NOON, today=TODAY)
    assert told(waiting)[-1].endswith("Debtor: Who signed. Dates: When?")


def test_what_the_database_cannot_keep_is_left_out_of_answers_reasons_and_tags() -> None:
    case = a_case(Lifecycle.MORE_INFO)
    give_info(creditor_of(case), case.public_id, "Here\ud800 it is.", now=NOON, today=TODAY)
    assert "Answered: Here it is." in told(case)
    waiting = a_case(Lifecycle.PENDING_CHECK)
    pass_check(OPERATOR, waiting.public_id, "Fi\0ne\ud800.", now=NOON, today=TODAY)
    assert "Passed by an operator: Fine." in told(waiting)[-1]
    with pytest.raises(Refused):
        pass_check(OPERATOR, a_case(Lifecycle.PENDING_CHECK).public_id, "\0", now=NOON, today=TODAY)
    assert delete_test_cases(creditor_of(case), tag="a\0tag\ud800") == 0


def test_a_test_case_is_given_to_nobody_even_when_its_debtor_moves() -> None:
    partner: Partner = a_partner("French Agency", country="FR")
    CoverageRule.objects.create(partner=partner, jurisdiction="FR")
    case = a_case(Lifecycle.PENDING_SIGNING, is_test=True, partner=None)
    set_debtor_details(creditor_of(case), case.public_id, DebtorDetails(country="FR"), now=NOON, today=TODAY)
    assert (row(case).debtor_country, row(case).partner) == ("FR", None)


def test_fees_beyond_any_plausible_debt_are_refused() -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION)
    most = Decimal("999999999999999")
    with pytest.raises(Refused, match="fee"):
        accept_case(
            partner_of(case), case.public_id, interest_fees=most, reminder_fees=most, now=NOON, today=TODAY
        )


def test_a_case_closed_by_its_partner_is_not_waited_for_by_anybody() -> None:
    case = a_priced_case()
    given(case)
    close_case(partner_of(case), case.public_id, CloseCode.UNTRACEABLE, "Moved", now=NOON)
    assert tasks_of(case) == set()
