"""The stand-in sends webhooks as the vendor describes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.debitura.asking import ask, open_case, read
from tests.debitura.hooks import EVENTS, SCHEDULE
from tests.debitura.server import OTHER_KEY, FakeDebitura

URL = "https://arrears.example/hooks/1/"


def subscribe(fake: FakeDebitura, **changes: Any) -> dict[str, Any]:
    answer = ask(fake, "POST", "/webhooks", {"url": URL, "events": EVENTS, **changes})
    assert answer.status == 201
    shown: dict[str, Any] = read(answer)
    return shown


def test_deliveries_are_signed_with_the_decoded_secret() -> None:
    fake = FakeDebitura()
    secret = subscribe(fake)["secret"]
    case = open_case(fake)
    (delivery,) = fake.hooks.deliveries()
    moment, digest = delivery.headers["X-Debitura-Signature"].removeprefix("t=").split(",v1=")
    signed = f"{moment}.".encode() + delivery.body
    assert digest == hmac.new(base64.b64decode(secret), signed, hashlib.sha256).hexdigest()
    assert delivery.headers["X-Debitura-Event"] == "case.created"
    assert json.loads(delivery.body)["data"]["caseId"] == case["id"]
    assert delivery.url == URL


def test_the_secret_is_told_once_and_again_when_it_is_new() -> None:
    fake = FakeDebitura()
    made = subscribe(fake)
    path = f"/webhooks/{made['id']}"
    assert read(ask(fake, "GET", path))["secret"] is None
    assert read(ask(fake, "PATCH", path, {"regenerateSecret": True}))["secret"] not in (None, made["secret"])
    assert ask(fake, "GET", path, api_key=OTHER_KEY).status == 404


def test_what_happens_to_a_case_is_told_except_for_phases() -> None:
    fake = FakeDebitura()
    subscribe(fake)
    open_case(fake)
    fake.accept("AR-1")
    fake.phase("AR-1", "Legal")
    payment = fake.pay("AR-1", "20")
    fake.unpay("AR-1", payment["id"])
    fake.write("AR-1", "We have called them.")
    fake.close("AR-1")
    kinds = [delivery.event.kind for delivery in fake.hooks.deliveries()]
    assert sorted(kinds) == sorted([*EVENTS, "case.updated"])


def test_test_cases_are_told_to_test_subscriptions_alone() -> None:
    fake = FakeDebitura()
    subscribe(fake, isTestMode=True)
    open_case(fake)
    assert fake.hooks.deliveries() == []
    open_case(fake, "AR-2", isTest=True)
    assert len(fake.hooks.deliveries()) == 1


def test_a_failing_receiver_is_tried_eight_times_and_then_left_alone() -> None:
    fake = FakeDebitura()
    made = subscribe(fake)
    open_case(fake)
    sent = 0
    for pause in SCHEDULE:
        fake.clock.advance(timedelta(seconds=pause * 1.1))
        sent += fake.hooks.deliver(lambda _: 500)
    shown = read(ask(fake, "GET", f"/webhooks/{made['id']}"))
    assert (sent, shown["isActive"], bool(shown["disabledReason"])) == (8, False, True)
    open_case(fake, "AR-2")
    assert fake.hooks.deliveries() == []
    ask(fake, "PATCH", f"/webhooks/{made['id']}", {"isActive": True})
    open_case(fake, "AR-3")
    assert [one.event.kind for one in fake.hooks.deliveries()] == ["case.created"]


def test_a_receiver_that_is_gone_is_not_tried_again() -> None:
    fake = FakeDebitura()
    subscribe(fake)
    open_case(fake)
    assert fake.hooks.deliver(lambda _: 410) == 1
    assert not fake.hooks.subscriptions[0].active


def test_events_are_listed_by_case_and_can_be_replayed() -> None:
    fake = FakeDebitura()
    subscribe(fake)
    case = open_case(fake)
    fake.hooks.deliver(lambda _: 200)
    assert fake.hooks.deliveries() == []
    (event,) = read(ask(fake, "GET", f"/webhooks/events?caseId={case['id']}"))
    assert event["deliveredAt"]
    assert ask(fake, "GET", "/webhooks/events").status == 400
    assert ask(fake, "POST", f"/webhooks/events/{event['id']}/replay").status == 200
    (again,) = fake.hooks.deliveries()
    assert again.headers["X-Debitura-Replay"] == "true"
    assert json.loads(again.body)["id"] == event["id"]


def test_deliveries_can_be_shuffled_doubled_and_dropped() -> None:
    fake = FakeDebitura()
    subscribe(fake)
    for number in range(20):
        open_case(fake, f"AR-{number}")
    made = fake.hooks.deliveries(shuffled=True, doubled=0.5)
    ids = [one.event.id for one in made]
    assert len(set(ids)) == 20 < len(ids)
    assert ids != [one.event.id for one in fake.hooks.deliveries()]
    assert fake.hooks.deliver(lambda _: 200, dropped=1.0) == 0
    assert fake.hooks.deliveries() == []


@pytest.mark.parametrize("url", ["http://arrears.example/", "https://127.0.0.1/", "https://10.0.0.8/", "x"])
def test_only_public_https_urls_are_taken(url: str) -> None:
    fake = FakeDebitura()
    assert ask(fake, "POST", "/webhooks", {"url": url, "events": EVENTS}).status == 400
    fake.hooks.public_only = False
    assert ask(fake, "POST", "/webhooks", {"url": url, "events": EVENTS}).status == 201
