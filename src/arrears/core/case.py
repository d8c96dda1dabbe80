"""Where a case at the collector can stand."""

from __future__ import annotations

from enum import StrEnum


class Lifecycle(StrEnum):
    """Where a case stands. The values are the names used everywhere: API, command line, pages."""

    PENDING_VERIFICATION = "pending verification"
    COLLECTING_QUOTES = "collecting quotes"
    ACTIVE = "active"
    CLOSED = "closed"
