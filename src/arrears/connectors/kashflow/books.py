"""KashFlow behind the Books port: ordinary calls, carried out on the background event loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import TracebackType

from arrears.connectors import background
from arrears.connectors.kashflow import protocol, wire
from arrears.connectors.kashflow.attempts import AttemptsInMemory
from arrears.connectors.kashflow.debtors import Credits, Debtors
from arrears.connectors.kashflow.errors import TokenRefused
from arrears.connectors.kashflow.listing import Listing
from arrears.connectors.kashflow.login import Credentials
from arrears.connectors.kashflow.mapping import invoice_from
from arrears.connectors.kashflow.session import Session
from arrears.connectors.kashflow.together import together
from arrears.connectors.limiter import Limiter
from arrears.connectors.retry import Patience, TooLarge
from arrears.connectors.transport import Transport, pinned
from arrears.core.country import country_of
from arrears.core.invoice import Invoice
from arrears.ports import Batch, Company, LoginLedger, NeedsAttention, Owed

BASE_URL = "https://api.kashflow.com/v2"


class KashFlowBooks:
    """The books of one KashFlow company. May be used from several threads at once; they share one session.

    `ledger` remembers login attempts; the default forgets them with the process. `concurrency` is the most
    requests on their way at once, lowered while KashFlow struggles. `deadline` is for one request, in
    seconds. Nothing is sent before the first call.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        base_url: str = BASE_URL,
        ledger: LoginLedger | None = None,
        concurrency: int = 6,
        patience: Patience | None = None,
        deadline: float = 60.0,
    ) -> None:
        self._credentials = credentials
        limiter = Limiter(concurrency)
        transport = Transport("KashFlow", base_url, limiter=limiter, patience=patience, deadline=deadline)
        self._session = Session(credentials, transport, ledger or AttemptsInMemory())
        self._known_company: Company | None = None

    def company(self) -> Company:
        """See `Books.company`."""
        return background.run(self._company())

    def unpaid(self, today: date) -> Iterator[Batch]:
        """See `Books.unpaid`. Stopping early stops the reading."""
        return background.iterate(Listing(self._session, self._company, today).batches())

    def fresh(self, numbers: Sequence[str]) -> dict[str, Owed | None]:
        """See `Books.fresh`. An invoice that was voided is there, and says that it is deleted."""
        return background.run(self._fresh(list(dict.fromkeys(numbers))))

    def document(self, invoice: Invoice) -> bytes | None:
        """See `Books.document`. At most 20 MB; anything but a PDF from KashFlow's own host counts as none."""
        return background.run(self._document(invoice))

    def currencies(self) -> dict[str, wire.Currency]:
        """The account's currencies by code, with today's rates in foreign units for one of home currency."""
        found = background.run(self._session.ask(protocol.currencies_request(), protocol.read_currencies))
        return {currency.code.strip().upper(): currency for currency in found}

    def close(self) -> None:
        """See `Books.close`."""
        background.run(self._session.close())

    def __enter__(self) -> KashFlowBooks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _company(self) -> Company:
        if self._known_company is None:
            self._known_company = await self._read_company()
        return self._known_company

    async def _read_company(self) -> Company:
        """Name and home currency from the company's details, where the user may read them."""
        try:
            details = await self._session.ask(protocol.company_request(), protocol.read_company)
        except NeedsAttention as error:
            if error.code not in ("permission_missing", "request_refused"):
                raise
            details = wire.Company()
        opened = await self._session.opened()
        address = details.address
        return Company(
            account=opened.company_id or str(details.id or f"login:{self._credentials.username.lower()}"),
            name=opened.company_name or details.name.strip(),
            home_currency=details.home_currency.code.strip().upper() if details.home_currency else "",
            country=country_of(address.country_code or address.country_name) if address else "",
        )

    async def _fresh(self, numbers: list[str]) -> dict[str, Owed | None]:
        company = await self._company()
        debtors = Debtors(self._session, company.country or "GB", Credits(), strict=True)

        async def one(number: str) -> Owed | None:
            row = await self._session.ask(protocol.invoice_request(number), protocol.read_invoice)
            if row is None:
                return None
            return Owed(invoice_from(row, company.home_currency, complete=True), await debtors.of(row))

        try:
            found = await together(one(number) for number in numbers)
        finally:
            await debtors.close()
        return dict(zip(numbers, found, strict=True))

    async def _document(self, invoice: Invoice) -> bytes | None:
        link = invoice.document
        if not link:
            row = await self._session.ask(protocol.invoice_request(invoice.number), protocol.read_invoice)
            link = row.permalink.strip() if row is not None else ""
        address = pinned(self._session.base_url, link) if link else None
        if address is None:
            return None
        request = protocol.document_request(address)
        try:
            return await self._session.ask_openly(request, protocol.read_document)
        except TokenRefused:
            return await self._session.ask(request, protocol.read_document)
        except TooLarge:
            return None
