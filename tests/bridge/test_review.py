"""What a person decides, and what is never decided without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from arrears.bridge.models import Holding, ImportRun, Submission
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.settle_review import Decision, settle_review
from arrears.core.submission import QUIET_PERIOD, State
from arrears.desk.models import Case
from arrears.ports import NeedsAttention
from tests.bridge.conftest import World


def under_review(world: World) -> tuple[ImportRun, Submission]:
    """A case of £500 stands under our reference, and the invoice is for £700 now."""
    world.books.add("1", "500 GBP")
    world.work(world.start("1"))
    Submission.objects.all().delete()  # an old backup was restored: the ledger has forgotten the case
    world.books.remove("1")
    world.books.add("1", "700 GBP")
    run = world.start("1")
    row = world.work(run)["1"]
    assert row.state == State.REVIEW
    return run, row


def test_a_person_may_adopt_the_case(world: World) -> None:
    run, row = under_review(world)

    settled = settle_review(row, Decision.ADOPT)

    (case,) = world.cases()
    assert (settled.state, settled.case_reference) == (State.CREATED, case.reference)
    assert world.work(run)["1"].document_attached


def test_a_person_may_drop_the_row_and_with_it_the_hold_on_its_invoices(world: World) -> None:
    _, row = under_review(world)

    assert settle_review(row, Decision.DROP).state == State.DROPPED

    assert not Holding.objects.exists()
    assert world.work(world.start("1"))["1"].state == State.REVIEW
    assert len(world.cases()) == 1


def test_a_person_may_have_it_tried_again_and_still_no_second_case_is_opened(world: World) -> None:
    run, row = under_review(world)
    generation = row.generation

    assert settle_review(row, Decision.TRY_AGAIN).state == State.PLANNED

    again = world.work(run)["1"]
    assert (again.state, again.generation) == (State.REVIEW, generation)
    assert len(world.cases()) == 1


def test_what_has_a_case_is_not_asked_for_under_a_new_reference(world: World) -> None:
    _, row = under_review(world)

    with pytest.raises(NeedsAttention, match="stands under the reference"):
        settle_review(row, Decision.ASK_ANEW)

    row.refresh_from_db()
    assert row.state == State.REVIEW
    assert len(world.cases()) == 1


def test_without_a_case_it_may_be_asked_for_under_a_new_reference(world: World) -> None:
    run, row = under_review(world)
    Case.objects.all().delete()

    settled = settle_review(row, Decision.ASK_ANEW)
    assert (settled.generation, settled.reference) == (row.generation + 1, f"{row.reference}-G2")

    again = world.work(run)["1"]
    (case,) = world.cases()
    assert (again.state, case.creditor_reference) == (State.CREATED, f"{row.reference}-G2")


def test_there_must_be_a_case_to_adopt(world: World) -> None:
    run, row = under_review(world)
    Case.objects.all().delete()

    with pytest.raises(NeedsAttention, match="no case under the reference"):
        settle_review(row, Decision.ADOPT)
    settle_review(row, Decision.TRY_AGAIN)
    assert world.work(run)["1"].state == State.CREATED


def test_a_case_for_testing_is_never_adopted_as_a_real_one(world: World) -> None:
    world.books.add("1")
    world.connect()
    run = world.start("1")
    world.work(run)
    Submission.objects.all().delete()
    world.far_end.cases = [(owner, replace(case, test=True)) for owner, case in world.far_end.cases]
    row = world.work(world.start("1"))["1"]
    assert (row.state, "is for testing" in row.message) == (State.REVIEW, True)

    with pytest.raises(NeedsAttention, match="is for testing, and this import was in earnest"):
        settle_review(row, Decision.ADOPT)


def test_a_row_is_settled_once(world: World) -> None:
    _, row = under_review(world)
    settle_review(row, Decision.DROP)

    with pytest.raises(NeedsAttention, match="not under review"):
        settle_review(row, Decision.ADOPT)


def test_a_closed_case_found_under_our_reference_is_not_adopted_unasked(world: World) -> None:
    world.books.add("1")
    world.work(world.start("1"))
    Submission.objects.all().delete()
    Case.objects.update(lifecycle="closed")

    row = world.work(world.start("1"))["1"]

    assert row.state == State.REVIEW
    assert "closed" in row.message


def test_a_case_opened_before_its_invoice_was_part_paid_is_known_again_by_what_was_sent(
    world: World,
) -> None:
    world.books.add("1")
    world.unreliable("lose answer")
    run = world.start("1")
    world.work(run)
    world.books.remove("1")
    world.books.add("1", "300 GBP")
    world.clock.advance(QUIET_PERIOD)

    assert world.work(run)["1"].state == State.CREATED


def test_what_was_sent_last_is_what_a_case_is_known_by(world: World) -> None:
    world.books.add("1")
    world.unreliable("refuse connection", "lose answer")
    run = world.start("1")
    world.work(run)
    world.books.remove("1")
    world.books.add("1", "300 GBP")
    world.clock.advance(timedelta(minutes=1))
    assert world.work(run)["1"].state == State.AMBIGUOUS
    world.clock.advance(QUIET_PERIOD)

    assert world.work(run)["1"].state == State.CREATED


def test_requests_that_are_lost_again_and_again_end_with_a_person(world: World) -> None:
    world.books.add("1")
    line = world.unreliable(*["lose request"] * 100)
    run = world.start("1")

    for _ in range(30):
        world.clock.advance(timedelta(days=1))
        row = world.work(run)["1"]

    assert row.state == State.REVIEW
    assert line.opens < 12


# --- What was chosen ----------------------------------------------------------------------------------------


def test_an_invoice_named_twice_in_one_group_is_owed_once(world: World) -> None:
    world.books.add("1", "500 GBP")

    world.work(world.start("1", "1", bundled=True))

    (case,) = world.cases()
    assert str(case.principal) == "500.00 GBP"


def test_an_invoice_whose_amount_changed_since_it_was_listed_is_not_submitted_and_says_so(
    world: World,
) -> None:
    world.books.add("1", "500 GBP")
    run = world.start_all()
    prepare_import(run.pk)
    world.books.remove("1")
    world.books.add("1", "300 GBP")

    row = world.work(run)["1"]

    assert (row.state, row.finding_codes) == (State.FLAGGED, ["changed"])
    assert row.message == "Changed since the preview: GBP 300.00 is owed now."
    assert world.cases() == []


def test_a_case_that_exists_already_is_found_before_anything_is_sent(world: World) -> None:
    world.books.add("1")
    world.work(world.start("1"))
    Submission.objects.all().delete()
    line = world.unreliable()

    row = world.work(world.start("1"))["1"]

    assert (row.state, line.opens) == (State.CREATED, 0)
