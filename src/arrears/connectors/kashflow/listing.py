"""Everything unpaid: which requests are made, in which order, and how the result is held against itself.

KashFlow's list has no "changed since", its rows can move between pages while it is read, and its status
filter is not documented. So the whole list is read, sorted by number, and classified here; the unpaid
report serves as control.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from arrears.connectors.kashflow import protocol, wire
from arrears.connectors.kashflow.debtors import Credits, Debtors
from arrears.connectors.kashflow.errors import RequestRefused
from arrears.connectors.kashflow.mapping import credit_in, invoice_from, is_settled
from arrears.connectors.kashflow.pages import Pages
from arrears.connectors.kashflow.session import Session
from arrears.connectors.kashflow.together import as_they_come, both, together
from arrears.core.claim import older_than
from arrears.core.invoice import is_unpaid
from arrears.ports import Batch, Company, Control, NeedsAttention, Owed, Progress, TryAgainLater

#: Older debts are time-barred or soon will be, unless something was paid since: only the detail tells.
_DETAIL_AFTER_MONTHS = 54
_PAGES_IN_PROGRESS = 12
_DETAILS_IN_A_BATCH = 25


@dataclass(frozen=True, slots=True)
class Report:
    """The unpaid report, as the control for consumers and as the list of whom it names."""

    control: Control
    rows: tuple[wire.ReportRow, ...] = field(default=(), repr=False)

    @property
    def adds_up(self) -> bool:
        """Whether it can stand in for the list: all of it could be read and makes its own total."""
        control = self.control
        whole = control.complete and len(control.owed) == len(self.rows)
        return whole and control.total in (None, sum(control.owed.values(), Decimal(0)))


class Listing:
    """One reading of everything unpaid on `today`."""

    def __init__(self, session: Session, company: Callable[[], Awaitable[Company]], today: date) -> None:
        self._session = session
        self._company_of = company
        self._today = today
        self._pages = Pages(session)
        self._credits = Credits()
        self._remarks: list[str] = []
        self._home_currency = ""
        self._control = Control()
        self._report_adds_up = False
        self._unlisted: set[str] = set()
        self._seen_details = 0

    async def batches(self) -> AsyncIterator[Batch]:
        """The batches, in the order in which they are complete; the last carries the closing remarks."""
        (report, company), _ = await both(both(self._report(), self._company()), self._pages.begin())
        self._home_currency = company.home_currency
        self._control = report.control
        self._report_adds_up = report.adds_up
        self._unlisted = set(report.control.owed)
        for row in report.rows:
            if row.owed is not None and row.owed < 0:
                self._credits.note(row.customer_code, row.number, -row.owed)
        self._debtors = Debtors(self._session, company.country or "GB", self._credits, strict=False)
        try:
            codes = {row.customer_code.strip() for row in report.rows if row.owed}
            await self._debtors.read_list_if_cheaper(codes)
            batches = self._by_report() if self._report_is_short() else self._by_list()
            async for batch in batches:
                yield batch
            self._remarks += [*self._pages.remarks, *self._debtors.late_credits()]
            yield self._batch([])
        finally:
            await self._debtors.close()

    # --- which way ------------------------------------------------------------------------------------------

    def _report_is_short(self) -> bool:
        """Whether reading just the invoices on the report takes far fewer requests than the whole list."""
        owed, pages = len(self._control.owed), self._pages.count
        return self._report_adds_up and pages is not None and owed * 2 <= pages

    async def _by_report(self) -> AsyncIterator[Batch]:
        numbers = list(self._control.owed)
        self._pages.total = len(numbers)
        for start in range(0, len(numbers), _DETAILS_IN_A_BATCH):
            yield await self._from_details(numbers[start : start + _DETAILS_IN_A_BATCH])

    async def _by_list(self) -> AsyncIterator[Batch]:
        while True:
            if self._pages.count is None:
                async for rows in self._pages.linked():
                    yield await self._from_rows(rows)
            else:
                numbers = range(1, self._pages.count + 1)
                async for batch in as_they_come(numbers, self._from_page, _PAGES_IN_PROGRESS):
                    yield batch
            if not self._pages.must_read_again():
                break
            await self._pages.begin()
        missing = [number for number in self._control.owed if number in self._unlisted]
        if missing:
            yield await self._from_details(missing)

    # --- from rows to what is owed --------------------------------------------------------------------------

    async def _from_page(self, number: int) -> Batch:
        return await self._from_rows(await self._pages.rows(number))

    async def _from_rows(self, rows: Iterable[wire.Listed]) -> Batch:
        open_rows = []
        for row in rows:
            self._unlisted.discard(row.number.strip())
            if (credit := credit_in(row)) is not None:
                self._credits.note(row.customer_code, row.number, credit)
            if not is_settled(row):
                open_rows.append(row.invoice())
        return self._batch(await together(self._owed(row) for row in open_rows))

    async def _from_details(self, numbers: list[str]) -> Batch:
        return self._batch(await together(self._owed_by_number(number) for number in numbers))

    async def _owed_by_number(self, number: str) -> Owed | None:
        """An invoice that only the report names; one that cannot be read must not go missing unnoticed."""
        self._seen_details += 1
        try:
            row = await self._session.ask(protocol.invoice_request(number), protocol.read_invoice)
        except RequestRefused as error:
            self._remarks.append(f"Invoice {number} is on the unpaid report but could not be read: {error}")
            return None
        if row is None:
            self._remarks.append(_moved(number))
            return None
        return await self._as_owed(row, complete=True)

    async def _owed(self, row: wire.Invoice) -> Owed | None:
        if not self._wants_detail(row):
            return await self._as_owed(row, complete=False)
        try:
            detail = await self._session.ask(
                protocol.invoice_request(row.number.strip()), protocol.read_invoice
            )
        except (TryAgainLater, RequestRefused) as error:
            self._remarks.append(f"Invoice {row.number} could not be read in full: {error}")
            return await self._as_owed(row, complete=False)
        if detail is not None and detail.id is None:
            detail = detail.model_copy(update={"id": row.id})
        if detail is None or (row.id is not None and detail.id != row.id):
            self._remarks.append(_moved(row.number))
            return None
        return await self._as_owed(detail, complete=True)

    def _wants_detail(self, row: wire.Invoice) -> bool:
        """Old debts, and rows whose amount cannot be told: mostly because they lack their currency."""
        if not row.number.strip():
            return False
        if row.due and older_than(row.due, _DETAIL_AFTER_MONTHS, self._today):
            return True
        return bool(invoice_from(row, self._home_currency, complete=False).outstanding.problem)

    async def _as_owed(self, row: wire.Invoice, complete: bool) -> Owed | None:
        if is_settled(row):
            return None
        invoice = invoice_from(row, self._home_currency, complete)
        if not is_unpaid(invoice, self._today):
            return None
        return Owed(invoice, await self._debtors.of(row))

    def _batch(self, found: Iterable[Owed | None]) -> Batch:
        owed = tuple(entry for entry in found if entry is not None)
        remarks, self._remarks = tuple(self._remarks + self._debtors.remarks), []
        self._debtors.remarks = []
        progress = Progress(self._pages.seen + self._seen_details, self._pages.total)
        return Batch(owed, progress, self._control, remarks)

    # --- what comes first -----------------------------------------------------------------------------------

    async def _company(self) -> Company:
        return await self._company_of()

    async def _report(self) -> Report:
        """The unpaid report, or the reason why there is none: the list can do without."""
        try:
            report = await self._session.ask(protocol.unpaid_report_request(), protocol.read_unpaid_report)
        except TryAgainLater as error:
            return Report(Control(complete=False, problem=f"The unpaid report could not be read: {error}"))
        except NeedsAttention as error:
            if error.code not in ("permission_missing", "request_refused"):
                raise
            return Report(Control(complete=False, problem=f"The unpaid report could not be read: {error}"))
        owed = {row.number.strip(): row.owed for row in report.rows if row.number and row.owed is not None}
        return Report(Control(owed, report.total), report.rows)


def _moved(number: str) -> str:
    return (
        f"Invoice {number} was deleted or renumbered while the list was being read. "
        "Fetch the invoices again to see how it stands now."
    )
