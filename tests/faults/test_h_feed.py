"""Whatever happens to the notices on their way, we end up knowing what the collector knows."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from django.db import DatabaseError, connections
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from arrears.accounts import vault
from arrears.bridge import (
    handle_receipts,
    queue,
    receive_event,
    subscription,
    sweep_tracking,
    tracked,
    watch_feed,
)
from arrears.bridge.models import CollectorAccount, Receipt, TrackedCase
from arrears.bridge.subscription import address_for, keep_secret, subscribe
from arrears.ports import Case, Subscription
from arrears.web import collector_hook
from tests.debitura import faults
from tests.faults.catalogue import fault
from tests.faults.feed import MINUTE, Feed

# --- H5 -------------------------------------------------------------------------------------------------


def _take_whatever_was_read_last(patch: pytest.MonkeyPatch) -> None:
    def careless(account: CollectorAccount, case: Case, now: datetime) -> bool:
        new = TrackedCase(
            organisation_id=account.organisation_id,
            account=account,
            case_id=case.id,
            collector_said_at=case.updated_at or now,
            read_at=now,
            **tracked._columns(case, now),
        )
        columns = [field.name for field in TrackedCase._meta.fields if field.name not in ("id", "case_id")]
        TrackedCase.objects.bulk_create(
            [new], update_conflicts=True, unique_fields=["account", "case_id"], update_fields=columns[2:]
        )
        return True

    patch.setattr(tracked, "remember", careless)


@fault("H5", _take_whatever_was_read_last)
def test_h5_in_whatever_order_notices_come_the_end_is_what_the_collector_says(feed: Feed) -> None:
    """Out of order, closed before created or overtaken: what we know is what the collector says last."""
    for number, order in enumerate(permutations(range(4))):
        name = f"AR-{number}"
        case_id = feed.open_case(name)
        feed.fake.accept(name)
        feed.fake.pay(name, "200")
        feed.fake.close(name, "Paid")
        mine = [one for one in feed.fake.hooks.deliveries() if one.event.case_id == case_id]
        for place, at in enumerate(order):
            feed.fake.hooks.answered(mine[at], feed.knock(mine[at]))
            if place % 2:
                feed.handle()
    assert feed.wrong() == []

    feed.open_case("AR-slow")
    feed.handle()
    began = feed.clock.now()
    listed = list(feed.collector.changed())  # a look for changes that takes its time
    feed.clock.advance(MINUTE)
    feed.fake.close("AR-slow")
    feed.deliver()
    feed.handle()
    for case in listed:
        tracked.remember(feed.account, case, began)
    assert feed.wrong() == []
    assert feed.unhandled() == 0


def test_h5_a_notice_about_somebody_elses_case_brings_nothing_to_us(feed: Feed) -> None:
    feed.another_account()
    theirs = feed.fake.case(feed.open_theirs("TH-1"))
    feed.open_case("AR-1")
    event = feed.event("AR-1")
    event.payload = event.payload.replace(event.case_id.encode(), theirs.id.encode())
    assert feed.post(feed.fake.hooks.sign(event)) == 200
    feed.deliver()
    feed.handle()
    assert feed.unhandled() == 0
    rows = TrackedCase.objects.values_list("account__creditor", "organisation__name", "case_id")
    assert {(creditor, name) for creditor, name, case_id in rows if case_id == theirs.id} == {
        (feed.fake.other_account.id, "Calder")
    }
    assert feed.wrong() == []


def test_h5_an_answer_about_another_case_is_not_taken_for_the_one_asked_for(feed: Feed) -> None:
    one, other = feed.open_case("AR-1"), feed.open_case("AR-2")
    feed.deliver()
    feed.handle()
    feed.fake.close("AR-2")
    feed.deliver()
    feed.fake.fails(faults.field_set("id", one), on="GET /cases/{id}", times=None)
    feed.handle()
    assert feed.unhandled() == 2
    assert TrackedCase.objects.get(case_id=one).creditor_reference == "AR-1"
    feed.fake.rules.clear()
    feed.work()
    assert feed.unhandled() == 0
    assert TrackedCase.objects.get(case_id=other).lifecycle == "closed"


def test_h5_a_test_case_is_never_shown_among_the_real_ones(feed: Feed) -> None:
    feed.open_case("AR-1")
    test_case = feed.open_case("AR-2", test=True)
    event = feed.event("AR-1")
    event.payload = event.payload.replace(event.case_id.encode(), test_case.encode())
    assert feed.post(feed.fake.hooks.sign(event)) == 200
    feed.pass_time(20 * MINUTE, 5 * MINUTE)
    assert not TrackedCase.objects.filter(case_id=test_case).exists()
    assert feed.wrong() == []


@pytest.mark.parametrize("status", [500, 410])
def test_h5_cases_that_can_never_be_read_keep_out_none_of_the_others(feed: Feed, status: int) -> None:
    broken = {feed.open_case(f"AR-{number}") for number in range(4)}
    for number in range(4, 12):
        feed.open_case(f"AR-{number}")
    feed.deliver()
    feed.break_reads(broken, status)
    for _ in range(8):
        feed.clock.advance(timedelta(seconds=61))
        feed.queue_receipts()
        feed.handle()
    assert set(Receipt.objects.filter(handled_at=None).values_list("case_id", flat=True)) == broken


# --- H6 -------------------------------------------------------------------------------------------------


def _look_once_a_week(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sweep_tracking, "TRACK_EVERY", timedelta(days=7))


@fault("H6", _look_once_a_week)
def test_h6_three_days_of_lost_notices_hide_nothing(feed: Feed) -> None:
    """When every notice of three days is lost, looking for changes finds every case as it is."""
    chance = random.Random(6)  # noqa: S311 - the same days each time
    names = [f"AR-{number}" for number in range(25)]
    for name in names[:15]:
        feed.open_case(name)
    feed.deliver()
    feed.handle()
    for hour in range(0, 72, 6):
        _live(feed, names, chance, opens=hour % 12 == 0)
        assert feed.deliver(dropped=1.0) == 0
        feed.pass_time(timedelta(hours=6), timedelta(hours=6))
    assert feed.subscription.active
    assert feed.wrong() == []
    assert len(feed.fake.cases) > 20


def _live(feed: Feed, names: list[str], chance: random.Random, *, opens: bool) -> None:
    """Something happens to a few cases, and now and then there is a new one."""
    there = {case.creditor_reference for case in feed.fake.cases}
    if opens and len(there) < len(names):
        feed.open_case(names[len(there)])
    for name in chance.sample(sorted(there), 3):
        if feed.fake.case(name).state == "Closed":
            continue
        match chance.randrange(3):
            case 0:
                feed.fake.accept(name)
            case 1:
                feed.fake.close(name)
            case _:
                feed.fake.pay(name, "10")


# --- H7 -------------------------------------------------------------------------------------------------


def _look_into_it_at_once(patch: pytest.MonkeyPatch) -> None:
    taken = receive_event.receive_event

    def careless(token: str, signature: str, body: bytes) -> receive_event.Reception:
        reception = taken(token, signature, body)
        account = CollectorAccount.objects.get(hook_token=token)
        handle_receipts.handle_receipts(account.pk)
        return reception

    patch.setattr(collector_hook, "receive_event", careless)


@fault("H7", _look_into_it_at_once)
def test_h7_a_storm_of_notices_is_written_down_and_read_once(feed: Feed) -> None:
    """Two thousand notices at once are all answered, none is lost, and each case is read just once."""
    names = [f"AR-{number}" for number in range(20)]
    for name in names:
        feed.open_case(name)
    while len(feed.fake.hooks.events) < 2000:
        feed.event(names[len(feed.fake.hooks.events) % len(names)])
    calls = len(feed.fake.ledger.calls)
    for delivery in feed.fake.hooks.deliveries(shuffled=True):
        assert feed.knock(delivery) == 200
        assert len(feed.fake.ledger.calls) == calls, "nobody is asked while a notice is being answered"
    assert Receipt.objects.filter(handled_at=None).count() == 2000
    assert ProcrastinateJob.objects.filter(task_name=queue.HANDLE_RECEIPTS).count() == 1
    feed.handle()
    assert feed.reads() == len(names)
    assert feed.unhandled() == 0
    assert feed.wrong() == []


# --- H8 -------------------------------------------------------------------------------------------------


def _never_trouble_the_sender(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(collector_hook, "_NOT_NOW", 200)


@fault("H8", _never_trouble_the_sender)
def test_h8_a_notice_that_cannot_be_written_down_comes_again(feed: Feed) -> None:
    """Without the database no notice is answered with a yes or a 410; it comes again and counts."""
    feed.open_case("AR-1")
    database = connections["default"]
    lives_at = database.settings_dict["HOST"], database.settings_dict["PORT"]
    try:
        database.close()
        database.settings_dict.update(HOST="127.0.0.1", PORT="1")
        assert feed.deliver() == 1
    finally:
        database.close()
        database.settings_dict.update(HOST=lives_at[0], PORT=lives_at[1])
    assert feed.statuses == [503]
    assert Receipt.objects.count() == 0
    assert feed.subscription.active
    feed.clock.advance(2 * MINUTE)
    assert feed.deliver() == 1
    assert feed.statuses == [503, 200]
    feed.handle()
    assert feed.wrong() == []


@pytest.mark.parametrize("error", [DatabaseError("gone"), ConnectorException("gone")])
def test_h8_both_or_neither_is_written_down(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def gone(_account: int) -> None:
        raise error

    feed.open_case("AR-1")
    with monkeypatch.context() as patch:
        patch.setattr(queue, "handle_receipts", gone)
        feed.deliver()
    assert feed.statuses == [503]
    assert Receipt.objects.count() == 0


def test_h8_a_connection_that_the_server_ended_is_answered_with_not_now(feed: Feed) -> None:
    feed.open_case("AR-1")
    (delivery,) = feed.fake.hooks.deliveries()
    Receipt.objects.count()
    raw = connections["default"].connection
    assert raw is not None
    raw.close()
    assert feed.post(delivery) == 503
    connections["default"].close()
    assert feed.post(delivery) == 200


# --- H9 -------------------------------------------------------------------------------------------------


def _forget_the_old_secret(patch: pytest.MonkeyPatch) -> None:
    def careless(account: CollectorAccount, made: Subscription, now: datetime) -> None:
        if made.secret is not None:
            vault.store(account.organisation_id, account.record, "webhook_secret", made.secret)

    patch.setattr(subscription, "keep_secret", careless)
    patch.setattr(watch_feed, "keep_secret", careless)


@fault("H9", _forget_the_old_secret)
def test_h9_while_one_secret_replaces_another_both_are_good(feed: Feed) -> None:
    """What was signed with the secret before is taken for a day after it was replaced, and no longer."""
    feed.open_case("AR-1")
    on_its_way = feed.fake.hooks.deliveries()[0]
    before = feed.subscription.secret
    feed.fake.hooks._disable(feed.subscription, "8 failed attempts")
    watch_feed.watch_feed(feed.account.pk)
    assert feed.subscription.secret != before
    assert feed.post(on_its_way) == 200
    assert feed.post(feed.fake.hooks.sign(feed.event("AR-1"))) == 200
    after, feed.subscription.secret = feed.subscription.secret, before
    feed.clock.advance(subscription.OVERLAP - MINUTE)
    assert feed.post(feed.fake.hooks.sign(feed.event("AR-1"))) == 200
    feed.clock.advance(MINUTE)
    assert feed.post(feed.fake.hooks.sign(feed.event("AR-1"))) == 400
    feed.subscription.secret = after
    assert feed.post(feed.fake.hooks.sign(feed.event("AR-1"))) == 200
    assert Receipt.objects.count() == 4


# --- H13 ------------------------------------------------------------------------------------------------


def _believe_that_it_is_awake(patch: pytest.MonkeyPatch) -> None:
    def careless(account: CollectorAccount, address: str) -> None:
        if not account.hook_id:
            subscribe(account, address)

    patch.setattr(watch_feed, "_see_to", careless)


@fault("H13", _believe_that_it_is_awake)
def test_h13_a_subscription_that_was_switched_off_is_woken_and_nothing_missed(feed: Feed) -> None:
    """Switched off after eight failures, it is awake in a quarter of an hour, all read and people told."""
    for number in range(5):
        feed.open_case(f"AR-{number}")
    while feed.subscription.active:  # while we are away
        feed.fake.hooks.deliver(lambda _: None)
        feed.clock.advance(MINUTE)
    assert "8 failed attempts" in feed.subscription.disabled_because
    before = feed.subscription.secret
    for number in range(3):
        feed.fake.close(f"AR-{number}")
    feed.pass_time(15 * MINUTE)
    assert feed.subscription.active
    assert feed.subscription.secret != before
    assert "8 failed attempts" in feed.now().hook_notice
    assert feed.wrong() == []
    feed.fake.accept("AR-4")
    assert feed.deliver() >= 1
    assert set(feed.statuses) == {200}
    feed.handle()
    assert feed.wrong() == []
    assert address_for(feed.account) == feed.subscription.url


def test_h13_one_that_is_gone_or_was_given_another_secret_comes_back_too(feed: Feed) -> None:
    feed.open_case("AR-1")
    feed.subscription.secret = feed.fake.hooks._secret()  # somebody pressed the button over there
    while feed.subscription.active:
        feed.deliver()
        feed.clock.advance(MINUTE)
    feed.pass_time(15 * MINUTE)
    feed.fake.close("AR-1")
    feed.statuses.clear()
    assert feed.deliver() == 2
    assert feed.statuses == [200, 200]
    feed.fake.hooks.subscriptions.clear()
    feed.pass_time(15 * MINUTE)
    assert feed.subscription.active
    assert feed.wrong() == []
    keep_secret(feed.account, Subscription("x", "", active=True), feed.clock.now())  # without one: nothing
    feed.event("AR-1")
    assert feed.deliver() == 1
    assert feed.statuses[-1] == 200
