"""Undo the opening of one case while that is free."""

from __future__ import annotations

from arrears.bridge.adapters import adapters
from arrears.bridge.collectors import collector_of
from arrears.bridge.models import Submission
from arrears.bridge.taking_back import close_one, wish
from arrears.core.submission import State
from arrears.ports import NeedsAttention


def take_back(row: Submission) -> Submission:
    """Close the case of a row, free its invoices, and return the row as it stands then.

    Doing it twice, or in two tabs at once, does it once. Killed in between, it is finished by the next look.
    Raises NeedsAttention where the case cannot be closed free of charge any more, or not by us; TryAgainLater
    when the collector does not answer, and then it is tried again without anybody asking.
    """
    collector, clock = collector_of(row.run), adapters().clock
    if not collector.takes_back:
        raise NeedsAttention(
            f"{collector.name} does not let its cases be closed from here.",
            code="not_taken_back",
            action="Close the case there while that is still free.",
        )
    wish([row.pk], clock)
    row.refresh_from_db()
    if row.taking_back_since is not None:
        close_one(row, collector, clock)
    if row.state != State.WITHDRAWN:
        raise NeedsAttention(
            "This row has no case that could be taken back.", code="no_case", action="Load the page again."
        )
    return row
