"""Running jobs, taking over the jobs of workers that died, and sweeping up what has come due."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar, cast

import structlog
from django.db import DatabaseError, connections
from procrastinate import App, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from arrears.accounts.audit import ITSELF, acting_as
from arrears.bridge import queue
from arrears.bridge.ledger import UNDER_WAY
from arrears.bridge.models import ImportRun
from arrears.bridge.send_mails import send_mails
from arrears.bridge.sweep import sweep
from arrears.bridge.sweep_policies import sweep_policies
from arrears.bridge.sweep_tracking import sweep_tracking
from arrears.bridge.tell_news import tell_news

T = TypeVar("T")

#: A worker says that it is alive this often, and counts as dead after three times as long.
_HEARTBEAT_SECONDS = 5.0
_DEAD_AFTER_SECONDS = 15.0
_CONCURRENCY = 4

#: How often to look for jobs that waited for another one's lock: the engine announces only new ones.
_LOOK_SECONDS = 0.5

#: How often to look for what has come due and has no job.
_SWEEP_SECONDS = 60.0

#: How often to look for e-mails to be sent.
_POST_SECONDS = 5.0

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

    with acting_as(ITSELF):  # whoever started the worker does not do what the jobs do
        asyncio.run(until_told())


def run_until_idle(queues: Sequence[str], done: Callable[[], bool]) -> None:
    """Run jobs of `queues` in this process until `done` says so; for a command that waits for its own run.

    The jobs of workers at large are run as well: there may be no other worker to look up lost answers.
    """

    async def really_done() -> bool:
        return await asyncio.to_thread(_closing(done))

    with acting_as(ITSELF):  # the command has noted what it was told to do; the jobs are nobody's deeds
        asyncio.run(_work_until(really_done, [*queues, queue.SHARED]))


def work_in_background(run: ImportRun) -> None:
    """Carry a run out in a thread of this process: the only one that was told the memorable word.

    The thread ends with the run. If the process ends first, the sweep of another stops the run and says why.
    """

    def ended() -> bool:
        return not ImportRun.objects.filter(pk=run.pk, stage__in=UNDER_WAY).exists()

    async def really_ended() -> bool:
        return await asyncio.to_thread(_closing(ended))

    work = _work_until(really_ended, [queue.name_of(run.connection)])
    Thread(target=asyncio.run, args=[work], name=f"import run {run.pk}", daemon=True).start()


async def _work_until(done: Callable[[], Awaitable[bool]], queues: Sequence[str]) -> None:
    if await done():
        return
    stop = asyncio.Event()
    worker = asyncio.create_task(_work_for_ever(queues, stop))
    try:
        # A worker that ended by itself met something unexpected: say so instead of waiting without one.
        while not worker.done() and not await done():
            await asyncio.sleep(0.3)
    finally:
        stop.set()
        await worker


async def _work_for_ever(queues: Sequence[str], stop: asyncio.Event) -> None:
    """The engine ends its worker when the database goes away; a new one goes on when it is back."""
    while not stop.is_set():
        try:
            await _work(queues, stop)
        except exceptions.ConnectorException as error:
            _log.warning("worker.no_database", error=type(error).__name__)
            await asyncio.sleep(_HEARTBEAT_SECONDS)


async def _work(queues: Sequence[str], stop: asyncio.Event) -> None:
    """Work until told to stop. Opening is never cancelled: a connection pool cut off there does not end."""
    connector = cast("DjangoConnector", app.connector)
    engine = app.with_connector(connector.get_worker_connector())
    async with engine.open_async():
        tasks = [
            asyncio.create_task(one)
            for one in (
                _run_jobs(engine, queues),
                _rescue_for_ever(engine),
                _sweep_for_ever(),
                _post_for_ever(),
                stop.wait(),
            )
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()


async def _run_jobs(engine: App, queues: Sequence[str]) -> None:
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


def _closing(work: Callable[[], T]) -> Callable[[], T]:
    """Give the database connection of a passing thread back when the work is done."""

    def done() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return done


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


async def _sweep_for_ever() -> None:
    """Several workers may sweep at once: what they queue twice is carried out once."""
    while True:
        for look in (sweep, sweep_tracking, sweep_policies, tell_news):
            await _try(look)
        await asyncio.sleep(_SWEEP_SECONDS)


async def _post_for_ever() -> None:
    """Send the e-mails that wait. A slow mail server holds up nothing else."""
    while True:
        await _try(send_mails)
        await asyncio.sleep(_POST_SECONDS)


async def _try(look: Callable[[], object]) -> None:
    """Look once. What one look stumbles over must stop neither the others nor the imports."""
    try:
        await asyncio.to_thread(_closing(look))
    except (DatabaseError, exceptions.ConnectorException):
        pass  # tried again in a moment
    except Exception:  # noqa: BLE001 # whatever it is, it is logged, and the others go on
        _log.exception("worker.look_failed", look=look.__name__)


async def rescue_stalled(engine: App, dead_after: float = _DEAD_AFTER_SECONDS) -> int:
    """Give jobs of dead workers back to the queue. Returns how many."""
    rescued = 0
    for job in await engine.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after):
        with suppress(exceptions.ConnectorException):  # another worker was quicker
            await engine.job_manager.retry_job(job)
            rescued += 1
            _log.warning("job.taken_over", job_id=job.id, task=job.task_name)
    return rescued
