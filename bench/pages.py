"""How long the pages of one creditor take with 100,000 cases, while 50 people use them at once.

    python -m bench.pages [--cases 100000] [--users 50] [--seconds 20] [--pause 2] [--processes 2]

Starts a database of its own with one creditor's cases, a few thousand of others, and a few thousand that
the creditor has at a collector elsewhere, then the web application as an operator starts it. Each user is a
thread with a connection of its own that asks for a page, looks at it for `--pause` seconds on average, and
asks again. Users, web application and database share the machine. Before each page one case is changed, so
that the first of its users finds no figures kept.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.desk import LIMITS, PLACES, STATES, columns, web_application

OTHERS = 5
OF_OTHERS = 1000
#: So many cases are made; the rest are copies of them.
SAMPLES = 500
ELSEWHERE = 3000
PAGE = 100
#: The page deep in the list, counted from 1.
DEEP = 50


@dataclass(frozen=True)
class World:
    """What the users need: the cookie of somebody signed in, the pages, and a case to change."""

    cookie: str
    paths: dict[str, list[str]]
    case: int


@dataclass
class Tally:
    """How long each request took, in seconds, and what went wrong."""

    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000, help="how many the creditor has at the desk")
    parser.add_argument("--users", type=int, default=50, help="how many ask at once")
    parser.add_argument("--seconds", type=float, default=20, help="how long each page is asked for")
    parser.add_argument("--pause", type=float, default=2, help="how long a user looks at a page, on average")
    parser.add_argument("--processes", type=int, default=2, help="of the web application")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="arrears-bench-") as home,
        a_creditor_with(home, asked.cases) as world,
        web_application(asked.processes) as port,
    ):
        print(f"{'':28}{'requests':>9}{'a second':>10}{'p50':>10}{'p95':>10}{'longest':>10}", flush=True)
        for name, paths in world.paths.items():
            measure(name, paths, world, port, asked)


# --- Cases ------------------------------------------------------------------------------------------------


@contextmanager
def a_creditor_with(home: str, cases: int) -> Iterator[World]:
    os.environ |= {"ARREARS_HOME": home, "ARREARS_LOG_LEVEL": "WARNING", **LIMITS}
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("ARREARS_KEY_FILE", None)
    from arrears.cli.boot import boot

    boot()
    from django.db import connection

    from arrears.project.database import stop_embedded

    try:
        began = time.perf_counter()
        world = fill(cases)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        print(f"{cases:,} cases were there after {time.perf_counter() - began:.0f} s", flush=True)
        yield world
    finally:
        connection.close()
        stop_embedded(Path(home) / "database")


def fill(cases: int) -> World:
    from arrears.accounts.models import Membership, Organisation, User
    from arrears.desk.models import Partner

    now = datetime.now(UTC)
    partner = Partner.objects.filter(active=True).order_by("pk")[0]
    mine = Organisation.objects.create(name="Pennine Fasteners Ltd", created_at=now, country="GB")
    owner = User.objects.create_user("owner@pennine.example", "a long enough sentence")
    Membership.objects.create(organisation=mine, user=owner)
    open_cases(mine.pk, partner.pk, cases, now)
    for number in range(OTHERS):
        other = Organisation.objects.create(name=f"Supplier {number} Ltd", created_at=now, country="GB")
        open_cases(other.pk, partner.pk, OF_OTHERS, now)
    track_cases(mine.pk, now)
    return World(sign_in(owner), paths_of(mine.pk), _any_case(mine.pk).pk)


def open_cases(creditor: int, partner: int, many: int, now: datetime) -> None:
    """Cases opened over three years; on a fifth of them the debtor has paid a part.

    Some are made, and copied in the database until there are so many: making 100,000 would take minutes.
    """
    from arrears.desk.models import Case, Payment

    draw = random.Random(creditor)
    made = Case.objects.bulk_create(
        [_case(creditor, partner, number, draw, now) for number in range(SAMPLES)]
    )
    Payment.objects.bulk_create([_payment(case, draw) for case in made if case.outstanding < case.principal])
    copy_cases(creditor, many // SAMPLES - 1)


def copy_cases(creditor: int, times: int) -> None:
    from django.db import connection

    from arrears.desk.models import Case, Payment

    given = {"creditor": creditor, "times": times, "samples": SAMPLES, "shift": 0x1000000 * creditor}
    of_case = {
        "public_id": "gen_random_uuid()",
        "reference": "upper(lpad(to_hex(%(shift)s + n * %(samples)s + s.place), 8, '0'))",
        "creditor_reference": "s.creditor_reference || '-' || n",
        "idempotency_key": "'copy ' || n || ' ' || s.id",
        "opened_at": "s.opened_at - n * interval '13 minutes'",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "create temp table sample as select *, row_number() over (order by id) as place "
            "from desk_case where creditor_id = %(creditor)s",
            given,
        )
        into, values = columns(Case, of_case, "s")
        cursor.execute(
            f"insert into desk_case ({into}) select {values} from generate_series(1, %(times)s) n, sample s",
            given,
        )
        into, values = columns(Payment, {"public_id": "gen_random_uuid()", "case_id": "c.id"}, "p")
        cursor.execute(
            f"insert into desk_payment ({into}) select {values} from desk_case c join desk_payment p "
            "on p.case_id = split_part(c.idempotency_key, ' ', 3)::bigint "
            "where c.creditor_id = %(creditor)s and c.idempotency_key like 'copy %%'",
            given,
        )
        cursor.execute("drop table sample")


def _case(creditor: int, partner: int, number: int, draw: random.Random, now: datetime) -> Any:
    from arrears.desk.models import Case

    share, at = draw.randrange(100), 0
    state = next(name for name, part in STATES if (at := at + part) > share)
    country, _, town, currency = PLACES[min(draw.randrange(12), len(PLACES) - 1)]
    principal = Decimal(draw.randrange(10_000, 3_000_000)) / 100
    is_paid = state in ("active", "closed") and draw.random() < 0.25
    opened = now - timedelta(seconds=draw.randrange(3 * 365 * 86_400))
    return Case(
        creditor_id=creditor,
        partner_id=partner,
        creditor_reference=f"INV-{number}",
        body_hash="0" * 64,
        debtor_name=f"Customer {draw.randrange(20_000)} Ltd",
        debtor_type="company",
        debtor_street="1 High Street",
        debtor_city=town,
        debtor_zip="LS1 4AP",
        debtor_country=country,
        invoice_numbers=[str(100_000 + number)],
        claim_description="Screws and bolts, as ordered and delivered.",
        currency=currency,
        principal=principal,
        outstanding=principal / 2 if is_paid else principal,
        lifecycle=state,
        routing_reason="The partner for this country.",
        rate=Decimal("9.5"),
        oldest_due=opened.date() - timedelta(days=60),
        opened_at=opened,
        updated_at=opened,
        accepted_at=opened,
    )


def _payment(case: Any, draw: random.Random) -> Any:
    from arrears.desk.models import Payment

    amount = case.principal - case.outstanding
    fee = (amount * case.rate / 100).quantize(Decimal("0.01"))
    day = case.opened_at.date() + timedelta(days=draw.randrange(90))
    nothing = Decimal(0)
    return Payment(
        case_id=case.pk,
        partner_id=case.partner_id,
        paid_on=day,
        amount=amount,
        currency=case.currency,
        recipient="CollectionPartner",
        method="BankTransfer",
        to_principal=amount,
        to_interest=nothing,
        to_reminder_fees=nothing,
        to_collection_fees=nothing,
        rate=case.rate,
        fee=fee,
        fee_vat=nothing,
        partner_share=nothing,
        creditor_share=amount - fee,
        settle_by=day,
        recorded_by="bench",
        recorded_at=case.opened_at,
        updated_at=case.opened_at,
    )


def track_cases(organisation: int, now: datetime) -> None:
    """Cases of the same creditor at a collector elsewhere."""
    from arrears.bridge.models import CollectorAccount, TrackedCase

    account = CollectorAccount.objects.create(
        organisation_id=organisation,
        base_url="https://collector.example",
        creditor="c-1",
        company_name="Pennine Fasteners Ltd",
        hook_token="none",
        created_at=now,
    )
    TrackedCase.objects.bulk_create(
        TrackedCase(
            organisation_id=organisation,
            account=account,
            case_id=f"far-{number}",
            reference=f"FAR{number:05}",
            invoice_numbers=[str(number)],
            debtor_name=f"Far Customer {number} Ltd",
            country="GB",
            currency="GBP",
            principal=Decimal(500),
            outstanding=Decimal(400),
            lifecycle="active",
            rate=Decimal("9.5"),
            opened_at=now - timedelta(hours=number * 8),
            collector_said_at=now,
            read_at=now,
        )
        for number in range(ELSEWHERE)
    )


def _any_case(creditor: int) -> Any:
    from arrears.desk.models import Case

    return Case.objects.filter(creditor_id=creditor).order_by("pk")[0]


def sign_in(owner: Any) -> str:
    """The cookie of a session, as signing in on the page gives it."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def paths_of(creditor: int) -> dict[str, list[str]]:
    from arrears.bridge.find_cases import Place
    from arrears.desk.models import Case
    from arrears.ports import Mark

    newest = Case.objects.filter(creditor_id=creditor).order_by("-opened_at", "-pk")
    deep = newest[min((DEEP - 1) * PAGE, newest.count() - 1)]
    place = Place(Mark(deep.opened_at, deep.pk), 0).text
    references = list(newest.order_by("?").values_list("reference", flat=True)[:500])
    return {
        "dashboard": ["/"],
        "dashboard in euros": ["/?currency=EUR"],
        "cases, first page": ["/cases/"],
        "cases, filtered": [f"/cases/?country={code}&stage=open" for code in ("GB", "DE", "FR", "US")],
        "cases, searched by words": [f"/cases/?q=customer+{number}" for number in range(100, 20_000, 1000)],
        f"cases, page {DEEP}": [f"/cases/?at={place}"],
        "a case": [f"/cases/{reference}/" for reference in references],
    }


