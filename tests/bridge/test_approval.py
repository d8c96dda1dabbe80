"""Imports above the organisation's limit hold their invoices, and send nothing until somebody else agrees."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.accounts.audit import Action, Who, acting_as
from arrears.accounts.models import AuditEntry, Organisation, User
from arrears.bridge.approve_import import approve_import
from arrears.bridge.cancel_import import cancel_import
from arrears.bridge.decline_import import decline_import
from arrears.bridge.disconnect import disconnect
from arrears.bridge.ledger import Picked, seen_of
from arrears.bridge.models import EscalationPolicy, Holding, ImportRun, Submission
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.retry_import import retry_import
from arrears.bridge.settle_review import Decision, settle_review
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.sweep import sweep
from arrears.core.submission import State
from arrears.ports import NeedsAttention
from tests.bridge.conftest import World

Stage = ImportRun.Stage


def limited(world: World, limit: str = "1000", currency: str = "GBP") -> None:
    Organisation.objects.filter(pk=world.organisation).update(
        approval_limit=Decimal(limit), limit_currency=currency
    )


def person(email: str) -> int:
    return User.objects.create_user(email, "a long enough sentence").pk


def asked(world: World, *amounts: str, by: int | None = None, **order: object) -> ImportRun:
    """An import of invoices 1, 2, … as they were seen on the page."""
    groups = []
    for number, amount in enumerate(amounts, start=1):
        world.books.add(str(number), amount)
        groups.append([Picked(f"7{number}", str(number), seen_of(world.books.owed[-1].invoice))])
    return start_import(world.connection, Order(uuid4(), groups, **order), by)  # type: ignore[arg-type]


def sent(world: World, run: ImportRun) -> bool:
    world.work(run)
    sweep()
    world.work(run)
    return bool(world.cases())


# --- What waits ---------------------------------------------------------------------------------------------


def test_an_import_up_to_the_limit_starts_at_once_and_keeps_what_it_comes_to(world: World) -> None:
    limited(world)
    run = asked(world, "400 GBP", "600 GBP")
    assert (run.stage, run.waits_because) == (Stage.SUBMITTING, "")
    assert run.totals == [["GBP", 2, "1000.00"]]


def test_an_import_above_the_limit_holds_its_invoices_and_sends_nothing(world: World) -> None:
    limited(world)
    run = asked(world, "400 GBP", "600.01 GBP")
    assert run.stage == Stage.AWAITING
    assert run.needs_second_person
    assert run.waits_because == "It comes to £1,000.01, which is more than the limit of £1,000.00."
    assert not ProcrastinateJob.objects.exists()
    assert Holding.objects.count() == 2
    assert not sent(world, run)
    assert sweep() == 0
    assert not ProcrastinateJob.objects.exists()


def test_without_a_limit_nothing_waits(world: World) -> None:
    assert asked(world, "9999999 GBP").stage == Stage.SUBMITTING


def test_other_currencies_are_converted_by_dated_rates(world: World) -> None:
    limited(world)
    run = asked(world, "400 GBP", "1000 EUR")
    assert run.stage == Stage.AWAITING
    assert "rates of 20 November 2026" in run.waits_because
    assert run.totals == [["GBP", 1, "400.00"], ["EUR", 1, "1000.00"]]


def test_a_currency_without_a_rate_waits_however_small(world: World) -> None:
    limited(world)
    assert "no exchange rate" in asked(world, "1 KPW").waits_because


@pytest.mark.parametrize(
    "seen", ["", "nonsense", "-5000.00 GBP ACME", "0 GBP ACME", "1 XYZ ACME", "NaN GBP A"]
)
def test_an_amount_that_was_not_seen_waits(world: World, seen: str) -> None:
    limited(world)
    world.books.add("1", "10 GBP")
    groups = [[Picked("71", "1", seen)]]
    assert start_import(world.connection, Order(uuid4(), groups)).stage == Stage.AWAITING


def test_naming_less_than_is_owed_does_not_get_past_the_limit(world: World) -> None:
    limited(world)
    world.books.add("1", "5000 GBP")
    run = start_import(world.connection, Order(uuid4(), [[Picked("71", "1", "10.00 GBP ACME")]]))
    assert run.stage == Stage.SUBMITTING
    assert world.work(run)["1"].state == State.FLAGGED
    assert world.cases() == []


def test_a_run_that_looks_for_its_invoices_itself_waits_before_it_reads(world: World) -> None:
    limited(world)
    world.books.add("1")
    run = world.start_all()
    assert run.stage == Stage.AWAITING
    prepare_import(run.pk)
    assert not run.submissions.exists()
    assert approve_import(run, person("boss@pennine.example")).stage == Stage.PREPARING
    prepare_import(run.pk)
    assert world.work(run)["1"].state == State.CREATED


def test_an_import_all_of_which_is_taken_elsewhere_does_not_wait(world: World) -> None:
    limited(world)
    first = asked(world, "5000 GBP")
    groups = [[Picked("71", "1", "5000.00 GBP ACME")]]
    second = start_import(world.connection, Order(uuid4(), groups))
    assert (first.stage, second.stage) == (Stage.AWAITING, Stage.FINISHED)


def test_an_order_that_says_why_it_waits_needs_no_second_person(world: World) -> None:
    owner = person("owner@pennine.example")
    run = asked(world, "10 GBP", by=owner, waits_because="Prepared by a policy.")
    assert (run.stage, run.waits_because) == (Stage.AWAITING, "Prepared by a policy.")
    assert not run.needs_second_person
    assert approve_import(run, owner).stage == Stage.SUBMITTING


def test_whoever_made_a_policy_is_not_the_second_person_for_what_it_prepares(world: World) -> None:
    limited(world)
    maker, boss = person("owner@pennine.example"), person("boss@pennine.example")
    policy = EscalationPolicy.objects.create(
        organisation_id=world.organisation,
        connection=world.connection,
        name="Old ones",
        days_overdue=60,
        created_by_id=maker,
        created_at=world.clock.now(),
    )
    run = asked(world, "5000 GBP", policy=policy)

    with pytest.raises(NeedsAttention, match="somebody else"):
        approve_import(run, maker)
    assert approve_import(run, boss).stage == Stage.SUBMITTING


# --- Approve and decline ------------------------------------------------------------------------------------


def test_somebody_else_approves_and_the_cases_are_opened(world: World) -> None:
    limited(world)
    starter, boss = person("finance@pennine.example"), person("boss@pennine.example")
    run = asked(world, "5000 GBP", by=starter)

    with pytest.raises(NeedsAttention, match="somebody else"):
        approve_import(run, starter)
    assert not sent(world, run)

    with acting_as(Who("boss@pennine.example", boss)):
        approve_import(run, boss)

    assert (run.stage, run.approved_by_id, run.approved_at) == (Stage.SUBMITTING, boss, world.clock.now())
    assert world.work(run)["1"].state == State.CREATED
    assert run.stage == Stage.FINISHED
    entries = AuditEntry.objects.filter(subject=f"run {run.pk}").order_by("pk")
    assert [entry.action for entry in entries] == [Action.IMPORT_STARTED, Action.IMPORT_APPROVED]
    assert entries[1].who == "boss@pennine.example"
    assert "1 case, £5,000.00" in entries[1].text


def test_who_was_let_in_before_it_needed_a_second_person_does_not_approve_it(world: World) -> None:
    run = asked(world, "400 GBP", waits_because="Prepared for somebody to look at.")
    ImportRun.objects.update(needs_second_person=True)
    with pytest.raises(NeedsAttention) as refused:
        approve_import(run, person("finance@pennine.example"))
    assert refused.value.code == "not_waiting"
    assert ImportRun.objects.get().stage == Stage.AWAITING


def test_declining_frees_the_invoices_and_says_who_and_why(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    assert decline_import(run, person("boss@pennine.example"), "  They pay\nnext week ") == 1
    assert run.stage == Stage.CANCELLED
    assert run.problem == "Declined by boss@pennine.example: They pay next week."
    assert world.rows(run)["1"].state == State.DROPPED
    assert not Holding.objects.exists()
    assert not sent(world, run)
    with pytest.raises(NeedsAttention, match="not waiting"):
        approve_import(run, None)


def test_declining_without_a_reason_decides_nothing(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    with pytest.raises(NeedsAttention, match="says why"):
        decline_import(run, None, " \n ")
    run.refresh_from_db()
    assert run.stage == Stage.AWAITING


def test_what_waits_can_be_cancelled(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    assert cancel_import(run) == 1
    assert (run.stage, Holding.objects.count()) == (Stage.CANCELLED, 0)


def test_removing_the_connection_ends_what_waits(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    disconnect(world.connection)
    run.refresh_from_db()
    assert run.stage == Stage.FAILED
    assert not Holding.objects.exists()
    assert sweep() == 0
    with pytest.raises(NeedsAttention):
        approve_import(run, None)


# --- At once ------------------------------------------------------------------------------------------------


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all at one moment; `done` or why not, for each."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        try:
            start.wait(timeout=30)
            deed()
            return "done"
        except NeedsAttention as reason:
            return reason.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_two_approvers_at_once_approve_once(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    bosses = [person(f"boss{number}@pennine.example") for number in range(4)]

    came = at_once(
        *(lambda boss=boss: approve_import(ImportRun.objects.get(pk=run.pk), boss) for boss in bosses)
    )

    assert sorted(came) == ["done", "not_waiting", "not_waiting", "not_waiting"]
    assert ProcrastinateJob.objects.filter(args__run_id=run.pk).count() == 1
    assert AuditEntry.objects.filter(action=Action.IMPORT_APPROVED).count() == 1
    world.work(run)
    assert len(world.cases()) == 1


@pytest.mark.parametrize("time", range(5))
def test_of_approving_and_declining_at_once_one_wins(world: World, time: int) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    boss = person("boss@pennine.example")

    came = at_once(
        lambda: approve_import(ImportRun.objects.get(pk=run.pk), boss),
        lambda: decline_import(ImportRun.objects.get(pk=run.pk), boss, "No."),
    )

    assert sorted(came) == ["done", "not_waiting"]
    world.work(run)
    approved = came[0] == "done"
    assert len(world.cases()) == (1 if approved else 0)
    assert run.stage == (Stage.FINISHED if approved else Stage.CANCELLED)


# --- Tried again --------------------------------------------------------------------------------------------


def test_trying_again_does_not_get_past_the_limit(world: World) -> None:
    limited(world)
    starter = person("finance@pennine.example")
    run = asked(world, "900 GBP", by=starter)
    world.books.remove("1")
    world.books.add("1", "90000 GBP")
    assert world.work(run)["1"].state == State.FLAGGED

    retry_import(run, starter)

    assert run.stage == Stage.AWAITING
    assert run.needs_second_person
    assert not sent(world, run)
    with pytest.raises(NeedsAttention, match="somebody else"):
        approve_import(run, starter)
    approve_import(run, person("boss@pennine.example"))
    assert world.work(run)["1"].state == State.CREATED


def test_whoever_tries_it_again_is_not_the_second_person(world: World) -> None:
    limited(world)
    boss = person("boss@pennine.example")
    run = asked(world, "900 GBP", by=person("finance@pennine.example"))
    world.books.remove("1")
    world.work(run)
    retry_import(run, boss)
    with pytest.raises(NeedsAttention, match="somebody else"):
        approve_import(run, boss)


def test_what_was_agreed_to_and_only_stopped_goes_on_without_being_asked_again(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    approve_import(run, person("boss@pennine.example"))
    world.books.failing = [NeedsAttention("Locked.", code="locked", action="Unlock it.")]
    assert world.work(run)["1"].state == State.FLAGGED

    retry_import(run)

    assert run.stage == Stage.SUBMITTING
    assert world.work(run)["1"].state == State.CREATED


def test_what_stopped_is_still_compared_with_what_was_agreed_to(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    approve_import(run, person("boss@pennine.example"))
    world.books.failing = [NeedsAttention("Locked.", code="locked", action="Unlock it.")]
    world.work(run)
    world.books.remove("1")
    world.books.add("1", "90000 GBP")

    retry_import(run)

    assert world.work(run)["1"].finding_codes == ["changed"]
    assert world.cases() == []


def test_a_run_that_waits_is_not_tried_again(world: World) -> None:
    limited(world)
    run = asked(world, "5000 GBP")
    assert retry_import(run) == 0
    assert run.stage == Stage.AWAITING


def test_a_row_under_review_that_is_tried_again_waits_too(world: World) -> None:
    limited(world)
    starter = person("finance@pennine.example")
    run = asked(world, "900 GBP", by=starter)
    Submission.objects.update(state=State.REVIEW, due_at=None)
    settle_review(run.submissions.get(), Decision.TRY_AGAIN, starter)
    run.refresh_from_db()
    assert (run.stage, run.asked_by_id) == (Stage.AWAITING, starter)
    assert not sent(world, run)


# --- The engine ---------------------------------------------------------------------------------------------


def test_a_lost_answer_is_still_looked_up_while_the_rest_waits(world: World) -> None:
    """A row that was sent before must end known, whatever waits beside it."""
    limited(world)
    world.unreliable("lose answer")
    run = asked(world, "500 GBP", "400 GBP")
    world.books.remove("2")
    rows = world.work(run)
    assert (rows["1"].state, rows["2"].state) == (State.AMBIGUOUS, State.FLAGGED)
    retry_import(run)
    assert run.stage == Stage.AWAITING
    ProcrastinateJob.objects.all().delete()
    world.clock.advance(world.unreliable().quiet_period)

    assert sweep() == 1

    rows = world.work(run)
    assert (rows["1"].state, rows["2"].state) == (State.CREATED, State.PLANNED)
