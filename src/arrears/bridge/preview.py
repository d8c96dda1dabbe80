"""What is unpaid right now, what may be submitted, and what each case would cost. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from pydantic import SecretStr

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import noting_attention, noting_collector, refuse_other_company
from arrears.bridge.holdings import references_of
from arrears.bridge.models import CollectorAccount, Connection
from arrears.core.claim import Claim
from arrears.core.eligibility import Known, Policy, Severity, Verdict, check
from arrears.core.pricing import Estimate, PriceSource, estimate, priced_by
from arrears.ports import Batch, Collector, Control, Offer, Owed, Progress


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


@dataclass(frozen=True, slots=True)
class Instalment:
    """Some rows of a preview, in the order they were read, and how far the reading has come."""

    rows: tuple[Row, ...]
    progress: Progress
    control: Control
    remarks: tuple[str, ...] = field(default=())


def preview(
    connection: Connection, account: CollectorAccount | None, word: SecretStr | None = None
) -> Iterator[Instalment]:
    """Read every unpaid invoice and yield them with verdict and estimate while later ones are being read.

    `account` is the collector that is asked what it would do with them, None for our own desk.

    Raises NeedsAttention or TryAgainLater; what was already yielded stays valid.
    """
    clock = adapters().clock
    with noting_attention(connection, clock):
        today = clock.today()
        books = adapters().books(connection, word)
        refuse_other_company(connection, books.company())
        collector = adapters().collector(connection.organisation_id, account)
        policy = adapters().policy()
        for batch in books.unpaid(today):
            with noting_collector(account):
                rows = _rows(batch, connection, collector, policy, today)
            yield Instalment(rows, batch.progress, batch.control, batch.remarks)


def _rows(
    batch: Batch, connection: Connection, collector: Collector, policy: Policy, today: date
) -> tuple[Row, ...]:
    ids = [owed.invoice.id for owed in batch.owed]
    submitted = references_of(connection, ids, test=collector.test)
    control = batch.control.owed if batch.control.complete else None
    known = Known(control_owed=control, submitted=submitted)
    return tuple(_row(owed, connection, known, collector, policy, today) for owed in batch.owed)


def _row(
    owed: Owed, connection: Connection, known: Known, collector: Collector, policy: Policy, today: date
) -> Row:
    claim = Claim(connection.account, owed.debtor, (owed.invoice,))
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
