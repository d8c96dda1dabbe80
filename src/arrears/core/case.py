"""The life of a case at the collector: its states, what moves it, and how it can end."""

from __future__ import annotations

from enum import StrEnum


class Lifecycle(StrEnum):
    """Where a case stands. The values are the names used everywhere: API, command line, pages."""

    PENDING_VERIFICATION = "pending verification"
    COLLECTING_QUOTES = "collecting quotes"
    ACTIVE = "active"
    CLOSED = "closed"


class Event(StrEnum):
    PARTNER_ACCEPTED = "partner accepted"
    PARTNER_DECLINED = "partner declined"
    CLOSED = "closed"


#: A case is opened with a partner (pending verification) or, where none covers it, collecting quotes.
TRANSITIONS: dict[Lifecycle, dict[Event, Lifecycle]] = {
    Lifecycle.PENDING_VERIFICATION: {
        Event.PARTNER_ACCEPTED: Lifecycle.ACTIVE,
        Event.PARTNER_DECLINED: Lifecycle.COLLECTING_QUOTES,
        Event.CLOSED: Lifecycle.CLOSED,
    },
    Lifecycle.COLLECTING_QUOTES: {Event.CLOSED: Lifecycle.CLOSED},
    Lifecycle.ACTIVE: {Event.CLOSED: Lifecycle.CLOSED},
    Lifecycle.CLOSED: {},
}
