"""Imports to a collector at the other end of a network: where cases go, and what its answers mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from arrears.bridge.choose_collector import choose_collector
from arrears.bridge.models import CollectorAccount, ConnectionState, ImportRun, Submission, TrackedCase
from arrears.bridge.preview import Row, preview
from arrears.bridge.retry_import import retry_import
from arrears.bridge.settle_review import Decision, settle_review
from arrears.core.submission import QUIET_PERIOD, State
from arrears.desk.collector import DeskCollector
from arrears.ports import Answer, DocumentKind, NeedsAttention, Offer, Opened, Required
from tests.bridge.conftest import World
from tests.builders import a_claim
from tests.far_end import RemoteCollector

A_DAY = timedelta(days=1)


def rows_of(world: World) -> list[Row]:
    return [row for part in preview(world.connection, world.account) for row in part.rows]


def remote(world: World) -> RemoteCollector:
    collector = world.collector()
    assert isinstance(collector, RemoteCollector)
    return collector


def test_cases_go_to_the_collector_of_the_run_with_their_invoices(world: World) -> None:
    world.books.add("1")
    account = world.connect()

    row = world.work(world.start("1"))["1"]

    assert (row.state, row.case_id, row.case_reference) == (State.CREATED, "id-1", "D-1")
    assert world.far_end.files == [("id-1", "Invoice 1.pdf", DocumentKind.INVOICE)]
    assert list(DeskCollector(world.organisation, world.clock).cases()) == []
    tracked = TrackedCase.objects.get()
    assert (tracked.account, tracked.reference, tracked.creditor_reference) == (account, "D-1", row.reference)


def test_a_run_keeps_its_collector_whatever_is_preferred_later(world: World) -> None:
    world.books.add("1")
    account = world.connect()
    run = world.start_all()
    choose_collector(world.organisation, None)

    world.take_up(run)

    assert run.collector == account


def test_what_must_be_done_first_comes_with_the_place_to_do_it(world: World) -> None:
    for number in ("1", "2"):
        world.books.add(number)
    world.connect()
    agreement = Required("Agreement", "Sign the agreement.", "https://far.example/agreement")
    messages = ("Sign the agreement first.",)
    world.far_end.answers = [
        Opened(Answer.MUST_ACT, None, messages, (Required("Task", "Call us."), agreement)),
        Opened(Answer.MUST_ACT, None, messages, (agreement,), "https://far.example/all"),
    ]
    run = world.start("1", "2")

    rows = world.work(run)

    assert {row.state for row in rows.values()} == {State.NEEDS_ACTION}
    assert rows["1"].action_url == "https://far.example/agreement"
    assert rows["2"].action_url == "https://far.example/all"

    before = {number: row.key for number, row in rows.items()}
    retry_import(run)
    rows = world.work(run)

    assert {row.state for row in rows.values()} == {State.CREATED}
    assert {row.action_url for row in rows.values()} == {""}
    # A stored refusal would be given for ever under the old key.
    assert all(before[number] != row.key for number, row in rows.items())


@pytest.mark.parametrize("changes", [{"test": True}, {"creditor_reference": "SOMEBODY-ELSES"}])
def test_an_answer_with_another_case_is_never_taken_for_ours(
    world: World, changes: dict[str, object]
) -> None:
    world.books.add("1")
    world.connect()
    run = world.start("1")
    reference = world.rows(run)["1"].reference
    foreign = replace(remote(world).case_for(a_claim(), reference), **changes)  # type: ignore[arg-type]
    world.far_end.answers = [Opened(Answer.OPENED, foreign)]

    first = world.work(run)["1"]
    assert (first.state, first.case_id) == (State.AMBIGUOUS, "")
    world.clock.advance(QUIET_PERIOD)
    second = world.work(run)["1"]

    assert second.state == State.CREATED
    assert second.key == first.key
    assert second.case_id != foreign.id or len(world.cases()) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"creditor_reference": "ANOTHER"}, "carries another one"),
        ({"test": True}, "is for testing"),
        ({"debtor_name": "Somebody Else"}, "has another debtor or amount"),
    ],
)
def test_a_case_that_is_found_but_is_not_ours_is_for_a_person_to_judge(
    world: World, changes: dict[str, object], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.books.add("1")
    world.connect()
    run = world.start("1")
    row = world.rows(run)["1"]
    (owed,) = world.books.owed
    claim = a_claim(owed.invoice, debtor=owed.debtor)
    found = replace(remote(world).case_for(claim, row.reference), **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(RemoteCollector, "find", lambda *_: found)

    row = world.work(run)["1"]

    assert row.state == State.REVIEW
    assert why in row.message
    assert not TrackedCase.objects.exists()


# --- Faults of its own --------------------------------------------------------------------------------------


def take_up_for_days(world: World, run: ImportRun, days: int = 8) -> Submission:
    for _ in range(days):
        world.clock.advance(A_DAY)
        world.take_up(run)
    return world.rows(run)["1"]


def test_the_same_fault_again_and_again_ends_with_a_person(world: World) -> None:
    world.books.add("1")
    world.connect()
    line = world.unreliable(*["own fault"] * 20)
    run = world.start("1")
    world.work(run)

    row = take_up_for_days(world, run)

    assert row.state == State.REVIEW
    assert "3 times" in row.message
    assert line.opens == 3


def test_answers_lost_on_the_way_are_no_faults_of_the_collector(world: World) -> None:
    world.books.add("1")
    world.connect()
    line = world.unreliable(*["lose request"] * 4)
    run = world.start("1")
    world.work(run)

    assert take_up_for_days(world, run).state == State.CREATED
    assert line.opens == 5


def test_a_case_that_was_opened_all_the_same_is_found_after_any_number_of_faults(world: World) -> None:
    world.books.add("1")
    world.connect()
    world.unreliable("lose answer")
    run = world.start("1")
    world.work(run)
    Submission.objects.update(faults=3)

    assert take_up_for_days(world, run).state == State.CREATED
    assert len(world.cases()) == 1


def test_a_person_may_let_it_be_tried_again_under_the_same_key(world: World) -> None:
    world.books.add("1")
    world.connect()
    world.unreliable(*["own fault"] * 3)
    run = world.start("1")
    world.work(run)
    row = take_up_for_days(world, run)
    key = row.key

    settle_review(row, Decision.TRY_AGAIN)
    row = world.work(run)["1"]

    assert (row.state, row.key, row.faults) == (State.CREATED, key, 0)


# --- Whose trouble it is ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["key_rejected", "key_not_permitted"])
def test_trouble_with_the_key_is_noted_on_the_account_and_not_on_the_books(world: World, code: str) -> None:
    world.books.add("1")
    world.connect()
    run = world.start("1")
    world.far_end.failing = [NeedsAttention("The key does not do.", code=code, action="Enter another.")]

    row = world.work(run)["1"]

    assert (run.stage, run.problem) == (ImportRun.Stage.FAILED, "The key does not do. Enter another.")
    assert row.state == State.FLAGGED
    account = CollectorAccount.objects.get()
    assert (account.state, account.attention_code) == (ConnectionState.NEEDS_ATTENTION, code)
    world.connection.refresh_from_db()
    assert world.connection.state == ConnectionState.OK


def test_trouble_met_while_previewing_is_the_collectors_as_well(world: World) -> None:
    world.books.add("1")
    world.connect()
    world.far_end.keys.clear()

    with pytest.raises(NeedsAttention, match="does not accept"):
        rows_of(world)

    assert CollectorAccount.objects.get().state == ConnectionState.NEEDS_ATTENTION
    world.connection.refresh_from_db()
    assert world.connection.state == ConnectionState.OK


def test_trouble_that_is_not_about_the_key_does_not_close_the_account(world: World) -> None:
    world.books.add("1")
    world.connect()
    run = world.start("1")
    world.far_end.failing = [NeedsAttention("Odd.", code="refused", action="")]

    world.work(run)

    assert run.stage == ImportRun.Stage.FAILED
    assert CollectorAccount.objects.get().state == ConnectionState.OK


# --- Offers -------------------------------------------------------------------------------------------------


def test_the_collectors_own_price_stands_beside_the_standard_one(world: World) -> None:
    world.books.add("1", "1000 GBP")
    world.connect()
    world.far_end.offer = Offer(
        True, "Inkasso GmbH", "Covers it.", rate=Decimal("12.5"), price_source="Debitura quote"
    )

    (row,) = rows_of(world)

    assert row.estimate is not None
    assert row.grid_estimate is not None
    assert (row.estimate.rate, str(row.estimate.fee.amount)) == (Decimal("12.5"), "125.00")
    assert row.estimate.source == "Debitura quote"
    assert row.grid_estimate.rate == Decimal("9.5")
    assert row.offer == world.far_end.offer


def test_without_a_price_of_the_collectors_the_standard_price_list_speaks(world: World) -> None:
    world.books.add("1", "1000 GBP")
    world.connect()

    (row,) = rows_of(world)

    assert row.estimate == row.grid_estimate


@pytest.mark.parametrize(("asked", "warned"), [(True, True), (False, False)])
def test_that_nobody_covers_a_debtor_is_said_only_when_somebody_was_asked(
    world: World, *, asked: bool, warned: bool
) -> None:
    world.books.add("1")
    world.connect()
    world.far_end.offer = Offer(True, "", "Not known.", asked=asked)

    (row,) = rows_of(world)

    assert ("no_partner" in {finding.code for finding in row.verdict.findings}) == warned
