"""B4–B8, B20, B25 and B26: being asked to wait, faults of the other side's own, refusals, and the budget."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from arrears.bridge import jobs, ledger, lost_answers
from arrears.bridge.adapters import adapters
from arrears.bridge.call_budget import DatabaseCallBudget
from arrears.bridge.models import ImportRun
from arrears.bridge.retry_import import retry_import
from arrears.connectors import transport
from arrears.connectors.debitura import opened
from arrears.core.submission import MOST_FAULTS, State
from tests.debitura.faults import AnswerLost, Busy, Wait, status
from tests.debitura.limits import Limits
from tests.debitura.model import Model, Unique
from tests.faults.careless import anything
from tests.faults.catalogue import fault
from tests.faults.test_b_lost_and_late import OPEN
from tests.faults.world import World

#: No wait that was asked for is longer than this.
LONGEST_WAIT = timedelta(minutes=10)


def does_not_read_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "retry_after", anything)


def waits_for_ever_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def uncapped(headers: dict[str, str]) -> timedelta | None:
        text = headers.get("retry-after", "")
        return timedelta(seconds=int(text)) if text.isdigit() else None

    monkeypatch.setattr(transport, "retry_after", uncapped)


def does_not_read_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "retry_after_in", anything)


def tries_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_wait", lambda *_: 1)


def counts_no_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_answers, "MOST_FAULTS", 1_000)


def takes_duplicates_for_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "_DUPLICATES", frozenset())


def keeps_the_generation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_raise_generations", anything)


def counts_calls_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every process, and here every account, believes to be alone with its key."""
    subject = DatabaseCallBudget.__init__

    def alone(self: DatabaseCallBudget, named: str, clock: object) -> None:
        subject(self, f"{id(self):064x}", clock)  # type: ignore[arg-type]

    monkeypatch.setattr(DatabaseCallBudget, "__init__", alone)


@fault("B4", does_not_read_the_header)
def test_b4_asked_to_wait_so_many_seconds(world: World) -> None:
    """Asked to wait so many seconds nothing is sent before they have passed, whatever it is for."""
    for number in ("1", "2", "3"):
        world.invoice(number, code=f"D{number}")
    world.fake.fails(Busy(Wait.SECONDS, 90), OPEN)

    world.run("1", "2", "3")

    world.assert_opened_once("1", "2", "3")
    assert world.fake.ledger.early_calls == []


@fault("B5", waits_for_ever_when_told_to)
def test_b5_asked_to_wait_in_odd_ways(world: World) -> None:
    """A date is understood, nonsense is not waited for, and no wait is longer than ten minutes."""
    ways = (Wait.DATE, Wait.PAST, Wait.GARBAGE, Wait.NEGATIVE, Wait.TEN_YEARS)
    for number, way in enumerate(ways, 1):
        world.invoice(str(number), code=f"D{number}")
        world.fake.fails(Busy(way, 90), OPEN)
        began = world.clock.now()
        run = world.start(str(number))
        world.work()
        row = world.row(str(number))
        assert row.state == State.INTENT
        assert row.message, "why it waits is shown"
        assert row.due_at is not None
        assert timedelta(0) < row.due_at - began <= LONGEST_WAIT, way

        world.settle()

        world.assert_opened_once(str(number))
        run.refresh_from_db()
        assert run.stage == ImportRun.Stage.FINISHED
    assert world.fake.ledger.early_calls == []


@fault("B6", does_not_read_the_body)
def test_b6_asked_to_wait_in_the_body_alone(world: World) -> None:
    """Seconds that only the body tells are waited for."""
    for number in ("1", "2"):
        world.invoice(number, code=f"D{number}")
    world.fake.fails(Busy(Wait.BODY, 80), OPEN)

    world.run("1", "2")

    world.assert_opened_once("1", "2")
    assert world.fake.ledger.early_calls == []


