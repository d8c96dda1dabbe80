"""Ages that chosen invoices are about to cross, and what waiting until then would cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from arrears.core.ageing import Edge, next_edge
from arrears.core.money import Money, totals_by_currency
from arrears.core.pricing import GRIDS, in_force


@dataclass(slots=True)
class Crossing:
    """Invoices that cross one age soon. `first` is the earliest day on which one of them does.

    `dearer` is what the fee would rise by in each currency if all of them were handed over later; empty for
    an age that changes no price. By the standard price list: a price of the collector's own may differ.
    """

    edge: Edge
    first: date
    amounts: list[Money] = field(default_factory=list)
    count: int = 0

    @property
    def sums(self) -> list[Money]:
        return list(totals_by_currency(self.amounts).values())

    @property
    def dearer(self) -> list[Money]:
        return [amount.percent(self.edge.points) for amount in self.sums if self.edge.points]


def crossings(invoices: Iterable[tuple[date | None, Money | None]], today: date) -> list[Crossing]:
    """The ages that invoices, given as due date and amount, cross within a month; the soonest first."""
    grid = in_force(GRIDS, today)
    found: dict[str, Crossing] = {}
    for due, amount in invoices:
        edge = next_edge(due, today, grid)
        if edge is None:
            continue
        one = found.setdefault(edge.text, Crossing(edge, edge.on))
        one.first, one.count = min(one.first, edge.on), one.count + 1
        if amount is not None:
            one.amounts.append(amount)
    return sorted(found.values(), key=lambda one: one.first)
