"""One connection whose books show payments on a case at a collector elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from pytest_django import Settings

from arrears.bridge import tracked
from arrears.bridge.find_paid_elsewhere import find_paid_elsewhere
from arrears.bridge.models import Connection, ImportRun, PaidElsewhere, Submission
from arrears.core.invoice import Outstanding
from arrears.core.submission import State
from tests.bridge.elsewhere import TrackingAdapters
from tests.bridge.tracking_world import Tracking, tracking_world
from tests.builders import money, some_figures
from tests.fakes import FakeBooks

PAID_ON = date(2026, 11, 20)


@dataclass
class Paid:
    """Books with an invoice of £500, and a case for it at the collector elsewhere."""

    tracking: Tracking
    connection: Connection
    books: FakeBooks

    def submitted(
        self, *numbers: str, case_id: str = "c1", at_desk: bool = False, **changes: Any
    ) -> Submission:
        """Invoices of £500 each in one open case."""
        now = self.tracking.clock.now()
        for number in numbers:
            self.books.add(number)
        run = ImportRun.objects.create(
            organisation=self.connection.organisation,
            connection=self.connection,
            company_name="Pennine Fasteners Ltd",
            collector=None if at_desk else self.tracking.account,
            form_id=uuid4(),
            started_at=now,
        )
        owed = f"{500 * len(numbers)} GBP"
        case = (TrackingAdapters.desk if at_desk else self.tracking.elsewhere).opens(case_id, owed)
        if not at_desk:
            tracked.remember(self.tracking.account, case, now)
        known: dict[str, Any] = {
            "organisation": self.connection.organisation,
            "source": self.connection.source,
            "account": self.connection.account,
            "invoice_ids": [f"7{number}" for number in numbers],
            "invoice_numbers": list(numbers),
            "reference": f"AR-{case_id}",
            "state": State.CREATED,
            "case_id": case_id,
            "created_at": now,
            "changed_at": now,
        }
        return Submission.objects.create(run=run, **known | changes)

    def pays(self, number: str, left: str) -> None:
        """So much is left of the invoice, by the books."""
        gross, owed = Decimal(500), money(left)
        figures = replace(some_figures("500 GBP"), paid=gross - owed.amount, due=owed.amount)
        self.books.change(number, figures=figures, outstanding=Outstanding(owed, ""), last_payment=PAID_ON)

    def states(self, **changes: Any) -> None:
        """The collector elsewhere says something new about the case, and we have read it."""
        self.tracking.clock.advance(timedelta(minutes=1))
        case = self.tracking.elsewhere.changes("c1", **changes)
        tracked.remember(self.tracking.account, case, self.tracking.clock.now())

    def look(self) -> list[PaidElsewhere]:
        """Look again, and give what waits for a person."""
        find_paid_elsewhere(self.connection)
        return list(PaidElsewhere.objects.filter(reported_at=None, dismissed_at=None))


@contextmanager
def paid_world(settings: Settings) -> Iterator[Paid]:
    with tracking_world(settings) as tracking:
        connection = Connection.objects.create(
            organisation=tracking.account.organisation,
            base_url="http://127.0.0.1:1/v2",
            username="books@pennine.example",
            account="account-1",
            company_name="Pennine Fasteners Ltd",
            home_currency="GBP",
            created_at=tracking.clock.now(),
        )
        yield Paid(tracking, connection, TrackingAdapters.fake_books)
