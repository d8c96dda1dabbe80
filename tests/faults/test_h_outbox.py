"""What our own desk has to tell arrives, whatever becomes of the server that it is told to."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle

import pytest
from pydantic import SecretStr
from pytest_django import Settings

from arrears.accounts import vault
from arrears.core.webhook_signature import is_genuine
from arrears.desk import outbox
from arrears.desk.models import Delivery, Webhook
from arrears.desk.webhooks import deliver_due
from arrears.desk.webhooks.change_webhook import change_webhook
from arrears.desk.webhooks.create_webhook import create_webhook
from arrears.desk.webhooks.replay_delivery import replay_delivery
from arrears.ports import Reply
from tests.desk.builders import a_case, an_organisation
from tests.desk.webhooks.receiver import DOWN, GONE, OK, Adapters, Receiver
from tests.faults.catalogue import fault

_URL = "https://hooks.example.com/arrears"
_SCHEDULE = (60, 120, 240, 480, 960, 1800, 1800)
_SLOW = Reply(None, "The server did not answer within 10 seconds.", "timeout", took=timedelta(seconds=10))
_MOVED = Reply(301, "The server answered with HTTP status 301.", "http")
_BUSY = Reply(429, "The server answered with HTTP status 429.", "http")
_HOUR = timedelta(hours=1)


@pytest.fixture
def receiver(db: None, settings: Settings) -> Receiver:
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.webhooks.receiver.Adapters"
    return Adapters.fresh()


def _webhook(receiver: Receiver) -> Webhook:
    creditor = an_organisation()
    return create_webhook(creditor.pk, _URL, ["case.updated"], False, now=receiver.clock.now())[0]


def _give_up_for_good(patch: pytest.MonkeyPatch) -> None:
    """Once a subscription is switched off, what waited for it is dropped."""

    def careless(webhook: Webhook) -> None:
        waiting = Delivery.objects.filter(webhook=webhook, state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.DELIVERED, next_attempt_at=None)

    patch.setattr(deliver_due, "_hold", careless)


@fault("H11", _give_up_for_good)
def test_h11_a_receiver_that_is_away_for_three_days_gets_everything_in_the_end(receiver: Receiver) -> None:
    """Down, slow, moved or busy for three days: the schedule is kept, its end is told, nothing is lost."""
    webhook = _webhook(receiver)
    case = a_case(creditor=webhook.organisation)
    answers = cycle([DOWN, _SLOW, _MOVED, _BUSY])
    receiver.replies[_URL] = lambda: next(answers)
    outbox.announce(case, "case.updated", now=receiver.clock.now())
    receiver.deliver()
    for seconds in _SCHEDULE:
        assert 0.9 * seconds <= receiver.wait_for_the_next().total_seconds() <= 1.1 * seconds + 1
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert webhook.disabled_because.startswith("8 attempts to deliver an event failed.")

    attempts = len(receiver.posts)
    told = 1
    for _ in range(70):
        receiver.clock.advance(_HOUR)
        told += outbox.announce(case, "case.updated", now=receiver.clock.now())
        assert receiver.deliver() == 0
    assert len(receiver.posts) == attempts

    receiver.replies.clear()
    change_webhook(webhook.organisation_id, webhook.public_id, is_active=True, now=receiver.clock.now())
    while receiver.deliver():
        pass
    arrived = [post.id for post in receiver.accepted]
    assert len(arrived) == len(set(arrived)) == told == 71
    assert set(arrived) == {str(one.public_id) for one in Delivery.objects.all()}
    for post in receiver.accepted:
        signed = post.headers["X-Debitura-Signature"]
        assert is_genuine(_secret_of(webhook).get_secret_value(), signed, post.body, now=post.at)

    first = Delivery.objects.earliest("pk")
    replay_delivery(webhook.organisation_id, first.public_id, now=receiver.clock.now())
    assert receiver.deliver() == 1
    assert receiver.accepted[-1].id == str(first.public_id)
    assert receiver.accepted[-1].headers["X-Debitura-Replay"] == "true"


def test_h11_gone_means_gone_and_whatever_waited_is_kept(receiver: Receiver) -> None:
    webhook = _webhook(receiver)
    case = a_case(creditor=webhook.organisation)
    for _ in range(5):
        outbox.announce(case, "case.updated", now=receiver.clock.now())
    receiver.reply = GONE
    assert receiver.deliver() == 1
    receiver.reply = OK
    receiver.pass_time(timedelta(hours=6), timedelta(minutes=30))
    assert receiver.accepted == []
    change_webhook(webhook.organisation_id, webhook.public_id, is_active=True, now=receiver.clock.now())
    assert receiver.deliver() == 5


def _secret_of(webhook: Webhook) -> SecretStr:
    secret = vault.read(webhook.organisation_id, webhook.record, "secret")
    assert secret is not None
    return secret
