"""Find cases wherever they are, a page at a time, newest first."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from arrears.bridge.adapters import adapters
from arrears.bridge.list_cases import CaseAt
from arrears.bridge.models import CollectorAccount
from arrears.ports import CaseSearch, Indexed, Mark

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: Above and below every number of a case.
_ABOVE, _BELOW = 2**63 - 1, -1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: just after one case, or with `newer` just before it.

    `index` is the place in order of the index that has the case: of two cases opened at one moment, that of
    the first index comes first.
    """

    mark: Mark
    index: int
    newer: bool = False

    @property
    def text(self) -> str:
        """As it stands in an address."""
        micros = (self.mark.at - _START) // _MICROSECOND
        return f"{'n' if self.newer else 'o'}.{micros}.{self.index}.{self.mark.number}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What an address says; None for anything else."""
        way, _, rest = text.partition(".")
        parts = rest.split(".")
        if way not in ("n", "o") or len(parts) != 3 or not all(_is_number(part) for part in parts):
            return None
        micros, index, number = (int(part) for part in parts)
        try:
            at = _START + micros * _MICROSECOND
        except OverflowError:
            return None
        return cls(Mark(at, number), index, newer=way == "n")

    def mark_for(self, index: int) -> Mark:
        """The same place in another index."""
        if index == self.index:
            return self.mark
        return replace(self.mark, number=_ABOVE if index > self.index else _BELOW)


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases, and where the pages on both sides begin; None where there is none."""

    cases: Sequence[CaseAt]
    newer: Place | None = None
    older: Place | None = None


def find_cases(organisation: int, search: CaseSearch, limit: int, place: Place | None = None) -> CasePage:
    """The cases that fit, from `place` on. Raises TryAgainLater."""
    newer = place is not None and place.newer
    found = _merged(organisation, search, limit + 1, place)
    more, found = len(found) > limit, found[:limit]
    if newer:
        found.reverse()
    if not found:
        return CasePage(())
    (first_in, first), (last_in, last) = found[0], found[-1]
    return CasePage(
        _told(organisation, [one for _, one in found]),
        newer=_place(first_in, first, newer=True) if (more if newer else place is not None) else None,
        older=_place(last_in, last) if (more or newer) else None,
    )


def _merged(
    organisation: int, search: CaseSearch, limit: int, place: Place | None
) -> list[tuple[int, Indexed]]:
    """The next cases of all indexes, in the direction of the place."""
    newer = place is not None and place.newer
    today = adapters().clock.today()
    pages = [
        [
            (number, one)
            for one in index.page(
                search, today, limit, mark=place.mark_for(number) if place else None, newer=newer
            )
        ]
        for number, index in enumerate(adapters().case_indexes(organisation))
    ]
    return list(heapq.merge(*pages, key=_rank, reverse=not newer))[:limit]


def _rank(one: tuple[int, Indexed]) -> tuple[datetime, int, int]:
    index, indexed = one
    return indexed.case.opened_at, -index, indexed.number


def _place(index: int, one: Indexed, *, newer: bool = False) -> Place:
    return Place(Mark(one.case.opened_at, one.number), index, newer)


def _told(organisation: int, found: Sequence[Indexed]) -> list[CaseAt]:
    ids = {one.account for one in found if one.account is not None}
    mine = CollectorAccount.objects.filter(organisation_id=organisation)
    accounts = mine.in_bulk(ids) if ids else {}
    return [
        CaseAt(one.case, accounts[one.account] if one.account is not None else None, one.read_at)
        for one in found
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
