"""A world for faults: real verbs, real database, the real connector, and a faulty far end in its own time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from django.db import connection as database
from django.db import connections
from django.db.models import Min
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from pydantic import SecretStr

from arrears.accounts.models import Organisation
from arrears.bridge import jobs, queue
from arrears.bridge.adapters import adapters
from arrears.bridge.call_budget import DatabaseCallBudget, subject_of
from arrears.bridge.collector_key import StoredApiKey
from arrears.bridge.connect_collector import KeyForm, connect_collector
from arrears.bridge.handle_receipts import handle_receipts
from arrears.bridge.ledger import Picked, unfinished
from arrears.bridge.models import CollectorAccount, Connection, ImportRun, Submission
from arrears.bridge.prepare_import import prepare_import
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.submit import submit
from arrears.bridge.sweep import sweep
from arrears.bridge.track_cases import track_cases
from arrears.bridge.watch_feed import watch_feed
from arrears.connectors.debitura import DebituraCollector
from arrears.connectors.debitura.caller import LONGEST_TURN
from arrears.connectors.transport import Transport
from arrears.core.eligibility import Policy
from arrears.core.submission import RESTING
from arrears.ports import Company, TryAgainLater
from arrears.wiring import ConfiguredAdapters
from tests.builders import RATES
from tests.debitura.clock import VirtualClock
from tests.debitura.limits import Limits
from tests.debitura.model import Model
from tests.debitura.server import BASE_URL, KEY, FakeDebitura
from tests.debitura.transport import FakeTransport
from tests.fakes import FakeBooks
from tests.simulation.books import PaperlessBooks
from tests.simulation.damage import Damage, Held, damage

#: More jobs, and more waits, than any story needs.
_MOST_JOBS = 400
_MOST_WAITS = 60

_VERBS: dict[str, Callable[..., object]] = {
    "prepare_import": prepare_import,
    "submit_chunk": submit,
    queue.HANDLE_RECEIPTS: handle_receipts,
    queue.TRACK_CASES: track_cases,
    queue.WATCH_FEED: watch_feed,
}

_COMPANY = Company("account-1", "Pennine Fasteners Ltd", "GBP", "GB")


class PatientBudget(DatabaseCallBudget):
    """The budget itself; a wait that the connector would sleep through moves the clock instead."""

    def take(self) -> timedelta:
        wait = super().take()
        while timedelta(0) < wait <= LONGEST_TURN:
            FaultyAdapters.far_end.clock.advance(wait)
            wait = super().take()
        return wait


class FaultyAdapters(ConfiguredAdapters):
    """The wiring of real use, with books in memory and the network in the hands of the test."""

    far_end = FakeDebitura()
    fake_books: FakeBooks = PaperlessBooks()
    #: What is made in place of the line to the stand-in.
    transport: Callable[[], Transport] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.clock = self.far_end.clock

    def _line(self) -> Transport:
        make = type(self).transport
        return make() if make is not None else FakeTransport(self.far_end)

    @classmethod
    def fresh(cls, fake: FakeDebitura) -> None:
        cls.far_end, cls.fake_books, cls.transport = fake, PaperlessBooks(), None

    def books(self, connection: Connection, word: SecretStr | None = None) -> FakeBooks:
        return replace(self.fake_books, company_=replace(_COMPANY, account=connection.account))

    def forget(self, connection: Connection) -> None:
        """There is no session."""

    def policy(self) -> Policy:
        return Policy(rates=RATES)

    def _open_debitura(self, account: CollectorAccount) -> DebituraCollector:
        host = account.base_url.removeprefix("https://")
        return DebituraCollector(
            StoredApiKey(account, self.clock),
            base_url=account.base_url,
            creditor=account.creditor,
            test=account.test,
            waits_for_signature=account.waits_for_signature,
            budget=PatientBudget(subject_of(host, account.creditor, "unproven"), self.clock),
            transport=self._line(),
        )


@dataclass
class World:
    """One organisation with books, cases that go to Debitura, and the stand-in behind it."""

    fake: FakeDebitura
    connection: Connection
    account: CollectorAccount
    held: dict[str, set[Held]] = field(default_factory=lambda: defaultdict(set))

    @property
    def clock(self) -> VirtualClock:
        assert isinstance(self.fake.clock, VirtualClock)
        return self.fake.clock

    @property
    def books(self) -> FakeBooks:
        return FaultyAdapters.fake_books

    @property
    def organisation(self) -> int:
        return self.connection.organisation_id

    @property
    def collector(self) -> DebituraCollector:
        found = adapters().collector(self.organisation, self.account)
        assert isinstance(found, DebituraCollector)
        return found

    def neighbour(self) -> World:
        """Another organisation with books of its own, that came by the same key."""
        connection, account = _an_organisation(self.fake, "account-2", test=False)
        return replace(self, connection=connection, account=account)

    # --- Books --------------------------------------------------------------------------------------------

    def invoice(self, number: str, owed: str = "500 GBP", code: str = "ACME", **changes: Any) -> None:
        """Enter an invoice that is overdue and sound."""
        self.books.add(number, owed, code, **changes)
        self._note(number)

    def owe(self, number: str, owed: str) -> None:
        """Change what is owed on an invoice, as a part payment does."""
        position, one = next(
            (at, one) for at, one in enumerate(self.books.owed) if one.invoice.number == number
        )
        self.books.add(number, owed, one.debtor.code)
        self.books.owed[position] = replace(self.books.owed.pop(), debtor=one.debtor)
        self._note(number)

    def _note(self, number: str) -> None:
        for one in self.books.owed:
            money = one.invoice.outstanding.money
            if one.invoice.number == number and money:
                self.held[number].add((one.debtor.name, Decimal(money.amount), money.currency))

    # --- Imports ------------------------------------------------------------------------------------------

    def start(self, *numbers: str, bundled: bool = False) -> ImportRun:
        """Order cases for some invoices, or one for all of them together."""
        groups = [[Picked(f"7{number}", number)] for number in numbers]
        if bundled:
            groups = [[picked for group in groups for picked in group]]
        return start_import(self.connection, Order(uuid4(), groups, collector=self.account))

    def start_ids(self, ids: Mapping[str, str]) -> ImportRun:
        """Order a case for each invoice, by number and id, where the ids are odd."""
        groups = [[Picked(invoice, number)] for number, invoice in ids.items()]
        return start_import(self.connection, Order(uuid4(), groups, collector=self.account))

    def work(self) -> None:
        """Do what is queued, as a worker does; what asks to be tried again is tried again after a while."""
        attempts: Counter[int] = Counter()
        # Jobs outlive the tests that queued them: nothing empties the engine's tables.
        mine = ProcrastinateJob.objects.filter(task_name__in=_VERBS)
        for _ in range(_MOST_JOBS):
            job = mine.order_by("-priority", "pk").first()
            if job is None:
                return
            try:
                _VERBS[job.task_name](**job.args)
            except TryAgainLater as reason:
                wait = jobs._wait(reason, cast("Job", SimpleNamespace(attempts=attempts[job.id])))
                attempts[job.id] += 1
                self.clock.advance(timedelta(seconds=wait))
            else:
                self._forget(job)
        raise AssertionError("The work never ends.")

    def _forget(self, job: ProcrastinateJob) -> None:
        with database.cursor() as cursor:
            cursor.execute("delete from procrastinate_events where job_id = %s", [job.id])
            cursor.execute("delete from procrastinate_jobs where id = %s", [job.id])

    def wait(self, by: timedelta) -> None:
        """Let time pass, and then do what has come due."""
        self.clock.advance(by)
        self.fake.settle()
        sweep()
        self.work()

    def settle(self) -> None:
        """Do what is due and wait for what is not, until nothing is left to do and nothing can come late."""
        for _ in range(_MOST_WAITS):
            sweep()
            self.work()
            waiting = unfinished(Submission.objects.all())
            due = waiting.aggregate(first=Min("due_at"))["first"]
            if due is None:
                break
            self.clock.advance_to(max(due, self.clock.now() + timedelta(seconds=1)))
        self.clock.advance(timedelta(hours=1))
        self.fake.settle()

    def restart(self) -> None:
        """What the death of a process leaves: no memory, and a connection that the server rolls back."""
        raw = database.connection
        if raw is not None:
            raw.close()
        del connections["default"]
        adapters.cache_clear()

    def over(self, make: Callable[[], Transport]) -> None:
        """From now on the collector is reached over another line."""
        FaultyAdapters.transport = make
        adapters.cache_clear()

    def run(self, *numbers: str, bundled: bool = False) -> dict[str, Submission]:
        """Import some invoices to the end, whatever it takes."""
        run = self.start(*numbers, bundled=bundled)
        self.settle()
        return self.rows(run)

    def rows(self, run: ImportRun | None = None) -> dict[str, Submission]:
        """Submissions by their first invoice number, the latest of each."""
        rows = Submission.objects.filter(run=run) if run else Submission.objects.all()
        return {row.invoice_numbers[0]: row for row in rows.order_by("pk")}

    def row(self, number: str) -> Submission:
        return self.rows()[number]

    # --- What came of it ----------------------------------------------------------------------------------

    def damage(self) -> Damage:
        return damage(self.fake.ledger, Submission.objects.all(), self.held)

    def assert_opened_once(self, *numbers: str) -> None:
        """Each of the invoices has exactly one case, we know which, and nothing else went wrong."""
        rows = self.rows()
        references = [case.reference for case in self.fake.ledger.committed]
        for number in numbers:
            row = rows[number]
            assert references.count(row.reference) == 1, (number, references)
            assert row.state == "created", (number, row.state, row.message)
            assert row.case_id == self.fake.case(row.reference).id, number
        assert not self.damage(), self.damage()

    def assert_at_rest(self) -> None:
        assert [row for row in self.rows().values() if row.state not in RESTING] == []

    def opens(self) -> int:
        """How often a case was asked for."""
        return len(self.fake.ledger.calls_to("POST /cases"))


def a_world(model: Model | None = None, *, limits: Limits | None = None, test: bool = False) -> World:
    """A world whose collector was connected as a person connects it."""
    fake = FakeDebitura(model=model, limits=limits)
    FaultyAdapters.fresh(fake)
    adapters.cache_clear()
    return World(fake, *_an_organisation(fake, "account-1", test=test))


def _an_organisation(fake: FakeDebitura, books: str, *, test: bool) -> tuple[Connection, CollectorAccount]:
    organisation = Organisation.objects.create(name="Pennine", created_at=fake.now)
    connection = Connection.objects.create(
        organisation=organisation,
        base_url="http://127.0.0.1:1/v2",
        username="books@pennine.example",
        account=books,
        company_name="Pennine Fasteners Ltd",
        home_currency="GBP",
        created_at=fake.now,
    )
    return connection, connect_collector(organisation.pk, a_form(test=test))


def a_form(key: str = KEY, *, test: bool = False, waits: bool = True) -> KeyForm:
    return KeyForm(SecretStr(key), BASE_URL, test=test, waits_for_signature=waits)
