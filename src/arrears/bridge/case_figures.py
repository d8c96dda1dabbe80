"""What the cases of an organisation come to."""

from __future__ import annotations

from dataclasses import dataclass

from arrears.bridge.adapters import adapters
from arrears.bridge.figures_kept import figures_kept
from arrears.ports import CaseSearch, Figures


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Figures of the cases at our own desk, and of those elsewhere."""

    own: Figures
    elsewhere: Figures
    all: Figures


def case_figures(organisation: int, search: CaseSearch) -> CaseFigures:
    """The figures of the cases that fit, as of now. Raises TryAgainLater."""
    clock_today = adapters().clock.today()
    desk, tracked = (
        figures_kept(index, (organisation, number), search, clock_today)
        for number, index in enumerate(adapters().case_indexes(organisation))
    )
    return CaseFigures(desk, tracked, desk + tracked)
