"""Previews that are asked for once: claims alike in all that decides share one answer for a while."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from time import monotonic
from typing import Any

from arrears.connectors.debitura.bodies import debtor_type
from arrears.core.claim import Claim, age_buckets, usd_value_of
from arrears.core.country import jurisdiction
from arrears.core.fx import ECB
from arrears.core.pricing import standard_bracket
from arrears.ports import Offer

#: How long an answer stands, and how many different questions are asked in that time.
KEPT_SECONDS = 600.0
MOST_CALLS = 200

_NOT_ASKED = Offer(
    accepted=True,
    partner="",
    reason=(
        f"Debitura was asked about {MOST_CALLS} other kinds of claim in the last "
        f"{KEPT_SECONDS / 60:.0f} minutes, so it was not asked about this one."
    ),
    asked=False,
)

_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Kind:
    """Everything that decides what becomes of a claim: place, type of debtor, currency, size, and age.

    `bracket` is the lower edge of the standard price list's bracket in US dollars; where there is none the
    amount itself stands in its place. `ages` are the shares of the amount over 6, 12 and 24 months old.
    """

    place: str
    debtor: str
    currency: str
    bracket: str
    ages: tuple[Decimal, ...]


def kind_of(claim: Claim, today: date) -> Kind:
    """The kind of a claim without problems."""
    address, principal = claim.debtor.address, claim.principal
    amount = principal.amount if principal else Decimal(0)
    value = usd_value_of(claim, ECB)
    bracket = standard_bracket(address.country, value.amount, today) if value else None
    aged = age_buckets(claim, today)
    over = (aged.over_6_months, aged.over_12_months, aged.over_24_months)
    return Kind(
        place=jurisdiction(address.country, address.state),
        debtor=debtor_type(claim.debtor),
        currency=claim.currency,
        bracket=f"from {bracket.from_usd}" if bracket else f"of {amount}",
        ages=tuple((part / amount).quantize(_SHARE) if amount else Decimal(0) for part in over),
    )


class Previews:
    """Answers by kind of claim. Belongs to one event loop; any number of tasks may ask at once.

    Those that ask about one kind at the same time share one call, and its error; an error is not kept.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._known: dict[Kind, tuple[float, asyncio.Task[Offer]]] = {}
        self._calls: deque[float] = deque()

    async def get(self, kind: Kind, ask: Callable[[], Coroutine[Any, Any, Offer]]) -> Offer:
        """The answer for `kind`, by `ask` where it is not known; without asking beyond MOST_CALLS."""
        self._forget_old()
        known = self._known.get(kind)
        if known is None:
            if len(self._calls) >= MOST_CALLS:
                return _NOT_ASKED
            self._calls.append(self._now())
            known = self._known[kind] = (self._now(), asyncio.create_task(ask()))
            known[1].add_done_callback(lambda task: self._landed(kind, task))
        return await asyncio.shield(known[1])

    def _landed(self, kind: Kind, task: asyncio.Task[Offer]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._known.pop(kind, None)

    def _forget_old(self) -> None:
        before = self._now() - KEPT_SECONDS
        while self._calls and self._calls[0] <= before:
            self._calls.popleft()
        self._known = {
            kind: known for kind, known in self._known.items() if known[0] > before or not known[1].done()
        }
