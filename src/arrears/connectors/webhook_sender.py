"""Posting to servers that strangers have named: the address is looked up once, checked, and then used."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from arrears.connectors import background
from arrears.connectors.public_address import Address, Target, is_public, target_of
from arrears.connectors.transport import Dial, post_to
from arrears.ports import Reply

#: From looking up the name to the last byte of the answer, in seconds.
DEADLINE = 10.0

#: How much of an answer is read; nobody looks at it.
MOST_BYTES = 64_000

#: How many of a host's addresses are tried.
_MOST_ADDRESSES = 4

#: Looking up a name cannot be cut short, so slow ones get threads of their own, which may all be busy.
_LOOKUPS = ThreadPoolExecutor(16, thread_name_prefix="webhook-lookup")

#: Gives the addresses of a host name, in the order in which to try them. Raises OSError.
Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> Sequence[str]:
    """What this machine's resolver says; it also reads numbers, however they are written."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PublicWebhookSender:
    """ports.WebhookSender that reaches public addresses only, over HTTPS, at ports 443 and 8443.

    `anywhere` lifts all three, for development: whoever may create a webhook can then reach into the network
    this runs in. `dial`, `resolve` and `certificates` are for tests.
    """

    def __init__(
        self,
        *,
        anywhere: bool = False,
        resolve: Resolve = resolve,
        dial: Dial | None = None,
        certificates: ssl.SSLContext | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._anywhere = anywhere
        self._resolve = resolve
        self._dial = dial
        self._certificates = certificates
        self._deadline = deadline

    def check(self, url: str) -> str:
        """Why nothing will ever be sent to this URL, in a sentence; empty when it looks good."""
        try:
            target = target_of(url, anywhere=self._anywhere)
        except ValueError as problem:
            return str(problem)
        found = background.run(self._look_up_in_time(target))
        return found.error if isinstance(found, Reply) else ""

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Post once. The address connected to is the very one that was checked."""
        began = time.monotonic()
        reply = background.run(self._send(url, headers, body))
        return replace(reply, took=timedelta(seconds=time.monotonic() - began))

    async def _look_up_in_time(self, target: Target) -> Sequence[str] | Reply:
        try:
            async with asyncio.timeout(self._deadline):
                return await self._look_up(target)
        except TimeoutError:
            return Reply(None, f"The host name {target.host} could not be looked up in time.", "dns")

    async def _send(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        try:
            target = target_of(url, anywhere=self._anywhere)
        except ValueError as problem:
            return Reply(None, str(problem), "refused address")
        try:
            async with asyncio.timeout(self._deadline):
                found = await self._look_up(target)
                if isinstance(found, Reply):
                    return found
                return await post_to(
                    target,
                    found,
                    headers,
                    body,
                    most_bytes=MOST_BYTES,
                    dial=self._dial,
                    certificates=self._certificates,
                )
        except TimeoutError:
            return Reply(None, f"There was no answer within {self._deadline:g} seconds.", "timeout")

    async def _look_up(self, target: Target) -> Sequence[str] | Reply:
        """The addresses to connect to, or why to none. One that is not public spoils them all."""
        loop = asyncio.get_running_loop()
        try:
            named = await loop.run_in_executor(_LOOKUPS, self._resolve, target.host, target.port)
            addresses = [ipaddress.ip_address(one) for one in named]
        except (OSError, ValueError):
            addresses = []
        if not addresses:
            return Reply(None, f"The host name {target.host} does not lead to an address.", "dns")
        if not self._anywhere and not all(is_public(one) for one in addresses):
            return Reply(None, _not_public(target, addresses), "refused address")
        return [str(one) for one in addresses[:_MOST_ADDRESSES]]


def _not_public(target: Target, addresses: Sequence[Address]) -> str:
    """Which address it is stays untold: what our resolver knows of our network is nobody's business."""
    literal = target.host in {str(one) for one in addresses}
    leads = "is" if literal else "leads to"
    return f"{target.host} {leads} an address that is not public, and nothing is sent there."
