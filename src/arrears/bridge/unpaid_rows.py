"""One unpaid invoice with what would become of it. The list as a whole and one look again tell the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.bridge.adapters import adapters
from arrears.bridge.holdings import references_of
from arrears.bridge.models import Connection
from arrears.core.claim import Claim
from arrears.core.eligibility import Known, Policy, Severity, Verdict, check
from arrears.core.pricing import Estimate, PriceSource, estimate, priced_by
from arrears.ports import Collector, Offer, Owed


@dataclass(frozen=True, slots=True)
class Row:
    """One unpaid invoice as a claim, with its verdict and estimate.

    `reference` is the case or submission that already holds the invoice, empty when none does. `partner` is
    who would get the case. `estimate` is by the collector's own price where it names one, `grid_estimate`
    by the standard price list. `offer` is all that the collector said.
    """

    claim: Claim
    verdict: Verdict
    estimate: Estimate | None
    offer: Offer
    reference: str = ""
    partner: str = ""
    grid_estimate: Estimate | None = None

    @property
    def may_be_submitted(self) -> bool:
        return self.verdict.eligible and not self.reference

    @property
    def why_not(self) -> str:
        """Why the row may not be submitted, in plain sentences; empty when it may."""
        if self.reference:
            return f"Already submitted, or about to be: see {self.reference}."
        return " ".join(one.message for one in self.verdict.findings if one.severity is Severity.BLOCKS)


def rows_of(
    owed: Sequence[Owed],
    control: dict[str, Decimal] | None,
    connection: Connection,
    collector: Collector,
    today: date,
) -> tuple[Row, ...]:
    """What would become of each invoice on `today`.

    `control` maps invoice number to what the books' own unpaid report says, None when there is none.
    """
    policy = adapters().policy()
    submitted = references_of(connection, [one.invoice.id for one in owed], test=collector.test)
    known = Known(control_owed=control, submitted=submitted)
    return tuple(_row(one, connection.account, known, collector, policy, today) for one in owed)


def _row(owed: Owed, account: str, known: Known, collector: Collector, policy: Policy, today: date) -> Row:
    claim = Claim(account, owed.debtor, (owed.invoice,))
    offer = collector.preview(claim, today)
    has_partner = bool(offer.partner) if offer.asked else None
    known = Known(known.control_owed, known.submitted, has_partner=has_partner)
    by_grid = estimate(claim, policy.rates, today)
    return Row(
        claim=claim,
        verdict=check(claim, known, policy, today),
        estimate=_estimate(claim, offer, by_grid, today),
        offer=offer,
        reference=known.submitted.get(owed.invoice.id, ""),
        partner=offer.partner,
        grid_estimate=by_grid,
    )


def _estimate(claim: Claim, offer: Offer, by_grid: Estimate | None, today: date) -> Estimate | None:
    """By the collector's own price; the standard price list explains itself better where it is that."""
    is_standard = by_grid is not None and offer.price_source == PriceSource.STANDARD.value
    if offer.rate is None or (by_grid is not None and is_standard and by_grid.rate == offer.rate):
        return by_grid
    return priced_by(claim, offer.rate, offer.uplift, offer.price_source, today)
