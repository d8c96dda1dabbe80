"""A world with one organisation, one connection to fake books, and the real desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from pydantic import SecretStr
from pytest_django import Settings

from arrears.bridge.adapters import adapters
from arrears.bridge.connect_collector import KeyForm, connect_collector
from arrears.bridge.ledger import Picked
from arrears.bridge.models import CollectorAccount, Connection, ImportRun, Submission
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.submit import submit
from arrears.bridge.sweep import sweep
from arrears.bridge.track_cases import track_cases
from arrears.desk.collector import DeskCollector
from arrears.desk.partners.seed_network import seed_network
from arrears.ports import Case, Collector
from arrears.sandbox.client import Sandbox, start_sandbox
from tests.bridge.account import Account, account_at
from tests.bridge.paid_world import Paid, paid_world
from tests.bridge.tracking_world import Tracking, tracking_world
from tests.builders import TODAY
from tests.connections import a_connection
from tests.fakes import FakeAdapters, FakeBooks, FakeClock, UnreliableCollector
from tests.far_end import FarEnd, RemoteCollector


@dataclass
class World:
    """Everything a story about imports needs."""

    connection: Connection
    books: FakeBooks
    clock: FakeClock
    far_end: FarEnd
    #: Where cases go; none means our own desk.
    account: CollectorAccount | None = None

    @property
    def organisation(self) -> int:
        return self.connection.organisation_id

    def connect(self, key: str = "key-1", *, test: bool = False) -> CollectorAccount:
        """Connect a collector at the far end, and send the next cases there."""
        self.far_end.key(key)
        self.account = connect_collector(self.organisation, a_form(key, test=test))
        return self.account

    def start(self, *numbers: str, bundled: bool = False) -> ImportRun:
        groups = [[Picked(f"7{number}", number)] for number in numbers]
        if bundled:
            groups = [[picked for group in groups for picked in group]]
        return start_import(self.connection, Order(uuid4(), groups, collector=self.account))

    def start_all(self) -> ImportRun:
        return start_import(self.connection, Order(uuid4(), None, collector=self.account))

    def work(self, run: ImportRun) -> dict[str, Submission]:
        """Do the run's submissions as a worker would, and give them by their first invoice number."""
        ids = list(run.submissions.values_list("pk", flat=True))
        if ids:
            submit(run.pk, min(ids), max(ids))
        run.refresh_from_db()
        return self.rows(run)

    def rows(self, run: ImportRun) -> dict[str, Submission]:
        return {row.invoice_numbers[0]: row for row in run.submissions.all()}

    def cases(self) -> list[Case]:
        if self.account is not None:
            return [case for _, case in self.far_end.cases]
        return list(DeskCollector(self.organisation, self.clock).cases())

    def unreliable(self, *plan: str) -> UnreliableCollector:
        """Put an unreliable line between us and the collector."""
        FakeAdapters.wrapped = UnreliableCollector(self.collector(), list(plan))
        return FakeAdapters.wrapped

    def collector(self) -> Collector:
        """The collector itself, at our end of the line."""
        if self.account is not None:
            return RemoteCollector(self.far_end, self.account, self.clock)
        return DeskCollector(self.organisation, self.clock)

    def take_up(self, run: ImportRun) -> dict[str, Submission]:
        """What a worker does after a crash or a wait: sweep, then do what was queued."""
        sweep()
        return self.work(run)


def a_form(key: str, *, test: bool = False, waits: bool = True) -> KeyForm:
    return KeyForm(SecretStr(key), "https://far.example/", test=test, waits_for_signature=waits)


@pytest.fixture
def world(transactional_db: None, settings: Settings) -> Iterator[World]:
    fakes = FakeAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    seed_network(TODAY)
    yield World(a_connection(fakes.clock.now()), fakes.fake_books, fakes.clock, fakes.far_end)
    adapters.cache_clear()


@pytest.fixture
def tracking(db: None, settings: Settings) -> Iterator[Tracking]:
    with tracking_world(settings) as tracking:
        yield tracking


@pytest.fixture
def paid(db: None, settings: Settings) -> Iterator[Paid]:
    with paid_world(settings) as paid:
        yield paid


@pytest.fixture
def subscribed(tracking: Tracking) -> Tracking:
    """Subscribed, with everything read."""
    tracking.watch()
    track_cases(tracking.account.pk)
    tracking.elsewhere.asked.clear()
    return tracking


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_sandbox(invoices=50, seed=7) as running:
        yield running


@pytest.fixture
def account(transactional_db: None, sandbox: Sandbox) -> Iterator[Account]:
    with account_at(sandbox) as account:
        yield account
