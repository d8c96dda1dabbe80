"""How old a debt is: the band it is shown in, and the day from which handing it over costs more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from arrears.core.claim import months_after, older_than
from arrears.core.pricing import Grid
from arrears.core.wording import number_text


class Band(StrEnum):
    """How long an invoice is overdue. Each has exactly one band.

    Bands count days up to 90 and calendar months from six on, because price lists do. What lies between is
    one band: it ends with the last day that is not yet more than six months, which is 181 to 184 days.
    """

    NOT_DUE = "not-due"
    DAYS_1_30 = "1-30"
    DAYS_31_60 = "31-60"
    DAYS_61_90 = "61-90"
    DAYS_91_180 = "91-180"
    OVER_6_MONTHS = "over-6-months"
    OVER_12_MONTHS = "over-12-months"
    OVER_24_MONTHS = "over-24-months"
    UNKNOWN = "unknown"


#: The bands in words, in the order in which they are shown.
BAND_LABELS = {
    Band.NOT_DUE: "Not due yet",
    Band.DAYS_1_30: "1 to 30 days",
    Band.DAYS_31_60: "31 to 60 days",
    Band.DAYS_61_90: "61 to 90 days",
    Band.DAYS_91_180: "91 days to 6 months",
    Band.OVER_6_MONTHS: "Over 6 months",
    Band.OVER_12_MONTHS: "Over 12 months",
    Band.OVER_24_MONTHS: "Over 24 months",
    Band.UNKNOWN: "No due date",
}

_BY_DAYS = ((30, Band.DAYS_1_30), (60, Band.DAYS_31_60), (90, Band.DAYS_61_90))
_BY_MONTHS = ((24, Band.OVER_24_MONTHS), (12, Band.OVER_12_MONTHS), (6, Band.OVER_6_MONTHS))

#: Edges further off than this are not worth a hint.
SOON = timedelta(days=30)
#: Where many collectors and credit insurers draw a line; it changes no price of ours.
_OLD_DAYS = 180


def band_of(due: date | None, today: date) -> Band:
    """The band of an invoice due on `due`. One that is due today is not overdue until tomorrow."""
    if due is None:
        return Band.UNKNOWN
    days = (today - due).days
    if days <= 0:
        return Band.NOT_DUE
    for most, band in _BY_DAYS:
        if days <= most:
            return band
    return next((band for months, band in _BY_MONTHS if older_than(due, months, today)), Band.DAYS_91_180)


@dataclass(frozen=True, slots=True)
class Edge:
    """The day `on` which a debt crosses an age that matters.

    `points` are the percentage points that the price list adds from that day, 0 for an age that is only worth
    knowing. `age` is the age in words.
    """

    on: date
    age: str
    points: Decimal

    @property
    def text(self) -> str:
        if not self.points:
            return f"{self.age} overdue"
        plural = "" if self.points == 1 else "s"
        return f"{self.age} overdue: the fee rises by {number_text(self.points)} point{plural}"


def next_edge(due: date | None, today: date, grid: Grid | None) -> Edge | None:
    """The next age that an overdue debt crosses within 30 days of `today`; None when there is none.

    A day on which handing over becomes dearer by `grid` goes before one that is only worth knowing.
    """
    if due is None or due >= today:
        return None
    # The first edge is 180 days off, and counting days is much cheaper than counting months.
    last = today + SOON
    if (last - due).days < _OLD_DAYS:
        return None
    dearer = next((edge for edge in _dearer(due, grid) if today < edge.on <= last), None) if grid else None
    if dearer:
        return dearer
    on = due + timedelta(days=_OLD_DAYS)
    return Edge(on, f"{_OLD_DAYS} days", Decimal(0)) if today < on <= last else None


def _dearer(due: date, grid: Grid) -> list[Edge]:
    """The days on which the price list adds to what it added before, earliest first."""
    edges, before = [], Decimal(0)
    for months, points in ((6, grid.over_6_months), (12, grid.over_12_months), (24, grid.over_24_months)):
        if points > before:
            # Exactly so many months is not yet more than so many.
            on = months_after(due, months) + timedelta(days=1)
            edges.append(Edge(on, f"{months} months", points - before))
            before = points
    return edges
