"""The table of a case's states: what can happen where, by whom, and where it leads."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.case import (
    HIDDEN_FROM_PARTNERS,
    PERMITTED,
    RECOVERED,
    TRANSITIONS,
    CloseCode,
    Event,
    Lifecycle,
    NotAllowed,
    Party,
    Phase,
    close_codes_for,
    follow,
    followed_by_phase,
)

CREDITOR, PARTNER, OPERATOR, DESK = Party.CREDITOR, Party.PARTNER, Party.OPERATOR, Party.DESK
EVERYBODY = {CREDITOR, PARTNER, OPERATOR, DESK}

#: The whole table once more, in plain words, so that no row of it changes unnoticed.
WAYS = """
pending contract signing: signed > pending verification internal, closed > closed
pending verification internal: check passed > pending verification, sent to network > collecting quotes, \
info asked > more info required, closed > closed
pending verification: accepted > active, info asked > more info required, rerouted > pending verification, \
sent to network > collecting quotes, closed > closed
more info required: info given > pending verification internal, info given at work > active, closed > closed
collecting quotes: quote offered > pending quote selection, quotes ended at work > active, closed > closed
pending quote selection: quote offered > pending quote selection, quote accepted > active, \
quotes ended at work > active, closed > closed
active: info asked > more info required, quotes asked > collecting quotes, paused > paused, closed > closed
paused: resumed > active, closed > closed
closed: reopened > active
"""
WHO = {
    Event.SIGNED: {CREDITOR, DESK},
    Event.CHECK_PASSED: {OPERATOR, DESK},
    Event.SENT_TO_NETWORK: {PARTNER, OPERATOR, DESK},
    Event.INFO_ASKED: {PARTNER, OPERATOR, DESK},
    Event.INFO_GIVEN: {CREDITOR, OPERATOR},
    Event.INFO_GIVEN_AT_WORK: {CREDITOR, OPERATOR},
    Event.ACCEPTED: {PARTNER, OPERATOR},
    Event.REROUTED: {PARTNER, OPERATOR, DESK},
    Event.QUOTES_ASKED: EVERYBODY,
    Event.QUOTE_OFFERED: {PARTNER, OPERATOR},
    Event.QUOTE_ACCEPTED: {CREDITOR},
    Event.QUOTES_ENDED_AT_WORK: EVERYBODY,
    Event.PAUSED: EVERYBODY,
    Event.RESUMED: {PARTNER, OPERATOR},
    Event.CLOSED: EVERYBODY,
    Event.REOPENED: {PARTNER, OPERATOR, DESK},
}


def _expected() -> dict[tuple[Lifecycle, Event], Lifecycle]:
    table = {}
    for line in WAYS.strip().splitlines():
        state, _, ways = line.partition(": ")
        for way in ways.split(", "):
            event, _, after = way.partition(" > ")
            table[Lifecycle(state), Event(event)] = Lifecycle(after)
    return table


EXPECTED = _expected()


@pytest.mark.parametrize("state", Lifecycle)
def test_every_event_in_every_state_by_everybody(state: Lifecycle) -> None:
    for event, party in product(Event, Party):
        outcome = follow(state, event, party)
        after = EXPECTED.get((state, event))
        if after is not None and party in WHO[event]:
            assert outcome is after, (event, party)
        else:
            assert isinstance(outcome, NotAllowed), (event, party)
            assert outcome.reason.endswith(".")


def test_somebody_may_make_every_event_happen_and_every_event_can_happen() -> None:
    assert set(PERMITTED) == set(Event)
    assert all(PERMITTED.values())
    assert {event for ways in TRANSITIONS.values() for event in ways} == set(Event)


@given(st.lists(st.tuples(st.sampled_from(Event), st.sampled_from(Party)), max_size=40))
def test_no_path_leaves_the_table_and_closed_is_final_but_for_reopening(
    steps: list[tuple[Event, Party]],
) -> None:
    state = Lifecycle.PENDING_SIGNING
    for event, party in steps:
        after = follow(state, event, party)
        if isinstance(after, NotAllowed):
            continue
        assert after is EXPECTED[state, event]
        assert party in WHO[event]
        if state is Lifecycle.CLOSED:
            assert (event, after) == (Event.REOPENED, Lifecycle.ACTIVE)
        state = after


def _reached(start: Lifecycle) -> set[Lifecycle]:
    found, waiting = {start}, [start]
    while waiting:
        for after in TRANSITIONS[waiting.pop()].values():
            if after not in found:
                found.add(after)
                waiting.append(after)
    return found


def test_every_state_can_be_reached_from_the_first() -> None:
    assert _reached(Lifecycle.PENDING_SIGNING) == set(Lifecycle)


@pytest.mark.parametrize("state", [state for state in Lifecycle if state is not Lifecycle.CLOSED])
@pytest.mark.parametrize("party", Party)
def test_every_open_state_can_be_closed(state: Lifecycle, party: Party) -> None:
    assert follow(state, Event.CLOSED, party) is Lifecycle.CLOSED


def test_no_case_is_worked_before_a_partner_or_a_quote_was_accepted() -> None:
    work = {Lifecycle.ACTIVE, Lifecycle.PAUSED}
    before = set(Lifecycle) - work - {Lifecycle.CLOSED}
    ways_in = {event for state in before for event, after in TRANSITIONS[state].items() if after in work}
    assert ways_in == {
        Event.ACCEPTED,
        Event.QUOTE_ACCEPTED,
        Event.INFO_GIVEN_AT_WORK,
        Event.QUOTES_ENDED_AT_WORK,
    }
    assert before > HIDDEN_FROM_PARTNERS


def test_each_party_gives_its_own_reasons_for_closing() -> None:
    assert close_codes_for(CREDITOR) == (CloseCode.WITHDRAWN,)
    assert set(close_codes_for(DESK)) == set(CloseCode)
    of_the_desk = {CloseCode.NO_QUOTES, CloseCode.QUOTES_EXPIRED, CloseCode.NEVER_STARTED}
    for party in (PARTNER, OPERATOR):
        assert set(close_codes_for(party)) == set(CloseCode) - of_the_desk - {CloseCode.WITHDRAWN}
    assert {CloseCode.PAID, CloseCode.PARTIALLY_PAID} == RECOVERED


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (None, (Phase.PRE_LEGAL,)),
        (Phase.PRE_LEGAL, (Phase.LEGAL, Phase.ENFORCEMENT)),
        (Phase.LEGAL, (Phase.ENFORCEMENT,)),
        (Phase.ENFORCEMENT, ()),
    ],
)
def test_phases_only_go_forward(now: Phase | None, then: tuple[Phase, ...]) -> None:
    assert followed_by_phase(now) == then
