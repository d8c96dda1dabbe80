"""B17, B22, B23, B27 and B28: conflicts, names, strange finds, revoked keys, and test against live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from arrears.bridge import attention, collector_key, ledger, lost_answers, submit
from arrears.bridge.connect_collector import connect_collector
from arrears.bridge.lost_answers import created
from arrears.bridge.models import ConnectionState, ImportRun, Submission
from arrears.bridge.retry_import import retry_import
from arrears.connectors.debitura import opened
from arrears.core.claim import Claim
from arrears.core.submission import Event, State, reference_of
from arrears.ports import Case, Clock, Collector
from tests.debitura.faults import AnswerLost, RequestLost, field_set
from tests.debitura.model import Model, Unique
from tests.debitura.server import KEY
from tests.faults.careless import anything
from tests.faults.catalogue import fault
from tests.faults.test_b_lost_and_late import OPEN, WORST
from tests.faults.world import World, a_form

FIND = "GET /cases/by-creditor-reference/{creditorReference}"


def takes_a_conflict_for_something_to_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    known = opened._DUPLICATES - {"idempotencyconflict"}
    monkeypatch.setattr(opened, "_DUPLICATES", known)


@fault("B17", takes_a_conflict_for_something_to_settle)
def test_b17_the_key_was_used_with_another_body(world: World) -> None:
    """A key that was used with another body means that there is a case: it is found, compared and adopted."""
    world.fake.model = Model(reference=Unique.NOT, lookup_lag=timedelta(minutes=8))
    world.fake.fails(AnswerLost(), OPEN)
    world.invoice("1")
    world.start("1")
    world.work()
    one = world.books.owed[0]
    world.books.owed[0] = replace(one, debtor=replace(one.debtor, emails=("new@acme.example",)))

    world.settle()

    first, second = world.fake.ledger.calls_to(OPEN)
    assert first.idempotency_key == second.idempotency_key
    assert first.body != second.body
    assert second.status == 422
    world.assert_opened_once("1")


def names_cases_after_the_books(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(
        source: str, account: str, ids: Sequence[str], generation: int = 1, *, test: bool = False
    ) -> str:
        return ids[0]

    monkeypatch.setattr(ledger, "reference_of", plain)


@fault("B22", names_cases_after_the_books)
def test_b22_references_made_of_odd_names(world: World) -> None:
    """Whatever the books call an invoice, its case has a name that can be looked up, and no look-up fails."""
    world.fake.model = WORST
    odd = ("7/1", "..", "a b", "100%", "%2F", "Ünï", "x?y#z", "9" * 40, "-", "A" * 40, "７")
    for place, invoice in enumerate(odd):
        number = f"N{place}"
        world.invoice(number, code=f"D{place}")
        world.books.change(number, id=invoice)
        world.fake.fails(AnswerLost(), OPEN)
    world.start_ids({f"N{place}": invoice for place, invoice in enumerate(odd)})

    world.settle()

    world.assert_opened_once(*(f"N{place}" for place in range(len(odd))))
    looked = world.fake.ledger.calls_to(FIND)
    assert {call.path.rsplit("/", 1)[-1] for call in looked} == {
        row.reference for row in world.rows().values()
    }
    known = {call.status for call in looked}
    assert known == {200, 404}
    assert len(world.fake.ledger.calls_to(OPEN)) == len(odd)


def adopts_blindly(monkeypatch: pytest.MonkeyPatch) -> None:
    def adopt(row: Submission, case: Case, claim: Claim | None, collector: Collector, clock: Clock) -> None:
        created(row, Event.FOUND, case, clock)

    monkeypatch.setattr(lost_answers, "adopt", adopt)
    monkeypatch.setattr(submit, "adopt", adopt)


@fault("B23", adopts_blindly)
def test_b23_the_look_up_finds_a_strange_case(world: World) -> None:
    """A case that is merged, closed, of another debtor or amount, or for testing is never adopted unseen."""
    world.invoice("0", code="OTHER")
    world.run("0")
    changes: dict[str, Any] = {
        "1": lambda name: world.fake.merge(name, world.fake.case(world.row("0").reference).id),
        "2": lambda name: world.fake.close(name),
        "3": lambda name: world.fake.case(name).body["debtor"].update(name="Somebody Else Ltd"),
        "4": lambda name: world.fake.case(name).body.update(amountToRecover=1),
        "5": lambda name: world.fake.case(name).body.update(isTest=True),
    }
    for number, change in changes.items():
        world.fake.fails(AnswerLost(), OPEN)
        world.invoice(number, code=f"D{number}")
        world.start(number)
        world.work()
        change(world.row(number).reference)

        world.settle()

        row = world.row(number)
        assert (row.state, row.case_id) == (State.REVIEW, ""), (number, row.state)
        assert row.case_reference in row.message

    world.fake.fails(AnswerLost(), OPEN)
    world.invoice("6")
    world.start("6")
    world.work()
    world.fake.fails(field_set("creditorReference", "SOMEBODY-ELSES"), FIND, times=2)
    world.settle()
    world.assert_opened_once("6")
    assert world.opens() == 2 + len(changes)


def forgets_that_the_key_was_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "mark_collector", anything)
    monkeypatch.setattr(collector_key, "mark_collector", anything)


@fault("B27", forgets_that_the_key_was_rejected)
def test_b27_the_key_is_revoked_in_the_middle(world: World) -> None:
    """After the first rejection nobody calls with that key again; with a new key everything goes on."""
    numbers = [str(number) for number in range(1, 7)]
    for number in numbers:
        world.invoice(number, code=f"D{number}")
    runs = [world.start(*numbers[:2]), world.start(*numbers[2:4]), world.start(*numbers[4:])]
    world.fake.fails(_Revoked(world), OPEN, after=1)

    world.settle()

    assert len(world.fake.ledger.committed) == 1
    assert len(world.fake.ledger.calls_after_rejection) <= 1
    world.account.refresh_from_db()
    assert world.account.state == ConnectionState.NEEDS_ATTENTION
    for run in runs:
        run.refresh_from_db()
        assert run.stage == ImportRun.Stage.FAILED
        assert run.problem

    world.fake.add_key("deb-key-new", world.fake.account)
    world.account = connect_collector(world.organisation, a_form("deb-key-new"), world.account)
    for run in runs:
        retry_import(run)
    world.settle()
    world.assert_opened_once(*numbers)


class _Revoked:
    """At this call the key is revoked, as is anything sent with it later."""

    def __init__(self, world: World) -> None:
        self.world = world

    def happen(self, turn: Any) -> Any:
        self.world.fake.refuse(KEY, 401)
        return turn.finish(turn.arrive())


def forgets_the_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    def modeless(
        source: str, account: str, ids: Sequence[str], generation: int = 1, *, test: bool = False
    ) -> str:
        return reference_of(source, account, ids, generation)

    monkeypatch.setattr(ledger, "reference_of", modeless)


@fault("B28", forgets_the_mode)
def test_b28_test_and_live_are_mixed_up(world: World) -> None:
    """A test opens test cases alone, and never takes the place of the real case of the same debt."""
    live = world.account
    world.fake.fails(RequestLost(), OPEN)
    world.invoice("1")
    test = connect_collector(world.organisation, a_form(test=True))
    world.account = test
    world.run("1")
    assert [case.test for case in world.fake.ledger.committed] == [True]
    tried = world.row("1")

    world.account = live
    world.fake.fails(AnswerLost(), OPEN)
    world.run("1")

    assert [case.test for case in world.fake.ledger.committed] == [True, False]
    real = world.row("1")
    assert (tried.state, real.state) == (State.CREATED, State.CREATED)
    assert tried.reference != real.reference
    assert tried.key != real.key
    assert not world.damage()
