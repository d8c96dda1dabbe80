"""Anything that people, faults and time may do to imports, in any order, against rules that always hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection as database
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.bridge.cancel_import import cancel_import
from arrears.bridge.ledger import Picked
from arrears.bridge.models import Holding, ImportRun, Submission
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.retry_import import retry_import
from arrears.bridge.settle_review import Decision, settle_review
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.submit import submit
from arrears.bridge.sweep import sweep
from arrears.core.submission import HOLDING, RESTING, State
from arrears.ports import NeedsAttention, TryAgainLater
from tests.bridge.conftest import World
from tests.fakes import FakeBooks, Killed, UnreliableCollector

_EMPTY = """
delete from desk_task; delete from desk_disclosure; delete from desk_assignment; delete from desk_inforequest;
delete from desk_document; delete from desk_caseevent; delete from desk_case;
delete from bridge_trackedcase; delete from bridge_holding; delete from bridge_submission;
delete from bridge_importrun;
delete from procrastinate_events; delete from procrastinate_jobs;
"""

NUMBERS = [str(number) for number in range(1, 7)]
FAULTS = ["", "", "lose request", "lose answer", "own fault", "refuse connection", "die before", "die after"]
A_DAY_AND_A_BIT = timedelta(hours=25)


class Imports(RuleBasedStateMachine):
    """Six invoices of two customers, imported, paid, edited, cancelled and retried while the line fails."""

    world: World  # given by the test

    def __init__(self) -> None:
        super().__init__()
        with database.cursor() as cursor:
            cursor.execute(_EMPTY)
        self.books: FakeBooks = self.world.books
        self.books.owed.clear()
        self.books.failing.clear()
        self.world.far_end.cases.clear()
        self.line: UnreliableCollector = self.world.unreliable()
        #: Every amount that each invoice has ever had: a case may carry any that was true when it was sent.
        self.amounts: dict[str, set[Decimal]] = {}
        self.next_number = 100
        for number in NUMBERS:
            self._enter(number, number, "500")

    def _enter(self, number: str, key: str, amount: str) -> None:
        code = "ACME" if int(key) % 2 else "OTHER"
        self.books.add(number, f"{amount} GBP", code=code)
        self.books.change(number, id=f"7{key}")
        self.amounts.setdefault(f"7{key}", set()).add(Decimal(amount))

    def _number_of(self, key: str) -> str | None:
        return next((one.invoice.number for one in self.books.owed if one.invoice.id == f"7{key}"), None)

    # --- People in KashFlow ---------------------------------------------------------------------------------

    @rule(key=st.sampled_from(NUMBERS))
    def pay(self, key: str) -> None:
        if number := self._number_of(key):
            self.books.pay(number)

    @rule(key=st.sampled_from(NUMBERS), amount=st.sampled_from(["20", "300", "500", "700"]))
    def edit(self, key: str, amount: str) -> None:
        number = self._number_of(key)
        if number:
            self.books.remove(number)
        self._enter(number or key, key, amount)

    @rule(key=st.sampled_from(NUMBERS))
    def delete(self, key: str) -> None:
        if number := self._number_of(key):
            self.books.remove(number)

    @rule(key=st.sampled_from(NUMBERS))
    def renumber(self, key: str) -> None:
        if number := self._number_of(key):
            self.next_number += 1
            self.books.change(number, number=str(self.next_number))

    # --- People in Arrears ----------------------------------------------------------------------------------

    @rule(keys=st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4), bundled=st.booleans())
    def import_some(self, keys: list[str], bundled: bool) -> None:
        picked = [Picked(f"7{key}", self._number_of(key) or key) for key in keys]
        groups = [picked] if bundled else [[one] for one in picked]
        start_import(self.world.connection, Order(uuid4(), groups, collector=self.world.account))

    @rule(bundles=st.booleans())
    def import_all(self, bundles: bool) -> None:
        order = Order(uuid4(), None, bundles, collector=self.world.account)
        start_import(self.world.connection, order)

    @rule(chance=st.randoms(use_true_random=False))
    def cancel(self, chance: st.DataObject) -> None:
        for run in self._one_run(chance):
            cancel_import(run)

    @rule(chance=st.randoms(use_true_random=False))
    def retry(self, chance: st.DataObject) -> None:
        for run in self._one_run(chance):
            retry_import(run)

    @rule(decision=st.sampled_from(Decision))
    def settle(self, decision: Decision) -> None:
        row = Submission.objects.filter(state=State.REVIEW).first()
        if row is not None:
            with suppress(NeedsAttention, TryAgainLater):
                settle_review(row, decision)

    def _one_run(self, chance: st.DataObject) -> list[ImportRun]:
        runs = list(ImportRun.objects.order_by("pk"))
        return [chance.choice(runs)] if runs else []  # type: ignore[attr-defined]

    # --- Machines -------------------------------------------------------------------------------------------

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=3))
    def work(self, faults: list[str]) -> None:
        self.line.plan[:] = faults
        with suppress(Killed):
            self._work()
        self.line.plan.clear()

    @rule(
        error=st.sampled_from(
            [
                TryAgainLater("KashFlow does not answer."),
                NeedsAttention("The password is wrong.", code="wrong_credentials", action="Edit it."),
            ]
        )
    )
    def work_while_the_books_fail(self, error: Exception) -> None:
        self.books.failing[:] = [error]
        self._work()
        self.books.failing.clear()

    @rule(minutes=st.sampled_from([1, 3, 15, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.advance(timedelta(minutes=minutes))
        sweep()

    def _work(self) -> None:
        for job in ProcrastinateJob.objects.order_by("pk"):
            with suppress(TryAgainLater):
                (prepare_import if job.task_name == "prepare_import" else submit)(**job.args)
                with database.cursor() as cursor:
                    cursor.execute("delete from procrastinate_events where job_id = %s", [job.id])
                    cursor.execute("delete from procrastinate_jobs where id = %s", [job.id])

    # --- What always holds ----------------------------------------------------------------------------------

    @invariant()
    def no_invoice_is_in_two_cases(self) -> None:
        ids = dict(Submission.objects.values_list("reference", "invoice_ids"))
        counted = Counter(one for case in self.world.cases() for one in ids[case.creditor_reference])
        assert {one: count for one, count in counted.items() if count > 1} == {}

    @invariant()
    def what_is_shown_as_created_is_a_case_of_an_amount_that_was_true(self) -> None:
        cases = {case.reference: case for case in self.world.cases()}
        for row in Submission.objects.filter(state=State.CREATED):
            assert cases[row.case_reference].creditor_reference == row.reference
        for case in cases.values():
            (ids, *_) = Submission.objects.filter(reference=case.creditor_reference).values_list(
                "invoice_ids", flat=True
            )
            possible = {Decimal(0)}
            for one in ids:
                possible = {total + amount for total in possible for amount in self.amounts[one]}
            assert case.principal.amount in possible

    @invariant()
    def invoices_are_held_exactly_by_what_may_have_a_case(self) -> None:
        held = Counter(Holding.objects.values_list("submission_id", flat=True))
        rows = {row.pk: len(row.invoice_ids) for row in Submission.objects.filter(state__in=HOLDING)}
        assert dict(held) == rows

    @invariant()
    def what_is_not_at_rest_has_something_due(self) -> None:
        assert not Submission.objects.exclude(state__in=RESTING).filter(due_at=None).exists()

    def teardown(self) -> None:
        """The faults stop and time passes: everything comes to rest, and no case is unknown."""
        self.line.plan.clear()
        self.books.failing.clear()
        for _ in range(12):
            self.world.clock.advance(A_DAY_AND_A_BIT)
            sweep()
            self._work()
        assert not ProcrastinateJob.objects.exists()
        assert not Submission.objects.exclude(state__in=RESTING).exists()
        under_way = [ImportRun.Stage.PREPARING, ImportRun.Stage.SUBMITTING]
        assert not ImportRun.objects.filter(stage__in=under_way).exists()
        known = set(
            Submission.objects.filter(state__in=[State.CREATED, State.REVIEW]).values_list(
                "reference", flat=True
            )
        )
        dropped = set(
            Submission.objects.filter(message="Dropped by hand.").values_list("reference", flat=True)
        )
        assert {case.creditor_reference for case in self.world.cases()} <= known | dropped


@pytest.fixture(params=["our desk", "elsewhere"])
def machine(request: pytest.FixtureRequest, world: World) -> Iterator[type[Imports]]:
    if request.param == "elsewhere":
        world.connect()
    Imports.world = world
    yield Imports
    del Imports.world


def test_whatever_happens_in_whatever_order_the_rules_hold(machine: type[Imports]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
