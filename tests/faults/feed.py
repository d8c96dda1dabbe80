"""A collector that tells us of changes: what it sends, what our door answers, what a worker then does."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.test import Client, RequestFactory
from procrastinate.contrib.django.models import ProcrastinateJob
from pydantic import SecretStr

from arrears.accounts.models import Organisation
from arrears.bridge import queue
from arrears.bridge.adapters import adapters
from arrears.bridge.connect_collector import KeyForm, connect_collector
from arrears.bridge.handle_receipts import handle_receipts
from arrears.bridge.models import CollectorAccount, Receipt, TrackedCase
from arrears.bridge.sweep_tracking import sweep_tracking
from arrears.bridge.track_cases import track_cases
from arrears.bridge.watch_feed import watch_feed
from arrears.connectors.message import Request, Response
from arrears.ports import Collector, Remedy
from arrears.web import collector_hook
from tests.debitura import wire
from tests.debitura.hooks import Delivery, Event
from tests.debitura.server import BASE_URL, KEY, OTHER_KEY
from tests.debitura.show import case_json
from tests.debitura.state import RemoteCase
from tests.faults.world import World

MINUTE = timedelta(minutes=1)

PUBLIC_URL = "https://arrears.example.com"

_VERBS: dict[str, Callable[[int], object]] = {
    "handle_receipts": handle_receipts,
    "track_cases": track_cases,
    "watch_feed": watch_feed,
}


class Feed:
    """The stand-in's webhooks in front of our own door, for the world's account, which is subscribed."""

    def __init__(self, world: World) -> None:
        self.fake, self.clock, self.account = world.fake, world.clock, world.account
        self.client = Client(raise_request_exception=False)
        self.statuses: list[int] = []
        self.work()
        assert self.subscription.active

    @property
    def collector(self) -> Collector:
        return adapters().collector(self.account.organisation_id, self.account)

    @property
    def subscription(self) -> Any:
        (mine,) = (one for one in self.fake.hooks.subscriptions if one.account is self.fake.account)
        return mine

    def another_account(self) -> CollectorAccount:
        """Another creditor of the same collector, in another organisation, subscribed as well."""
        organisation = Organisation.objects.create(name="Calder", created_at=self.clock.now())
        made = connect_collector(organisation.pk, KeyForm(SecretStr(OTHER_KEY), BASE_URL))
        watch_feed(made.pk)
        made.refresh_from_db()
        return made

    def url_of(self, account: CollectorAccount) -> str:
        return f"{PUBLIC_URL}/hooks/collectors/{account.hook_token}/"

    # --- There --------------------------------------------------------------------------------------------

    def open_case(self, reference: str, amount: str = "500", *, key: str = KEY, test: bool = False) -> str:
        """A case that came into being there, however; its events are sent. Returns its id."""
        debtor = {"type": "Company", "name": f"Debtor {reference}", "countryAlpha2": "GB"}
        address = {"address": "1 High Street", "zipCode": "LS1 4AP", "city": "Leeds"}
        body = {
            "creditorReference": reference, "currencyCode": "GBP", "amountToRecover": Decimal(amount),
            "date": "2026-07-01T00:00:00Z", "dueDate": "2026-07-31T00:00:00Z", "isTest": test,
            "debtor": debtor | address, "claimDescription": "Goods.", "allowPendingContracts": True,
        }  # fmt: skip
        headers = {"XApiKey": key, "Content-Type": "application/json"}
        request = Request("POST", "/cases", "a test", wire.write_json(body), headers)
        answer = self.fake.answer(request)
        assert answer.status in (200, 201), answer.body
        case = self.fake.case(reference)
        if not any(event.case_id == case.id for event in self.fake.hooks.events):
            self.fake.hooks.emit("case.created", case, {})
        return case.id

    def open_theirs(self, reference: str) -> str:
        """A case of the other creditor."""
        return self.open_case(reference, key=OTHER_KEY)

    def break_reads(self, case_ids: set[str], status: int) -> None:
        """From now on these cases can never be read."""
        whole = self.fake.answer

        def answer(request: Request) -> Response:
            if request.method == "GET" and request.path.rpartition("/")[2] in case_ids:
                return wire.business(status, "Fault", "Something is wrong with this case.")
            return whole(request)

        self.fake.answer = answer  # type: ignore[method-assign]

    def event(self, reference: str, kind: str = "case.updated") -> Event:
        """One more event of a case."""
        self.fake.hooks.emit(kind, self.fake.case(reference), {})
        return self.fake.hooks.events[-1]

    # --- On the way ---------------------------------------------------------------------------------------

    def post(self, delivery: Delivery) -> int:
        """Bring one delivery to our door. Returns the status that it answers."""
        return self.send(delivery.url, dict(delivery.headers), delivery.body)

    def knock(self, delivery: Delivery) -> int:
        """The same at the very door, without the house around it."""
        token = urlsplit(delivery.url).path.rstrip("/").rpartition("/")[2]
        request = RequestFactory(headers=dict(delivery.headers)).post(
            "/", data=delivery.body, content_type="application/json"
        )
        status = collector_hook.collector_hook(request, token).status_code
        self.statuses.append(status)
        return status

    def send(self, url: str, headers: dict[str, str], body: bytes) -> int:
        kind = headers.get("Content-Type", "application/json")
        named = {name: text for name, text in headers.items() if name != "Content-Type"}
        answer = self.client.post(
            urlsplit(url).path, data=body, content_type=kind, headers=named, secure=True
        )
        self.statuses.append(answer.status_code)
        return answer.status_code

    def stream(self, url: str, headers: dict[str, str], body: object, length: int) -> int:
        """Bring a body that is read as it comes."""
        extra: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
        answer = self.client.generic("POST", urlsplit(url).path, secure=True, headers=headers, **extra)
        return answer.status_code

    def replay(self, event: Event) -> None:
        """What the collector's support does: the same event again."""
        headers = {"XApiKey": KEY}
        asked = Request("POST", f"/webhooks/events/{event.id}/replay", "a test", b"", headers)
        assert self.fake.answer(asked).succeeded

    def deliver(self, **how: Any) -> int:
        return self.fake.hooks.deliver(self.post, **how)

    # --- Here ---------------------------------------------------------------------------------------------

    def handle(self) -> None:
        """Do the jobs that are queued, each once."""
        jobs = ProcrastinateJob.objects.filter(status="todo", task_name__in=_VERBS)
        for job in list(jobs.order_by("-priority", "pk")):
            with suppress(Remedy):
                _VERBS[job.task_name](job.args["account_id"])
        rows = ProcrastinateJob.objects.all()
        rows._raw_delete(rows.db)

    def queue_receipts(self) -> None:
        queue.handle_receipts(self.account.pk)

    def work(self) -> None:
        """What a worker does in a minute."""
        sweep_tracking()
        self.handle()

    def pass_time(self, by: timedelta, step: timedelta = MINUTE) -> None:
        until = self.clock.now() + by
        while self.clock.now() < until:
            self.clock.advance(step)
            self.work()

    def now(self) -> CollectorAccount:
        self.account.refresh_from_db()
        return self.account

    # --- What must hold -----------------------------------------------------------------------------------

    def wrong(self) -> list[str]:
        """The cases of which we know another state than the other side has, by their reference there."""
        known = {row.case_id: row for row in TrackedCase.objects.filter(account=self.account)}
        mine = [case for case in self.fake.cases_of(self.fake.account) if case.test == self.account.test]
        wrong = [case.creditor_reference for case in mine if not _is_told(case, known.pop(case.id, None))]
        return wrong + [f"not ours: {case_id}" for case_id in known]

    def reads(self) -> int:
        """How often a single case was read."""
        return len(self.fake.ledger.calls_to("GET /cases/{id}"))

    def unhandled(self) -> int:
        return Receipt.objects.filter(handled_at=None).count()


def _is_told(case: RemoteCase, row: TrackedCase | None) -> bool:
    """Whether our row says what the other side would answer."""
    if row is None:
        return False
    shown = json.loads(wire.write_json(case_json(case)))
    is_closed = shown["lifecycle"] in ("Closed", "Merged")
    return (
        (row.lifecycle == "closed") == is_closed
        and row.outstanding == case.remainder
        and row.principal == case.principal
        and row.close_code == (case.close_code or "")
        and (row.lifecycle == "active") == (shown["lifecycle"] == "Active")
    )
