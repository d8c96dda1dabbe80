"""The same with the connector in real use, and a stand-in for Debitura that loses, repeats and gives up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pydantic import SecretStr
from pytest_django import Settings

from arrears.bridge.models import Receipt, TrackedCase
from arrears.connectors.debitura import DebituraCollector
from arrears.core.case import Lifecycle
from arrears.core.submission import reference_of
from arrears.ports import Collector, Feed, NeedsAttention
from tests.bridge.elsewhere import TrackingAdapters, days
from tests.bridge.tracking_world import Tracking, tracking_world
from tests.builders import TODAY, a_claim
from tests.debitura.hooks import Delivery
from tests.debitura.server import KEY, FakeDebitura
from tests.debitura.transport import FakeTransport

HOUR = timedelta(hours=1)


class _Key:
    def read(self) -> SecretStr:
        return SecretStr(KEY)

    def rejected(self, reason: NeedsAttention) -> None:
        raise AssertionError(reason)


class _Adapters(TrackingAdapters):
    """bridge.adapters.Adapters whose accounts lead to the stand-in, through the connector."""

    fake: FakeDebitura

    def collector(self, organisation: int, account: object = None) -> Collector:
        return self._debitura()

    def feed(self, account: object) -> Feed:
        return self._debitura()

    def _debitura(self) -> DebituraCollector:
        return DebituraCollector(_Key(), transport=FakeTransport(self.fake))


@pytest.fixture
def tracking(db: None, settings: Settings) -> Iterator[Tracking]:
    with tracking_world(settings) as tracking:
        settings.ALLOWED_HOSTS = ["testserver"]
        _Adapters.fake = FakeDebitura(tracking.clock)
        settings.ARREARS_ADAPTERS = "tests.bridge.test_tracking_debitura._Adapters"
        yield tracking


def _open(number: int) -> str:
    """A case there, as the connector opens it. Gives its id."""
    reference = reference_of("kashflow", "account-1", [str(number)])
    opened = _Adapters()._debitura().open(a_claim(), reference, f"key-{number}", TODAY)
    assert opened.case is not None
    return opened.case.id


def _post(delivery: Delivery) -> int:
    path = "/" + delivery.url.split("/", 3)[3]
    headers = {name: value for name, value in delivery.headers.items() if name != "Content-Type"}
    return Client().post(path, delivery.body, content_type="application/json", headers=headers).status_code


def _awake() -> list[bool]:
    return [one.active for one in _Adapters.fake.hooks.subscriptions]


def _lifecycles() -> dict[str, str]:
    return dict(TrackedCase.objects.values_list("case_id", "lifecycle"))


def test_shuffled_and_doubled_notices_end_in_what_debitura_states(tracking: Tracking) -> None:
    tracking.work()
    cases = [_open(number) for number in range(5)]
    for case_id in cases:
        _Adapters.fake.accept(case_id)
        _Adapters.fake.pay(case_id, "100")
    _Adapters.fake.close(cases[0])
    sent = _Adapters.fake.hooks.deliver(_post, shuffled=True, doubled=0.5)
    tracking.work()

    assert Receipt.objects.count() == len(_Adapters.fake.hooks.events)
    assert sent > Receipt.objects.count()
    assert _lifecycles() == {case_id: "closed" if case_id == cases[0] else "active" for case_id in cases}
    assert all(row.as_stated().paid.amount == 100 for row in TrackedCase.objects.select_related("account"))


def test_after_three_days_in_which_nothing_arrived_everything_is_known(tracking: Tracking) -> None:
    tracking.work()
    cases = [_open(number) for number in range(130)]
    tracking.work()
    for case_id in cases[::9]:
        _Adapters.fake.accept(case_id)
    while _Adapters.fake.hooks.deliver(lambda delivery: None):
        tracking.clock.advance(HOUR)
    assert _awake() == [False]
    tracking.clock.advance(days(3))

    tracking.work()

    active = {case_id for case_id, lifecycle in _lifecycles().items() if lifecycle == Lifecycle.ACTIVE}
    assert set(_lifecycles()) == set(cases)
    assert active == set(cases[::9])
    assert _awake() == [True]
    assert "8 failed attempts" in tracking.now().hook_notice
    _Adapters.fake.close(cases[0])
    assert _Adapters.fake.hooks.deliver(_post)
    tracking.work()
    assert _lifecycles()[cases[0]] == "closed"


def test_when_debitura_forgets_the_subscription_there_is_another(tracking: Tracking) -> None:
    tracking.work()
    _Adapters.fake.hooks.subscriptions.clear()
    tracking.clock.advance(HOUR)
    tracking.work()

    (subscription,) = _Adapters.fake.hooks.subscriptions
    assert tracking.now().hook_id == subscription.id


def test_debitura_never_gets_to_hear_that_we_are_gone(tracking: Tracking) -> None:
    tracking.work()
    case_id = _open(1)
    _Adapters.fake.accept(case_id)
    tracking.account.removed_at = tracking.clock.now()
    tracking.account.save()
    statuses: list[int] = []

    def post(delivery: Delivery) -> int:
        statuses.append(_post(delivery))
        return statuses[-1]

    _Adapters.fake.hooks.deliver(post)

    assert statuses
    assert set(statuses) == {404}
