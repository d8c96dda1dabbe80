"""What the bridge needs from outside. `wiring` provides it; the setting ARREARS_ADAPTERS names it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string
from pydantic import SecretStr

from arrears.bridge.models import CollectorAccount, Connection
from arrears.core.eligibility import Policy
from arrears.ports import Books, CaseIndex, CaseNews, Clock, Collector, Feed


class Adapters(Protocol):
    """The outside world, chosen for one organisation's connection."""

    clock: Clock

    def books(self, connection: Connection, word: SecretStr | None = None) -> Books:
        """The books behind a connection. `word` is the memorable word when it is not stored."""
        ...

    def forget(self, connection: Connection) -> None:
        """Log out of the books behind a connection and drop what this process knows of them."""
        ...

    def collector(self, organisation: int, account: CollectorAccount | None) -> Collector:
        """The organisation's collector: the one behind an account, or our own desk for none."""
        ...

    def feed(self, account: CollectorAccount) -> Feed:
        """How the collector behind an account tells us of changes."""
        ...

    def case_indexes(self, organisation: int) -> tuple[CaseIndex, CaseIndex]:
        """The organisation's cases to look through: those at our own desk, and those elsewhere."""
        ...

    def case_news(self, organisation: int) -> Sequence[CaseNews]:
        """What tells of the organisation's cases, wherever they are."""
        ...

    def policy(self) -> Policy:
        """What the collector asks of a claim."""
        ...


@cache
def adapters() -> Adapters:
    """The adapters of this installation."""
    provided: Adapters = import_string(settings.ARREARS_ADAPTERS)()
    return provided


def _forget(*, setting: str, **_: object) -> None:
    if setting == "ARREARS_ADAPTERS":
        adapters.cache_clear()


setting_changed.connect(_forget)
