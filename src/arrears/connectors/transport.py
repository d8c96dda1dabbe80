"""The only file that speaks HTTP: deadlines, limits, certificates, retries, and silence about secrets."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import logging
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore2
import httpx2

from arrears.clock import SystemClock
from arrears.connectors.limiter import Limiter
from arrears.connectors.message import Request, Response, without_secrets
from arrears.connectors.public_address import Target
from arrears.connectors.retry import Overloaded, Patience, TooLarge, retry_after, retry_after_in
from arrears.ports import NotSent, OutcomeUnknown, Remedy, Reply, TryAgainLater

T = TypeVar("T")

# At INFO the HTTP library logs whole addresses, at DEBUG headers too; both can hold a session token.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_OVERLOADED = {408, 503, 504}
_BROKEN = {500, 502}
_COURTESY_SECONDS = 0.001

#: A request with effects that was asked for longer ago is not sent any more: a process that was asleep may
#: have been taken for dead, and another may have asked again in its place.
STALE_SECONDS = 60.0
_LONGEST_ADDRESS = 8_000


def checked_base_url(url: str, example: str = "https://api.kashflow.com/v2") -> str:
    """The base address without a trailing slash. Raises ValueError with one sentence if it cannot be used.

    Unencrypted http:// is accepted for this machine itself only. `example` is one that could be used.
    """
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # complains only when asked
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError(f"The address must look like {example}.")
    if " " in url.strip() or not url.strip().isprintable():
        raise ValueError("The address must not contain spaces or unprintable characters.")
    if parts.query or parts.fragment:
        raise ValueError("The address must not contain ? or #.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("The address must begin with https://, because passwords are sent to it.")
    return url.strip().rstrip("/")


def pinned(base_url: str, link: str) -> str | None:
    """The complete address of a link found in an answer, or None when it leads away from the base's host.

    Takes complete addresses and relative ones: below the base, from the host's root, and from the host's
    root with the leading slash missing.
    """
    base = urlsplit(base_url)
    first = base.path.strip("/").split("/")[0]
    if first and link.startswith(f"{first}/"):
        link = f"/{link}"
    try:
        address = urljoin(f"{base_url}/", link.strip())
        same = _origin(urlsplit(address)) == _origin(base)
    except ValueError:
        return None
    return address if same and address.isprintable() and len(address) <= _LONGEST_ADDRESS else None


def _origin(parts: SplitResult) -> tuple[str, str, int | None, bool]:
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port, "@" in parts.netloc


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@functools.cache
def _certificates(scheme: str) -> ssl.SSLContext:
    """Certificates are always checked. Loading them takes long, so it is done once, and only where needed.

    Unencrypted addresses get a context that trusts nobody.
    """
    return httpx2.create_ssl_context() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True)
class _Since:
    """A moment by two clocks: one stands still while the machine sleeps, the other can be set back."""

    monotonic: float
    wall: datetime

    @classmethod
    def now(cls) -> _Since:
        return cls(time.monotonic(), SystemClock().now())

    @property
    def seconds(self) -> float:
        """How long ago it was, by the clock that says more."""
        now = _Since.now()
        return max(now.monotonic - self.monotonic, (now.wall - self.wall).total_seconds())


#: Gets a request ready at the moment it is sent: waits for its turn, adds what must not be kept.
Before = Callable[[Request], Awaitable[Request]]


class Transport:
    """Sends requests to one host and to no other.

    `name` is how people know the other side. `deadline` is in seconds and covers everything from the
    connection to the last byte, so that an answer that trickles in cannot outlive it; `connect` covers the
    connection alone. Bodies above `most_bytes` (after decompression) are refused. `before` is awaited
    before every exchange, repetitions included; when it raises nothing is sent. Belongs to the event loop
    that first uses it.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        limiter: Limiter | None = None,
        patience: Patience | None = None,
        deadline: float = 60.0,
        connect: float = 10.0,
        most_bytes: int = 64_000_000,
        before: Before | None = None,
    ) -> None:
        self.name = name
        self.base_url = checked_base_url(base_url)
        self.limiter = limiter or Limiter()
        self.patience = patience or Patience()
        self.before = before
        self._deadline = deadline
        self._connect = connect
        self._most_bytes = most_bytes
        self._client: httpx2.AsyncClient | None = None

    async def ask(self, request: Request, read: Callable[[Response], T]) -> T:
        """Send `request` and read the answer with `read`, which raises the error that fits.

        A request without effects is repeated with growing pauses while `read` or the network raises
        TryAgainLater. A request with effects is sent once, and not at all once it is stale; when its answer
        is lost the error is OutcomeUnknown, and what an answer of 5xx means for it is for `read` to say.
        """
        if request.effects:
            return await self._once(request, read)
        async for attempt in self.patience.tries():
            with attempt:
                return await self._once(request, read)
        raise AssertionError("The last attempt either returns or raises.")

    async def _once(self, request: Request, read: Callable[[Response], T]) -> T:
        asked = _Since.now()
        self._refuse_while_closed()
        ticket = await self.limiter.enter()
        try:
            ready = await self.before(request) if self.before else request
            if request.effects:
                self._refuse_stale(request, asked, STALE_SECONDS)
            response = without_secrets(await self._exchange(ready), request, ready)
            self._refuse_troubled(request, response)
        except Overloaded as error:
            self.limiter.slow_down(ticket, error.after.total_seconds() if error.after else 0.0)
            raise
        finally:
            self.limiter.leave()
        await self._let_others_send()
        try:
            answer = read(response)
        except Overloaded:
            self.limiter.slow_down(ticket)
            raise
        self.limiter.good()
        return answer

    def _refuse_while_closed(self) -> None:
        """A short wait that the other side asked for is waited out; of a longer one the caller is told."""
        wait = self.limiter.closed_for()
        if wait > self.patience.longest_wait:
            raise Overloaded(f"{self.name} asked to be left alone for a while.", timedelta(seconds=wait))

    async def _let_others_send(self) -> None:
        """Reading an answer takes the processor's time, so requests that can go out now go out first."""
        if self.limiter.busy:
            await asyncio.sleep(_COURTESY_SECONDS)

    def _refuse_troubled(self, request: Request, response: Response) -> None:
        if response.status == 429 or (response.status in _OVERLOADED and not request.effects):
            wait = retry_after(response.headers)
            if wait is None and response.status == 429:
                wait = retry_after_in(response.body)
            raise Overloaded(f"{self.name} is busy and asked to be left alone for a while.", wait)
        if response.status in _BROKEN and not request.effects:
            raise TryAgainLater(
                f"{self.name} reported a fault of its own (HTTP {response.status}) for {request.purpose}."
            )

    def _refuse_stale(self, request: Request, since: _Since, most: float) -> None:
        if since.seconds > most:
            what = f"The request to {self.name} ({request.purpose})"
            raise NotSent(f"{what} was held up for more than {most:.0f} seconds, and not sent any more.")

    async def _exchange(self, request: Request) -> Response:
        """Send once and read the whole answer, whatever its status. Every failure has its class."""
        sent = not request.effects
        extensions: dict[str, Any] = {}
        began, deadline = _Since.now(), request.deadline or self._deadline

        async def trace(event: str, _: object) -> None:
            nonlocal sent
            if not sent and "send_request_headers.started" in event:
                # The very last moment. A process that slept while connecting may wake up before its deadline
                # is noticed.
                self._refuse_stale(request, began, deadline)
                sent = True

        if request.effects:
            extensions["trace"] = trace
        try:
            async with asyncio.timeout(deadline):
                return await self._stream(request, extensions)
        except (TimeoutError, httpx2.TransportError, httpx2.DecodingError, httpx2.StreamError) as error:
            failure = self._failure(request, sent, error)
        # Raised out here, so that the library's error, which holds the headers, is not attached to it.
        raise failure

    async def _stream(self, request: Request, extensions: dict[str, Any]) -> Response:
        limit = request.most_bytes or self._most_bytes
        chunks: list[bytes] = []
        size = 0
        async with self._open().stream(
            request.method,
            self._address(request.path),
            content=request.body or None,
            headers=dict(request.headers),
            extensions=extensions,
        ) as answer:
            async for chunk in answer.aiter_bytes():
                size += len(chunk)
                if size > limit:
                    raise _too_large(self.name, request, limit)
                chunks.append(chunk)
            return Response(answer.status_code, dict(answer.headers), b"".join(chunks))

    def _failure(self, request: Request, sent: bool, error: Exception) -> Remedy:
        name, purpose = self.name, request.purpose
        if isinstance(error, httpx2.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
            return NotSent(f"The certificate of {name} could not be verified, so nothing was sent.")
        if not sent or isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout):
            return NotSent(f"{name} could not be reached for {purpose}.")
        if request.effects:
            return OutcomeUnknown(f"The answer of {name} to {purpose} was lost.")
        if isinstance(error, TimeoutError | httpx2.TimeoutException):
            return Overloaded(f"{name} did not answer in time for {purpose}.")
        return TryAgainLater(f"The connection to {name} broke while reading {purpose}.")

    def _address(self, path: str) -> str:
        address = path if "://" in path else f"{self.base_url}/{path.lstrip('/')}"
        if pinned(self.base_url, address) is None:
            raise ValueError(f"A request to another host than {self.name}'s was refused.")
        return address

    def _open(self) -> httpx2.AsyncClient:
        if self._client is None:
            base = urlsplit(self.base_url)
            self._client = httpx2.AsyncClient(
                verify=_certificates(base.scheme),
                timeout=httpx2.Timeout(None, connect=self._connect),  # the rest is under the deadline
                limits=httpx2.Limits(keepalive_expiry=20),
                follow_redirects=False,
                trust_env=not _is_loopback(base.hostname or ""),
            )
        return self._client

    async def close(self) -> None:
        """Close the connections. Safe to call twice."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


def _too_large(name: str, request: Request, limit: int) -> Remedy:
    sentence = f"The answer of {name} for {request.purpose} is larger than {limit:,} bytes and was dropped."
    return OutcomeUnknown(sentence) if request.effects else TooLarge(sentence)


#: Connects to an IP address and a port.
Dial = Callable[[str, int], Awaitable[httpcore2.AsyncNetworkStream]]

#: How long one of several addresses may take to let us in, in seconds.
_CONNECT_SECONDS = 4.0


async def post_to(
    target: Target,
    addresses: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    *,
    most_bytes: int,
    dial: Dial | None = None,
    certificates: ssl.SSLContext | None = None,
) -> Reply:
    """Post once to one of `addresses`, which is not looked up again; the certificate is for the name.

    No redirects, no proxies, no cookies, nothing decompressed. At most `most_bytes` of the answer are read.
    Deadlines are the caller's: TimeoutError passes through.
    """
    pool = httpcore2.AsyncConnectionPool(
        ssl_context=certificates or _certificates(target.scheme),
        network_backend=_Pinned(addresses, dial or _dial),
    )
    url = httpcore2.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    sent = [("Host", target.host_header), ("User-Agent", "Arrears"), *headers.items()]
    try:
        async with pool, pool.stream("POST", url, headers=sent, content=body) as answer:
            size = 0
            async for chunk in answer.aiter_stream():
                size += len(chunk)
                if size > most_bytes:
                    break
            return _reply(answer.status)
    except httpcore2.TimeoutException:
        return Reply(None, "The server could not be reached in time.", "timeout")
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        return _no_reply(error)


def _reply(status: int) -> Reply:
    if 200 <= status < 300:
        return Reply(status)
    return Reply(status, f"The server answered with HTTP status {status}.", "http")


def _no_reply(error: Exception) -> Reply:
    if isinstance(error.__cause__ or error.__context__, ssl.SSLError):
        return Reply(None, "No trusted encrypted connection could be made with the server.", "tls")
    if isinstance(error, httpcore2.ConnectError):
        return Reply(None, "The server could not be reached.", "connection")
    return Reply(None, "The connection broke before the server had answered.", "connection")


async def _dial(address: str, port: int) -> httpcore2.AsyncNetworkStream:
    return await httpcore2.AnyIOBackend().connect_tcp(address, port, timeout=_CONNECT_SECONDS)


class _Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to the given addresses, the first that lets us in, whatever host is asked for."""

    def __init__(self, addresses: Sequence[str], dial: Dial) -> None:
        self._addresses = addresses
        self._dial = dial

    async def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - its addresses are known, and are all that is used
        port: int,
        *_: Any,
        **__: Any,
    ) -> httpcore2.AsyncNetworkStream:
        *others, last = self._addresses
        for address in others:
            try:
                return await self._dial(address, port)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._dial(last, port)
