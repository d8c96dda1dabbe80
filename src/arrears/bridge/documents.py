"""Attaching the original invoices to the cases that were opened for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from arrears.bridge.models import Submission
from arrears.core.invoice import Invoice
from arrears.core.submission import State
from arrears.ports import Books, Collector, Owed, Remedy

#: The books limit what is really on its way at once.
_AT_ONCE = 6


def attach_documents(
    rows: Sequence[Submission], fresh: Mapping[str, Owed | None], books: Books, collector: Collector
) -> None:
    """Attach the PDF of each invoice to its case, for every row with a case and no word of its documents yet.

    A case without its document is still a case: the row says so, and the import goes on. Safe to repeat.
    """
    waiting = [row for row in rows if row.state == State.CREATED and row.document_attached is None]
    wanted = {row.pk: _invoices(row, fresh) for row in waiting}
    contents = _fetched([invoice for invoices in wanted.values() for invoice in invoices], books)
    for row in waiting:
        invoices = wanted[row.pk]
        attached = [
            _attached(row.case_id, invoice, contents.get(invoice.id), collector) for invoice in invoices
        ]
        row.document_attached = len(invoices) == len(row.invoice_ids) and all(attached)
        Submission.objects.filter(pk=row.pk).update(document_attached=row.document_attached)


def _invoices(row: Submission, fresh: Mapping[str, Owed | None]) -> list[Invoice]:
    found = [fresh.get(number) for number in row.invoice_numbers]
    return [owed.invoice for owed in found if owed is not None and owed.invoice.id in row.invoice_ids]


def _fetched(invoices: Sequence[Invoice], books: Books) -> dict[str, bytes | None]:
    def fetch(invoice: Invoice) -> bytes | None:
        try:
            return books.document(invoice)
        except Remedy:
            return None

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip([invoice.id for invoice in invoices], pool.map(fetch, invoices), strict=True))


def _attached(case_id: str, invoice: Invoice, content: bytes | None, collector: Collector) -> bool:
    if content is None:
        return False
    try:
        collector.attach(case_id, f"Invoice {invoice.number}.pdf", content)
    except Remedy:
        return False
    return True
