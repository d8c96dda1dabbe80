"""The story of an import: one case for each chosen invoice, and a reason for every other."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from arrears.bridge.cancel_import import cancel_import
from arrears.bridge.ledger import Picked
from arrears.bridge.models import Holding, ImportRun, Submission
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.preview import preview
from arrears.bridge.retry_import import retry_import
from arrears.bridge.start_import import Order, start_import
from arrears.core.submission import State
from arrears.ports import NeedsAttention
from tests.bridge.conftest import World


def test_each_chosen_invoice_becomes_one_case_of_its_outstanding_amount(world: World) -> None:
    world.books.add("1", "500.10 GBP")
    world.books.add("2", "250000 JPY", code="OSAKA")
    run = world.start("1", "2")

    rows = world.work(run)

    assert {row.state for row in rows.values()} == {State.CREATED}
    assert {case.invoice_numbers[0]: str(case.principal) for case in world.cases()} == {
        "1": "500.10 GBP",
        "2": "250000 JPY",
    }
    assert run.stage == ImportRun.Stage.FINISHED
    assert all(row.document_attached for row in rows.values())


def test_a_second_import_opens_nothing_and_names_the_case(world: World) -> None:
    world.books.add("1")
    first = world.work(world.start("1"))["1"]

    second = world.work(world.start("1"))["1"]

    assert second.state == State.FLAGGED
    assert first.case_reference in second.message
    assert len(world.cases()) == 1


def test_the_same_order_twice_starts_one_run(world: World) -> None:
    world.books.add("1")
    order = Order(uuid4(), [[Picked("71", "1")]])

    runs = {start_import(world.connection, order).pk for _ in range(2)}

    assert len(runs) == 1


def test_an_invoice_paid_since_the_preview_is_not_submitted_and_says_so(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.books.pay("1")

    row = world.work(run)["1"]

    assert row.state == State.FLAGGED
    assert "paid" in row.finding_codes
    assert row.message.startswith("Changed since the preview")
    assert world.cases() == []
    assert not Holding.objects.exists()


def test_an_invoice_deleted_since_the_preview_is_told_as_such(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.books.remove("1")

    assert "no longer in KashFlow" in world.work(run)["1"].message


def test_a_number_given_to_another_invoice_is_not_mistaken_for_the_chosen_one(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.books.change("1", id="79999")

    row = world.work(run)["1"]

    assert row.state == State.FLAGGED
    assert "another invoice" in row.message


def test_bundled_invoices_become_one_case_of_their_sum(world: World) -> None:
    world.books.add("1", "100.50 GBP")
    world.books.add("2", "200.25 GBP")

    world.work(world.start("1", "2", bundled=True))

    (case,) = world.cases()
    assert case.principal.amount == Decimal("300.75")
    assert set(case.invoice_numbers) == {"1", "2"}


def test_an_invoice_in_a_bundle_cannot_be_submitted_alone(world: World) -> None:
    world.books.add("1")
    world.books.add("2")
    world.work(world.start("1", "2", bundled=True))

    assert world.work(world.start("2"))["2"].state == State.FLAGGED
    assert len(world.cases()) == 1


def test_invoices_of_two_customers_are_never_one_case(world: World) -> None:
    world.books.add("1", code="ACME")
    world.books.add("2", code="OTHER")

    row = world.work(world.start("1", "2", bundled=True))["1"]

    assert row.state == State.FLAGGED
    assert "customer" in row.message


def test_a_run_that_takes_all_says_why_each_other_invoice_is_left_out(world: World) -> None:
    world.books.add("1")
    world.books.add("2", "20 GBP")
    run = world.start_all()

    prepare_import(run.pk)
    rows = world.work(run)

    assert rows["1"].state == State.CREATED
    assert rows["2"].state == State.FLAGGED
    assert rows["2"].finding_codes[0] == "below_minimum"
    assert rows["2"].message


def test_preparing_twice_plans_once(world: World) -> None:
    world.books.add("1")
    run = world.start_all()

    prepare_import(run.pk)
    prepare_import(run.pk)

    assert run.submissions.count() == 1


def test_a_preview_stores_nothing(world: World) -> None:
    world.books.add("1")

    (row,) = [row for instalment in preview(world.connection, None) for row in instalment.rows]

    assert row.may_be_submitted
    assert not Submission.objects.exists()


def test_a_preview_links_what_was_submitted(world: World) -> None:
    world.books.add("1")
    created = world.work(world.start("1"))["1"]

    (row,) = [row for instalment in preview(world.connection, None) for row in instalment.rows]

    assert row.reference == created.case_reference
    assert not row.may_be_submitted


def test_cancelling_sends_nothing_more_and_lets_go_of_the_invoices(world: World) -> None:
    world.books.add("1")
    run = world.start("1")

    assert cancel_import(run) == 1

    assert world.work(run)["1"].state == State.DROPPED
    assert world.cases() == []
    assert world.work(world.start("1"))["1"].state == State.CREATED


def test_what_was_flagged_is_tried_again_after_it_was_put_right(world: World) -> None:
    world.books.add("1", due=None)
    run = world.start("1")
    assert world.work(run)["1"].state == State.FLAGGED
    world.books.remove("1")
    world.books.add("1")

    assert retry_import(run) == 1

    assert world.work(run)["1"].state == State.CREATED


def test_a_rejected_login_stops_the_run_with_its_reason(world: World) -> None:
    world.books.add("1")
    run = world.start("1")
    world.books.failing = [
        NeedsAttention("The password is wrong.", code="wrong_credentials", action="Edit it.")
    ]

    row = world.work(run)["1"]

    assert run.stage == ImportRun.Stage.FAILED
    assert run.problem == "The password is wrong. Edit it."
    assert row.state == State.FLAGGED
    assert row.message.endswith("The password is wrong. Edit it.")
    retry_import(run)
    assert world.work(run)["1"].state == State.CREATED


def test_a_case_without_its_document_is_still_a_case_and_says_so(world: World) -> None:
    world.books.add("1")
    world.books.documents["1"] = None

    row = world.work(world.start("1"))["1"]

    assert row.state == State.CREATED
    assert row.document_attached is False
