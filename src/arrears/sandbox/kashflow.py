"""The KashFlow stand-in: its credentials, and ``run`` to serve it until stopped."""

import asyncio
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Final

from arrears.sandbox.call import World
from arrears.sandbox.clock import Clock
from arrears.sandbox.generator import generate
from arrears.sandbox.http_server import serve
from arrears.sandbox.ledger import Ledger
from arrears.sandbox.profiles import Profile, profile_named
from arrears.sandbox.render_invoice import render_rows
from arrears.sandbox.sessions import Credentials, Sessions
from arrears.sandbox.standin import StandIn

USERNAME: Final = "accounts@pennine-fasteners.example"
CREDENTIALS: Final = {
    "username": USERNAME,
    "password": "Zinc-Plated-1889",
    "memorable_word": "Calderdale",
}


def build(
    invoices: int,
    seed: int,
    latency_ms: float = 0,
    profile: Profile | str = "standard",
    today: date | None = None,
) -> StandIn:
    """A stand-in with freshly generated books; ValueError says which argument is out of range."""
    if isinstance(profile, str):
        profile = profile_named(profile)
    clock = Clock(today)
    ledger = Ledger(generate(invoices, seed, clock.today()), clock.today())
    sessions = Sessions(Credentials(**CREDENTIALS), clock, profile)
    return StandIn(World(clock, ledger, sessions, profile), latency_ms)


def run(
    port: int,
    invoices: int,
    seed: int,
    latency_ms: float = 0,
    host: str = "127.0.0.1",
    profile: Profile | str = "standard",
    today: date | None = None,
    stop_at_end_of_input: bool = False,
) -> None:
    """Serve until interrupted, terminated or (if asked) standard input ends.

    Prints one line when ready; port 0 lets the system choose. ValueError for a wrong argument, OSError when
    the port is taken.
    """
    stand_in = build(invoices, seed, latency_ms, profile, today)
    render_rows(stand_in.world.ledger, stand_in.world.profile)

    def ready(chosen: int) -> None:
        print(
            f"KashFlow stand-in listening on http://{host}:{chosen}/v2 with {invoices:,} invoices "
            f"of {stand_in.world.ledger.company.name} (seed {seed}); stop it with Ctrl-C.",
            flush=True,
        )

    asyncio.run(_serve_until_stopped(stand_in, host, port, ready, stop_at_end_of_input))


async def _serve_until_stopped(
    stand_in: StandIn, host: str, port: int, ready: Callable[[int], None], stop_at_end_of_input: bool
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if stop_at_end_of_input:
        loop.add_reader(sys.stdin.fileno(), stop.set)
    await serve(stand_in.answer, host, port, ready, stop)
