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

from arrears.cli.boot import operator
from arrears.cli.serving import leave_when_terminated, own_command, own_url
from arrears.ports import TryAgainLater

EMAIL = "demo@arrears.example"
PARTNER_EMAIL = "partner@arrears.example"


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
    _set_environment(sandbox_port, port)
    leave_when_terminated()
    with ExitStack() as stack:
        _start(stack, "sandbox", "kashflow", "--port", str(sandbox_port), "--invoices", str(invoices),
               "--seed", str(seed), "--latency-ms", str(latency_ms))  # fmt: skip
        click.echo("Starting the database …", err=True)
        from arrears.cli.boot import boot

        boot()
        stack.callback(_stop_database)
        password = _demo_people()
        os.environ["ARREARS_DEMO_PASSWORD"] = password
        os.environ.setdefault("ARREARS_LOG_LEVEL", "WARNING")
        web = _start(stack, "serve", "--port", str(port), "--worker")
        _wait_until_it_listens(port, web)
        _say_where(port, password)
        web.wait()


def _set_environment(sandbox_port: int, port: int) -> None:
    """The demo keeps to a folder of its own, so that it never touches real data."""
    from arrears.project.home import data_folder

    home = data_folder() / "demo"
    home.mkdir(mode=0o700, exist_ok=True)
    os.environ["ARREARS_HOME"] = str(home)
    os.environ["ARREARS_DEMO"] = "1"
    os.environ["ARREARS_DEMO_EMAIL"] = EMAIL
    os.environ["ARREARS_URL"] = own_url("127.0.0.1", port)
    # What the web server prints is thrown away here; in files an invitation can be read.
    os.environ.setdefault("ARREARS_EMAIL", "file")
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


def _demo_people() -> str:
    """Make the demo's people, with a new password each time the demo starts."""
    from arrears.accounts.models import User
    from arrears.accounts.organisations import make_creditor, make_operator
    from arrears.bridge.models import Connection
    from arrears.clock import SystemClock

    now, password = SystemClock().now(), f"demo-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    owner = User.objects.filter(email=EMAIL).first() or User.objects.create_user(EMAIL)
    if not owner.memberships.filter(organisation__kind="creditor").exists():
        make_creditor("Demo company", owner, now)
    make_operator(owner, now)
    _let_a_partner_in()
    for user in User.objects.filter(email__in=(EMAIL, PARTNER_EMAIL)):
        user.set_password(password)
        user.save()
    # The stand-in of an earlier demo listened elsewhere.
    Connection.objects.update(base_url=os.environ["ARREARS_KASHFLOW_URL"])
    return password


def _let_a_partner_in() -> None:
    """The partner who gets an ordinary British case gets a login, so that the other side can be seen too."""
    from arrears.clock import SystemClock
    from arrears.core.debtor import DebtorType
    from arrears.core.money import Money
    from arrears.desk.actors import DESK
    from arrears.desk.models import Partner
    from arrears.desk.partners.give_access import give_access
    from arrears.desk.partners.what_if import what_if

    clock = SystemClock()
    usual = Money.parse("1000 GBP")
    route = what_if(operator(), usual, DebtorType.COMPANY, "GB", today=clock.today()).route
    if route.partner:
        partner = Partner.objects.get(pk=int(route.partner))
        give_access(DESK, partner.public_id, PARTNER_EMAIL, now=clock.now())


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
    for _ in range(1800):
        if process.poll() is not None:
            raise TryAgainLater("A part of the demo stopped while it was starting.")
        if _is_taken(port):
            return
        time.sleep(0.1)
    raise TryAgainLater("The demo did not start within three minutes.")


def _say_where(port: int, password: str) -> None:
    from arrears.sandbox.kashflow import CREDENTIALS

    home = Path(os.environ["ARREARS_HOME"])
    click.echo(
        f"""
Arrears is ready: http://127.0.0.1:{port}

  Sign in with     {EMAIL}
  Password         {password}

That is a creditor who also runs the desk. A partner in the United Kingdom signs in, in a private window,
with {PARTNER_EMAIL} and the same password.

1. Connect the made-up company with this KashFlow login:

   E-mail           {CREDENTIALS["username"]}
   Password         {CREDENTIALS["password"]}
   Memorable word   {CREDENTIALS["memorable_word"]}

2. Read the unpaid invoices and open cases. They wait for your signature.
3. Sign under Agreements; the page shows the code that would be e-mailed. The cases go to their partners.
4. As the partner, accept one.

The command line sees the same data with: export ARREARS_HOME={home} ARREARS_URL={os.environ["ARREARS_URL"]}
Stop with Ctrl-C."""
    )
