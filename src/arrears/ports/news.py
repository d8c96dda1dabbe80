"""What has happened to an organisation's cases, for e-mails about it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from arrears.core.digest import News


class CaseNews(Protocol):
    """News of the cases of one organisation at one place."""

    def between(self, since: datetime, until: datetime) -> list[News]:
        """What has happened after `since`, up to and including `until`, the earliest first."""
        ...
