"""What may be wrong with being told of changes: said on the account, and gone when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from arrears.bridge.handle_receipts import handle_receipts
from arrears.bridge.models import Receipt
from arrears.ports import NeedsAttention, Subscription, TryAgainLater
from tests.bridge.tracking_world import Tracking

OURS = "https://arrears.example.com/hooks/collectors/AbC-1_/"


@pytest.mark.parametrize(
    "told",
    [
        OURS,
        OURS.rstrip("/"),
        "HTTPS://Arrears.Example.com:443/hooks/collectors/AbC-1_/",
        "https://arrears.example.com/hooks/collectors/AbC%2D1%5F/",
        "",
    ],
)
def test_an_address_is_known_in_every_spelling(told: str) -> None:
    assert Subscription("s1", told, active=True).leads_to(OURS)


@pytest.mark.parametrize(
    "told",
    [
        "https://old.example.com/hooks/collectors/AbC-1_/",
        "https://arrears.example.com/hooks/collectors/abc-1_/",
        "https://arrears.example.com:8443/hooks/collectors/AbC-1_/",
        "http://arrears.example.com/hooks/collectors/AbC-1_/",
        "https://arrears.example.com:x/hooks/collectors/AbC-1_/",
    ],
)
def test_another_address_is_not_taken_for_ours(told: str) -> None:
    assert not Subscription("s1", told, active=True).leads_to(OURS)


def test_a_subscription_whose_address_is_told_in_another_spelling_stays(tracking: Tracking) -> None:
    tracking.watch()
    ((name, one),) = tracking.elsewhere.subscriptions.items()
    tracking.elsewhere.subscriptions[name] = replace(one, url=one.url.rstrip("/"))
    tracking.elsewhere.asked.clear()

    tracking.watch()

    assert tracking.elsewhere.asked == ["subscription"]


@pytest.mark.parametrize("code", ["key_not_permitted", "not_there"])
def test_a_collector_that_keeps_webhooks_alone_from_us_is_told_of(tracking: Tracking, code: str) -> None:
    tracking.elsewhere.failing = [NeedsAttention("Not for this key.", code=code, action="")]

    account = tracking.watch()

    assert "will not tell us of changes: Not for this key." in account.hook_notice
    assert account.hook_checked_at == tracking.clock.now()


def test_that_it_was_switched_off_is_told_for_a_day_after_it_was_woken(tracking: Tracking) -> None:
    tracking.watch()
    tracking.elsewhere.switches_off()
    assert tracking.watch().hook_notice

    tracking.clock.advance(timedelta(hours=23))
    assert tracking.watch().hook_notice
    tracking.clock.advance(timedelta(hours=1))
    assert tracking.watch().hook_notice == ""


# --- A case that cannot be read -----------------------------------------------------------------------------

_TROUBLES = [
    TryAgainLater("It makes no sense."),
    NeedsAttention("Refused.", code="refused", action=""),
    NeedsAttention("Not for this key.", code="key_not_permitted", action=""),
]


def handle(tracking: Tracking, error: Exception) -> bool:
    """Whether the notice still waits after a look at which the case could not be read."""
    tracking.elsewhere.failing = [error]
    with pytest.raises(type(error)):
        handle_receipts(tracking.account.pk)
    return Receipt.objects.filter(handled_at=None).exists()


@pytest.mark.parametrize("error", _TROUBLES)
def test_a_case_that_can_never_be_read_is_given_up_and_told_of(
    subscribed: Tracking, error: Exception
) -> None:
    subscribed.elsewhere.opens("c7")
    subscribed.receive(*subscribed.elsewhere.tells("c7"))

    subscribed.clock.advance(Receipt.LONGEST_WAIT - timedelta(seconds=1))
    assert handle(subscribed, error)
    assert subscribed.now().hook_notice == ""
    subscribed.clock.advance(timedelta(seconds=1))
    assert not handle(subscribed, error)

    assert f"its case c7, which could not be read for three days. {error}" in subscribed.now().hook_notice
    subscribed.clock.advance(timedelta(hours=23))
    assert subscribed.watch().hook_notice
    subscribed.clock.advance(timedelta(hours=2))
    assert subscribed.watch().hook_notice == ""


def test_nothing_is_given_up_while_no_case_can_be_read(subscribed: Tracking) -> None:
    subscribed.receive(*subscribed.elsewhere.tells("c7"))
    subscribed.clock.advance(Receipt.LONGEST_WAIT * 2)

    assert handle(subscribed, NeedsAttention("No.", code="key_rejected", action=""))
    assert handle(subscribed, TryAgainLater("Busy.", timedelta(minutes=5)))
