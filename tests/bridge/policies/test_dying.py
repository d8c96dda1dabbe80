"""The process dies at any line of an evaluation: there is one import and one log."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database

import arrears.bridge
from arrears.bridge.models import EscalationPolicy, ImportRun, PolicyDecision, PolicyRun, Submission
from tests.bridge import test_crash_points as crash
from tests.bridge.conftest import World
from tests.bridge.policies.kept import MONDAY, RULE, saved, tick
from tests.fakes import Killed

# --- The process dies ---------------------------------------------------------------------------------------

_FOLDER = Path(next(iter(arrears.bridge.__path__)))
_FILES = frozenset(
    str(_FOLDER / f"{name}.py")
    for name in ("evaluate_policy", "end_evaluation", "preview_policy", "start_import", "sweep_policies")
)
_EMPTY = """
delete from bridge_policydecision; delete from bridge_policyrun; delete from bridge_holding;
delete from bridge_submission; delete from bridge_importrun;
delete from procrastinate_events; delete from procrastinate_jobs;
"""


class Story:
    """One policy that comes due with three invoices, one of which only its record rules out."""

    def __init__(self, world: World) -> None:
        self.world = world
        for number in ("1", "2", "3"):
            world.books.add(number)
        listed = {one.invoice.number: one for one in world.books.owed}
        tags = {"1": (), "2": (), "3": ("VIP",)}

        def fresh(numbers: Any) -> dict[str, Any]:
            told = {number: replace(listed[number].debtor, tags=tags[number]) for number in numbers}
            return {number: replace(listed[number], debtor=debtor) for number, debtor in told.items()}

        world.books.fresh = fresh  # type: ignore[method-assign]
        self.policy = saved(world, rule=replace(RULE, excluded_tags=("VIP",)))

    def begin(self) -> None:
        with database.cursor() as cursor:
            cursor.execute(_EMPTY)
        EscalationPolicy.objects.filter(pk=self.policy.pk).update(next_at=MONDAY)

    def play(self) -> None:
        tick(self.world)

    def recover(self) -> None:
        for minutes in range(3):
            tick(self.world, MONDAY + timedelta(minutes=minutes))

    def damage(self) -> list[str]:
        wrong = []
        if PolicyRun.objects.exclude(finished_at=None).count() != 1 or PolicyRun.objects.count() != 1:
            wrong.append(f"{PolicyRun.objects.count()} evaluations")
        if ImportRun.objects.count() != 1 or Submission.objects.count() != 2:
            wrong.append(f"{ImportRun.objects.count()} imports, {Submission.objects.count()} rows")
        if PolicyDecision.objects.count() != 3:
            wrong.append(f"{PolicyDecision.objects.count()} decisions")
        self.policy.refresh_from_db()
        if self.policy.next_at != MONDAY + timedelta(days=1):
            wrong.append(f"next at {self.policy.next_at}")
        return wrong


def test_killed_at_any_line_a_slot_makes_one_import_and_one_log(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash, "_TRACED", _FILES)
    story = Story(committed_world)
    story.begin()
    tracer = crash.Tracer()
    tracer.run(story.play)
    assert story.damage() == []
    moments = tracer.last_lines
    assert len(moments) > 15

    damage = {}
    for moment in moments:
        story.begin()
        try:
            crash.Tracer(moment).run(story.play)
        except Killed:
            crash.forget_connection()
        story.recover()
        damage[moment] = story.damage()

    assert {moment: wrong for moment, wrong in damage.items() if wrong} == {}
