"""Telling other systems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of posting to somebody's server: a status, or why there was none.

    `category` is one of `http`, `timeout`, `dns`, `tls`, `connection`, `refused address`; empty for a 2xx.
    """

    status: int | None
    error: str = ""
    category: str = ""
    took: timedelta = timedelta(0)


class WebhookSender(Protocol):
    """Posts to servers that strangers have named, and so never to an address that is not public.

    Every way of failing is a Reply, never an exception. Redirects are not followed.
    """

    def check(self, url: str) -> str:
        """Why nothing will ever be sent to this URL, in a sentence; empty when it looks good."""
        ...

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Post once. The address connected to is the very one that was checked."""
        ...
