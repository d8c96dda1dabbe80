"""Escalation policies: kept, refused, paused and removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from arrears.accounts.models import AuditEntry
from arrears.bridge.models import EscalationPolicy, ImportRun, PolicyDecision, PolicyRun
from arrears.bridge.pause_all_policies import pause_all_policies
from arrears.bridge.pause_policy import pause_policy
from arrears.bridge.remove_policy import remove_policy
from arrears.bridge.resume_policy import resume_policy
from arrears.bridge.save_policy import PolicyRefused, save_policy
from tests.bridge.conftest import World
from tests.bridge.policies.kept import MONDAY, RULE, a_form, saved, tick
from tests.builders import money
from tests.connections import a_connection

# --- Keeping a policy ---------------------------------------------------------------------------------------


def test_a_policy_is_kept_with_its_next_time(world: World) -> None:
    policy = saved(world)

    policy.refresh_from_db()
    assert policy.next_at == MONDAY
    assert policy.rule == RULE
    assert policy.summary.startswith("Every weekday at 07:00: invoices of Pennine")
    assert AuditEntry.objects.get(action="changed a policy").text.startswith("Made the policy “Sixty days”.")


def test_a_policy_is_changed_in_place(world: World) -> None:
    policy = saved(world)

    changed = save_policy(
        world.organisation, a_form(world, name="Seventy", hour=22, weekdays=(6,)), policy.pk
    )

    assert changed.pk == policy.pk
    assert EscalationPolicy.objects.get().name == "Seventy"
    assert changed.next_at == datetime(2026, 11, 22, 22, tzinfo=UTC)


def test_changing_a_paused_policy_leaves_it_paused(world: World) -> None:
    policy = saved(world)
    pause_policy(policy)

    assert save_policy(world.organisation, a_form(world), policy.pk).next_at is None


@pytest.mark.parametrize(
    ("field", "said", "changes"),
    [
        ("name", "Give the policy a name", {"name": "  "}),
        ("name", "at most 80", {"name": "x" * 81}),
        ("weekdays", "at least one day", {"weekdays": ()}),
        ("weekdays", "at least one day", {"weekdays": (7,)}),
        ("hour", "Choose an hour", {"hour": 24}),
        ("ceiling", "without one nothing is opened", {"submits": True}),
        ("ceiling", "above zero", {"rule": replace(RULE, ceiling=money("0 GBP"))}),
        ("ceiling", "could ever be taken", {"rule": replace(RULE, ceiling=money("249 GBP"))}),
        ("days_overdue", "from 1 to 3,650", {"rule": replace(RULE, days_overdue=0)}),
        ("days_overdue", "from 1 to 3,650", {"rule": replace(RULE, days_overdue=3651)}),
        ("minimum", "least amount", {"rule": replace(RULE, minimum=money("-1 GBP"))}),
        ("currency", "three letters", {"rule": replace(RULE, minimum=money("1 QQQ"))}),
        ("reminders_sent", "at most 3", {"rule": replace(RULE, reminders_sent=4)}),
        ("excluded_customers", "at most 200", {"rule": replace(RULE, excluded_customers=("X",) * 201)}),
        ("excluded_tags", "at most 60", {"rule": replace(RULE, excluded_tags=("X" * 61,))}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(
    world: World, field: str, said: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(PolicyRefused) as refused:
        saved(world, **changes)

    assert list(refused.value.problems) == [field]
    assert said in refused.value.problems[field]
    assert not EscalationPolicy.objects.exists()
    assert not AuditEntry.objects.exists()


def test_every_problem_is_told_at_once(world: World) -> None:
    with pytest.raises(PolicyRefused) as refused:
        saved(world, name="", weekdays=(), submits=True)

    assert list(refused.value.problems) == ["name", "ceiling", "weekdays"]


def test_a_connection_that_asks_for_the_memorable_word_has_no_policies(world: World) -> None:
    world.connection.asks_for_word = True

    with pytest.raises(PolicyRefused, match=r"memorable word of Pennine.*is asked for each time"):
        saved(world)


def test_anothers_connection_collector_and_policy_are_not_there(world: World) -> None:
    theirs = a_connection(world.clock.now())
    assert theirs.organisation_id != world.organisation
    account = world.connect()
    account.organisation = theirs.organisation
    account.save()
    policy = save_policy(theirs.organisation_id, a_form(world, connection=theirs, collector=None))

    with pytest.raises(PolicyRefused) as refused:
        saved(world, connection=theirs)

    assert set(refused.value.problems) == {"connection", "collector"}
    with pytest.raises(EscalationPolicy.DoesNotExist):
        save_policy(world.organisation, a_form(world, collector=None), policy.pk)


# --- Pausing and removing -----------------------------------------------------------------------------------


def test_a_paused_policy_is_not_evaluated_and_makes_up_for_nothing(world: World) -> None:
    world.books.add("1")
    policy = saved(world)
    pause_policy(policy)

    tick(world, MONDAY + timedelta(days=3))
    assert not PolicyRun.objects.exists()

    resume_policy(policy)
    tick(world, MONDAY + timedelta(days=3))
    assert not PolicyRun.objects.exists()
    policy.refresh_from_db()
    assert policy.next_at == MONDAY + timedelta(days=4)
    assert [one.text for one in AuditEntry.objects.order_by("pk")][1:] == [
        "Paused the policy “Sixty days”.",
        "Resumed the policy “Sixty days”.",
    ]


def test_pausing_all_pauses_this_organisations_only(world: World) -> None:
    theirs = a_connection(world.clock.now())
    other = save_policy(theirs.organisation_id, a_form(world, connection=theirs))
    first, second = saved(world), saved(world)
    pause_policy(second)

    assert pause_all_policies(world.organisation) == 1
    assert pause_all_policies(world.organisation) == 0

    first.refresh_from_db()
    other.refresh_from_db()
    assert first.next_at is None
    assert first.paused_at is not None
    assert other.paused_at is None


def test_pausing_and_resuming_twice_is_noted_once(world: World) -> None:
    policy = saved(world)
    for verb in (pause_policy, pause_policy, resume_policy, resume_policy):
        verb(policy)

    assert AuditEntry.objects.count() == 3


def test_a_removed_policy_takes_its_log_along_and_leaves_its_imports(world: World) -> None:
    world.books.add("1")
    policy = saved(world)
    tick(world)

    remove_policy(policy)

    assert not PolicyDecision.objects.exists()
    assert ImportRun.objects.get().policy is None
    tick(world, MONDAY + timedelta(days=1))
    assert not PolicyRun.objects.exists()
