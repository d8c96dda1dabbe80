"""`arrears serve` and `arrears worker`: the web application, and the process that does the jobs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import click

from arrears.cli.boot import boot


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--threads", type=click.IntRange(1, 256), default=16, show_default=True)
@click.option(
    "--worker/--no-worker", default=None, help="Also run a worker. Default: yes with the embedded database."
)
def serve_command(host: str, port: int, processes: int, threads: int, worker: bool | None) -> None:
    """Run the web application."""
    os.environ.setdefault("ARREARS_URL", own_url(host, port))
    boot(quiet=False)
    from django.conf import settings

    leave_when_terminated()
    with_worker = settings.ARREARS_EMBEDDED if worker is None else worker
    helper = subprocess.Popen(own_command("worker")) if with_worker else None
    click.echo(f"Arrears is at {own_url(host, port)}", err=True)
    try:
        _serve(host, port, processes, threads)
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait(timeout=15)


def _serve(host: str, port: int, processes: int, threads: int) -> None:
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    connections.close_all()
    Granian(
        "arrears.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_enabled=False,
    ).serve()


@click.command("worker")
def worker_command() -> None:
    """Do the jobs: import runs, look-ups, deadlines, webhooks, and the jobs of workers that died."""
    boot(quiet=False)
    from arrears.bridge import queue
    from arrears.bridge.worker import run_worker
    from arrears.desk import outbox

    run_worker([queue.SHARED, outbox.QUEUE])


def own_url(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there, for links unless ARREARS_URL says better."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - every network of this machine, so also its own
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def leave_when_terminated() -> None:
    """Let a request to stop end this process the ordinary way, so that it stops what it has started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def own_command(*arguments: str) -> Sequence[str]:
    """The command line that runs another `arrears` command with this very installation."""
    return [sys.executable, "-m", "arrears", *arguments]
