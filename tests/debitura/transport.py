"""Two ways to reach the stand-in: below HTTP without any waiting, and over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

import httpx2
import stamina

from arrears.connectors.limiter import Limiter
from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Patience
from arrears.connectors.transport import Transport
from arrears.ports import CallBudget
from tests.debitura.clock import MovableClock
from tests.debitura.server import BASE_URL, FakeDebitura
from tests.debitura.wire import Late, Lost


class FakeTransport(Transport):
    """The transport with the stand-in where the network was. Waiting moves the clock and takes no time.

    A call takes `latency`; one that is never answered takes the deadline. `retries` and pauses are those of
    the real transport, with the patience given.
    """

    def __init__(
        self,
        fake: FakeDebitura,
        *,
        base_url: str = BASE_URL,
        patience: Patience | None = None,
        deadline: float = 30.0,
        latency: timedelta = timedelta(0),
        most_at_once: int = 6,
        **more: Any,
    ) -> None:
        super().__init__(
            "Debitura",
            base_url,
            limiter=VirtualLimiter(fake.clock, most_at_once),
            patience=VirtualPatience.of(patience or Patience(), fake.clock),
            deadline=deadline,
            **more,
        )
        self.fake = fake
        self.latency = latency

    async def _exchange(self, request: Request) -> Response:
        if self.latency:
            self.fake.clock.advance(self.latency)
        below = request.path.removeprefix(self.base_url)
        asked = Request(request.method, below, request.purpose, request.body, request.headers)
        try:
            return self.fake.answer(asked)
        except Lost as lost:
            error: Exception = httpx2.ReadError("lost") if lost.sent else httpx2.ConnectError("lost")
            failure = self._failure(request, lost.sent, error)
        except Late:
            self.fake.clock.advance(timedelta(seconds=request.deadline or self._deadline))
            failure = self._failure(request, True, TimeoutError())
        raise failure


class VirtualLimiter(Limiter):
    """Pauses move the clock."""

    def __init__(self, clock: MovableClock, most: int) -> None:
        super().__init__(most)
        self._clock = clock
        self._quiet_until = clock.now()

    def slow_down(self, ticket: int, pause: float = 0.0) -> None:
        self._quiet_until = max(self._quiet_until, self._clock.now() + timedelta(seconds=pause))
        super().slow_down(ticket)

    def closed_for(self) -> float:
        return max(0.0, (self._quiet_until - self._clock.now()).total_seconds())

    async def _pause(self) -> None:
        wait_until(self._clock, self._quiet_until)


class WaitingBudget:
    """A budget that waits for its turn itself, by moving the clock, so that nobody sleeps for it."""

    def __init__(self, budget: CallBudget, clock: MovableClock) -> None:
        self._budget = budget
        self._clock = clock

    def take(self) -> timedelta:
        while wait := self._budget.take():
            self._clock.advance(wait)
        return timedelta(0)


def wait_until(clock: MovableClock, moment: datetime) -> None:
    """Move the clock, unless somebody else who waited has already."""
    wait = moment - clock.now()
    if wait > timedelta(0):
        clock.advance(wait)


class VirtualPatience(Patience):
    """The same attempts and waits as the real patience, in virtual time and without jitter."""

    __slots__ = ("clock",)
    clock: MovableClock

    @classmethod
    def of(cls, real: Patience, clock: MovableClock) -> VirtualPatience:
        made = cls(real.attempts, real.total, real.first_wait, real.longest_wait, 0.0, real.floor)
        object.__setattr__(made, "clock", clock)
        return made

    def tries(self) -> AsyncIterator[stamina.Attempt]:
        return cast("AsyncIterator[stamina.Attempt]", self._tries())

    async def _tries(self) -> AsyncIterator[_Try]:
        began = self.clock.now()
        for number in range(1, self.attempts + 1):
            one = _Try(self, last=number == self.attempts)
            yield one
            if one.wait is None:
                return
            usual = min(self.first_wait * 2 ** (number - 1), self.longest_wait)
            wait_until(self.clock, one.failed_at + timedelta(seconds=usual if one.wait is True else one.wait))
            if (self.clock.now() - began).total_seconds() >= self.total:
                raise one.error
            await asyncio.sleep(0)


class _Try:
    """One attempt: swallows an error that is worth another."""

    def __init__(self, patience: VirtualPatience, *, last: bool) -> None:
        self.wait: bool | float | None = None
        self.error: Exception = RuntimeError("nothing went wrong")
        self.failed_at = patience.clock.now()
        self._patience = patience
        self._last = last

    def __enter__(self) -> _Try:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._last or not isinstance(error, Exception):
            return False
        wait = self._patience.pause(error)
        if wait is False:
            return False
        self.wait, self.error, self.failed_at = wait, error, self._patience.clock.now()
        return True


#: The bytes of an answer, if it is to be written badly; the connection ends after them.
Write = Callable[[Request, Response], Iterable[bytes] | None]


# --- a real socket --------------------------------------------------------------------------------------


@contextlib.contextmanager
def serve(fake: FakeDebitura, write: Write | None = None) -> Iterator[str]:
    """The stand-in at a base address on this machine.

    A lost request or answer ends the connection; a late one is not answered until `serve` ends. `write` may
    write an answer badly: see tests.debitura.bad_writing.
    """
    with serve_answers(fake.answer, write) as url:
        yield url


@contextlib.contextmanager
def serve_answers(answer: Callable[[Request], Response], write: Write | None = None) -> Iterator[str]:
    """Anything that answers requests, at a base address on this machine."""
    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer, write, over))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(
    answer: Callable[[Request], Response], write: Write | None, over: threading.Event
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one_request(self) -> None:
            with contextlib.suppress(ConnectionError):
                super().handle_one_request()

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            request = Request(self.command, self.path, "a test", body, dict(self.headers.items()))
            try:
                response = answer(request)
            except (Lost, Late) as error:
                if isinstance(error, Late):
                    over.wait(60)
                self.close_connection = True
                return
            chunks = write(request, response) if write else None
            if chunks is not None:
                self.close_connection = True
                self.wfile.writelines(chunks)
                return
            # Without the library's own Date: the stand-in lives in another time.
            self.send_response_only(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

    return Handler
