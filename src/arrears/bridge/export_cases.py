"""Give out cases as a file: noted, because it takes many people's data out at once."""

from __future__ import annotations

from collections.abc import Iterator

from arrears.accounts.audit import Action, note
from arrears.bridge.adapters import adapters
from arrears.bridge.find_cases import find_cases
from arrears.bridge.list_cases import CaseAt
from arrears.ports import CaseSearch

_PAGE = 1000


def export_cases(organisation: int, search: CaseSearch, what: str) -> Iterator[CaseAt]:
    """Every case that fits, newest first, read as they are taken. `what` says in words which they are.

    Raises TryAgainLater, also while they are taken.
    """
    text = f"Exported {what}."
    note(organisation, Action.EXPORTED, text, adapters().clock.now(), subject="cases")
    return _every(organisation, search)


def _every(organisation: int, search: CaseSearch) -> Iterator[CaseAt]:
    page = find_cases(organisation, search, _PAGE)
    yield from page.cases
    while page.older is not None:
        page = find_cases(organisation, search, _PAGE, page.older)
        yield from page.cases
