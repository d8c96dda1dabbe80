"""Send the e-mails that are due, and forget those sent long ago."""

from __future__ import annotations

from arrears.accounts import outbox
from arrears.bridge.adapters import adapters


def send_mails() -> int:
    """Returns how many were sent."""
    now = adapters().clock.now()
    outbox.forget_old(now)
    return outbox.send_due(now)
