"""A case at the collector: where it can stand, what may happen to it, who may do it, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Lifecycle(StrEnum):
    """Where a case stands. The values are the names used everywhere: command line, pages, files."""

    PENDING_SIGNING = "pending contract signing"
    PENDING_CHECK = "pending verification internal"
    PENDING_VERIFICATION = "pending verification"
    MORE_INFO = "more info required"
    COLLECTING_QUOTES = "collecting quotes"
    PENDING_QUOTE_SELECTION = "pending quote selection"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class Phase(StrEnum):
    """How far the means go; a second axis beside the lifecycle, empty until a partner has accepted."""

    PRE_LEGAL = "Pre-legal"
    LEGAL = "Legal"
    ENFORCEMENT = "Enforcement"


class Party(StrEnum):
    """Who acts on a case. DESK is the software itself, by a rule or a deadline."""

    CREDITOR = "creditor"
    PARTNER = "partner"
    OPERATOR = "operator"
    DESK = "desk"


class Event(StrEnum):
    """What can happen to a case that changes where it stands."""

    SIGNED = "signed"
    CHECK_PASSED = "check passed"
    SENT_TO_NETWORK = "sent to network"
    INFO_ASKED = "info asked"
    INFO_GIVEN = "info given"
    INFO_GIVEN_AT_WORK = "info given at work"
    ACCEPTED = "accepted"
    REROUTED = "rerouted"
    QUOTES_ASKED = "quotes asked"
    QUOTE_OFFERED = "quote offered"
    QUOTE_ACCEPTED = "quote accepted"
    QUOTES_ENDED_AT_WORK = "quotes ended at work"
    PAUSED = "paused"
    RESUMED = "resumed"
    CLOSED = "closed"
    REOPENED = "reopened"


class CloseCode(StrEnum):
    """Why a case was closed. The values are the labels people and the API see."""

    PAID = "Paid"
    PARTIALLY_PAID = "Partially paid"
    INSOLVENT = "Debtor Insolvent/Bankrupt"
    UNTRACEABLE = "Debtor Untraceable"
    LEGAL_ACTION_DECLINED = "Disputed – Legal Action Declined by Client"
    WITHDRAWN = "Withdrawn by Client"
    EXHAUSTED = "Pre-Legal Exhausted – No Payment"
    TIME_BARRED = "Statute of Limitations Expired"
    SETTLEMENT_REJECTED = "Settlement Rejected by Client"
    UNRESPONSIVE = "Unresponsive Client"
    UNECONOMICAL = "Uneconomical to Pursue"
    OTHER = "Other"
    NEVER_STARTED = "Case never started"
    INVALID_DATA = "Invalid Case Data"
    NO_QUOTES = "No Quotes Received"
    QUOTES_EXPIRED = "Quotes Expired – Not Accepted"


#: Every way from one state to another. What is not here cannot happen.
TRANSITIONS: Mapping[Lifecycle, Mapping[Event, Lifecycle]] = MappingProxyType(
    {
        Lifecycle.PENDING_SIGNING: {
            Event.SIGNED: Lifecycle.PENDING_CHECK,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.PENDING_CHECK: {
            Event.CHECK_PASSED: Lifecycle.PENDING_VERIFICATION,
            Event.SENT_TO_NETWORK: Lifecycle.COLLECTING_QUOTES,
            Event.INFO_ASKED: Lifecycle.MORE_INFO,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.PENDING_VERIFICATION: {
            Event.ACCEPTED: Lifecycle.ACTIVE,
            Event.INFO_ASKED: Lifecycle.MORE_INFO,
            Event.REROUTED: Lifecycle.PENDING_VERIFICATION,
            Event.SENT_TO_NETWORK: Lifecycle.COLLECTING_QUOTES,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.MORE_INFO: {
            Event.INFO_GIVEN: Lifecycle.PENDING_CHECK,
            Event.INFO_GIVEN_AT_WORK: Lifecycle.ACTIVE,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.COLLECTING_QUOTES: {
            Event.QUOTE_OFFERED: Lifecycle.PENDING_QUOTE_SELECTION,
            Event.QUOTES_ENDED_AT_WORK: Lifecycle.ACTIVE,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.PENDING_QUOTE_SELECTION: {
            Event.QUOTE_OFFERED: Lifecycle.PENDING_QUOTE_SELECTION,
            Event.QUOTE_ACCEPTED: Lifecycle.ACTIVE,
            Event.QUOTES_ENDED_AT_WORK: Lifecycle.ACTIVE,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.ACTIVE: {
            Event.INFO_ASKED: Lifecycle.MORE_INFO,
            Event.QUOTES_ASKED: Lifecycle.COLLECTING_QUOTES,
            Event.PAUSED: Lifecycle.PAUSED,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.PAUSED: {
            Event.RESUMED: Lifecycle.ACTIVE,
            Event.CLOSED: Lifecycle.CLOSED,
        },
        Lifecycle.CLOSED: {
            Event.REOPENED: Lifecycle.ACTIVE,
        },
    }
)

_ALL_BUT_CREDITOR = frozenset({Party.PARTNER, Party.OPERATOR, Party.DESK})
_THE_DESK = frozenset({Party.OPERATOR, Party.DESK})

#: Who may make each thing happen. The desk acts by its rules; an operator may do what the desk may.
PERMITTED: Mapping[Event, frozenset[Party]] = MappingProxyType(
    {
        Event.SIGNED: frozenset({Party.CREDITOR, Party.DESK}),
        Event.CHECK_PASSED: _THE_DESK,
        Event.SENT_TO_NETWORK: _ALL_BUT_CREDITOR,
        Event.INFO_ASKED: _ALL_BUT_CREDITOR,
        Event.INFO_GIVEN: frozenset({Party.CREDITOR, Party.OPERATOR}),
        Event.INFO_GIVEN_AT_WORK: frozenset({Party.CREDITOR, Party.OPERATOR}),
        Event.ACCEPTED: frozenset({Party.PARTNER, Party.OPERATOR}),
        Event.REROUTED: _ALL_BUT_CREDITOR,
        Event.QUOTES_ASKED: frozenset(Party),
        Event.QUOTE_OFFERED: frozenset({Party.PARTNER, Party.OPERATOR}),
        Event.QUOTE_ACCEPTED: frozenset({Party.CREDITOR}),
        Event.QUOTES_ENDED_AT_WORK: frozenset(Party),
        Event.PAUSED: frozenset(Party),
        Event.RESUMED: frozenset({Party.PARTNER, Party.OPERATOR}),
        Event.CLOSED: frozenset(Party),
        Event.REOPENED: _ALL_BUT_CREDITOR,
    }
)

_BY_DESK_ONLY = frozenset({CloseCode.NO_QUOTES, CloseCode.QUOTES_EXPIRED, CloseCode.NEVER_STARTED})
_BY_CREDITOR = frozenset({CloseCode.WITHDRAWN})

#: Closed with money recovered.
RECOVERED = frozenset({CloseCode.PAID, CloseCode.PARTIALLY_PAID})

#: What a partner never sees: cases that are not complete, or not signed for, yet.
HIDDEN_FROM_PARTNERS = frozenset({Lifecycle.PENDING_SIGNING, Lifecycle.PENDING_CHECK})

#: Where a case can stand both before its chosen partner was given it and afterwards.
PERHAPS_NOT_GIVEN = frozenset({Lifecycle.MORE_INFO, Lifecycle.CLOSED})


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Why something cannot happen to a case now, in a sentence."""

    reason: str


