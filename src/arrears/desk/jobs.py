"""The desk's jobs: send what is due, and each minute look after whatever has come due. All may run again."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from procrastinate import JobContext
from procrastinate.contrib.django import app

from arrears.desk import outbox
from arrears.desk.adapters import adapters
from arrears.desk.api.purge import purge
from arrears.desk.cases.sweep_cases import sweep_cases
from arrears.desk.contracts.sweep_signing import sweep_signing
from arrears.desk.models import Delivery
from arrears.desk.partners.sweep_partners import sweep_partners
from arrears.desk.privacy.sweep_retention import sweep_retention
from arrears.desk.quotes.sweep_quotes import sweep_quotes
from arrears.desk.talk.sweep_talk import sweep_talk
from arrears.desk.webhooks.deliver_due import deliver_due

_log = structlog.get_logger()


@app.task(name=outbox.DELIVER, queue=outbox.QUEUE, lock=outbox.DELIVER, pass_context=True)
def deliver_webhooks(context: JobContext) -> None:
    """Send until nothing is due, then arrange for the next that will be."""
    desk = adapters()
    stop = context.should_abort
    while not stop() and deliver_due(now=desk.clock.now(), sender=desk.webhooks, stop=stop):
        pass
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, webhook__is_active=True)
    soonest = waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
    if soonest is not None:
        outbox.wake(soonest)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_desk", queue=outbox.QUEUE, lock="sweep_desk", queueing_lock="sweep_desk")
def sweep_desk(timestamp: int) -> list[str]:  # noqa: ARG001 - when this was to run; what counts is the clock
    """Carry out what has come due. A sweep that fails stops no other one, and runs again in a minute.

    Returns the names of those that failed.
    """
    clock = adapters().clock
    now, today = clock.now(), clock.today()
    sweeps: dict[str, Callable[[], object]] = {
        "cases": lambda: sweep_cases(now=now, today=today),
        "signing": lambda: sweep_signing(now=now, today=today),
        "partners": lambda: sweep_partners(today=today),
        "quotes": lambda: sweep_quotes(now=now, today=today),
        "talk": lambda: sweep_talk(now=now, today=today),
        "retention": lambda: sweep_retention(now=now, today=today),
        "answers": lambda: purge(now=now),
        "webhooks": outbox.wake,
    }
    failed = []
    for name, sweep in sweeps.items():
        try:
            sweep()
        except Exception:  # noqa: BLE001 - logged; see above
            _log.exception("desk.sweep_failed", sweep=name)
            failed.append(name)
    return failed
