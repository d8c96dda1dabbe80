"""The pages of the invoice list: each row handed out once, and the whole held against its own total.

Seen in the wild: rows that appear on two pages or on none while the list is being read, page sizes smaller
than asked for, next links without host or in a loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from arrears.connectors.kashflow import protocol, wire
from arrears.connectors.kashflow.errors import RequestRefused
from arrears.connectors.kashflow.session import Session
from arrears.connectors.kashflow.together import both
from arrears.connectors.kashflow.wire import Page
from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Overloaded
from arrears.connectors.transport import pinned

Key = int | str
InvoicePage = Page[wire.Listed]

_SIZES = (protocol.PAGE_SIZE, 50, 25)
_SMALLEST_SPLIT = 10
_MOST_READINGS = 3
_MOST_LINKS = 100_000


@dataclass(slots=True)
class _Reading:
    """One pass over the list: which rows it met, and the totals that its first and last page stated."""

    keys: set[Key] = field(default_factory=set)
    first_total: int | None = None
    last_total: int | None = None

    @property
    def consistent(self) -> bool:
        return self.first_total is None or len(self.keys) == self.first_total == self.last_total


class Pages:
    """Reads the list page by page, up to three times if its rows do not add up to its own total.

    `count` is the number of pages, None when KashFlow does not say how many rows there are: then the next
    links are followed instead. `remarks` tells what a person should know about the reading.
    """

    def __init__(self, session: Session) -> None:
        self.remarks: list[str] = []
        self.count: int | None = None
        self.total: int | None = None
        self._session = session
        self._size = protocol.PAGE_SIZE
        self._first: InvoicePage = Page(())
        self._reading = _Reading()
        self._before: _Reading | None = None
        self._readings = 0
        self._met: set[Key] = set()

    @property
    def seen(self) -> int:
        """How many different rows have been met so far."""
        return len(self._met)

    async def begin(self) -> None:
        """Read the first page, and with it how many there are."""
        self._first = first = await self._first_page()
        self._reading = _Reading(first_total=first.total, last_total=first.total)
        self._readings += 1
        self.total = first.total
        if first.total is None:
            self.count = None
            return
        if first.total < len(first.rows):  # not the number of rows, whatever else it may be
            self.count = self.total = self._reading.first_total = None
            return
        if first.next_link:
            self._size = min(self._size, protocol.size_in_link(first.next_link) or self._size)
        if 0 < len(first.rows) < min(self._size, first.total):
            self._size = len(first.rows)
        self.count = max(1, -(-first.total // self._size))

    async def rows(self, number: int) -> list[wire.Listed]:
        """The rows of one page that no page has shown before."""
        page = self._first if number == 1 else await self._page(number, self._size)
        if number == self.count and page.total is not None:
            self._reading.last_total = self.total = page.total
        return self._new(page)

    async def linked(self) -> AsyncIterator[list[wire.Listed]]:
        """The new rows of each page, from one next link to the next. Links that loop or lead away end it."""
        page, visited = self._first, {""}
        while True:
            yield self._new(page)
            if not page.next_link:
                return
            address = pinned(self._session.base_url, page.next_link)
            if address is None or address in visited or len(visited) > _MOST_LINKS:
                self.remarks.append("KashFlow's list ended in a link that leads nowhere; it may be cut off.")
                return
            visited.add(address)
            page = await self._ask(protocol.linked_invoices_request(address))

    def must_read_again(self) -> bool:
        """Whether the rows do not add up and another reading may help."""
        now, before, self._before = self._reading, self._before, self._reading
        if now.consistent:
            return False
        if before is not None and before == now:
            self.remarks.append(
                f"KashFlow counts {now.last_total:,} invoices but lists {len(now.keys):,}, twice in a row."
            )
            return False
        if self._readings >= _MOST_READINGS:
            self.remarks.append("Invoices were added or removed while KashFlow's list was being read.")
            return False
        return True

    def _new(self, page: InvoicePage) -> list[wire.Listed]:
        new = []
        for row in page.rows:
            key: Key = row.number if row.id is None else row.id
            self._reading.keys.add(key)
            if key not in self._met:
                self._met.add(key)
                new.append(row)
        return new

    async def _first_page(self) -> InvoicePage:
        """The first page, in the largest size that KashFlow does not refuse."""
        for size in _SIZES:
            self._size = size
            try:
                return await self._page(1, size)
            except RequestRefused:
                if size == _SIZES[-1]:
                    raise
        raise AssertionError("The last size either returns or raises.")

    async def _page(self, number: int, size: int) -> InvoicePage:
        """One page; where the database at KashFlow cannot manage it in time, its two halves."""
        try:
            return await self._ask(protocol.invoices_request(number, size))
        except Overloaded:
            if size % 2 or size < _SMALLEST_SPLIT:
                raise
        half = size // 2
        first, second = await both(self._page(number * 2 - 1, half), self._page(number * 2, half))
        return Page(first.rows + second.rows, second.total, second.next_link)

    async def _ask(self, request: Request) -> InvoicePage:
        return await self._session.ask(request, _read_page)


def _read_page(response: Response) -> InvoicePage:
    """A page past the end may be answered with 404, or with no rows."""
    return Page(()) if response.status == 404 else protocol.read_invoices(response)