def follow(state: Lifecycle, event: Event, party: Party) -> Lifecycle | NotAllowed:
    """Where a case stands after an event, or why that event cannot happen."""
    if party not in PERMITTED[event]:
        return NotAllowed(f"The {party} cannot do this to a case: {event}.")
    after = TRANSITIONS[state].get(event)
    if after is None:
        return NotAllowed(f"This cannot happen to a case that is {state}: {event}.")
    return after


def reopen_refusal(party: Party, *, accepted: bool, withdrawn: bool, erased: bool, is_test: bool) -> str:
    """Why a party cannot have a closed case worked again, in a sentence; empty when it can.

    Whatever it was closed for, money may still come in, which is taken only on an open case.
    """
    if is_test:
        return "This is a test case, which cannot be reopened. Open another one."
    if not accepted:
        return "No partner has worked this case, so it cannot be reopened."
    if erased:
        return "The debtor's details were erased, so the case cannot be reopened."
    if withdrawn and party is not Party.OPERATOR:
        return "The creditor has withdrawn this case, so it cannot be reopened but by an operator."
    return ""


def close_codes_for(party: Party) -> tuple[CloseCode, ...]:
    """The reasons a party may give for closing a case, in the order they are offered."""
    if party is Party.CREDITOR:
        return tuple(_BY_CREDITOR)
    if party is Party.DESK:
        return tuple(CloseCode)
    return tuple(code for code in CloseCode if code not in _BY_DESK_ONLY | _BY_CREDITOR)


def followed_by_phase(now: Phase | None) -> tuple[Phase, ...]:
    """The phases a case may enter from its present one; they only go forward."""
    phases = tuple(Phase)
    return phases[:1] if now is None else phases[phases.index(now) + 1 :]
