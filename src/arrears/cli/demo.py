"""`arrears demo`: the whole product on this machine, against a KashFlow stand-in with a made-up company."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import click

from arrears.cli.serving import leave_when_terminated, own_command
from arrears.ports import TryAgainLater

EMAIL = "demo@arrears.example"


@click.command("demo")
@click.option("--port", type=int, default=8000, show_default=True, help="Where the web application listens.")
@click.option("--invoices", type=click.IntRange(50, 100_000), default=500, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--latency-ms", type=click.IntRange(0, 5_000), default=50, show_default=True)
def demo_command(port: int, invoices: int, seed: int, latency_ms: int) -> None:
    """Start everything, with made-up data, and say where to sign in."""
    if "DATABASE_URL" in os.environ:
        raise click.UsageError("The demo brings its own database. Unset DATABASE_URL to run it.")
    if _is_taken(port):
        raise click.UsageError(f"Something already listens on port {port}. Choose another with --port.")
    sandbox_port = _free_port()
    _set_environment(sandbox_port)
    leave_when_terminated()
    with ExitStack() as stack:
        _start(stack, "sandbox", "kashflow", "--port", str(sandbox_port), "--invoices", str(invoices),
               "--seed", str(seed), "--latency-ms", str(latency_ms))  # fmt: skip
        click.echo("Starting the database …", err=True)
        from arrears.cli.boot import boot

        boot()
        stack.callback(_stop_database)
        password = _demo_user()
        os.environ["ARREARS_DEMO_PASSWORD"] = password
        os.environ.setdefault("ARREARS_LOG_LEVEL", "WARNING")
        web = _start(stack, "serve", "--port", str(port), "--worker")
        _wait_until_it_listens(port, web)
        _say_where(port, password)
        web.wait()


def _set_environment(sandbox_port: int) -> None:
    """The demo keeps to a folder of its own, so that it never touches real data."""
    from arrears.project.home import data_folder

    home = data_folder() / "demo"
    home.mkdir(mode=0o700, exist_ok=True)
    os.environ["ARREARS_HOME"] = str(home)
    os.environ["ARREARS_DEMO"] = "1"
    os.environ["ARREARS_DEMO_EMAIL"] = EMAIL
    os.environ["ARREARS_KASHFLOW_URL"] = f"http://127.0.0.1:{sandbox_port}/v2"
    os.environ.pop("ARREARS_KEY_FILE", None)


def _start(stack: ExitStack, *arguments: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(own_command(*arguments), stdout=subprocess.DEVNULL)
    stack.callback(_stop, process)
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()


def _stop_database() -> None:
    from arrears.project.database import stop_embedded
    from arrears.project.home import data_folder

    stop_embedded(data_folder() / "database")


def _demo_user() -> str:
    """Make the demo's organisation and user, with a new password each time the demo starts."""
    from arrears.accounts.models import Membership, Organisation, User
    from arrears.bridge.models import Connection
    from arrears.clock import SystemClock

    password = f"demo-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    user = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL)
    user.set_password(password)
    user.save()
    if not user.memberships.exists():
        organisation = Organisation.objects.create(name="Demo company", created_at=SystemClock().now())
        Membership.objects.create(organisation=organisation, user=user)
    # The stand-in of an earlier demo listened elsewhere.
    Connection.objects.update(base_url=os.environ["ARREARS_KASHFLOW_URL"])
    return password


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    """The web application brings the tables up to date before it listens, so listening means ready."""
    for _ in range(600):
        if process.poll() is not None:
            raise TryAgainLater("A part of the demo stopped while it was starting.")
        if _is_taken(port):
            return
        time.sleep(0.1)
    raise TryAgainLater("The demo did not start within a minute.")


def _say_where(port: int, password: str) -> None:
    from arrears.sandbox.kashflow import CREDENTIALS

    home = Path(os.environ["ARREARS_HOME"])
    click.echo(
        f"""
Arrears is ready: http://127.0.0.1:{port}

  Sign in with     {EMAIL}
  Password         {password}

Then connect the made-up company with this KashFlow login:

  E-mail           {CREDENTIALS["username"]}
  Password         {CREDENTIALS["password"]}
  Memorable word   {CREDENTIALS["memorable_word"]}

The command line sees the same data with: export ARREARS_HOME={home}
Stop with Ctrl-C."""
    )
