"""Stand-ins for the outside world, in memory: books that can be edited, a clock that can be moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.tracked_index import TrackedIndex
from arrears.bridge.tracked_news import TrackedNews
from arrears.core.claim import Claim
from arrears.core.eligibility import Policy
from arrears.core.invoice import Invoice
from arrears.desk.case_index import DeskCaseIndex
from arrears.desk.case_news import DeskNews
from arrears.desk.collector import DeskCollector
from arrears.ports import (
    Batch,
    Case,
    CaseFile,
    CaseIndex,
    CaseNews,
    Collector,
    Company,
    Control,
    DocumentKind,
    Feed,
    Message,
    Offer,
    Opened,
    OutcomeUnknown,
    Owed,
    Progress,
    Standing,
    TryAgainLater,
)
from tests.builders import RATES, TODAY, a_debtor, an_invoice, some_figures
from tests.far_end import FarEnd, RemoteCollector

PDF = b"%PDF-1.4\n%%EOF\n"


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.instant = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.date()

    def advance(self, by: timedelta) -> None:
        self.instant += by


@dataclass
class FakeBooks:
    """A company's books as a list of invoices. Errors put into `failing` are raised, one a call."""

    owed: list[Owed] = field(default_factory=list)
    company_: Company = field(
        default_factory=lambda: Company("account-1", "Pennine Fasteners Ltd", "GBP", "GB")
    )
    failing: list[Exception] = field(default_factory=list)
    documents: dict[str, bytes | None] = field(default_factory=dict)
    closed: int = 0
    fetched: list[str] = field(default_factory=list)

    def _fail_if_told(self) -> None:
        if self.failing:
            raise self.failing.pop(0)

    def company(self) -> Company:
        self._fail_if_told()
        return self.company_

    def unpaid(self, today: date) -> Iterator[Batch]:
        self._fail_if_told()
        owed = {one.invoice.number: one.invoice.figures.due or Decimal(0) for one in self.owed}
        total = len(self.owed)
        for start in range(0, max(total, 1), 10):
            part = tuple(self.owed[start : start + 10])
            yield Batch(part, Progress(min(start + 10, total), total), Control(owed=owed))

    def fresh(self, numbers: Sequence[str]) -> dict[str, Owed | None]:
        self._fail_if_told()
        self.fetched.extend(numbers)
        by_number = {one.invoice.number: one for one in self.owed}
        return {number: by_number.get(number) for number in numbers}

    def document(self, invoice: Invoice) -> bytes | None:
        return self.documents.get(invoice.number, PDF)

    def close(self) -> None:
        self.closed += 1

    def add(self, number: str, owed: str = "500 GBP", code: str = "ACME", **changes: Any) -> None:
        """Enter one invoice, overdue and sound unless told otherwise."""
        debtor = a_debtor(code=code, name=f"{code.title()} Ltd")
        rate = {} if owed.endswith("GBP") else {"rate": "190"}
        invoice = an_invoice(
            figures=some_figures(owed, **rate), id=f"7{number}", number=number, customer_code=code, **changes
        )
        self.owed.append(Owed(invoice, debtor))

    def change(self, number: str, /, **changes: object) -> None:
        """Edit an invoice, as somebody does while an import is running."""
        at, one = self._find(number)
        self.owed[at] = replace(one, invoice=replace(one.invoice, **changes))  # type: ignore[arg-type]

    def pay(self, number: str) -> None:
        at, one = self._find(number)
        gross = one.invoice.figures.gross or Decimal(0)
        figures = replace(one.invoice.figures, paid=gross, due=Decimal(0))
        fresh = an_invoice(figures=figures, id=one.invoice.id, number=number)
        self.owed[at] = replace(one, invoice=fresh)

    def remove(self, number: str) -> None:
        del self.owed[self._find(number)[0]]

    def _find(self, number: str) -> tuple[int, Owed]:
        return next((at, one) for at, one in enumerate(self.owed) if one.invoice.number == number)


class Killed(BaseException):
    """The process died here. Not an Exception, so that nothing in between can catch it."""


