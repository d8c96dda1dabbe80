"""A creditor's complaint about how a case is worked: where it can stand, who may move it, and its clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from arrears.core.case import Party

#: Calendar days in which whoever is asked has to answer.
ANSWER_WITHIN = timedelta(days=10)


class ComplaintState(StrEnum):
    """Where a complaint stands. The values are the labels people see."""

    SUBMITTED = "Submitted"
    UNDER_REVIEW = "Under Review"
    AWAITING_RESPONSE = "Awaiting Response"
    RESPONSE_RECEIVED = "Response Received"
    UPHELD = "Upheld"
    DECLINED = "Declined"
    WITHDRAWN = "Withdrawn"


class Step(StrEnum):
    """What can happen to a complaint."""

    TAKE_UP = "take up"
    ASK = "ask for a response"
    RESPOND = "respond"
    UPHOLD = "uphold"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


#: Nothing can happen to these any more.
SETTLED = frozenset({ComplaintState.UPHELD, ComplaintState.DECLINED, ComplaintState.WITHDRAWN})

_DECIDED = {
    Step.UPHOLD: ComplaintState.UPHELD,
    Step.DECLINE: ComplaintState.DECLINED,
    Step.WITHDRAW: ComplaintState.WITHDRAWN,
}

#: Every way from one state to another. A decision may be made over a response that never came.
TRANSITIONS: Mapping[ComplaintState, Mapping[Step, ComplaintState]] = MappingProxyType(
    {
        ComplaintState.SUBMITTED: {
            Step.TAKE_UP: ComplaintState.UNDER_REVIEW,
            Step.WITHDRAW: ComplaintState.WITHDRAWN,
        },
        ComplaintState.UNDER_REVIEW: {Step.ASK: ComplaintState.AWAITING_RESPONSE, **_DECIDED},
        ComplaintState.AWAITING_RESPONSE: {Step.RESPOND: ComplaintState.RESPONSE_RECEIVED, **_DECIDED},
        ComplaintState.RESPONSE_RECEIVED: {Step.ASK: ComplaintState.AWAITING_RESPONSE, **_DECIDED},
        ComplaintState.UPHELD: {},
        ComplaintState.DECLINED: {},
        ComplaintState.WITHDRAWN: {},
    }
)

#: Who may make each step.
PERMITTED: Mapping[Step, frozenset[Party]] = MappingProxyType(
    {
        Step.TAKE_UP: frozenset({Party.OPERATOR}),
        Step.ASK: frozenset({Party.OPERATOR}),
        Step.RESPOND: frozenset({Party.PARTNER, Party.OPERATOR}),
        Step.UPHOLD: frozenset({Party.OPERATOR}),
        Step.DECLINE: frozenset({Party.OPERATOR}),
        Step.WITHDRAW: frozenset({Party.CREDITOR}),
    }
)


@dataclass(frozen=True, slots=True)
class NoStep:
    """Why a step cannot be made now, in a sentence."""

    reason: str


def follow(state: ComplaintState, step: Step, party: Party) -> ComplaintState | NoStep:
    """Where a complaint stands after a step, or why that step cannot be made."""
    if party not in PERMITTED[step]:
        return NoStep(f"The {party} cannot do this to a complaint: {step}.")
    after = TRANSITIONS[state].get(step)
    if after is None:
        return NoStep(f"This cannot be done to a complaint that is {state.lower()}: {step}.")
    return after


def answer_due(asked: date) -> date:
    """The day by which whoever was asked on that day has to answer."""
    return asked + ANSWER_WITHIN


def complaint_number(year: int, count: int) -> str:
    """The number of a year's n-th complaint, such as `C-2026-000001`."""
    return f"C-{year:04}-{count:06}"
