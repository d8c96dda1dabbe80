"""What a collector at the other end of a network needs from us, and how it tells us of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from arrears.ports.remedies import NeedsAttention


class ApiKey(Protocol):
    """The key that lets us in, kept by somebody else until the moment it is used.

    Once it was definitely rejected `read` raises NeedsAttention until a person has entered another.
    """

    def read(self) -> SecretStr: ...

    def rejected(self, reason: NeedsAttention) -> None:
        """The other side said that this key does not open anything, or no longer."""
        ...


class CallBudget(Protocol):
    """How many calls may be made, shared by every process that uses one key."""

    def take(self) -> timedelta:
        """Count one call and return zero; or count nothing and say how long to wait before asking again."""
        ...


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A notice that something happened to a case. What the case has become is read from the source."""

    id: str
    kind: str
    case_id: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """Our standing order to be told. `disabled_because` says why it sleeps; `secret` is told when new.

    `url` is empty where the collector does not tell it.
    """

    id: str
    url: str
    active: bool
    disabled_because: str = ""
    secret: SecretStr | None = None

    def leads_to(self, url: str) -> bool:
        """Whether it tells us at `url`. A collector may give back another spelling, or no address."""
        return not self.url or _spelt_alike(self.url) == _spelt_alike(url)


def _spelt_alike(url: str) -> tuple[str, str, int | None, str]:
    """What of an address is the same in all its spellings."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url, "", None, ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port or usual, unquote(parts.path).rstrip("/")


class Feed(Protocol):
    """How a collector tells us of changes. Calls raise as the reads of a Collector do."""

    def subscribe(self, url: str) -> Subscription:
        """Ask to be told at `url`. Carries the secret."""
        ...

    def subscription(self, subscription_id: str) -> Subscription | None:
        """Our subscription as it stands, or None when it is gone."""
        ...

    def wake(self, subscription_id: str) -> Subscription:
        """Switch a subscription on again that was switched off."""
        ...

    def new_secret(self, subscription_id: str) -> Subscription:
        """Replace the secret. Carries the new one."""
        ...

    def unsubscribe(self, subscription_id: str) -> None:
        """Be told no more. Safe to repeat."""
        ...

    def read_event(
        self, signature: str, body: bytes, secrets: tuple[SecretStr, ...], now: datetime
    ) -> FeedEvent | None:
        """The event in a request that claims to come from the collector; None unless it is genuine.

        Any of `secrets` may have signed it, so that nothing is lost while one replaces another.
        """
        ...
