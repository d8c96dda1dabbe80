"""Connections to collectors over real sockets, closed when a test ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from arrears.connectors.debitura import DebituraCollector
from arrears.ports import NeedsAttention


@dataclass
class HeldKey:
    """An API key in memory, and why it was rejected."""

    key: str
    reasons: list[NeedsAttention] = field(default_factory=list)

    def read(self) -> SecretStr:
        return SecretStr(self.key)

    def rejected(self, reason: NeedsAttention) -> None:
        self.reasons.append(reason)


class Connections:
    """Connects, and closes everything that was connected."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._opened: list[DebituraCollector] = []

    def connect(self, key: str, creditor: str, **options: Any) -> DebituraCollector:
        collector = DebituraCollector(HeldKey(key), base_url=self.base_url, creditor=creditor, **options)
        self._opened.append(collector)
        return collector

    def close(self) -> None:
        for collector in self._opened:
            collector.close()
