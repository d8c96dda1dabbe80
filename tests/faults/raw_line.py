"""A real line to the stand-in on which the bytes of an answer can be anything."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

from arrears.connectors.message import Request, Response
from tests.debitura.server import FakeDebitura

#: Sends the answer of the stand-in to a request that opens a case. Returns how many bytes went out.
Send = Callable[[socket.socket, Response], None]


def whole(response: Response, *, length: int | None = None, more: str = "") -> bytes:
    """An honest answer; `length` is what it says of its body's length."""
    told = len(response.body) if length is None else length
    head = f"HTTP/1.1 {response.status} X\r\nContent-Type: application/json\r\nContent-Length: {told}\r\n"
    return f"{head}{more}Connection: close\r\n\r\n".encode() + response.body


@contextlib.contextmanager
def raw_line(fake: FakeDebitura, send: Send) -> Iterator[str]:
    """The stand-in at an address on this machine; the first request to open a case is answered by `send`."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    over, first = threading.Event(), [send]
    threads: list[threading.Thread] = []

    def serve() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                talk, _ = listener.accept()
                threads.append(threading.Thread(target=answer, args=(talk,), daemon=True))
                threads[-1].start()

    def answer(talk: socket.socket) -> None:
        with talk, contextlib.suppress(OSError):
            talk.settimeout(5)
            asked = _read(talk)
            if asked is None:
                return
            response = fake.answer(asked)
            if asked.method == "POST" and asked.path == "/cases" and first:
                first.pop()(talk, response)
            else:
                talk.sendall(whole(response))

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        server.join(5)
        for thread in threads:
            thread.join(5)
        listener.close()


def _read(talk: socket.socket) -> Request | None:
    text = b""
    while b"\r\n\r\n" not in text:
        more = talk.recv(65_536)
        if not more:
            return None
        text += more
    head, _, body = text.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
    }
    while len(body) < int(headers.get("content-length", "0")):
        body += talk.recv(65_536)
    return Request(method, path, "a test", body, headers)
