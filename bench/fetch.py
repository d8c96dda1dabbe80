"""How fast the invoice list is read, against the speed that latency and concurrency allow at best.

    python bench/fetch.py [--invoices 10000] [--latency-ms 50] [--concurrency 6]

Starts a KashFlow stand-in of its own. Prints two readings: of the bare list, and of everything unpaid with
its debtors. The limit is requests × latency ÷ concurrency; peak memory is that of this process.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import time
from datetime import date

from pydantic import SecretStr

from arrears.connectors import background
from arrears.connectors.kashflow import Credentials, KashFlowBooks
from arrears.connectors.kashflow.pages import Pages
from arrears.connectors.kashflow.together import as_they_come
from arrears.sandbox.client import Sandbox, start_sandbox

TODAY = date(2026, 11, 22)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--invoices", type=int, default=10_000)
    parser.add_argument("--latency-ms", type=float, default=50)
    parser.add_argument("--concurrency", type=int, default=6)
    parser.add_argument("--only", choices=["list", "unpaid"])
    parser.add_argument("--profile", default="standard,list_sub_objects=true")
    asked = parser.parse_args()
    with start_sandbox(
        asked.invoices, latency_ms=asked.latency_ms, profile=asked.profile, today=TODAY
    ) as sandbox:
        warm_up = books_of(sandbox, asked.concurrency)
        warm_up.company()  # the first call of a process also loads the HTTP library
        warm_up.close()
        for name, reading in (("list", read_list), ("unpaid", read_unpaid)):
            if asked.only not in (None, name):
                continue
            sandbox.clear_requests()
            books = books_of(sandbox, asked.concurrency)
            began, cpu = time.perf_counter(), time.process_time()
            found = reading(books)
            wall, cpu = time.perf_counter() - began, time.process_time() - cpu
            report(
                name, found, wall, cpu, len(sandbox.requests()) * asked.latency_ms / 1000 / asked.concurrency
            )
            books.close()


def report(name: str, found: str, wall: float, cpu: float, limit: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:7} {found}: {wall:.2f} s, limit {limit:.2f} s, ratio {wall / limit if limit else 0:.2f}; "
        f"CPU {cpu:.2f} s, peak {peak:.0f} MB"
    )


def books_of(sandbox: Sandbox, concurrency: int) -> KashFlowBooks:
    known = sandbox.credentials
    credentials = Credentials(
        known["username"], SecretStr(known["password"]), SecretStr(known["memorable_word"])
    )
    return KashFlowBooks(credentials, base_url=sandbox.base_url, concurrency=concurrency)


def read_list(books: KashFlowBooks) -> str:
    """Every page of the invoice list, login included, nothing else."""

    async def read() -> int:
        pages = Pages(books._session)  # noqa: SLF001 - the layer below the one for users
        await pages.begin()
        async for _ in as_they_come(range(1, (pages.count or 0) + 1), pages.rows, 12):
            await asyncio.sleep(0)
        return pages.seen

    return f"{background.run(read()):,} invoices"


def read_unpaid(books: KashFlowBooks) -> str:
    """Everything unpaid, as a person sees it."""
    began = time.perf_counter()
    first, owed = 0.0, 0
    for batch in books.unpaid(TODAY):
        first = first or time.perf_counter() - began
        owed += len(batch.owed)
    return f"{owed:,} unpaid, the first after {first:.2f} s"


if __name__ == "__main__":
    main()
