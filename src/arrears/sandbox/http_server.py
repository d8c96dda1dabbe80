"""A small HTTP/1.1 server that can also misbehave: hang, drip, cut a body short, reset the connection."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

import h11

READ_SIZE: Final = 65_536
LARGEST_BODY: Final = 1_000_000
JSON: Final = "application/json; charset=utf-8"


@dataclass(slots=True)
class Request:
    """One request. Header names are lower case; ``path`` is still percent-encoded."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes = b""

    def parameters(self) -> dict[str, str]:
        """The query by lower-case name; the last of several wins."""
        return {name.lower(): value for name, value in parse_qsl(self.query, keep_blank_values=True)}

    def json(self) -> object:
        """The body, amounts as Decimal; ValueError when it is not JSON."""
        return json.loads(self.body or b"null", parse_float=Decimal)


@dataclass(slots=True)
class Response:
    """One answer and how to deliver it.

    ``delay`` is in seconds. ``hang``: seconds of silence, then a reset. ``cut``: reset without an answer.
    ``keep_bytes``: reset after that much of the body. ``drip``: bytes at a time, seconds apart.
    """

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: list[tuple[str, str]] = field(default_factory=list)
    delay: float = 0.0
    hang: float | None = None
    cut: bool = False
    keep_bytes: int | None = None
    drip: tuple[int, float] | None = None


Answer = Callable[[Request], Response]


class CutError(Exception):
    """The connection is to be reset now."""


async def serve(
    answer: Answer, host: str, port: int, ready: Callable[[int], None], stop: asyncio.Event
) -> None:
    """Listen until ``stop`` is set; ``ready`` is called with the port. OSError when the port is taken."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _Connection(answer, reader, writer).run()

    server = await asyncio.start_server(connected, host, port, backlog=512)
    ready(server.sockets[0].getsockname()[1])
    await stop.wait()
    server.close()


class _Connection:
    def __init__(self, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._answer = answer
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        """Serve requests until either side ends the connection."""
        try:
            while request := await self._request():
                await self._deliver(self._answer(request))
                if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                    break
                self._http.start_next_cycle()
        except h11.RemoteProtocolError:
            pass  # not HTTP: hang up
        except CutError:
            self._reset()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the caller left, or the server stops
        finally:
            self._writer.close()

    async def _request(self) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    self._send(h11.InformationalResponse(status_code=100, headers=[]))
                self._http.receive_data(await self._reader.read(READ_SIZE))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST_BODY:
                    raise CutError
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _request(head, bytes(body))
            else:
                return None

    async def _deliver(self, response: Response) -> None:
        if response.delay:
            await asyncio.sleep(response.delay)
        if response.cut:
            raise CutError
        if response.hang is not None:
            await self._wait_for_the_caller_to_leave(response.hang)
            raise CutError
        body = response.body
        head = self._http.send(_head(response)) or b""
        if response.keep_bytes is not None:
            await self._write(head + body[: response.keep_bytes])
            raise CutError
        if response.drip:
            await self._drip(head, body, *response.drip)
        else:
            data = self._http.send(h11.Data(data=body)) or b""
            await self._write(head + data)
        self._http.send(h11.EndOfMessage())

    async def _drip(self, head: bytes, body: bytes, size: int, seconds: float) -> None:
        await self._write(head)
        for start in range(0, len(body), size):
            await self._write(self._http.send(h11.Data(data=body[start : start + size])) or b"")
            await asyncio.sleep(seconds)

    async def _wait_for_the_caller_to_leave(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while await self._reader.read(READ_SIZE):
                    pass
        except TimeoutError:
            pass

    def _send(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def _reset(self) -> None:
        """Close so that the caller sees a reset rather than an orderly end."""
        raw: socket.socket | None = self._writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


def _request(head: h11.Request, body: bytes) -> Request:
    path, _, query = head.target.decode("ascii").partition("?")
    headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode("ascii"), path, query, headers, body)


def _head(response: Response) -> h11.Response:
    headers = [("Content-Length", str(len(response.body))), *response.headers]
    if response.body:
        headers.append(("Content-Type", response.content_type))
    reason = HTTPStatus(response.status).phrase.encode()
    return h11.Response(status_code=response.status, headers=headers, reason=reason)
