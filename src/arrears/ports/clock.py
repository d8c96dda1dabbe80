"""What time it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol


class Clock(Protocol):
    """The only way to know what time it is."""

    def now(self) -> datetime:
        """This instant, with its zone (UTC)."""
        ...

    def today(self) -> date:
        """Today's date where the books are kept: London."""
        ...
