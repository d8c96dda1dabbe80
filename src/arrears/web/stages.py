"""Where cases stand, in a few plain words, and how long ago they were handed over."""

from __future__ import annotations

from dataclasses import dataclass

from arrears.core.case import Lifecycle
from arrears.ports import WAITS_FOR_CREDITOR, Age


@dataclass(frozen=True, slots=True)
class Stage:
    """Several lifecycles that mean the same to a creditor. `key` stands in addresses."""

    key: str
    label: str
    lifecycles: frozenset[Lifecycle]


#: Each lifecycle is in exactly one of these, in the order in which a case goes through them.
STAGES = (
    Stage("waiting", "Waiting for you", WAITS_FOR_CREDITOR),
    Stage(
        "checking",
        "Being checked",
        frozenset({Lifecycle.PENDING_CHECK, Lifecycle.PENDING_VERIFICATION}),
    ),
    Stage("quotes", "Collecting quotes", frozenset({Lifecycle.COLLECTING_QUOTES})),
    Stage("collecting", "Being collected", frozenset({Lifecycle.ACTIVE})),
    Stage("paused", "Paused", frozenset({Lifecycle.PAUSED})),
    Stage("closed", "Closed", frozenset({Lifecycle.CLOSED})),
)
#: Everything that is not closed.
OPEN = Stage("open", "Open", frozenset(Lifecycle) - {Lifecycle.CLOSED})

_BY_KEY = {stage.key: stage for stage in (OPEN, *STAGES)}

AGES: dict[Age, str] = {
    Age.TO_30_DAYS: "Up to 30 days",
    Age.TO_60_DAYS: "31 to 60 days",
    Age.TO_90_DAYS: "61 to 90 days",
    Age.TO_180_DAYS: "91 to 180 days",
    Age.TO_1_YEAR: "181 days to 1 year",
    Age.TO_2_YEARS: "1 to 2 years",
    Age.LONGER: "Over 2 years",
}


def stage_named(key: str) -> Stage | None:
    return _BY_KEY.get(key)
