"""One row of the bulk import table: what it says and what the browser needs to add it up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from arrears.bridge.ledger import seen_of
from arrears.bridge.preview import Row
from arrears.core.claim import Claim
from arrears.core.debtor import Debtor, DebtorType
from arrears.core.eligibility import Finding, Severity
from arrears.core.invoice import Invoice, Position, days_overdue, position_of
from arrears.core.money import Money
from arrears.core.pricing import Estimate


class Kind(StrEnum):
    """Which of the tabs a row belongs to."""

    ELIGIBLE = "eligible"
    FLAGGED = "flagged"
    NOT_DUE = "not-due"
    SUBMITTED = "submitted"


_TYPES = {
    DebtorType.COMPANY: "Company",
    DebtorType.PRIVATE: "Private person",
    DebtorType.UNKNOWN: "Not known, treated as a company",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the table shows it on `today`. A preview has one invoice in each row."""

    row: Row
    today: date
    #: What the collector wants first, sealed for the page to carry.
    required: str = ""

    @property
    def claim(self) -> Claim:
        return self.row.claim

    @property
    def invoice(self) -> Invoice:
        return self.row.claim.invoices[0]

    @property
    def debtor(self) -> Debtor:
        return self.row.claim.debtor

    @property
    def debtor_type(self) -> str:
        return _TYPES[self.debtor.type]

    @property
    def outstanding(self) -> Money | None:
        return self.invoice.outstanding.money

    @property
    def gross(self) -> Money | None:
        """The invoice's total, where part of it has been paid."""
        figures, left = self.invoice.figures, self.outstanding
        if figures.gross is None or left is None or figures.gross == left.amount:
            return None
        return Money(figures.gross, figures.currency)

    @property
    def days(self) -> int:
        return days_overdue(self.invoice.due, self.today)

    @property
    def kind(self) -> Kind:
        if self.row.reference:
            return Kind.SUBMITTED
        if self.row.may_be_submitted:
            return Kind.ELIGIBLE
        return Kind.NOT_DUE if position_of(self.invoice, self.today) is Position.NOT_DUE else Kind.FLAGGED

    @property
    def blocking(self) -> list[Finding]:
        return [one for one in self.row.verdict.findings if one.severity is Severity.BLOCKS]

    @property
    def warning(self) -> list[Finding]:
        return [one for one in self.row.verdict.findings if one.severity is Severity.WARNS]

    @property
    def standard(self) -> Estimate | None:
        """The standard price list's estimate, where the collector's own price is another."""
        own, standard = self.row.estimate, self.row.grid_estimate
        if own is None or standard is None or (own.rate, own.fee) == (standard.rate, standard.fee):
            return None
        return standard

    @property
    def seen(self) -> str:
        """What was owed, and by whom, when the row was read: goes back with the tick."""
        return seen_of(self.row.claim.invoices[0])

    @property
    def group(self) -> str:
        """What invoices must share to be bundled; empty for a customer that nothing tells apart."""
        code = self.debtor.code
        return json.dumps([code, self.invoice.currency]) if code else ""

    @property
    def sought(self) -> str:
        """What the search box looks through."""
        reference = self.row.reference
        words = (self.invoice.number, self.debtor.name, self.debtor.code, self.invoice.currency, reference)
        return " ".join(word for word in words if word).casefold()
