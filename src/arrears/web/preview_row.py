"""One row of the bulk import table: what it says and what the browser needs to filter and add up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from arrears.bridge.ledger import seen_of
from arrears.bridge.unpaid_rows import Row
from arrears.core.ageing import Band, Edge, band_of, next_edge
from arrears.core.debtor import Debtor
from arrears.core.eligibility import Finding, Severity
from arrears.core.invoice import Invoice, Position, days_overdue, position_of
from arrears.core.money import Money
from arrears.core.pricing import GRIDS, Estimate, in_force
from arrears.core.wording import number_text


class Kind(StrEnum):
    """Which of the tabs a row belongs to."""

    ELIGIBLE = "eligible"
    FLAGGED = "flagged"
    NOT_DUE = "not-due"
    SUBMITTED = "submitted"


# Not frozen: what is worked out once is kept, since page and browser both ask for it.
@dataclass
class Line:
    """A row as the table shows it on `today`. A preview has one invoice in each row."""

    row: Row
    today: date
    #: What the collector wants first, sealed for the page to carry.
    required: str = ""

    @property
    def invoice(self) -> Invoice:
        return self.row.claim.invoices[0]

    @property
    def debtor(self) -> Debtor:
        return self.row.claim.debtor

    @property
    def outstanding(self) -> Money | None:
        return self.invoice.outstanding.money

    @cached_property
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
    def band(self) -> Band:
        return band_of(self.invoice.due, self.today)

    @cached_property
    def kind(self) -> Kind:
        if self.row.reference:
            return Kind.SUBMITTED
        if self.row.may_be_submitted:
            return Kind.ELIGIBLE
        return Kind.NOT_DUE if position_of(self.invoice, self.today) is Position.NOT_DUE else Kind.FLAGGED

    @cached_property
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

    @cached_property
    def edge(self) -> Edge | None:
        """The age that the debt is about to cross. One that is with a collector already keeps its price."""
        if self.kind is Kind.SUBMITTED or self.outstanding is None:
            return None
        return next_edge(self.invoice.due, self.today, in_force(GRIDS, self.today))

    @property
    def edge_text(self) -> str:
        """What that age changes. Which ages a collector's own price knows, it does not say."""
        if self.edge is None:
            return ""
        if self.edge.points and self.row.estimate is not self.row.grid_estimate:
            points = number_text(self.edge.points)
            return f"{self.edge.age} overdue: the standard price list adds {points} points"
        return self.edge.text

    @property
    def chased(self) -> bool:
        """Whether KashFlow still sends reminders by itself."""
        return self.invoice.chasing_on or self.debtor.chasing_on

    @property
    def has_partner(self) -> bool | None:
        """Whether a partner covers the debtor; None when the collector was not asked."""
        return bool(self.row.partner) if self.row.offer.asked else None

    @property
    def seen(self) -> str:
        """What was owed, and by whom, when the row was read: goes back with the tick."""
        return seen_of(self.invoice)

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
