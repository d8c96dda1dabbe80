"""Webhooks as Debitura sends them: subscriptions, signed deliveries, repeats, and switching itself off."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from arrears.connectors.message import Response
from tests.debitura import wire
from tests.debitura.state import LABELS, Account, Ask, RemoteCase, World

EVENTS = ["case.created", "case.updated", "case.closed", "payment.created", "payment.deleted", "chat.created"]

#: Seconds before each attempt, counted from the one before.
SCHEDULE = (0, 60, 120, 240, 480, 960, 1800, 1800)
_GONE = 410


@dataclass
class Subscribed:
    """One subscription. `secret` is base64; what it decodes to is the key."""

    id: str
    account: Account
    url: str
    events: list[str]
    test: bool
    created: datetime
    updated: datetime
    secret: str = field(repr=False)
    active: bool = True
    disabled_because: str | None = None


@dataclass
class Event:
    """One event for one subscription, until it has been delivered or given up."""

    id: str
    subscription: Subscribed
    case_id: str
    kind: str
    payload: bytes
    created: datetime
    due: datetime | None
    attempts: int = 0
    delivered: datetime | None = None
    last_status: int | None = None
    replay: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One signed request, ready to be posted; tell `Hooks.answered` what came of it."""

    event: Event
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Hooks:
    """The subscriptions of all accounts and everything that is on its way to them.

    With `public_only` (the real behaviour) URLs must be https and must not name a private address.
    `with_reference` adds `creditorReference` to the payload, which the vendor's texts disagree about.
    """

    def __init__(self, world: World) -> None:
        self.subscriptions: list[Subscribed] = []
        self.events: list[Event] = []
        self.public_only = True
        self.with_reference = False
        self._world = world
        world.on_event = self.emit

    # --- sending ----------------------------------------------------------------------------------------

    def emit(self, kind: str, case: RemoteCase, more: Mapping[str, Any]) -> None:
        """Put one event in the queue of everybody who wants it."""
        for one in self.subscriptions:
            if one.account is case.account and one.active and one.test == case.test and kind in one.events:
                number = self._world.new_id()
                payload = wire.write_json(self._envelope(number, kind, case, more))
                now = self._world.now
                self.events.append(Event(number, one, case.id, kind, payload, now, now))

    def _envelope(self, number: str, kind: str, case: RemoteCase, more: Mapping[str, Any]) -> dict[str, Any]:
        data = {
            "caseId": case.id,
            "reference": case.reference,
            "lifecycle": LABELS.get(case.state, case.state),
        }
        if self.with_reference:
            data["creditorReference"] = case.creditor_reference
        return {
            "id": number,
            "specVersion": "1.0",
            "event": kind,
            "timestamp": f"{self._world.now:%Y-%m-%dT%H:%M:%SZ}",
            "data": {**data, **more},
            "links": {"self": f"https://customer-api.debitura.com/cases/{case.id}"},
        }

    def deliveries(
        self, *, shuffled: bool = False, doubled: float = 0.0, dropped: float = 0.0
    ) -> list[Delivery]:
        """What is due by now, signed now.

        `doubled` and `dropped` are chances: some are sent twice, some never, although the sender believes
        that they arrived. A delivery that is left alone comes again as if it had failed: see `answered`.
        """
        made = []
        for event in self.events:
            if event.due is None or event.due > self._world.now or not event.subscription.active:
                continue
            if self._world.rng.random() < dropped:
                self._done(event, 200)
                continue
            made.append(self.sign(event))
            if self._world.rng.random() < doubled:
                made.append(self.sign(event))
        if shuffled:
            self._world.rng.shuffle(made)
        return made

    def sign(self, event: Event, at: datetime | None = None) -> Delivery:
        """The request for an event, signed at a moment (now unless told otherwise)."""
        moment = str(int((at or self._world.now).timestamp()))
        key = base64.b64decode(event.subscription.secret)
        digest = hmac.new(key, f"{moment}.".encode() + event.payload, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Debitura-Signature": f"t={moment},v1={digest}",
            "X-Debitura-Timestamp": moment,
            "X-Debitura-Event": event.kind,
        }
        if event.replay:
            headers["X-Debitura-Replay"] = "true"
        return Delivery(event, event.subscription.url, headers, event.payload)

    def answered(self, delivery: Delivery, status: int | None) -> None:
        """The receiver answered, or did not within ten seconds (None)."""
        event, world = delivery.event, self._world
        if event.delivered:
            return
        if status is not None and 200 <= status < 300:
            self._done(event, status)
            return
        event.attempts += 1
        event.last_status = status
        if status == _GONE or event.attempts >= len(SCHEDULE):
            event.due = None
            self._disable(event.subscription, "410 Gone" if status == _GONE else "8 failed attempts")
            return
        pause = SCHEDULE[event.attempts] * world.rng.uniform(0.9, 1.1)
        event.due = world.now + timedelta(seconds=pause)

    def deliver(self, post: Callable[[Delivery], int | None], **how: Any) -> int:
        """Send what is due with `post`, which returns a status. Says how many were sent."""
        made = self.deliveries(**how)
        for delivery in made:
            self.answered(delivery, post(delivery))
        return len(made)

    def _done(self, event: Event, status: int) -> None:
        event.attempts += 1
        event.last_status, event.delivered, event.due = status, self._world.now, None

    def _disable(self, one: Subscribed, because: str) -> None:
        one.active, one.disabled_because, one.updated = False, because, self._world.now

    # --- the API ----------------------------------------------------------------------------------------

    def create(self, ask: Ask) -> Response:
        data = ask.data if isinstance(ask.data, dict) else {}
        fault = self._url_fault(data.get("url"))
        events = data.get("events")
        if fault:
            return wire.field_errors(Url=fault)
        if not isinstance(events, list) or not events or not set(map(str, events)) <= set(EVENTS):
            return wire.field_errors(Events="The events are not valid.")
        now = self._world.now
        one = Subscribed(
            self._world.new_id(), ask.account, data["url"], list(events), bool(data.get("isTestMode")),
            now, now, self._secret(),
        )  # fmt: skip
        self.subscriptions.append(one)
        return wire.answer(_shown(one, with_secret=True), 201)

    def _secret(self) -> str:
        return base64.b64encode(self._world.rng.randbytes(32)).decode()

    def _url_fault(self, url: object) -> str:
        if not isinstance(url, str) or not url or len(url) > 1024:
            return "The URL is required."
        if not self.public_only:
            return ""
        parts = urlsplit(url)
        if parts.scheme != "https":
            return "The URL must be HTTPS."
        return "The URL must be publicly reachable." if _private(parts.hostname or "") else ""

    def listed(self, ask: Ask) -> Response:
        mine = [one for one in self.subscriptions if one.account is ask.account]
        return wire.answer([_shown(one) for one in mine])

    def shown(self, ask: Ask) -> Response:
        one = self._find(ask)
        return wire.answer(_shown(one)) if one else wire.not_found("The webhook")

    def update(self, ask: Ask) -> Response:
        one, data = self._find(ask), ask.data if isinstance(ask.data, dict) else {}
        if one is None:
            return wire.not_found("The webhook")
        if data.get("url") is not None:
            fault = self._url_fault(data["url"])
            if fault:
                return wire.field_errors(Url=fault)
            one.url = data["url"]
        if data.get("isActive") is not None:
            one.active = bool(data["isActive"])
            one.disabled_because = None if one.active else one.disabled_because
        if data.get("isTestMode") is not None:
            one.test = bool(data["isTestMode"])
        renewed = bool(data.get("regenerateSecret"))
        if renewed:
            one.secret = self._secret()
        one.updated = self._world.now
        return wire.answer(_shown(one, with_secret=renewed))

    def remove(self, ask: Ask) -> Response:
        one = self._find(ask)
        if one is None:
            return wire.not_found("The webhook")
        self.subscriptions.remove(one)
        for event in self.events:
            event.due = None if event.subscription is one else event.due
        return wire.nothing()

    def log(self, ask: Ask) -> Response:
        """GET /webhooks/events: of one case only."""
        case_id = ask.first("caseId")
        if not case_id:
            return wire.field_errors(CaseId="The case id is required.")
        mine = [
            one for one in self.events if one.case_id == case_id and one.subscription.account is ask.account
        ]
        return wire.answer([_event(one) for one in mine])

    def replay(self, ask: Ask) -> Response:
        event = next((one for one in self.events if one.id == ask.names["id"]), None)
        if event is None or event.subscription.account is not ask.account:
            return wire.not_found("The event")
        event.due, event.delivered, event.replay, event.attempts = self._world.now, None, True, 0
        return wire.answer(
            {"eventId": event.id, "subscriptionId": event.subscription.id, "eventType": event.kind}
        )

    def fire(self, ask: Ask) -> Response:
        """POST /test/webhooks/fire: the current state of a test case as any event."""
        data = ask.data if isinstance(ask.data, dict) else {}
        case = self._world.with_id(ask.account, str(data.get("caseId")))
        if case is None:
            return wire.not_found("The case")
        if not case.test or data.get("event") not in EVENTS:
            return wire.field_errors(Event="The event cannot be fired.")
        before = len(self.events)
        self.emit(data["event"], case, {})
        queued = len(self.events) - before
        return wire.answer({"eventType": data["event"], "caseId": case.id, "enqueuedCount": queued})

    def _find(self, ask: Ask) -> Subscribed | None:
        wanted = ask.names["id"].lower()
        mine = (one for one in self.subscriptions if one.account is ask.account)
        return next((one for one in mine if one.id == wanted), None)


def _private(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _shown(one: Subscribed, *, with_secret: bool = False) -> dict[str, Any]:
    return {
        "id": one.id, "url": one.url, "events": one.events, "isActive": one.active,
        "createdUtc": wire.instant_text(one.created), "updatedUtc": wire.instant_text(one.updated),
        "disabledReason": one.disabled_because, "secret": one.secret if with_secret else None,
        "isTestMode": one.test,
    }  # fmt: skip


def _event(one: Event) -> dict[str, Any]:
    return {
        "id": one.id, "subscriptionId": one.subscription.id, "caseId": one.case_id, "eventType": one.kind,
        "payload": one.payload.decode(), "createdAt": wire.instant_text(one.created),
        "deliveredAt": wire.instant_text(one.delivered) if one.delivered else None,
        "attemptCount": one.attempts, "lastResponseCode": one.last_status,
        "lastError": None if one.delivered or not one.attempts else "The delivery failed.",
    }  # fmt: skip
