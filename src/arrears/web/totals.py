"""Sums for people: one line for each currency, never added across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from arrears.bridge.list_cases import CaseAt
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.ports import Case


@dataclass(frozen=True, slots=True)
class CaseTotal:
    """The cases in one currency: how many, what was handed over and what is left to recover."""

    count: int
    principal: Money
    outstanding: Money


def case_totals(cases: Iterable[Case]) -> list[CaseTotal]:
    """One total for each currency, the one with most cases first."""
    totals: dict[str, CaseTotal] = {}
    for case in cases:
        currency = case.principal.currency
        nothing = CaseTotal(0, Money.zero(currency), Money.zero(case.outstanding.currency))
        so_far = totals.get(currency, nothing)
        totals[currency] = CaseTotal(
            so_far.count + 1, so_far.principal + case.principal, so_far.outstanding + case.outstanding
        )
    return sorted(totals.values(), key=lambda total: (-total.count, total.principal.currency))


def unsigned(found: Iterable[CaseAt]) -> dict[str, int]:
    """How many cases wait for a signature: at our own desk, and elsewhere, where it is given, too."""
    waiting = [one for one in found if one.case.lifecycle is Lifecycle.PENDING_SIGNING]
    elsewhere = sum(one.account is not None for one in waiting)
    return {"unsigned_count": len(waiting) - elsewhere, "unsigned_elsewhere": elsewhere}
