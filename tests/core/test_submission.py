"""Who a submission is, and the states it can be in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.submission import (
    HOLDING,
    LONGEST_REFERENCE,
    LOOKUP_SCHEDULE,
    QUIET_PERIOD,
    RESTING,
    TRANSITIONS,
    CaseFacts,
    Event,
    ImpossibleTransition,
    State,
    body_hash,
    identity_of,
    key_of,
    next_lookup,
    next_state,
    reference_of,
    same_case,
)

words = st.text(max_size=30)
ids = st.lists(
    st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9]{1,30}", fullmatch=True), min_size=1, max_size=6
)
generations = st.integers(1, 10**6)


@given(words, words, ids, generations)
def test_a_reference_is_short_and_safe_whatever_goes_in(
    source: str, account: str, invoice_ids: list[str], generation: int
) -> None:
    reference = reference_of(source, account, invoice_ids, generation)
    assert len(reference) <= LONGEST_REFERENCE
    assert re.fullmatch(r"[A-Z0-9-]+", reference)


@given(words, words, ids, st.randoms(use_true_random=False))
def test_identity_and_reference_do_not_depend_on_order(
    source: str, account: str, invoice_ids: list[str], chance: object
) -> None:
    shuffled = list(invoice_ids)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert identity_of(source, account, shuffled) == identity_of(source, account, invoice_ids)
    assert reference_of(source, account, shuffled) == reference_of(source, account, invoice_ids)


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_different_debts_have_different_identities_and_references(a: str, b: str, c: str, d: str) -> None:
    same = (a, b) == (c, d)
    assert (identity_of("books", a, [b]) == identity_of("books", c, [d])) is same
    assert (reference_of("books", a, [b]) == reference_of("books", c, [d])) is same


def test_ids_that_run_together_are_still_told_apart() -> None:
    assert identity_of("books", "a", ["12", "3"]) != identity_of("books", "a", ["1", "23"])
    assert identity_of("books", "a", ['1","2']) != identity_of("books", "a", ["1", "2"])


def test_a_single_invoice_can_be_recognised_in_its_reference() -> None:
    reference = reference_of("kashflow", "account-1", ["70010042"])
    assert re.fullmatch(r"AR-[A-Z2-7]{6}-70010042", reference)
    assert reference_of("kashflow", "account-1", ["70010042"], 3) == f"{reference}-G3"


def test_another_account_source_or_generation_is_another_reference() -> None:
    references = {
        reference_of("kashflow", "1", ["7"]),
        reference_of("kashflow", "2", ["7"]),
        reference_of("elsewhere", "1", ["7"]),
        reference_of("kashflow", "1", ["7", "8"]),
        reference_of("kashflow", "1", ["7"], 2),
    }
    assert len(references) == 5


def test_a_bundle_never_takes_the_reference_of_a_single_invoice() -> None:
    bundle = reference_of("kashflow", "1", ["7", "8"])
    fingerprint = bundle.split("-")[2]
    assert reference_of("kashflow", "1", [fingerprint]) != bundle


def test_the_key_changes_with_everything_that_is_asked_and_with_nothing_else() -> None:
    asked = ("desk", "live", "creditor-1", "AR-X-1", 1)
    key = key_of(*asked)
    assert key == key_of(*asked)
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    others = [
        key_of("other", *asked[1:]),
        key_of("desk", "test", *asked[2:]),
        key_of("desk", "live", "creditor-2", *asked[3:]),
        key_of("desk", "live", "creditor-1", "AR-X-2", 1),
        key_of("desk", "live", "creditor-1", "AR-X-1", 2),
    ]
    assert len({key, *others}) == 6


def test_the_hash_of_a_body_does_not_depend_on_the_order_of_its_keys() -> None:
    assert body_hash({"a": 1, "b": "é"}) == body_hash({"b": "é", "a": 1})
    assert body_hash({"a": 1}) != body_hash({"a": "1"})


# --- The state table ----------------------------------------------------------------------------------------


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(State)


def test_every_state_that_does_not_rest_has_a_way_on() -> None:
    for state in set(State) - RESTING:
        assert set(TRANSITIONS[state].values()) - {state}, state


def test_every_state_can_be_reached_and_leads_to_rest() -> None:
    def reached_from(start: State) -> set[State]:
        seen, waiting = {start}, [start]
        while waiting:
            for state in TRANSITIONS[waiting.pop()].values():
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        return seen

    assert reached_from(State.PLANNED) == set(State)
    for state in State:
        assert reached_from(state) & RESTING, state


def test_every_event_is_used() -> None:
    assert {event for steps in TRANSITIONS.values() for event in steps} == set(Event)


def test_a_lost_answer_is_never_sent_again_before_a_look_up_finds_nothing() -> None:
    ways_on = TRANSITIONS[State.AMBIGUOUS]
    assert State.SENDING not in ways_on.values()
    assert {event for event, state in ways_on.items() if state is State.INTENT} == {Event.ABSENT}


def test_what_may_be_open_at_the_collector_keeps_holding_its_invoices() -> None:
    assert {State.SENDING, State.AMBIGUOUS, State.CREATED, State.REVIEW} <= HOLDING


def test_what_is_dropped_or_taken_back_stays_so() -> None:
    for state in (State.DROPPED, State.WITHDRAWN):
        for event in Event:
            with pytest.raises(ImpossibleTransition):
                next_state(state, event)


def test_a_case_that_is_open_can_only_be_taken_back() -> None:
    assert next_state(State.CREATED, Event.TAKEN_BACK) is State.WITHDRAWN
    for event in set(Event) - {Event.TAKEN_BACK}:
        with pytest.raises(ImpossibleTransition):
            next_state(State.CREATED, event)


def test_a_step_follows_the_table() -> None:
    assert next_state(State.PLANNED, Event.CHECKED) is State.INTENT
    with pytest.raises(ImpossibleTransition, match="created"):
        next_state(State.CREATED, Event.SEND)


# --- Looking up ---------------------------------------------------------------------------------------------


def test_the_first_look_up_waits_for_the_quiet_period() -> None:
    assert next_lookup(0) == QUIET_PERIOD


def test_look_ups_grow_rarer_and_end() -> None:
    waits = [next_lookup(attempt) for attempt in range(len(LOOKUP_SCHEDULE))]
    assert waits == sorted(LOOKUP_SCHEDULE)
    assert sum(LOOKUP_SCHEDULE, timedelta()) >= timedelta(days=5)
    assert next_lookup(len(LOOKUP_SCHEDULE)) is None


OURS = CaseFacts("Acme Ltd", "100.00", "GBP", test=False)


def test_letter_case_and_spacing_of_a_name_do_not_make_another_case() -> None:
    assert same_case(OURS, replace(OURS, debtor_name=" ACME  ltd "))


@pytest.mark.parametrize(
    "theirs",
    [
        replace(OURS, debtor_name="Acme Limited"),
        replace(OURS, amount="100.01"),
        replace(OURS, currency="EUR"),
        replace(OURS, test=True),
    ],
)
def test_a_case_about_something_else_is_not_adopted(theirs: CaseFacts) -> None:
    assert not same_case(OURS, theirs)
