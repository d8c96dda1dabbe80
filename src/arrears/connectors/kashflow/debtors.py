"""Who owes: each customer is read and mapped once per run, however many invoices they have."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from decimal import Decimal

from arrears.connectors.kashflow import protocol, wire
from arrears.connectors.kashflow.mapping import debtor_from
from arrears.connectors.kashflow.session import Session
from arrears.connectors.kashflow.together import both, together
from arrears.core.debtor import Debtor
from arrears.ports import NeedsAttention, TryAgainLater

_OPTIONAL = {"permission_missing", "request_refused"}
_MOST_CREDIT_PAGES = 20
#: The list tells less of a customer than the record, so it is used only for many customers, and where it
#: takes so many times fewer requests.
_LIST_FROM, _LIST_ADVANTAGE = 200, 4


class Credits:
    """Open credit notes and overpayments seen so far, by customer, in home currency."""

    def __init__(self) -> None:
        self._by_customer: dict[str, dict[str, Decimal]] = {}

    def note(self, code: str, number: str, amount: Decimal) -> None:
        """Invoice `number` leaves this customer `amount` in credit."""
        self._by_customer.setdefault(code.strip(), {})[number] = amount

    def of(self, code: str) -> Decimal:
        return sum(self._by_customer.get(code.strip(), {}).values(), Decimal(0))


class Debtors:
    """Reads and maps the debtors of one run.

    `strict` raises when a customer's record cannot be read; otherwise the invoice's own copy of name and
    address serves, and `remarks` says so.
    """

    def __init__(self, session: Session, home_country: str, open_credits: Credits, strict: bool) -> None:
        self.remarks: list[str] = []
        self._session = session
        self._home_country = home_country
        self._credits = open_credits
        self._strict = strict
        self._records: dict[str, asyncio.Task[tuple[wire.Customer | None, Decimal | None]]] = {}
        self._mapped: dict[str, Debtor] = {}
        self._told: dict[str, Decimal] = {}
        self._listed: dict[str, wire.Customer] = {}
        self._warned_of_credit = False

    async def of(self, row: wire.Invoice) -> Debtor:
        """Who owes this invoice."""
        code = row.customer_code.strip()
        if not code:
            return debtor_from(None, row, self._home_country, None)
        if code not in self._records:
            self._records[code] = asyncio.create_task(self._record(row.customer_code))
        customer, on_account = await asyncio.shield(self._records[code])
        if code not in self._mapped:
            self._told[code] = Decimal(0) if on_account is None else self._credits.of(code)
            credit = None if on_account is None else on_account + self._told[code]
            self._mapped[code] = debtor_from(customer, row, self._home_country, credit)
        return self._mapped[code]

    def late_credits(self) -> list[str]:
        """Sentences about customers whose credit notes came to light after their invoices were handed out."""
        sentences = []
        for code, debtor in self._mapped.items():
            credit = self._credits.of(code)
            if credit > self._told[code]:
                sentences.append(
                    f"{debtor.name} has {credit:,.2f} in open credit notes or overpayments, in your own "
                    "currency. Set them against an invoice in KashFlow before you submit one."
                )
        return sentences

    async def read_list_if_cheaper(self, needed: Collection[str]) -> None:
        """Read all customers page by page where that saves many requests and the list tells enough."""
        if len(needed) < _LIST_FROM:
            return
        try:
            first = await self._session.ask(protocol.customers_request(1), protocol.read_customers)
            pages = -(-(first.total or 0) // max(1, len(first.rows)))
            complete = any(row.addresses for row in first.rows) and any(row.contacts for row in first.rows)
            if complete and 0 < pages * _LIST_ADVANTAGE <= len(needed):
                rest = await together(
                    self._session.ask(
                        protocol.customers_request(page, len(first.rows)), protocol.read_customers
                    )
                    for page in range(2, pages + 1)
                )
                self._keep([row for page in (first, *rest) for row in page.rows], needed)
        except (TryAgainLater, NeedsAttention) as error:
            _pass_on_unless_optional(error)

    def _keep(self, rows: list[wire.Customer], needed: Collection[str]) -> None:
        self._listed = {row.code.strip(): row for row in rows if _tells(row, needed)}

    async def close(self) -> None:
        """Stop whatever is still being read."""
        for task in self._records.values():
            task.cancel()
        await asyncio.gather(*self._records.values(), return_exceptions=True)

    async def _record(self, code: str) -> tuple[wire.Customer | None, Decimal | None]:
        return await both(self._customer(code), self._on_account(code))

    async def _customer(self, code: str) -> wire.Customer | None:
        if code.strip() in self._listed:
            return self._listed[code.strip()]
        try:
            return await self._by_code(code) or await self._by_search(code.strip())
        except (TryAgainLater, NeedsAttention) as error:
            if self._strict:
                raise
            _pass_on_unless_optional(error)
            self.remarks.append(f"The record of customer {code.strip()} could not be read: {error}")
            return None

    async def _by_code(self, code: str) -> wire.Customer | None:
        """By the code as KashFlow wrote it, padding included, then without the padding."""
        for spelling in dict.fromkeys((code, code.strip())):
            try:
                found = await self._session.ask(protocol.customer_request(spelling), protocol.read_customer)
            except NeedsAttention as error:
                if error.code != "request_refused":
                    raise
                found = None  # a code with a slash can be more than the server can find its way with
            if found is not None and _is_called(found, code):
                return found
        return None

    async def _by_search(self, code: str) -> wire.Customer | None:
        found = await self._session.ask(protocol.customer_search_request(code), protocol.read_customers)
        return next((row for row in found.rows if row.code.strip().casefold() == code.casefold()), None)

    async def _on_account(self, code: str) -> Decimal | None:
        """Money received that is not set against any invoice; None when KashFlow does not say."""
        amount, count = Decimal(0), 0
        try:
            for number in range(1, _MOST_CREDIT_PAGES + 1):
                request = protocol.advance_payments_request(code.strip(), number)
                page = await self._session.ask(request, protocol.read_advance_payments)
                amount += sum((row.amount for row in page.rows if row.amount), Decimal(0))
                count += len(page.rows)
                if not page.rows or not page.next_link or count >= (page.total or count + 1):
                    break
        except (TryAgainLater, NeedsAttention) as error:
            _pass_on_unless_optional(error)
            self._credit_unknown(error)
            return None
        return amount

    def _credit_unknown(self, error: TryAgainLater | NeedsAttention) -> None:
        """Told once: when a permission is missing, it is missing for every customer."""
        if not self._warned_of_credit:
            self._warned_of_credit = True
            self.remarks.append(
                f"Some customers' money on account could not be read: {error} "
                "Check in KashFlow that you do not hold money of theirs before you submit."
            )


def _is_called(customer: wire.Customer, code: str) -> bool:
    """Whether this is the customer asked for: a code that upsets the path must not lead to another's."""
    return customer.code.strip().casefold() in ("", code.strip().casefold())


def _tells(row: wire.Customer, needed: Collection[str]) -> bool:
    """Whether a list row will do instead of the record: one without contacts may just leave them out."""
    return bool(row.addresses and row.contacts) and row.code.strip() in needed


def _pass_on_unless_optional(error: TryAgainLater | NeedsAttention) -> None:
    """Raise what concerns the whole connection. One record or one permission can be done without."""
    if isinstance(error, NeedsAttention) and error.code not in _OPTIONAL:
        raise error
