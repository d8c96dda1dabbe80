"""What the desk needs from outside. `wiring` provides it; the setting ARREARS_DESK_ADAPTERS names it."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from arrears.ports import Clock, WebhookSender


class DeskAdapters(Protocol):
    """The outside world as the desk sees it."""

    clock: Clock
    webhooks: WebhookSender


@cache
def adapters() -> DeskAdapters:
    """The adapters of this installation."""
    provided: DeskAdapters = import_string(settings.ARREARS_DESK_ADAPTERS)()
    return provided


def _forget(*, setting: str, **_: object) -> None:
    if setting == "ARREARS_DESK_ADAPTERS":
        adapters.cache_clear()


setting_changed.connect(_forget)
