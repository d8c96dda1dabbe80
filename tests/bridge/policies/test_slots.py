"""A slot is evaluated once, and whatever is in the way is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.accounts.models import AuditEntry
from arrears.bridge.end_evaluation import end_evaluation
from arrears.bridge.evaluate_policy import evaluate_policy
from arrears.bridge.models import ImportRun, PolicyDecision, PolicyRun
from arrears.bridge.pause_all_policies import pause_all_policies
from arrears.bridge.pause_policy import pause_policy
from arrears.bridge.remove_policy import remove_policy
from arrears.bridge.save_policy import save_policy
from arrears.bridge.sweep_policies import KEPT, sweep_policies
from arrears.ports import NeedsAttention, TryAgainLater
from tests.bridge.conftest import World
from tests.bridge.policies.kept import MONDAY, RULE, a_form, forget, saved, tick, work_policies

# --- When ---------------------------------------------------------------------------------------------------


def test_a_slot_is_evaluated_once_however_often_it_is_queued(world: World) -> None:
    world.books.add("1")
    policy = saved(world)

    for _ in range(3):
        tick(world)
        evaluate_policy(policy.pk, MONDAY)

    assert PolicyRun.objects.count() == ImportRun.objects.count() == 1


def test_missed_slots_are_made_up_for_by_one_evaluation(world: World) -> None:
    world.books.add("1")
    policy = saved(world)

    tick(world, MONDAY + timedelta(days=10))
    tick(world, MONDAY + timedelta(days=10, minutes=1))

    assert [run.slot for run in PolicyRun.objects.all()] == [MONDAY]
    policy.refresh_from_db()
    assert policy.next_at == MONDAY + timedelta(days=11)


def test_nothing_is_evaluated_before_its_time(world: World) -> None:
    world.books.add("1")
    policy = saved(world)

    tick(world, MONDAY - timedelta(seconds=1))
    evaluate_policy(policy.pk, MONDAY)

    assert not PolicyRun.objects.exists()


def test_a_slot_that_the_policy_no_longer_has_is_not_evaluated(world: World) -> None:
    policy = saved(world)
    world.clock.instant = MONDAY
    save_policy(world.organisation, a_form(world, hour=9), policy.pk)

    evaluate_policy(policy.pk, MONDAY)

    assert not PolicyRun.objects.exists()


def test_a_policy_whose_evaluation_is_not_done_is_not_begun_again(world: World) -> None:
    saved(world)
    world.clock.instant = MONDAY
    sweep_policies()
    world.books.failing = [TryAgainLater("KashFlow does not answer.")]
    with pytest.raises(TryAgainLater):
        work_policies()

    world.clock.instant = MONDAY + timedelta(days=1)
    with database.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")
    sweep_policies()
    assert ProcrastinateJob.objects.count() == 1
    forget(ProcrastinateJob.objects.get().id)
    sweep_policies()
    assert [job.args["slot"] for job in ProcrastinateJob.objects.all()] == [MONDAY.isoformat()]

    work_policies()
    tick(world, MONDAY + timedelta(days=1))
    assert PolicyRun.objects.exclude(finished_at=None).count() == 2


def test_logs_are_forgotten_after_ninety_days(world: World) -> None:
    world.books.add("1", "100 GBP")
    policy = saved(world)
    tick(world)
    pause_policy(policy)

    tick(world, MONDAY + KEPT)
    assert PolicyDecision.objects.exists()

    tick(world, MONDAY + KEPT + timedelta(seconds=1))
    assert not PolicyRun.objects.exists()


# --- When something is in the way ---------------------------------------------------------------------------


def test_what_needs_attention_is_written_down_with_the_evaluation(world: World) -> None:
    saved(world)
    world.books.failing = [NeedsAttention("The password is wrong.", code="wrong", action="Enter it again.")]

    tick(world)

    evaluation = PolicyRun.objects.get()
    assert evaluation.problem == "The password is wrong. Enter it again."
    assert evaluation.finished_at is not None
    assert not ImportRun.objects.exists()
    assert "prepared nothing. The password is wrong." in AuditEntry.objects.latest("pk").text


def test_a_collector_that_is_gone_is_written_down_and_leaves_no_half_log(world: World) -> None:
    world.books.add("1")
    account = world.connect()
    saved(world)
    account.removed_at = world.clock.now()
    account.save()

    tick(world)

    assert "removed" in PolicyRun.objects.get().problem
    assert not PolicyDecision.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_connection_that_asks_for_the_word_since_is_written_down(world: World) -> None:
    saved(world)
    world.connection.asks_for_word = True
    world.connection.save()

    tick(world)

    assert "memorable word" in PolicyRun.objects.get().problem


def test_while_the_books_do_not_answer_it_is_tried_again(world: World) -> None:
    world.books.add("1")
    policy = saved(world)
    world.books.failing = [TryAgainLater("KashFlow does not answer.")]
    with pytest.raises(TryAgainLater):
        tick(world)
    assert PolicyRun.objects.get().finished_at is None

    evaluate_policy(policy.pk, MONDAY)

    assert PolicyRun.objects.get().taken == 1


def test_an_evaluation_ends_once(world: World) -> None:
    world.books.add("1")
    saved(world)
    tick(world)

    end_evaluation(PolicyRun.objects.get().pk, "Given up.")

    assert PolicyRun.objects.get().problem == ""


@pytest.mark.parametrize("deed", ["paused", "changed", "removed"])
def test_what_somebody_does_while_it_is_evaluated_counts(world: World, deed: str) -> None:
    world.books.add("1")
    policy = saved(world)
    read = world.books.unpaid

    def unpaid(today: Any) -> Any:
        if deed == "paused":
            pause_all_policies(world.organisation)
        elif deed == "changed":
            rule = replace(RULE, excluded_customers=("ACME",))
            save_policy(world.organisation, a_form(world, rule=rule), policy.pk)
        else:
            remove_policy(policy)
        return read(today)

    world.books.unpaid = unpaid  # type: ignore[method-assign]

    tick(world)

    assert not ImportRun.objects.exists()
    assert not PolicyDecision.objects.exists()
    problems = [run.problem for run in PolicyRun.objects.all()]
    assert [deed in problem for problem in problems] == ([] if deed == "removed" else [True])
