"""Creating, changing and deleting subscriptions, trying them out, and firing test events."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from arrears.accounts import vault
from arrears.accounts.models import Organisation, Secret
from arrears.core.case import Party
from arrears.core.webhook_signature import is_genuine
from arrears.desk import outbox
from arrears.desk.actors import NotThere, Refused
from arrears.desk.models import Delivery, Message, Payment, Webhook
from arrears.desk.webhooks.change_webhook import change_webhook
from arrears.desk.webhooks.create_webhook import MOST_WEBHOOKS, create_webhook
from arrears.desk.webhooks.delete_webhook import delete_webhook
from arrears.desk.webhooks.fire_webhook import fire_webhook
from arrears.desk.webhooks.list_deliveries import list_deliveries
from arrears.desk.webhooks.list_webhooks import list_webhooks
from arrears.desk.webhooks.read_webhook import read_webhook
from arrears.desk.webhooks.replay_delivery import replay_delivery
from arrears.desk.webhooks.test_webhook import test_webhook as try_webhook
from tests.desk.builders import NOON, a_case
from tests.desk.webhooks.receiver import DOWN, Receiver

Subscribe = Callable[..., Webhook]
URL = "https://hooks.example.com/arrears"


def test_the_secret_is_given_once_and_kept_sealed(receiver: Receiver, creditor: Organisation) -> None:
    webhook, secret = create_webhook(creditor.pk, URL, ["case.created"], False, now=NOON)
    kept = vault.read(creditor.pk, webhook.record, "secret")
    assert kept == secret
    assert secret.get_secret_value() not in Secret.objects.get(record=webhook.record).sealed
    assert read_webhook(creditor.pk, str(webhook.public_id)) == webhook
    assert (webhook.url, webhook.events, webhook.is_active, webhook.is_test) == (
        URL,
        ["case.created"],
        True,
        False,
    )


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([], "A webhook needs at least one event."),
        (["case.created", "case.opened"], "There is no event “case.opened”."),
        (["case.created", "case.created"], "The event “case.created” is named twice."),
        ([""], "There is no event “”."),
    ],
)
def test_events_must_be_known_and_named_once(
    receiver: Receiver, creditor: Organisation, events: list[str], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refusal:
        create_webhook(creditor.pk, URL, events, False, now=NOON)
    assert refusal.value.code == "webhook_events"
    assert not Webhook.objects.exists()


def test_every_event_there_is_can_be_asked_for(receiver: Receiver, creditor: Organisation) -> None:
    events = [*outbox.CONTRACT_EVENTS, *outbox.MORE_EVENTS]
    assert create_webhook(creditor.pk, URL, events, False, now=NOON)[0].events == events


def test_an_address_that_is_never_sent_to_is_refused(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    receiver.refused = "The address must begin with https://."
    with pytest.raises(Refused, match="https://") as refusal:
        create_webhook(creditor.pk, URL, ["case.created"], False, now=NOON)
    assert refusal.value.code == "webhook_url"
    with pytest.raises(Refused, match="https://"):
        change_webhook(creditor.pk, webhook.public_id, url="http://x.example", is_active=False, now=NOON)
    webhook.refresh_from_db()
    assert (webhook.url, webhook.is_active) == (URL, True)


def test_there_are_at_most_twenty(
    receiver: Receiver, creditor: Organisation, stranger: Organisation, subscribe: Subscribe
) -> None:
    for _ in range(MOST_WEBHOOKS):
        subscribe(creditor)
    with pytest.raises(Refused, match="20 webhooks") as refusal:
        subscribe(creditor)
    assert refusal.value.code == "too_many_webhooks"
    assert len(list_webhooks(creditor.pk)) == 20
    subscribe(stranger)
    assert len(list_webhooks(stranger.pk)) == 1


def test_events_cannot_be_changed(receiver: Receiver, creditor: Organisation, subscribe: Subscribe) -> None:
    webhook = subscribe(creditor, "case.created", "case.closed")
    with pytest.raises(Refused, match="cannot be changed"):
        change_webhook(creditor.pk, webhook.public_id, events=["case.created"], now=NOON)
    change_webhook(creditor.pk, webhook.public_id, events=["case.closed", "case.created"], now=NOON)


def test_the_rest_can_be_changed_one_by_one(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    later = NOON + timedelta(hours=1)
    new = "https://other.example/"
    changed, secret = change_webhook(creditor.pk, webhook.public_id, url=new, now=later)
    assert (changed.url, changed.is_test, changed.is_active, secret) == (new, False, True, None)
    assert changed.updated_at == later
    changed, _ = change_webhook(creditor.pk, webhook.public_id, is_test=True, now=later)
    assert (changed.url, changed.is_test) == (new, True)


def test_a_new_secret_replaces_the_old_one_at_once(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    old = vault.read(creditor.pk, webhook.record, "secret")
    _, new = change_webhook(creditor.pk, webhook.public_id, regenerate_secret=True, now=NOON)
    assert new is not None
    assert new != old
    trial = try_webhook(creditor.pk, webhook.public_id, now=NOON)
    assert trial.succeeded
    signed = receiver.posts[0].headers["X-Debitura-Signature"]
    assert is_genuine(new.get_secret_value(), signed, receiver.posts[0].body, now=NOON)


def test_switched_off_events_wait_and_switched_on_they_go_out(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    case = a_case(creditor=creditor)
    outbox.announce(case, "case.updated", now=NOON)
    change_webhook(creditor.pk, webhook.public_id, is_active=False, now=NOON)
    assert Delivery.objects.get().state == "held"
    outbox.announce(case, "case.updated", now=NOON)
    assert receiver.deliver() == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {"held"}
    changed, _ = change_webhook(creditor.pk, webhook.public_id, is_active=True, now=NOON)
    assert changed.is_active
    assert receiver.deliver() == 2


def test_deleting_destroys_the_secret(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    outbox.announce(a_case(creditor=creditor), "case.updated", now=NOON)
    record = webhook.record
    delete_webhook(creditor.pk, webhook.public_id)
    assert vault.read(creditor.pk, record, "secret") is None
    assert not Webhook.objects.exists()
    assert receiver.deliver() == 0


def test_a_strangers_webhook_looks_like_none(
    receiver: Receiver, creditor: Organisation, stranger: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    case = a_case(creditor=creditor, is_test=True)
    plain = a_case(creditor=creditor)
    outbox.announce(plain, "case.updated", now=NOON)
    delivery = Delivery.objects.get()
    wrongs: list[Callable[[object], object]] = [
        lambda key: read_webhook(stranger.pk, str(key)),
        lambda key: change_webhook(stranger.pk, str(key), is_active=False, now=NOON),
        lambda key: delete_webhook(stranger.pk, str(key)),
        lambda key: try_webhook(stranger.pk, str(key), now=NOON),
    ]
    for wrong in wrongs:
        for key in (webhook.public_id, uuid4(), "nonsense", ""):
            with pytest.raises(NotThere, match="There is no such webhook"):
                wrong(key)
    for key in (delivery.public_id, uuid4(), "nonsense"):
        with pytest.raises(NotThere):
            replay_delivery(stranger.pk, key, now=NOON)
    with pytest.raises(NotThere):
        list_deliveries(stranger.pk, plain.public_id)
    with pytest.raises(NotThere):
        fire_webhook(stranger.pk, case.public_id, "case.created", now=NOON)
    webhook.refresh_from_db()
    assert webhook.is_active
    assert receiver.posts == []


def test_the_history_of_a_case_is_newest_first(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    case, other = a_case(creditor=creditor), a_case(creditor=creditor)
    for minutes in range(3):
        outbox.announce(case, "case.updated", now=NOON + timedelta(minutes=minutes))
    outbox.announce(other, "case.updated", now=NOON)
    listed = list_deliveries(creditor.pk, case.public_id)
    assert [one.created_at for one in listed] == [NOON + timedelta(minutes=m) for m in (2, 1, 0)]
    assert {one.webhook for one in listed} == {webhook}
    since = list_deliveries(creditor.pk, case.public_id, since=NOON + timedelta(minutes=1))
    assert len(since) == 2


def test_a_trial_is_marked_signed_and_leaves_no_delivery(
    receiver: Receiver, creditor: Organisation, subscribe: Subscribe
) -> None:
    webhook = subscribe(creditor)
    trial = try_webhook(creditor.pk, webhook.public_id, now=NOON)
    (post,) = receiver.posts
    assert post.headers["X-Debitura-Test"] == "true"
    assert "X-Debitura-Replay" not in post.headers
    told = json.loads(trial.payload)
    assert told["event"] == post.headers["X-Debitura-Event"] == "case.created"
    assert told["data"]["caseId"]
    assert post.body.decode() == trial.payload
    assert trial.succeeded
    receiver.reply = DOWN
    failed = try_webhook(creditor.pk, webhook.public_id, now=NOON)
    assert (failed.succeeded, failed.reply) == (False, DOWN)
    webhook.refresh_from_db()
    assert webhook.is_active
    assert not Delivery.objects.exists()


def a_payment(case: object, **changes: object) -> Payment:
    known: dict[str, object] = {
        "case": case,
        "paid_on": NOON.date(),
        "amount": Decimal(100),
        "currency": "GBP",
        "recipient": "creditor",
        "method": "bank transfer",
        "to_principal": Decimal(100),
        "to_interest": 0,
        "to_reminder_fees": 0,
        "to_collection_fees": 0,
        "rate": 10,
        "fee": Decimal(10),
        "fee_vat": 0,
        "partner_share": 0,
        "creditor_share": Decimal(90),
        "settle_by": NOON.date(),
        "recorded_by": "test",
        "recorded_at": NOON,
        "updated_at": NOON,
    }
    return Payment.objects.create(**known | changes)


def test_firing_tells_test_subscriptions_of_a_test_case(
    receiver: Receiver, creditor: Organisation, stranger: Organisation, subscribe: Subscribe
) -> None:
    first = subscribe(creditor, *outbox.CONTRACT_EVENTS, test=True)
    subscribe(creditor, "case.created", test=True)
    subscribe(creditor, "case.created")
    subscribe(stranger, "case.created", test=True)
    off = subscribe(creditor, "case.created", test=True)
    change_webhook(creditor.pk, off.public_id, is_active=False, now=NOON)
    case = a_case(creditor=creditor, is_test=True)

    def fire(event: str, subscription: UUID | None = None) -> int:
        return fire_webhook(creditor.pk, case.public_id, event, subscription=subscription, now=NOON)

    assert fire("case.created") == 2
    assert fire("case.created", subscription=first.public_id) == 1
    assert fire("case.created", subscription=off.public_id) == 0
    assert fire("case.closed") == 1
    assert receiver.deliver() == 4
    for event, key, make in (
        ("chat.created", "chatId", lambda: Message.objects.create(case=case, party=Party.PARTNER, at=NOON)),
        ("payment.created", "paymentId", lambda: a_payment(case)),
        ("payment.deleted", "paymentId", lambda: a_payment(case, reversed_at=NOON)),
    ):
        with pytest.raises(Refused) as refusal:
            fire(event)
        assert refusal.value.code == "nothing_to_tell"
        made = make()
        assert fire(event) == 1
        receiver.deliver()
        assert json.loads(receiver.posts[-1].body)["data"][key] == str(made.public_id)


def test_firing_needs_a_test_case_a_known_event_and_an_own_test_subscription(
    receiver: Receiver, creditor: Organisation, stranger: Organisation, subscribe: Subscribe
) -> None:
    real = subscribe(creditor)
    theirs = subscribe(stranger, test=True)
    test, plain = a_case(creditor=creditor, is_test=True), a_case(creditor=creditor)

    def code(*arguments: object, **more: object) -> str:
        with pytest.raises(Refused) as refusal:
            fire_webhook(creditor.pk, *arguments, now=NOON, **more)  # type: ignore[arg-type]
        return refusal.value.code

    assert code(plain.public_id, "case.created") == "not_a_test_case"
    assert code(test.public_id, "case.opened") == "webhook_events"
    for other in (real.public_id, theirs.public_id, uuid4(), "nonsense"):
        assert code(test.public_id, "case.created", subscription=other) == "unknown_subscription"
    assert not Delivery.objects.exists()
