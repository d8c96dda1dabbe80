"""One organisation with an account at a collector elsewhere, and what a worker does for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from arrears.accounts.models import Organisation
from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.handle_receipts import handle_receipts
from arrears.bridge.models import CollectorAccount, TrackedCase
from arrears.bridge.receive_event import Reception, receive_event
from arrears.bridge.sweep_tracking import sweep_tracking
from arrears.bridge.track_cases import track_cases
from arrears.bridge.watch_feed import watch_feed
from arrears.ports import Case
from tests.bridge.elsewhere import PUBLIC_URL, Elsewhere, Notice, TrackingAdapters, an_account
from tests.fakes import FakeClock

_VERBS: dict[str, Callable[[int], object]] = {
    "handle_receipts": handle_receipts,
    "track_cases": track_cases,
    "watch_feed": watch_feed,
}


@dataclass
class Tracking:
    account: CollectorAccount
    elsewhere: Elsewhere
    clock: FakeClock

    def watch(self) -> CollectorAccount:
        watch_feed(self.account.pk)
        return self.now()

    def now(self) -> CollectorAccount:
        """The account as the database has it."""
        self.account.refresh_from_db()
        return self.account

    def receive(self, *notices: Notice) -> list[Reception]:
        return [receive_event(one.token, one.signature, one.body) for one in notices]

    def known(self, case_id: str = "c1") -> Case:
        return TrackedCase.objects.select_related("account").get(case_id=case_id).as_stated()

    def jobs(self) -> list[str]:
        """The waiting jobs about accounts, by task."""
        waiting = ProcrastinateJob.objects.filter(task_name__in=_VERBS, status="todo").order_by("pk")
        return list(waiting.values_list("task_name", flat=True))

    def work(self) -> None:
        """What a worker does in a minute: queue what is due, and do what is queued."""
        sweep_tracking()
        for job in ProcrastinateJob.objects.filter(task_name__in=_VERBS, status="todo").order_by("pk"):
            _VERBS[job.task_name](job.args["account_id"])
        self.forget_jobs()

    def forget_jobs(self) -> None:
        queue.withdraw(list(ProcrastinateJob.objects.filter(status="todo")))


@contextmanager
def tracking_world(settings: Settings) -> Iterator[Tracking]:
    fakes = TrackingAdapters.fresh()
    settings.ARREARS_ADAPTERS = "tests.bridge.elsewhere.TrackingAdapters"
    settings.ARREARS_URL = PUBLIC_URL
    adapters.cache_clear()
    organisation = Organisation.objects.create(name="Pennine", created_at=fakes.clock.now())
    yield Tracking(an_account(organisation), fakes.elsewhere, fakes.clock)
    adapters.cache_clear()
