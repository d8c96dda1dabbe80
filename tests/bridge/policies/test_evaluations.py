"""An evaluation takes what qualifies, prepares the batch, and says why not the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.accounts.models import AuditEntry, Organisation
from arrears.bridge.models import Holding, ImportRun, PolicyDecision, PolicyRun
from tests.bridge.conftest import World
from tests.bridge.policies.kept import MONDAY, RULE, decisions, saved, tick
from tests.builders import TODAY, money

# --- Evaluating ---------------------------------------------------------------------------------------------


def test_an_evaluation_takes_what_qualifies_and_says_why_not_the_rest(world: World) -> None:
    world.books.add("1")
    world.books.add("2", "100 GBP")
    world.books.add("3", due=TODAY - timedelta(days=5))
    saved(world)

    tick(world)

    evaluation = PolicyRun.objects.get()
    assert decisions(evaluation) == {"1": [], "2": ["below_policy_minimum"], "3": ["too_young"]}
    assert (evaluation.slot, evaluation.taken, evaluation.left) == (MONDAY, 1, 2)
    assert evaluation.finished_at == MONDAY
    run = evaluation.import_run
    assert run is not None
    assert [row.invoice_numbers for row in run.submissions.all()] == [["1"]]
    assert AuditEntry.objects.filter(action="evaluated a policy").get().text == (
        "The policy “Sixty days” took 1 of 3 unpaid invoices."
    )


def test_a_batch_waits_for_a_person_and_nothing_is_sent(world: World) -> None:
    world.books.add("1")
    policy = saved(world)

    tick(world)

    run = ImportRun.objects.get()
    assert run.stage == ImportRun.Stage.AWAITING
    assert run.waits_because == ("The policy “Sixty days” prepared 1 case, £500.00, for somebody to look at.")
    assert run.policy == policy
    assert Holding.objects.filter(invoice_id="71").exists()
    assert not ProcrastinateJob.objects.filter(task_name="submit_chunk").exists()


def test_a_policy_that_submits_opens_the_cases_itself(world: World) -> None:
    world.books.add("1")
    world.books.add("2")
    saved(world, submits=True, rule=replace(RULE, ceiling=money("5000 GBP")))

    tick(world)

    run = ImportRun.objects.get()
    assert run.stage == ImportRun.Stage.SUBMITTING
    world.work(run)
    assert len(world.cases()) == 2


def test_a_policy_that_submits_takes_no_more_than_its_ceiling_and_the_rest_next_time(world: World) -> None:
    for number in ("1", "2", "3"):
        world.books.add(number, due=TODAY - timedelta(days=100 + int(number)))
    saved(world, submits=True, rule=replace(RULE, ceiling=money("1000 GBP")))

    tick(world)
    assert decisions(PolicyRun.objects.get()) == {"1": ["ceiling"], "2": [], "3": []}

    tick(world, MONDAY + timedelta(days=1))
    assert decisions(PolicyRun.objects.latest("slot")) == {"1": [], "2": ["submitted"], "3": ["submitted"]}


def test_a_policy_that_submits_still_waits_above_the_organisations_limit(world: World) -> None:
    Organisation.objects.filter(pk=world.organisation).update(approval_limit=Decimal(400))
    world.books.add("1")
    saved(world, submits=True, rule=replace(RULE, ceiling=money("5000 GBP")))

    tick(world)

    run = ImportRun.objects.get()
    assert run.stage == ImportRun.Stage.AWAITING
    assert run.needs_second_person


def test_invoices_of_one_customer_are_bundled_where_the_policy_says_so(world: World) -> None:
    world.books.add("1")
    world.books.add("2")
    world.books.add("3", code="OTHER")
    saved(world, bundles=True)

    tick(world)

    rows = ImportRun.objects.get().submissions.all()
    assert sorted(sorted(row.invoice_numbers) for row in rows) == [["1", "2"], ["3"]]


def test_with_nothing_to_take_there_is_a_log_and_no_import(world: World) -> None:
    world.books.add("1", "100 GBP")
    saved(world)

    tick(world)

    assert PolicyRun.objects.get().import_run is None
    assert PolicyDecision.objects.count() == 1
    assert not ImportRun.objects.exists()


def test_the_log_holds_no_name_and_no_amount(world: World) -> None:
    world.books.add("1", "100 GBP", code="SECRETIVE")
    world.books.add("2", "20 GBP", code="SECRETIVE")
    saved(world)

    tick(world)

    for one in PolicyDecision.objects.all():
        told = f"{one.reason} {one.codes}".casefold()
        assert "secretive" not in told
        assert "100" not in told


def test_a_case_goes_to_the_collector_that_the_policy_names(world: World) -> None:
    world.books.add("1")
    account = world.connect()
    saved(world)

    tick(world)

    assert ImportRun.objects.get().collector == account
