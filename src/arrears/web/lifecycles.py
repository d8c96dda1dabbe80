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
    Lifecycle.PENDING_SIGNING: Look(
        "Pending signature",
        "pencil",
        "yellow",
        "The case starts by itself once the contracts it needs are signed.",
    ),
    Lifecycle.PENDING_CHECK: Look(
        "Being checked",
        "search",
        "azure",
        "The desk checks that nothing is missing. What is missing can still be added.",
    ),
    Lifecycle.PENDING_VERIFICATION: Look(
        "Pending verification",
        "hourglass",
        "azure",
        "The partner is looking at the case before accepting it.",
    ),
    Lifecycle.MORE_INFO: Look(
        "More information required",
        "info-circle",
        "orange",
        "The case cannot go on until the questions on it are answered.",
    ),
    Lifecycle.COLLECTING_QUOTES: Look(
        "Collecting quotes",
        "file-text",
        "purple",
        "Firms are asked for their price. Nothing is agreed until one is accepted.",
    ),
    Lifecycle.PENDING_QUOTE_SELECTION: Look(
        "Quotes to choose from",
        "scale",
        "purple",
        "Offers have come in: one of them can be accepted, or none.",
    ),
    Lifecycle.ACTIVE: Look("Active", "player-play", "green", "The partner is collecting."),
    Lifecycle.PAUSED: Look("Paused", "player-stop", "yellow", "Nothing is done until the case is resumed."),
    Lifecycle.CLOSED: Look("Closed", "circle-check", "secondary", "Nothing more is done on this case."),
}
