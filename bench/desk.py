"""How many cases a second the Customer API opens, lists and reads, on a desk with 100,000 cases.

    python bench/desk.py [--cases 100000] [--seconds 8] [--processes 2] [--clients 4]

Starts a database of its own with one creditor's cases and a fifth as many of other creditors, then the web
application as an operator starts it, with the limits on requests lifted. Each client is a process of its own
that keeps its connection and sends one request after the other. The clients share the machine with the web
application and the database, so on two cores a figure is what is left beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from arrears.accounts.models import Organisation

# ruff: noqa: SLF001 - Django's _meta is public in all but name

API = "/api/customer"
LONGEST_PAGE = 100
SAMPLES = 100
OTHERS = 20

#: More than any round can send.
LIMITS = {f"ARREARS_API_PER_{span}": "1000000000" for span in ("MINUTE", "HOUR", "DAY")}

#: Where a case of a grown desk stands, with how many of a hundred do.
STATES = (
    ("active", 55),
    ("closed", 30),
    ("pending verification", 6),
    ("collecting quotes", 4),
    ("paused", 3),
    ("more info required", 2),
)

#: Country, state, town and currency of the debtors, the ones asked for most being there most often.
PLACES = (
    ("GB", "", "Leeds", "GBP"),
    ("GB", "", "Bristol", "GBP"),
    ("GB", "", "Glasgow", "GBP"),
    ("DE", "", "München", "EUR"),
    ("FR", "", "Paris", "EUR"),
    ("US", "CA", "Sacramento", "USD"),
    ("IE", "", "Dublin", "EUR"),
    ("AE", "", "Dubai", "AED"),
)


@dataclass(frozen=True)
class Round:
    """One kind of request. `make` gives method, path and body of the next one."""

    name: str
    make: Callable[[Turn], tuple[str, str, str]]


@dataclass(frozen=True)
class Turn:
    """What goes into one request. `reference` was never used before."""

    draw: random.Random
    reference: str
    aim: Aim


@dataclass(frozen=True)
class Aim:
    """What a client needs to know. `ids` are cases to read, `deepest` is a page near the end of the list."""

    port: int
    key: str
    seconds: float
    ids: tuple[str, ...]
    deepest: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000, help="how many there are before measuring")
    parser.add_argument("--seconds", type=float, default=8, help="how long each kind of request is sent")
    parser.add_argument("--processes", type=int, default=2, help="of the web application")
    parser.add_argument("--clients", type=int, default=4, help="how many send requests at once")
    parser.add_argument("--only", choices=range(len(ROUNDS)), type=int, help="one kind, by its number")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="arrears-bench-") as home,
        a_desk(home, asked.cases) as (key, ids),
        web_application(asked.processes) as port,
    ):
        aim = Aim(port, key, asked.seconds, ids, deepest=max(1, asked.cases // LONGEST_PAGE - 2))
        print(f"{'':32}{'a second':>10}{'p50':>10}{'p99':>10}", flush=True)
        for number in range(len(ROUNDS)) if asked.only is None else [asked.only]:
            measure(number, aim, asked.clients)


# --- A desk that has been at work for a while -----------------------------------------------------------


@contextmanager
def a_desk(home: str, cases: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A database full of cases. Gives an API key of the creditor and the ids of some of its cases."""
    os.environ |= {"ARREARS_HOME": home, "ARREARS_LOG_LEVEL": "WARNING", **LIMITS}
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("ARREARS_KEY_FILE", None)
    from arrears.cli.boot import boot

    boot()
    from django.db import connection

    from arrears.project.database import stop_embedded

    try:
        began = time.perf_counter()
        key, ids = fill(cases)
        connection.close()
        took = time.perf_counter() - began
        print(f"{cases:,} cases of one creditor were there after {took:.0f} s", flush=True)
        yield key, ids
    finally:
        connection.close()
        stop_embedded(Path(home) / "database")


