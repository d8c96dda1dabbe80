"""A collector at the other end of a network, in memory: cases, messages, subscriptions, signed notices."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from pydantic import SecretStr

from arrears.accounts.models import Organisation
from arrears.bridge.models import CollectorAccount
from arrears.core.case import Lifecycle, Party
from arrears.core.webhook_signature import is_genuine, sign
from arrears.ports import Case, Collector, Feed, FeedEvent, Message, Subscription
from tests.builders import money
from tests.fakes import FakeAdapters, FakeClock

PUBLIC_URL = "https://arrears.example.com"


@dataclass(frozen=True, slots=True)
class Notice:
    """One request as the collector sends it."""

    url: str
    signature: str
    body: bytes

    @property
    def token(self) -> str:
        return self.url.rstrip("/").rpartition("/")[2]


@dataclass
class Elsewhere:
    """Errors put into `failing` are raised, one a call. `asked` tells what was asked, in order."""

    clock: FakeClock
    held: dict[str, Case] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    failing: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    secrets_made: int = 0
    sent: int = 0

    # --- What happens there ---------------------------------------------------------------------------------

    def opens(self, case_id: str = "c1", owed: str = "500 GBP", **changes: Any) -> Case:
        now = self.clock.now()
        known: dict[str, Any] = {
            "id": case_id,
            "reference": case_id.upper(),
            "creditor_reference": f"AR-{case_id}",
            "invoice_numbers": ("1001",),
            "debtor_name": "Acme Ltd",
            "country": "GB",
            "principal": money(owed),
            "outstanding": money(owed),
            "lifecycle": Lifecycle.PENDING_VERIFICATION,
            "partner": "",
            "routing_reason": "",
            "rate": Decimal("9.5"),
            "price_source": "",
            "opened_at": now,
            "updated_at": now,
        }
        self.held[case_id] = Case(**known | changes)
        return self.held[case_id]

    def changes(self, case_id: str, **changes: Any) -> Case:
        changes = {"updated_at": self.clock.now()} | changes
        self.held[case_id] = replace(self.held[case_id], **changes)
        return self.held[case_id]

    def tells(self, case_id: str, kind: str = "case.updated", event_id: str = "") -> list[Notice]:
        """What it would send about a case: one signed notice for each subscription that is awake."""
        self.sent += 1
        event = {"id": event_id or f"e{self.sent}", "event": kind, "data": {"caseId": case_id}}
        body = json.dumps(event).encode()
        return [
            Notice(one.url, sign(_text(one.secret), body, self.clock.now()), body)
            for one in self.subscriptions.values()
            if one.active
        ]

    def switches_off(self, because: str = "Eight attempts failed.") -> None:
        for name, one in self.subscriptions.items():
            self.subscriptions[name] = replace(one, active=False, disabled_because=because)

    # --- What it can be asked -------------------------------------------------------------------------------

    def _asked(self, what: str) -> None:
        self.asked.append(what)
        if self.failing:
            raise self.failing.pop(0)

    def read(self, case_id: str) -> Case | None:
        self._asked(f"read {case_id}")
        return self.held.get(case_id)

    def changed(self) -> Iterator[Case]:
        for case in sorted(
            self.held.values(), key=lambda one: one.updated_at or self.clock.now(), reverse=True
        ):
            self._asked(f"listed {case.id}")
            yield case

    def say(self, case_id: str, text: str, key: str) -> Message:
        self._asked(f"say {case_id}")
        self.said.setdefault(key, text)
        return Message(key, self.clock.now(), Party.CREDITOR, "us", text)

    def subscribe(self, url: str) -> Subscription:
        self._asked("subscribe")
        twin = next((one for one in self.subscriptions.values() if one.url == url), None)
        if twin is not None:
            self.wake(twin.id)
            return self.new_secret(twin.id)
        secret = self._new_secret()
        made = Subscription(f"s{self.secrets_made}", url, True, secret=secret)
        self.subscriptions[made.id] = made
        return made

    def subscription(self, subscription_id: str) -> Subscription | None:
        self._asked("subscription")
        found = self.subscriptions.get(subscription_id)
        return replace(found, secret=None) if found else None

    def wake(self, subscription_id: str) -> Subscription:
        self._asked("wake")
        woken = replace(self.subscriptions[subscription_id], active=True, disabled_because="")
        self.subscriptions[subscription_id] = woken
        return replace(woken, secret=None)

    def new_secret(self, subscription_id: str) -> Subscription:
        self._asked("new_secret")
        changed = replace(self.subscriptions[subscription_id], secret=self._new_secret())
        self.subscriptions[subscription_id] = changed
        return changed

    def unsubscribe(self, subscription_id: str) -> None:
        self._asked("unsubscribe")
        self.subscriptions.pop(subscription_id, None)

    def read_event(
        self, signature: str, body: bytes, secrets: tuple[SecretStr, ...], now: datetime
    ) -> FeedEvent | None:
        if not any(is_genuine(_text(secret), signature, body, now=now) for secret in secrets):
            return None
        event = json.loads(body)
        return FeedEvent(event["id"], event["event"], event["data"]["caseId"])

    def _new_secret(self) -> SecretStr:
        self.secrets_made += 1
        return SecretStr(base64.b64encode(f"secret number {self.secrets_made}".encode()).decode())


class TrackingAdapters(FakeAdapters):
    """bridge.adapters.Adapters whose accounts all lead to one collector elsewhere; `desk` is our own."""

    elsewhere = Elsewhere(FakeAdapters.clock)
    desk = Elsewhere(FakeAdapters.clock)

    @classmethod
    def fresh(cls) -> type[TrackingAdapters]:
        super().fresh()
        cls.elsewhere, cls.desk = Elsewhere(cls.clock), Elsewhere(cls.clock)
        return cls

    def collector(self, organisation: int, account: CollectorAccount | None = None) -> Collector:
        return cast("Collector", self.elsewhere if account else self.desk)

    def feed(self, account: CollectorAccount) -> Feed:
        return self.elsewhere


def an_account(organisation: Organisation, **changes: Any) -> CollectorAccount:
    """An account that has been let in."""
    known: dict[str, Any] = {
        "base_url": "https://collector.example.com",
        "creditor": "creditor-1",
        "company_name": "Pennine Fasteners Ltd",
        "hook_token": f"token{CollectorAccount.objects.count()}",
        "created_at": FakeAdapters.clock.now(),
    }
    return CollectorAccount.objects.create(organisation=organisation, **known | changes)


def days(number: float) -> timedelta:
    return timedelta(days=number)


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