# --- Users ------------------------------------------------------------------------------------------------


def measure(name: str, paths: list[str], world: World, port: int, asked: argparse.Namespace) -> None:
    from arrears.desk.models import Case

    Case.objects.filter(pk=world.case).update(routing_reason=f"Changed before {name}.")
    tally, lock, until = Tally(), threading.Lock(), time.perf_counter() + asked.seconds
    users = [
        threading.Thread(
            target=a_user, args=(number, paths, world.cookie, port, asked.pause, until, tally, lock)
        )
        for number in range(asked.users)
    ]
    for user in users:
        user.start()
    for user in users:
        user.join()
    if tally.wrong:
        raise SystemExit(f"{name}: {len(tally.wrong)} answers were wrong, such as {tally.wrong[0]}")
    took = sorted(tally.took)
    p50, p95 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.95))
    print(
        f"{name:28}{len(took):>9}{len(took) / asked.seconds:>10.1f}{p50:>7.0f} ms{p95:>7.0f} ms"
        f"{took[-1] * 1000:>7.0f} ms   load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def a_user(
    number: int,
    paths: list[str],
    cookie: str,
    port: int,
    pause: float,
    until: float,
    tally: Tally,
    lock: threading.Lock,
) -> None:
    draw = random.Random(number)
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    time.sleep(draw.uniform(0, pause))  # nobody begins at the same moment
    while time.perf_counter() < until:
        path = draw.choice(paths)
        sent = time.perf_counter()
        client.request("GET", path, headers={"Cookie": cookie})
        answer = client.getresponse()
        answer.read()
        took = time.perf_counter() - sent
        with lock:
            tally.took.append(took)
            if answer.status != 200:
                tally.wrong.append(f"{path}: {answer.status}")
        time.sleep(draw.uniform(pause / 2, pause * 1.5))
    client.close()


if __name__ == "__main__":
    main()