def fill(cases: int) -> tuple[str, tuple[str, ...]]:
    """Open some cases as the desk does, then copy them, because opening 100,000 would take half an hour."""
    from django.db import connection

    from arrears.accounts.api_keys import make_key
    from arrears.desk.models import Case

    now = datetime.now(UTC)
    creditor = a_creditor("Pennine Fasteners Ltd", now)
    _, key = make_key(creditor, "bench", "bench", now)
    open_samples(creditor, now)
    copy_cases(creditor.pk, cases - SAMPLES, now)
    for number in range(OTHERS):
        other = a_creditor(f"Supplier {number} Ltd", now)
        copy_cases(creditor.pk, cases // 5 // OTHERS, now, to=other.pk)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    mine = Case.objects.filter(creditor=creditor).order_by("?").values_list("public_id", flat=True)
    return key.get_secret_value(), tuple(str(one) for one in mine[:2000])


def a_creditor(name: str, now: datetime) -> Organisation:
    """A creditor that has signed with every partner."""
    from arrears.accounts.models import Organisation
    from arrears.desk.models import AgreementKind, AgreementVersion, Partner, Signature

    creditor = Organisation.objects.create(name=name, created_at=now, country="GB")
    signed = {
        "creditor": creditor,
        "creditor_name": name,
        "text": "What was signed.",
        "signer_name": "Jo Bloggs",
        "signer_title": "Director",
        "signer_email": "jo@pennine.example",
        "signed_at": now,
        "pdf": b"%PDF-",
    }
    main = AgreementVersion.objects.filter(kind=AgreementKind.STANDARD).latest("since", "pk")
    power = AgreementVersion.objects.filter(kind=AgreementKind.POWER_OF_ATTORNEY).latest("since", "pk")
    Signature.objects.bulk_create(
        [
            Signature(version=main, **signed),
            *(Signature(version=power, partner=partner, **signed) for partner in Partner.objects.all()),
        ]
    )
    return creditor


def open_samples(creditor: Organisation, now: datetime) -> None:
    """Cases as the API opens them, with everything that belongs to each."""
    from arrears.core.json_text import read_json
    from arrears.desk.api.asked_cases import handover_asked
    from arrears.desk.api.wire_cases import CaseAsked
    from arrears.desk.cases.open_case import open_case
    from arrears.desk.opening import Options

    draw = random.Random(7)
    for number in range(SAMPLES):
        asked = CaseAsked.model_validate(read_json(json.dumps(a_request(draw, "")).encode()))
        handover = handover_asked(asked, now.date())
        opening = open_case(
            creditor, handover, Options(reference=f"SAMPLE-{number}"), today=now.date(), now=now
        )
        if opening.case is None:
            raise SystemExit(f"A sample was not opened: {opening.problems}")


def copy_cases(creditor: int, many: int, now: datetime, to: int | None = None) -> None:
    """Copy the samples in the database until there are so many more, at work for up to three years."""
    from django.db import connection

    from arrears.desk.models import Assignment, Case, CaseEvent, Task

    state = " ".join(
        f"when n * 37 %% 100 < {sum(share for _, share in STATES[: place + 1])} then '{name}'"
        for place, (name, _) in enumerate(STATES)
    )
    opened = "%(now)s::timestamptz - (n * 7919 %% 1000000) * interval '95 seconds'"
    changed = {
        "public_id": "gen_random_uuid()",
        "creditor_id": str(to or creditor),
        "reference": "translate(upper(lpad(to_hex(n + %(shift)s), 8, '0')), '0', 'Z')",
        "creditor_reference": "'INV-' || n",
        "idempotency_key": "'copy ' || %(shift)s || ' ' || n || ' ' || s.id",
        "lifecycle": f"case {state} end",
        "opened_at": opened,
        "updated_at": f"{opened} + (n %% 90) * interval '1 hour'",
        "accepted_at": f"case when n * 37 %% 100 < 85 then {opened} + interval '1 day' end",
        "finished_at": f"case when n * 37 %% 100 between 55 and 84 then {opened} + interval '60 days' end",
        "period_start": f"case when n * 37 %% 100 < 85 then ({opened})::date + 1 end",
    }
    given: dict[str, int | datetime] = {"creditor": creditor, "many": many, "now": now, "samples": SAMPLES}
    given["shift"] = 0x1000000 * (to or creditor)  # so that no two references are the same
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table sample as select *, row_number() over (order by id) as place "
            f"from desk_case where creditor_id = {creditor} and creditor_reference like 'SAMPLE-%'"
        )
        into, values = columns(Case, changed, "s")
        cursor.execute(
            f"insert into desk_case ({into}) select {values} from generate_series(1, %(many)s) n "
            "join sample s on s.place = n %% %(samples)s + 1",
            given,
        )
        cursor.execute("analyze sample")
        mine = "c.idempotency_key like 'copy ' || %(shift)s || ' %%'"
        for model in (CaseEvent, Assignment, Task):
            of_copy = {"case_id": "c.id"}
            if model is Task:
                of_copy |= {"public_id": "gen_random_uuid()", "creditor_id": "c.creditor_id"}
            into, values = columns(model, of_copy, "o")
            table = model._meta.db_table
            cursor.execute(
                f"with o as materialized (select * from {table} where case_id in (select id from sample)) "
                f"insert into {table} ({into}) select {values} from desk_case c "
                f"join o on o.case_id = split_part(c.idempotency_key, ' ', 4)::bigint where {mine}",
                given,
            )
        cursor.execute("drop table sample")


