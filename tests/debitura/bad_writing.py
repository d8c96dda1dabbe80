"""Ways to write an answer that no decent server has: for `serve(fake, write=…)`."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator

from arrears.connectors.message import Request, Response
from tests.connectors.raw_server import answer
from tests.debitura.transport import Write

_ZEROS = bytes(1_000_000)


def only(method: str, write: Write) -> Write:
    """Only answers to this method are written badly."""
    return lambda request, response: write(request, response) if request.method == method else None


def short_body(_: Request, response: Response) -> Iterator[bytes]:
    """Half the body under the length of the whole."""
    half = response.body[: len(response.body) // 2]
    yield answer(half, _status(response), _headers(response), length=len(response.body))


def until_close(_: Request, response: Response) -> Iterator[bytes]:
    """Half the body and no length: it ends where the connection ends, which looks like success."""
    head = f"HTTP/1.1 {_status(response)}\r\n{_headers(response)}Connection: close\r\n\r\n"
    yield head.encode() + response.body[: len(response.body) // 2]


def dripping(pause: float = 0.3) -> Write:
    """One byte at a time, with a pause in seconds after each."""

    def write(_: Request, response: Response) -> Iterator[bytes]:
        for byte in answer(response.body, _status(response), _headers(response)):
            yield bytes([byte])
            time.sleep(pause)

    return write


def bomb(megabytes: int = 1_000) -> Write:
    """Zeros that are small on the wire and large when they are unpacked."""

    def write(_: Request, response: Response) -> Iterator[bytes]:
        yield f"HTTP/1.1 {_status(response)}\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n".encode()
        packer = zlib.compressobj(wbits=31)
        for _mega in range(megabytes):
            yield packer.compress(_ZEROS)
        yield packer.flush()

    return write


def endless(megabytes: int = 1_000) -> Write:
    """So many megabytes of plain text."""

    def write(_: Request, response: Response) -> Iterator[bytes]:
        yield f"HTTP/1.1 {_status(response)}\r\n{_headers(response)}Connection: close\r\n\r\n".encode()
        for _mega in range(megabytes):
            yield _ZEROS

    return write


def _status(response: Response) -> str:
    return f"{response.status} Whatever"


def _headers(response: Response) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in response.headers.items())
