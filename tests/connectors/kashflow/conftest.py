"""One stand-in for all tests of the connector, put back in order before each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from arrears.connectors.kashflow import Credentials, KashFlowBooks
from arrears.connectors.retry import Patience
from arrears.ports import LoginLedger, Owed
from arrears.sandbox.client import Sandbox, start_sandbox

TODAY = date(2026, 11, 22)
QUICK = Patience(attempts=4, total=30, first_wait=0.01, jitter=0.0, floor=0.01)

MakeBooks = Callable[..., KashFlowBooks]


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with start_sandbox(invoices=300, seed=7, today=TODAY) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.clear_faults()
    running.set_account("active")
    running.set_credentials(**running.credentials)
    running.set_profile("standard")
    running.set_latency(0)
    running.expire_sessions()
    running.clear_requests()
    return running


def credentials_of(sandbox: Sandbox, **changes: str) -> Credentials:
    known = sandbox.credentials | changes
    return Credentials(
        known["username"], SecretStr(known["password"]), SecretStr(known["memorable_word"]), version="1"
    )


@pytest.fixture
def make_books(sandbox: Sandbox) -> Iterator[MakeBooks]:
    """Makes books on the stand-in, with short waits, and closes them afterwards."""
    made: list[KashFlowBooks] = []

    def make(
        credentials: Credentials | None = None, ledger: LoginLedger | None = None, deadline: float = 10.0
    ) -> KashFlowBooks:
        books = KashFlowBooks(
            credentials or credentials_of(sandbox),
            base_url=sandbox.base_url,
            ledger=ledger,
            patience=QUICK,
            deadline=deadline,
        )
        made.append(books)
        return books

    yield make
    sandbox.clear_faults()
    for books in made:
        books.close()


@pytest.fixture
def books(make_books: MakeBooks) -> KashFlowBooks:
    return make_books()


def everything(books: KashFlowBooks) -> tuple[dict[str, Owed], list[str]]:
    """All that is unpaid by number, and the remarks about the reading. Fails if an invoice comes twice."""
    found: dict[str, Owed] = {}
    remarks: list[str] = []
    for batch in books.unpaid(TODAY):
        for owed in batch.owed:
            assert owed.invoice.number not in found
            found[owed.invoice.number] = owed
        remarks += [remark for remark in batch.remarks if "open credit notes" not in remark]
    return found, remarks


def owing(sandbox: Sandbox) -> set[str]:
    """The numbers of what is really owed."""
    return {str(entry.number) for entry in sandbox.invoices() if entry.owing}
