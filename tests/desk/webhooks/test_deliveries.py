"""Every event arrives, whatever happens on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.models import Organisation
from arrears.core.webhook_signature import is_genuine
from arrears.desk import outbox
from arrears.desk.models import Delivery, Webhook
from arrears.desk.webhooks.change_webhook import change_webhook
from arrears.desk.webhooks.deliver_due import deliver_due
from arrears.desk.webhooks.replay_delivery import replay_delivery
from arrears.ports import Reply
from tests.desk.builders import a_case
from tests.desk.webhooks.receiver import DOWN, GONE, OK, Receiver
from tests.fakes import Killed

Subscribe = Callable[..., Webhook]
SECOND = timedelta(seconds=1)
GAPS = [60, 120, 240, 480, 960, 1800, 1800]


def secret_of(webhook: Webhook) -> SecretStr:
    secret = vault.read(webhook.organisation_id, webhook.record, "secret")
    assert secret is not None
    return secret


def switch_on(webhook: Webhook, receiver: Receiver) -> None:
    change_webhook(webhook.organisation_id, webhook.public_id, is_active=True, now=receiver.clock.now())


def test_an_event_arrives_signed_and_says_what_it_is(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    case = a_case(creditor=creditor, creditor_reference="AR-1")
    now = receiver.clock.now()
    assert outbox.announce(case, "case.updated", now=now) == 1
    assert receiver.deliver() == 1
    (post,) = receiver.posts
    delivery = Delivery.objects.get()
    assert json.loads(post.body) == {
        "id": str(delivery.public_id),
        "specVersion": "1.0",
        "event": "case.updated",
        "timestamp": "2026-11-22T12:00:00Z",
        "data": {"caseId": str(case.public_id), "reference": case.reference, "creditorReference": "AR-1"},
        "links": {"self": f"/cases/{case.public_id}"},
    }
    signed = dict(post.headers)
    secret, signature = secret_of(webhook).get_secret_value(), signed.pop("X-Debitura-Signature")
    assert is_genuine(secret, signature, post.body, now=now)
    assert signed == {
        "Content-Type": "application/json; charset=utf-8",
        "X-Debitura-Event": "case.updated",
        "X-Debitura-Timestamp": str(int(now.timestamp())),
    }
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 200)
    assert delivery.payload.encode() == post.body
    assert receiver.deliver() == 0


def test_only_those_who_asked_are_told(
    receiver: Receiver, creditor: Organisation, stranger: Organisation, subscribe: Subscribe
) -> None:
    subscribe(creditor, "payment.created")
    subscribe(creditor, "case.updated", test=True)
    subscribe(stranger, "case.updated")
    assert outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now()) == 0
    test_case = a_case(creditor=creditor, is_test=True)
    assert outbox.announce(test_case, "case.updated", now=receiver.clock.now()) == 1


def test_the_schedule_is_followed_and_the_eighth_failure_switches_off(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    receiver.reply = DOWN
    receiver.deliver()
    gaps = [receiver.wait_for_the_next() for _ in GAPS]
    for gap, seconds in zip(gaps, GAPS, strict=True):
        assert 0.9 * seconds <= gap.total_seconds() <= 1.1 * seconds
    assert len({gap.total_seconds() / seconds for gap, seconds in zip(gaps, GAPS, strict=True)}) > 1
    assert len(receiver.posts) == 1 + len(GAPS)
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert webhook.disabled_because == (
        "8 attempts to deliver an event failed. The server could not be reached."
    )
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("held", 8, DOWN.error)


def test_each_retry_is_signed_anew(receiver: Receiver, creditor: Organisation, subscribe: Subscribe) -> None:
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    receiver.reply = DOWN
    receiver.pass_time(timedelta(hours=1), step=timedelta(minutes=5))
    for post in receiver.posts:
        signed = post.headers["X-Debitura-Signature"]
        assert is_genuine(secret_of(webhook).get_secret_value(), signed, post.body, now=post.at)
    assert len({post.body for post in receiver.posts}) == 1


def test_three_days_down_lose_nothing(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    case = a_case(creditor=creditor)
    receiver.reply = DOWN
    told = 0
    for _ in range(72):
        told += outbox.announce(case, "case.updated", now=receiver.clock.now())
        receiver.pass_time(timedelta(hours=1), step=timedelta(minutes=30))
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"held": told}
    attempts = len(receiver.posts)
    receiver.pass_time(timedelta(hours=1))
    assert len(receiver.posts) == attempts

    receiver.reply = OK
    switch_on(webhook, receiver)
    receiver.pass_time(timedelta(minutes=1))
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_because) == (True, "")
    arrived = [post.id for post in receiver.accepted]
    assert sorted(arrived) == sorted(str(one.public_id) for one in Delivery.objects.all())
    assert len(arrived) == told == 72
    assert arrived == [str(one.public_id) for one in Delivery.objects.order_by("pk")]


def test_switched_on_while_still_down_it_gets_the_whole_schedule_again(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    receiver.reply = DOWN
    receiver.pass_time(timedelta(hours=3), step=timedelta(minutes=5))
    switch_on(webhook, receiver)
    receiver.pass_time(timedelta(hours=3), step=timedelta(minutes=5))
    assert len(receiver.posts) == 16
    webhook.refresh_from_db()
    assert not webhook.is_active


def test_gone_switches_off_at_once(receiver: Receiver, creditor: Organisation, subscribe: Subscribe) -> None:
    webhook = subscribe(creditor)
    case = a_case(creditor=creditor)
    for _ in range(3):
        outbox.announce(case, "case.updated", now=receiver.clock.now())
    receiver.reply = GONE
    assert receiver.deliver() == 1
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "410" in webhook.disabled_because
    assert set(Delivery.objects.values_list("state", flat=True)) == {"held"}
    receiver.reply = OK
    switch_on(webhook, receiver)
    assert receiver.deliver() == 3


@pytest.mark.parametrize("status", [199, 300, 302, 400, 404, 429, 500, 503])
def test_other_answers_are_tried_again(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe, status: int
) -> None:
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    receiver.reply = Reply(status, f"HTTP {status}", "http")
    receiver.deliver()
    webhook.refresh_from_db()
    assert webhook.is_active
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("waiting", 1, status)
    receiver.reply = Reply(204)
    receiver.pass_time(timedelta(minutes=2))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("delivered", "")


def test_a_process_that_dies_after_sending_sends_again_and_loses_nothing(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())

    def dies() -> Reply:
        raise Killed

    receiver.replies["https://hooks.example.com/arrears"] = dies
    with pytest.raises(Killed):
        receiver.deliver()
    del receiver.replies["https://hooks.example.com/arrears"]
    assert receiver.deliver() == 0
    receiver.pass_time(timedelta(minutes=2))
    assert len(receiver.posts) == 2
    assert len({post.id for post in receiver.posts}) == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 1)


def test_a_fault_of_ours_counts_as_a_failure_and_stops_nobody_else(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    subscribe(creditor, url="https://broken.example/")
    subscribe(creditor, url="https://fine.example/")
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())

    def broken() -> Reply:
        raise KeyError

    receiver.replies["https://broken.example/"] = broken
    assert receiver.deliver() == 2
    assert sorted(Delivery.objects.values_list("state", "attempts")) == [("delivered", 1), ("waiting", 1)]


def test_two_at_once_send_each_delivery_once(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    urls = [f"https://hooks{number}.example/" for number in range(5)]
    for url in urls:
        subscribe(creditor, url=url)
    case = a_case(creditor=creditor)
    for _ in range(4):
        outbox.announce(case, "case.updated", now=receiver.clock.now())
    inside: list[int] = []

    def another_call_comes_first() -> bool:
        if not inside:
            inside.append(0)
            inside[0] = deliver_due(now=receiver.clock.now(), sender=receiver)
        return False

    # The outer call knows all 20 by now; the inner one takes them all.
    outer = deliver_due(now=receiver.clock.now(), sender=receiver, stop=another_call_comes_first)
    assert (outer, inside) == (0, [20])
    assert Counter(post.id for post in receiver.posts).most_common(1)[0][1] == 1


def test_a_late_failure_does_not_count_beside_a_known_outcome(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    replies = [DOWN, DOWN]

    def slow() -> Reply:
        return replies.pop()

    receiver.replies["https://hooks.example.com/arrears"] = slow
    receiver.deliver()
    stale = Delivery.objects.get()
    stale.attempts -= 1
    from arrears.desk.webhooks import deliver_due as module

    module._record(stale, DOWN, receiver.clock.now())
    assert Delivery.objects.get().attempts == 1
    module._record(stale, OK, receiver.clock.now())
    assert Delivery.objects.get().state == "delivered"
    module._record(stale, DOWN, receiver.clock.now())
    assert Delivery.objects.get().state == "delivered"


def test_a_slow_receiver_gets_one_turn_and_the_others_theirs(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    slow, quick = "https://slow.example/", "https://quick.example/"
    receiver.replies[slow] = lambda: Reply(200, took=timedelta(seconds=9))
    case = a_case(creditor=creditor)
    subscribe(creditor, url=slow)
    for _ in range(10):
        outbox.announce(case, "case.updated", now=receiver.clock.now())
    subscribe(creditor, url=quick)
    for _ in range(10):
        outbox.announce(case, "case.updated", now=receiver.clock.now())
    receiver.deliver()
    assert Counter(post.url for post in receiver.posts) == {slow: 2, quick: 10}
    while receiver.deliver():
        pass
    assert Counter(post.url for post in receiver.posts) == {slow: 20, quick: 10}


def test_each_subscription_is_served_in_order(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    for number in range(10):
        subscribe(creditor, url=f"https://hooks{number}.example/")
    case = a_case(creditor=creditor)
    for _ in range(5):
        outbox.announce(case, "case.updated", now=receiver.clock.now())
        receiver.clock.advance(SECOND)
    while receiver.deliver():
        pass
    order = {str(one.public_id): one.pk for one in Delivery.objects.all()}
    for webhook in Webhook.objects.all():
        mine = [order[post.id] for post in receiver.posts if post.url == webhook.url]
        assert mine == sorted(mine)
        assert len(mine) == 5


@pytest.mark.parametrize("state", ["delivered", "waiting", "held"])
def test_any_delivery_can_be_replayed(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe, state: str
) -> None:
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    receiver.reply = {"delivered": OK, "waiting": DOWN, "held": GONE}[state]
    receiver.deliver()
    original = Delivery.objects.get()
    assert original.state == state
    receiver.reply = OK
    replay = replay_delivery(creditor.pk, original.public_id, now=receiver.clock.now())
    switch_on(webhook, receiver)
    while receiver.deliver():
        pass
    replay.refresh_from_db()
    assert (replay.state, replay.is_replay, replay.payload) == ("delivered", True, original.payload)
    assert replay.public_id != original.public_id
    marked = [post for post in receiver.accepted if post.headers.get("X-Debitura-Replay") == "true"]
    assert [post.body for post in marked] == [original.payload.encode()]


def test_without_a_readable_secret_nothing_is_sent_and_nothing_lost(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=receiver.clock.now())
    vault.forget(creditor.pk, webhook.record)
    receiver.deliver()
    assert receiver.posts == []
    assert Delivery.objects.get().state == "waiting"
    change_webhook(creditor.pk, webhook.public_id, regenerate_secret=True, now=receiver.clock.now())
    receiver.pass_time(timedelta(minutes=2))
    assert len(receiver.accepted) == 1
