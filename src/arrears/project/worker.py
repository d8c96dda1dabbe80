"""Running jobs, and taking over the jobs of workers that died."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, cast

import structlog
from django.db import connections
from procrastinate import App, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from arrears.bridge import queue

#: A worker says that it is alive this often, and counts as dead after three times as long.
_HEARTBEAT_SECONDS = 5.0
_DEAD_AFTER_SECONDS = 15.0
_CONCURRENCY = 4

#: How often to look for jobs that waited for another one's lock: the engine announces only new ones.
_LOOK_SECONDS = 0.5

#: How long running jobs may go on before they are asked to stop where they are.
_GRACE_SECONDS = 5

_log = structlog.get_logger()


def run_worker(queues: Sequence[str]) -> None:
    """Run jobs of `queues` until told to stop (SIGINT, SIGTERM); running ones end or go back to the queue."""

    async def until_told() -> None:
        told = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, told.set)

        async def done() -> bool:
            return told.is_set()

        await _work_until(done, queues)

    asyncio.run(until_told())


def run_until_idle(queues: Sequence[str], done: Callable[[], bool]) -> None:
    """Run jobs of `queues` in this process until `done` says so; for a command that waits for its own run.

    The jobs of workers at large are run as well: there may be no other worker to look up lost answers.
    """

    async def really_done() -> bool:
        return await asyncio.to_thread(_closing(done))

    asyncio.run(_work_until(really_done, [*queues, queue.SHARED]))


async def _work_until(done: Callable[[], Awaitable[bool]], queues: Sequence[str]) -> None:
    worker = asyncio.create_task(_work_for_ever(queues))
    try:
        while not await done():
            await asyncio.sleep(0.3)
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def _work_for_ever(queues: Sequence[str]) -> None:
    """The engine ends its worker when the database goes away; a new one goes on when it is back."""
    while True:
        try:
            await _work(queues)
        except exceptions.ConnectorException as error:
            _log.warning("worker.no_database", error=type(error).__name__)
        await asyncio.sleep(_HEARTBEAT_SECONDS)


async def _work(queues: Sequence[str]) -> None:
    connector = cast("DjangoConnector", app.connector)
    engine = app.with_connector(connector.get_worker_connector())
    async with engine.open_async():
        rescue = asyncio.create_task(_rescue_for_ever(engine))
        try:
            await engine.run_worker_async(
                queues=sorted(set(queues)),
                concurrency=_CONCURRENCY,
                fetch_job_polling_interval=_LOOK_SECONDS,
                shutdown_graceful_timeout=_GRACE_SECONDS,
                install_signal_handlers=False,
                update_heartbeat_interval=_HEARTBEAT_SECONDS,
                stalled_worker_timeout=_DEAD_AFTER_SECONDS,
                delete_jobs="successful",
                task_middleware=[_return_connections],
            )
        finally:
            rescue.cancel()
            with suppress(asyncio.CancelledError):
                await rescue


def _closing(check: Callable[[], bool]) -> Callable[[], bool]:
    def checked() -> bool:
        try:
            return check()
        finally:
            connections.close_all()

    return checked


def _return_connections(call: Callable[[], Any], _context: Any, _worker: Any) -> Any:
    """A job thread lives on after its job; its database connection must not go stale there."""
    try:
        return call()
    finally:
        connections.close_all()


async def _rescue_for_ever(engine: App) -> None:
    """The engine notices dead workers but leaves their jobs to us."""
    while True:
        with suppress(exceptions.ConnectorException):  # tried again in a moment
            await rescue_stalled(engine)
        await asyncio.sleep(_HEARTBEAT_SECONDS)


async def rescue_stalled(engine: App, dead_after: float = _DEAD_AFTER_SECONDS) -> int:
    """Give jobs of dead workers back to the queue. Returns how many."""
    rescued = 0
    for job in await engine.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after):
        with suppress(exceptions.ConnectorException):  # another worker was quicker
            await engine.job_manager.retry_job(job)
            rescued += 1
            _log.warning("job.taken_over", job_id=job.id, task=job.task_name)
    return rescued