@dataclass
class UnreliableCollector:
    """A collector in front of which requests and answers get lost, in the order of `plan`.

    `lose request`: nothing arrives and nobody can tell; `lose answer`: the case is opened and nobody can
    tell; `refuse connection`: certainly not sent; `own fault`: the collector answers with a fault of its own;
    `die before` and `die after`: this process is killed.
    """

    inner: Collector
    plan: list[str] = field(default_factory=list)
    quiet_period: timedelta = timedelta(seconds=120)
    opens: int = 0
    finds: int = 0
    find_fails: int = 0

    name = "Unreliable"
    host = "unreliable"
    creditor = "1"
    test = False

    def preview(self, claim: Claim, today: date) -> Offer:
        return self.inner.preview(claim, today)

    def open(self, claim: Claim, reference: str, key: str, today: date) -> Opened:
        self.opens += 1
        fault = self.plan.pop(0) if self.plan else ""
        if fault == "lose request":
            raise OutcomeUnknown("The connection was cut.")
        if fault == "own fault":
            raise OutcomeUnknown("The collector reported a fault of its own.", answered=True)
        if fault == "refuse connection":
            raise TryAgainLater("The connection was refused.")
        if fault == "die before":
            raise Killed
        opened = self.inner.open(claim, reference, key, today)
        if fault == "lose answer":
            raise OutcomeUnknown("The answer was lost.")
        if fault == "die after":
            raise Killed
        return opened

    def attach(
        self, case_id: str, name: str, content: bytes, kind: DocumentKind = DocumentKind.INVOICE
    ) -> None:
        self.inner.attach(case_id, name, content, kind)

    @property
    def takes_back(self) -> bool:
        return self.inner.takes_back

    def take_back(self, case_id: str) -> None:
        fault = self.plan.pop(0) if self.plan else ""
        if fault == "die before":
            raise Killed
        self.inner.take_back(case_id)
        if fault == "lose answer":
            raise TryAgainLater("The answer was lost.")
        if fault == "die after":
            raise Killed

    def find(self, reference: str) -> Case | None:
        self.finds += 1
        if self.find_fails:
            self.find_fails -= 1
            raise TryAgainLater("The collector does not answer.")
        return self.inner.find(reference)

    def read(self, case_id: str) -> Case | None:
        return self.inner.read(case_id)

    def cases(self) -> Iterator[Case]:
        return self.inner.cases()

    def changed(self) -> Iterator[Case]:
        return self.inner.changed()

    def case_file(self, case_id: str) -> CaseFile:
        return self.inner.case_file(case_id)

    def say(self, case_id: str, text: str, key: str) -> Message:
        return self.inner.say(case_id, text, key)

    def standing(self) -> Standing:
        return self.inner.standing()


class FakeAdapters:
    """bridge.adapters.Adapters over fake books, the real desk and a far end. One world at a time."""

    clock = FakeClock()
    fake_books = FakeBooks()
    wrapped: Collector | None = None
    far_end = FarEnd()
    #: What stands in for the desk's index of cases, where it must misbehave.
    desk_index: CaseIndex | None = None

    @classmethod
    def fresh(cls) -> type[FakeAdapters]:
        cls.clock, cls.fake_books, cls.wrapped, cls.far_end = FakeClock(), FakeBooks(), None, FarEnd()
        cls.desk_index = None
        return cls

    def books(self, connection: Connection, word: SecretStr | None = None) -> FakeBooks:
        return self.fake_books

    def forget(self, connection: Connection) -> None:
        self.fake_books.close()

    def collector(self, organisation: int, account: CollectorAccount | None) -> Collector:
        if self.wrapped is not None:
            return self.wrapped
        return self.remote(account) if account is not None else DeskCollector(organisation, self.clock)

    def feed(self, account: CollectorAccount) -> Feed:
        return self.remote(account)

    def remote(self, account: CollectorAccount) -> RemoteCollector:
        return RemoteCollector(self.far_end, account, self.clock)

    def case_indexes(self, organisation: int) -> tuple[CaseIndex, CaseIndex]:
        return self.desk_index or DeskCaseIndex(organisation), TrackedIndex(organisation)

    def case_news(self, organisation: int) -> tuple[CaseNews, ...]:
        return (DeskNews(organisation), TrackedNews(organisation))

    def policy(self) -> Policy:
        return Policy(rates=RATES)
