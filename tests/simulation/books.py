"""Books whose invoices have no documents: what is told here is about cases."""

from __future__ import annotations

from arrears.core.invoice import Invoice
from tests.fakes import FakeBooks


class PaperlessBooks(FakeBooks):
    """A company's books without a single PDF."""

    def document(self, invoice: Invoice) -> bytes | None:
        return None
