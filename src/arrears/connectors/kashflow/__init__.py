"""KashFlow as a library: read a company's unpaid invoices, live.

    from datetime import date
    from pydantic import SecretStr
    from arrears.connectors.kashflow import Credentials, read_unpaid

    credentials = Credentials("jo@firm.example", SecretStr("…"), SecretStr("…"))
    for owed in read_unpaid(credentials, date(2026, 3, 5)):
        print(owed.invoice.number, owed.debtor.name, owed.invoice.outstanding.money)

Needs no Django and no settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from arrears.connectors.kashflow.books import BASE_URL, KashFlowBooks
from arrears.connectors.kashflow.login import Credentials
from arrears.ports import Owed

__all__ = ["BASE_URL", "Credentials", "KashFlowBooks", "read_unpaid"]


def read_unpaid(credentials: Credentials, today: date, base_url: str = BASE_URL) -> Iterator[Owed]:
    """Every unpaid invoice with its debtor, as they are read; logs out at the end.

    Raises NeedsAttention or TryAgainLater (see `arrears.ports`).
    """
    with KashFlowBooks(credentials, base_url=base_url) as books:
        for batch in books.unpaid(today):
            yield from batch.owed
