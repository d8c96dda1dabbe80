"""All cases of an organisation, as its collector states them now."""

from __future__ import annotations

from collections.abc import Iterator

from arrears.bridge.adapters import adapters
from arrears.ports import Case


def list_cases(organisation: int) -> Iterator[Case]:
    """Every case, newest first. Raises TryAgainLater or NeedsAttention."""
    return adapters().collector(organisation).cases()
