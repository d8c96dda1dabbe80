"""How a case stands, in words for people."""

from __future__ import annotations

from dataclasses import dataclass

from arrears.core.case import Lifecycle


@dataclass(frozen=True, slots=True)
class Look:
    """Words, icon and colour of one lifecycle. The colour never stands alone."""

    label: str
    icon: str
    tone: str
    meaning: str


LIFECYCLES: dict[Lifecycle, Look] = {
    Lifecycle.PENDING_VERIFICATION: Look(
        "Pending verification",
        "hourglass",
        "azure",
        "The partner is looking at the case before accepting it.",
    ),
    Lifecycle.COLLECTING_QUOTES: Look(
        "Collecting quotes",
        "file-text",
        "purple",
        "No partner covers this debtor at the standard price, so firms are asked for theirs. You decide.",
    ),
    Lifecycle.ACTIVE: Look("Active", "player-play", "green", "The partner is collecting."),
    Lifecycle.CLOSED: Look("Closed", "circle-check", "secondary", "Nothing more is done on this case."),
}