def columns(model: Any, changed: Mapping[str, str], source: str) -> tuple[str, str]:
    """The columns of a table but its key, and what a copy has in them."""
    names = [one.column for one in model._meta.concrete_fields if not one.primary_key]
    return ", ".join(names), ", ".join(changed.get(name, f"{source}.{name}") for name in names)


# --- The web application --------------------------------------------------------------------------------


@contextmanager
def web_application(processes: int) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "arrears", "serve", "--no-worker", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--processes", str(processes)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_it_answers(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            client = HTTPConnection("127.0.0.1", port, timeout=10)
            client.request("GET", "/readyz")
            client.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The web application did not start within half a minute.")


# --- Requests -------------------------------------------------------------------------------------------


def a_request(draw: random.Random, reference: str) -> dict[str, Any]:
    """A sound request to open a case."""
    country, state, town, currency = PLACES[min(draw.randrange(12), len(PLACES) - 1)]
    due = date.today() - timedelta(days=draw.randrange(30, 900))  # noqa: DTZ011
    return {
        "currencyCode": currency,
        "date": (due - timedelta(days=30)).isoformat(),
        "dueDate": due.isoformat(),
        "amountToRecover": draw.randrange(10_000, 3_000_000) / 100,
        "creditorReference": reference,
        "claimDescription": "Screws and bolts, as ordered and delivered.",
        "debtor": {
            "type": "Company",
            "name": f"Customer {draw.randrange(100_000)} Ltd",
            "address": f"{draw.randrange(1, 200)} High Street",
            "zipCode": "LS1 4AP",
            "city": town,
            "countryAlpha2": country,
            "stateAlpha2": state or None,
            "email": "accounts@customer.example",
        },
    }


def opening(turn: Turn) -> tuple[str, str, str]:
    return "POST", f"{API}/cases", json.dumps(a_request(turn.draw, turn.reference))


def listing(**query: str) -> Callable[[Turn], tuple[str, str, str]]:
    path = f"{API}/cases?{urlencode({'PageSize': LONGEST_PAGE, **query})}"
    return lambda _: ("GET", path, "")


def deep_listing(turn: Turn) -> tuple[str, str, str]:
    return listing(Page=str(turn.aim.deepest))(turn)


def reading(turn: Turn) -> tuple[str, str, str]:
    return "GET", f"{API}/cases/{turn.draw.choice(turn.aim.ids)}", ""


ROUNDS = (
    Round("open a case", opening),
    Round("list 100 cases, first page", listing()),
    Round("list 100, of one status", listing(Statuses="PendingVerification")),
    Round("list 100, changed last first", listing(Sort="DateUpdated:desc")),
    Round("list 100, near the end", deep_listing),
    Round("read a case", reading),
)


def client(number: int, place: int, aim: Aim) -> list[float]:
    """Send one kind of request for a while; how long each took, in seconds."""
    draw = random.Random(f"{number} {place}")
    headers = {"XApiKey": aim.key, "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", aim.port, timeout=60)
    took = []
    began = time.perf_counter()
    while True:
        method, path, body = ROUNDS[number].make(Turn(draw, f"B-{place}-{time.time_ns()}", aim))
        sent = time.perf_counter()
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        now = time.perf_counter()
        if answer.status != 200:
            raise SystemExit(f"{method} {path} was answered with {answer.status}: {content[:500]!r}")
        took.append(now - sent)
        if now - began >= aim.seconds:
            return took


def measure(number: int, aim: Aim, clients: int) -> None:
    with ProcessPoolExecutor(clients, mp_context=get_context("spawn")) as pool:
        list(pool.map(client, [number] * clients, range(clients), [warm_up(aim)] * clients))
        began = time.perf_counter()
        each = list(pool.map(client, [number] * clients, range(clients), [aim] * clients))
        wall = time.perf_counter() - began
    took = sorted(one for some in each for one in some)
    p50, p99 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.99))
    load = os.getloadavg()[0]
    print(
        f"{ROUNDS[number].name:32}{len(took) / wall:>10.1f}{p50:>7.0f} ms{p99:>7.0f} ms   load {load:.1f}",
        flush=True,
    )


def warm_up(aim: Aim) -> Aim:
    """What a process loads on its first requests is not what is measured."""
    return Aim(aim.port, aim.key, min(1, aim.seconds / 4), aim.ids, aim.deepest)


if __name__ == "__main__":
    main()
