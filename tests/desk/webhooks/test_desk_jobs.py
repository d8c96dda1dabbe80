"""The jobs that send, by a real worker, and sending by two processes at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from arrears.accounts.models import Organisation
from arrears.bridge.worker import run_until_idle
from arrears.desk import jobs, outbox
from arrears.desk.models import Delivery, Webhook
from arrears.desk.webhooks.deliver_due import deliver_due
from arrears.ports import Reply
from tests.desk.builders import a_case
from tests.desk.webhooks.receiver import DOWN, OK, Receiver

Subscribe = Callable[..., Webhook]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs(transactional_db: None) -> None:
    """Django does not know that the engine's tables are to be emptied."""
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")


def jobs_waiting() -> list[tuple[str, bool]]:
    """The waiting jobs that deliver: under which lock each queues, and whether for later."""
    waiting = ProcrastinateJob.objects.filter(status="todo", task_name=outbox.DELIVER)
    return [(job.queueing_lock or "", job.scheduled_at is not None) for job in waiting.order_by("id")]


def test_an_event_is_sent_by_a_worker(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    subscribe(creditor)
    with transaction.atomic():
        outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
        outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    assert jobs_waiting() == [("deliver_webhooks", False)]
    run_until_idle([outbox.QUEUE], lambda: not Delivery.objects.filter(state="waiting").exists())
    assert len(receiver.accepted) == 2


def test_nothing_is_sent_of_what_did_not_happen(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    subscribe(creditor)
    with transaction.atomic():
        outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
        transaction.set_rollback(True)
    assert jobs_waiting() == []
    assert not Delivery.objects.exists()


def test_a_job_for_later_does_not_hold_up_one_for_now(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    receiver.clock.instant = datetime.now(UTC)
    receiver.reply = DOWN
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    later = ("deliver_webhooks later", True)
    run_until_idle([outbox.QUEUE], lambda: later in jobs_waiting())
    assert len(receiver.posts) == 1
    receiver.reply = OK
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    run_until_idle([outbox.QUEUE], lambda: bool(receiver.accepted))
    assert later in jobs_waiting()
    assert webhook.deliveries.filter(state="waiting").count() == 1


def test_each_minute_wakes_the_deliveries_whatever_else_fails(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [(one.task.name, one.cron) for one in app.periodic_registry.periodic_tasks.values()] == [
        ("sweep_desk", "* * * * *")
    ]

    def fails(**_: object) -> None:
        raise RuntimeError("unexpected")

    for name in [
        name for name in vars(jobs) if name.startswith(("sweep_", "purge")) and name != "sweep_desk"
    ]:
        monkeypatch.setattr(jobs, name, fails)
    subscribe(creditor)
    with monkeypatch.context() as asleep:
        asleep.setattr(outbox, "wake", lambda: None)
        outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    assert jobs_waiting() == []
    app.configure_task("sweep_desk").defer(timestamp=0)
    run_until_idle([outbox.QUEUE], lambda: bool(receiver.accepted))
    assert len(receiver.accepted) == 1
    assert not ProcrastinateJob.objects.filter(task_name="sweep_desk", status="failed").exists()


def test_two_processes_send_each_delivery_once(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    for number in range(4):
        subscribe(creditor, url=f"https://hooks{number}.example/")
    case = a_case(creditor=creditor)
    for _ in range(5):
        outbox.announce(case, "case.updated", now=receiver.clock.now())
    together = threading.Barrier(3)
    attempts: list[int] = []

    def work() -> None:
        try:
            together.wait()
            attempts.append(deliver_due(now=receiver.clock.now(), sender=receiver))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(attempts) == len(receiver.posts) == 20
    assert set(Counter(post.id for post in receiver.posts).values()) == {1}
    assert set(Delivery.objects.values_list("state", "attempts")) == {("delivered", 1)}


def test_the_network_is_never_used_inside_a_transaction(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    held: list[bool] = []

    class Watching(Receiver):
        def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
            with transaction.atomic():
                rows = Delivery.objects.select_for_update(nowait=True)
                held.append(rows.get().next_attempt_at == receiver.clock.now())
            connections.close_all()
            return OK

    deliver_due(now=receiver.clock.now(), sender=Watching())
    # The row was free while it was sent, and already claimed.
    assert held == [False]
    assert Delivery.objects.get().state == "delivered"