@fault("B7", tries_again_at_once)
def test_b7_the_other_side_is_broken_for_ten_minutes(world: World) -> None:
    """While the other side is broken it is asked less and less often, and the import goes on by itself."""
    for number in ("1", "2"):
        world.invoice(number, code=f"D{number}")
    end = world.clock.now() + timedelta(minutes=10)
    world.fake.fails(status(502), times=None, until=end - timedelta(minutes=5))
    world.fake.fails(Busy(Wait.SECONDS, 20, status=503), times=None, until=end)

    world.run("1", "2")

    world.assert_opened_once("1", "2")
    assert world.fake.ledger.early_calls == []
    broken = [call for call in world.fake.ledger.calls if call.fault]
    assert 0 < len(broken) <= 60


@fault("B8", counts_no_faults)
def test_b8_a_stored_fault_is_given_for_ever(world: World) -> None:
    """After three faults under one key, and no case, a person decides."""
    world.fake.model = Model(stores_500=True)
    world.fake.fails(status(500), OPEN)
    world.invoice("1")

    world.run("1")

    assert world.opens() == MOST_FAULTS
    row = world.row("1")
    assert row.state == State.REVIEW
    assert row.message
    assert world.fake.ledger.committed == []


@fault("B20", takes_duplicates_for_refusals)
def test_b20_the_reference_is_taken(world: World) -> None:
    """Told in any words that the reference is taken, the case is found, compared and adopted, or reviewed."""
    number = 0
    for name in ("DuplicateReference", "DuplicateCreditorReference", "duplicate_creditor_reference"):
        for code in (400, 409, 422):
            number += 1
            world.fake.model = Model(
                key_window=None,
                guards_twins=False,
                reference=Unique.CHECKED,
                lookup_lag=timedelta(minutes=8),
                duplicate_name=name,
                duplicate_status=code,
            )
            world.fake.fails(AnswerLost(), OPEN)
            world.invoice(str(number), code=f"D{number}")

            world.run(str(number))

            world.assert_opened_once(str(number))
            assert world.opens() == 2 * number, "it was asked for again and refused"

    world.fake.fails(AnswerLost(), OPEN)
    world.invoice("99")
    world.start("99")
    world.work()
    world.fake.case(world.row("99").reference).body["debtor"]["name"] = "Somebody Else Ltd"
    world.settle()
    assert world.row("99").state == State.REVIEW


@fault("B25", keeps_the_generation)
def test_b25_the_refusal_is_stored_although_the_contract_was_signed(world: World) -> None:
    """After a signature nothing is sent again by itself; a person's retry goes out and opens one case."""
    world.account.waits_for_signature = False
    world.account.save()
    adapters.cache_clear()
    world.fake.account.signed = False
    world.invoice("1")
    run = world.start("1")
    world.settle()
    row = world.row("1")
    assert row.state == State.NEEDS_ACTION
    assert row.action_url.startswith("https://")

    world.fake.sign(world.fake.account)
    world.wait(timedelta(hours=2))
    assert world.opens() == 1
    retry_import(run)
    world.settle()

    world.assert_opened_once("1")
    assert world.opens() == 2


@fault("B26", counts_calls_in_memory)
def test_b26_everybody_shares_the_budget_of_one_key(world: World, settings: Settings) -> None:
    """However many share one key, it is never asked for more than it may, and everything is opened."""
    neighbour = world.neighbour()
    world.clock.advance(timedelta(days=2))
    world.fake.limits = Limits(per_minute=10, per_hour=25, per_day=40)
    settings.ARREARS_DEBITURA_PER_MINUTE = 10
    settings.ARREARS_DEBITURA_PER_HOUR = 25
    settings.ARREARS_DEBITURA_PER_DAY = 40
    numbers = [str(number) for number in range(1, 13)]
    for number in numbers:
        world.invoice(number, code=f"D{number}")

    for number in numbers:
        world.start(number)
        neighbour.start(number)
    world.settle()

    assert world.fake.ledger.self_made_429 == 0
    assert len(world.fake.ledger.committed) == 2 * len(numbers)
