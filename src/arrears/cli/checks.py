"""`arrears check`: does everything that this installation needs work, and if not, what helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from arrears.accounts.root_keys import KeyProblem
from arrears.cli import NEEDS_ATTENTION
from arrears.cli.boot import boot
from arrears.cli.output import print_json


@dataclass(frozen=True, slots=True)
class Result:
    """One self-check: whether it passed, what was seen, and what helps if it did not."""

    name: str
    passed: bool
    seen: str
    remedy: str = ""


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def check_command(ctx: click.Context, as_json: bool) -> None:
    """Check the database, the key, the worker, the connections and the partner network."""
    boot()
    results = list(_results())
    if as_json:
        print_json(
            [
                {"name": one.name, "passed": one.passed, "seen": one.seen, "remedy": one.remedy}
                for one in results
            ]
        )
    else:
        for one in results:
            click.echo(f"{'ok  ' if one.passed else 'FAIL'}  {one.name}: {one.seen}")
            if not one.passed:
                click.echo(f"      {one.remedy}")
    if not all(one.passed for one in results):
        ctx.exit(NEEDS_ATTENTION)


def _results() -> Iterator[Result]:
    checks: tuple[Callable[[], Iterator[Result]], ...] = (_database, _key, _worker, _connections, _network)
    for check in checks:
        yield from check()


def _database() -> Iterator[Result]:
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
    place = "embedded" if settings.ARREARS_EMBEDDED else "of your own"
    yield Result(
        "database", version >= 15, f"PostgreSQL {version}, {place}", "Arrears needs PostgreSQL 15 or newer."
    )


def _key() -> Iterator[Result]:
    from django.conf import settings

    from arrears.accounts import vault

    try:
        vault.check_key()
    except KeyProblem as problem:
        yield Result("key", False, "does not open the stored secrets", str(problem))
    else:
        yield Result("key", True, f"{settings.ARREARS_KEY_FILE} opens the stored secrets")


def _worker() -> Iterator[Result]:
    from datetime import timedelta

    from procrastinate.contrib.django.models import ProcrastinateWorker

    from arrears.clock import SystemClock

    alive = ProcrastinateWorker.objects.filter(
        last_heartbeat__gte=SystemClock().now() - timedelta(seconds=30)
    ).count()
    yield Result(
        "worker",
        alive > 0,
        f"{alive} running",
        "Start one with: arrears worker. Imports started in the browser wait for it.",
    )


def _connections() -> Iterator[Result]:
    from arrears.bridge.models import Connection, ConnectionState

    rows = Connection.objects.all()
    if not rows:
        yield Result("connections", True, "none yet; start with: arrears connect kashflow")
    for row in rows:
        passed = row.state == ConnectionState.OK
        yield Result(
            f"connection {row.pk}",
            passed,
            f"{row.company_name or row.username}: {'connected' if passed else row.attention_text}",
            row.attention_action,
        )


def _network() -> Iterator[Result]:
    from arrears.wiring import countries_covered

    number = countries_covered()
    yield Result(
        "partner network", number > 0, f"{number} countries covered", "Load partners before importing."
    )
