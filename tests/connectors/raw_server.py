"""A server that answers with exactly the bytes a test gives it, badly if need be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class RawServer:
    """Counts the requests it gets and keeps their heads; `url` is where it is."""

    def __init__(self, handler: Handler) -> None:
        self.heads: list[bytes] = []
        self.url = ""
        self._handler = handler

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.heads.append(head)
                await reader.readexactly(_length(head))
                await self._handler(head, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _length(head: bytes) -> int:
    lines = [line.split(b":") for line in head.lower().split(b"\r\n")]
    return next((int(line[1]) for line in lines if line[0] == b"content-length"), 0)


@asynccontextmanager
async def raw_server(handler: Handler) -> AsyncIterator[RawServer]:
    server = RawServer(handler)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v2"
    try:
        yield server
    finally:
        listening.close()


def answer(body: bytes, status: str = "200 OK", headers: str = "", length: int | None = None) -> bytes:
    """A complete answer; `length` may lie."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{headers}\r\n".encode() + body


def always(*answers: bytes) -> Handler:
    """The given answers in turn; the last one for ever."""
    left = list(answers)

    async def handler(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])

    return handler


def hang_up() -> Handler:
    """The request is read and the connection reset."""

    async def handler(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    return handler
