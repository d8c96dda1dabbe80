"""A complaint moves along its table only, and only by those who may move it."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from arrears.core.case import Party
from arrears.core.complaint import (
    PERMITTED,
    SETTLED,
    TRANSITIONS,
    ComplaintState,
    NoStep,
    Step,
    answer_due,
    complaint_number,
    follow,
)

#: The way a complaint goes when everybody does their part.
WAY = (
    (Step.TAKE_UP, Party.OPERATOR, ComplaintState.UNDER_REVIEW),
    (Step.ASK, Party.OPERATOR, ComplaintState.AWAITING_RESPONSE),
    (Step.RESPOND, Party.PARTNER, ComplaintState.RESPONSE_RECEIVED),
    (Step.UPHOLD, Party.OPERATOR, ComplaintState.UPHELD),
)


def test_a_complaint_goes_from_submission_to_decision() -> None:
    state = ComplaintState.SUBMITTED
    for step, party, after in WAY:
        moved = follow(state, step, party)
        assert moved is after
        state = after


@pytest.mark.parametrize(("state", "step", "party"), list(itertools.product(ComplaintState, Step, Party)))
def test_nothing_happens_outside_the_table(state: ComplaintState, step: Step, party: Party) -> None:
    after = follow(state, step, party)
    if party in PERMITTED[step] and step in TRANSITIONS[state]:
        assert after is TRANSITIONS[state][step]
    else:
        assert isinstance(after, NoStep)
        assert after.reason.endswith(".")


def test_every_state_is_in_the_table_and_what_is_settled_stays() -> None:
    assert set(TRANSITIONS) == set(ComplaintState)
    assert {state for state, ways in TRANSITIONS.items() if not ways} == SETTLED


def test_a_complaint_can_be_withdrawn_until_it_is_settled() -> None:
    for state in set(ComplaintState) - SETTLED:
        assert follow(state, Step.WITHDRAW, Party.CREDITOR) is ComplaintState.WITHDRAWN


def test_only_the_creditor_withdraws_and_only_an_operator_decides() -> None:
    assert PERMITTED[Step.WITHDRAW] == {Party.CREDITOR}
    assert PERMITTED[Step.UPHOLD] == PERMITTED[Step.DECLINE] == {Party.OPERATOR}
    assert Party.CREDITOR not in PERMITTED[Step.RESPOND]


def test_an_answer_is_due_after_ten_calendar_days() -> None:
    assert answer_due(date(2026, 12, 25)) == date(2027, 1, 4)


def test_a_number_names_its_year() -> None:
    assert complaint_number(2026, 7) == "C-2026-000007"
