"""Our subscription elsewhere: there is one where we can be reached, it is awake, and its secret is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from pytest_django import Settings

from arrears.accounts import vault
from arrears.accounts.models import Secret
from arrears.bridge.adapters import adapters
from arrears.bridge.models import CollectorAccount, TrackedCase
from arrears.bridge.receive_event import Reception
from arrears.bridge.subscription import OVERLAP, address_for, cancel, secrets_of, subscribe
from arrears.bridge.sweep_tracking import sweep_tracking
from arrears.bridge.track_cases import track_cases
from arrears.core.case import Lifecycle
from arrears.ports import NeedsAttention, Subscription, TryAgainLater
from tests.bridge.elsewhere import PUBLIC_URL, an_account, days
from tests.bridge.tracking_world import Tracking

MINUTE = timedelta(minutes=1)


def _only(tracking: Tracking) -> Subscription:
    (one,) = tracking.elsewhere.subscriptions.values()
    return one


def test_where_we_can_be_reached_there_is_one_subscription(tracking: Tracking) -> None:
    tracking.watch()
    account = tracking.watch()

    assert _only(tracking).url == f"{PUBLIC_URL}/hooks/collectors/{account.hook_token}/"
    assert account.hook_id == _only(tracking).id
    assert account.hook_checked_at == tracking.clock.now()
    assert account.hook_notice == ""
    assert secrets_of(account, tracking.clock.now()) == (_only(tracking).secret,)


@pytest.mark.parametrize(
    "url",
    [
        "http://arrears.example.com",
        "https://127.0.0.1",
        "https://[::1]",
        "https://localhost",
        "https://10.1.2.3",
        "https://arrears",
        "https://arrears.local",
        "https://arrears.example.com:8000",
        "https://arrears.example.com:nonsense",
        "https://" + "a." * 600 + "com",
    ],
)
def test_where_we_cannot_be_reached_there_is_none_and_people_are_told(
    tracking: Tracking, settings: Settings, url: str
) -> None:
    settings.ARREARS_URL = url
    account = tracking.watch()

    assert tracking.elsewhere.asked == []
    assert account.hook_id == ""
    assert "every 15 minutes" in account.hook_notice
    assert account.hook_checked_at == tracking.clock.now()


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:9000/api/customer", "http://localhost:9000", "http://[::1]:9"]
)
def test_a_collector_on_this_machine_reaches_every_address(
    tracking: Tracking, settings: Settings, base_url: str
) -> None:
    settings.ARREARS_URL = "http://127.0.0.1:8000"
    CollectorAccount.objects.update(base_url=base_url)
    tracking.watch()

    assert _only(tracking).url.startswith("http://127.0.0.1:8000/hooks/collectors/")


@pytest.mark.parametrize("url", ["https://arrears.example.com:8443", "https://93.184.216.34"])
def test_a_public_address_is_one(tracking: Tracking, settings: Settings, url: str) -> None:
    settings.ARREARS_URL = url

    assert address_for(tracking.account).startswith(url)


def test_when_we_can_no_longer_be_reached_the_subscription_ends(
    tracking: Tracking, settings: Settings
) -> None:
    tracking.watch()
    settings.ARREARS_URL = "http://127.0.0.1:8000"
    account = tracking.watch()

    assert tracking.elsewhere.subscriptions == {}
    assert account.hook_id == ""
    assert secrets_of(account, tracking.clock.now()) == ()


def test_when_our_address_changes_the_subscription_is_replaced_without_a_gap(
    tracking: Tracking, settings: Settings
) -> None:
    tracking.watch()
    settings.ARREARS_URL = "https://new.example.com"
    tracking.elsewhere.asked.clear()
    account = tracking.watch()

    assert tracking.elsewhere.asked == ["subscription", "subscribe", "unsubscribe"]
    assert _only(tracking).url.startswith("https://new.example.com/")
    assert account.hook_id == _only(tracking).id


def test_a_subscription_that_is_gone_is_made_anew_and_everything_is_read(tracking: Tracking) -> None:
    tracking.watch()
    track_cases(tracking.account.pk)
    tracking.elsewhere.subscriptions.clear()
    account = tracking.watch()

    assert account.hook_id == _only(tracking).id
    assert account.swept_at is None


def test_a_subscription_switched_off_is_noticed_woken_and_everything_read(tracking: Tracking) -> None:
    for number in range(130):
        tracking.elsewhere.opens(f"c{number}")
    tracking.clock.advance(timedelta(hours=2))
    for number in range(130, 240):
        tracking.elsewhere.opens(f"c{number}")
    tracking.work()
    tracking.elsewhere.switches_off()
    # Not a change in the collector's own terms, so that only reading everything finds it.
    old = tracking.elsewhere.held["c0"]
    tracking.elsewhere.held["c0"] = replace(old, lifecycle=Lifecycle.CLOSED)

    minutes = 0
    while not _only(tracking).active:
        tracking.clock.advance(MINUTE)
        minutes += 1
        tracking.work()
    tracking.work()

    assert minutes <= 15
    assert tracking.known("c0").lifecycle is Lifecycle.CLOSED
    notice = tracking.now().hook_notice
    assert "stopped telling us of changes (Eight attempts failed)" in notice
    assert "on 22 November 2026 at 14:" in notice


def test_what_it_was_switched_off_for_may_be_a_secret_nobody_knows(tracking: Tracking) -> None:
    """Woken with the secret that we do not have it would be switched off again, for ever."""
    tracking.watch()
    tracking.elsewhere.opens()
    tracking.elsewhere.new_secret(_only(tracking).id)  # and the process died before it was kept
    assert tracking.receive(*tracking.elsewhere.tells("c1")) == [Reception.FORGED]
    tracking.elsewhere.switches_off()
    tracking.watch()

    assert tracking.receive(*tracking.elsewhere.tells("c1")) == [Reception.ACCEPTED]


def test_a_subscription_that_could_not_be_woken_is_tried_again(tracking: Tracking) -> None:
    tracking.watch()
    track_cases(tracking.account.pk)
    checked = tracking.now().hook_checked_at
    tracking.elsewhere.switches_off()
    tracking.clock.advance(MINUTE)
    tracking.elsewhere.failing = [TryAgainLater("Away.")]
    with pytest.raises(TryAgainLater):
        tracking.watch()
    assert tracking.now().hook_checked_at == checked

    tracking.watch()
    assert _only(tracking).active


def test_when_the_secret_is_replaced_nothing_on_its_way_is_lost(tracking: Tracking) -> None:
    tracking.watch()
    tracking.elsewhere.opens()
    on_its_way = tracking.elsewhere.tells("c1")
    tracking.elsewhere.switches_off()
    tracking.watch()

    assert tracking.receive(*on_its_way) == [Reception.ACCEPTED]
    assert tracking.receive(*tracking.elsewhere.tells("c1")) == [Reception.ACCEPTED]
    assert len(secrets_of(tracking.account, tracking.clock.now())) == 2
    assert len(secrets_of(tracking.account, tracking.clock.now() + OVERLAP)) == 1


def test_a_secret_that_no_longer_opens_is_replaced(tracking: Tracking) -> None:
    tracking.watch()
    Secret.objects.filter(field="webhook_secret").update(sealed="rubbish")
    tracking.elsewhere.opens()
    assert tracking.receive(*tracking.elsewhere.tells("c1")) == [Reception.FORGED]
    tracking.watch()

    assert tracking.receive(*tracking.elsewhere.tells("c1")) == [Reception.ACCEPTED]


def test_the_secret_and_the_id_are_kept_together(tracking: Tracking, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(vault, "store", full)
        with pytest.raises(OSError, match="full"):
            tracking.watch()
    assert tracking.now().hook_id == ""

    account = tracking.watch()
    assert tracking.elsewhere.subscriptions[account.hook_id].secret in secrets_of(
        account, tracking.clock.now()
    )


def test_of_two_that_subscribe_at_once_one_subscription_stays(tracking: Tracking) -> None:
    stale = CollectorAccount.objects.get()
    tracking.watch()
    subscribe(stale, address_for(stale))

    assert _only(tracking).id == tracking.now().hook_id
    assert secrets_of(stale, tracking.clock.now())[0] == _only(tracking).secret


def test_an_account_removed_meanwhile_is_left_without_a_subscription(tracking: Tracking) -> None:
    stale = CollectorAccount.objects.get()
    CollectorAccount.objects.update(removed_at=tracking.clock.now())
    subscribe(stale, address_for(stale))

    assert tracking.elsewhere.subscriptions == {}
    assert not Secret.objects.exists()


def test_a_collector_that_will_not_subscribe_us_is_not_begged(tracking: Tracking) -> None:
    tracking.elsewhere.failing = [NeedsAttention("The address is not public.", code="refused", action="")]
    account = tracking.watch()

    assert account.hook_notice == (
        "The collector will not tell us of changes: The address is not public. "
        "They are looked for every 15 minutes instead."
    )
    assert account.hook_checked_at == tracking.clock.now()


def test_a_rejected_key_is_not_taken_for_a_refusal_to_subscribe(tracking: Tracking) -> None:
    tracking.elsewhere.failing = [NeedsAttention("No.", code="key_rejected", action="Enter another.")]
    with pytest.raises(NeedsAttention):
        tracking.watch()

    assert tracking.now().hook_notice == ""


def test_ending_a_subscription_destroys_its_secrets_whatever_the_collector_says(tracking: Tracking) -> None:
    tracking.watch()
    vault.store(tracking.account.organisation_id, tracking.account.record, "api_key", SecretStr("k"))
    tracking.elsewhere.failing = [TryAgainLater("Away.")]
    cancel(tracking.account)

    assert tracking.now().hook_id == ""
    assert list(Secret.objects.values_list("field", flat=True)) == ["api_key"]


# --- What comes due -----------------------------------------------------------------------------------------


def test_a_new_account_is_looked_at_at_once_and_then_in_turn(tracking: Tracking) -> None:
    sweep_tracking()
    sweep_tracking()
    assert tracking.jobs() == ["watch_feed", "track_cases"]

    tracking.work()
    tracking.clock.advance(9 * MINUTE)
    sweep_tracking()
    assert tracking.jobs() == []
    tracking.clock.advance(MINUTE)
    sweep_tracking()
    assert tracking.jobs() == ["watch_feed"]
    tracking.clock.advance(5 * MINUTE)
    sweep_tracking()
    assert tracking.jobs() == ["watch_feed", "track_cases"]


def test_notices_without_a_job_get_one(tracking: Tracking) -> None:
    tracking.work()
    tracking.elsewhere.opens()
    tracking.receive(*tracking.elsewhere.tells("c1"))
    tracking.forget_jobs()
    sweep_tracking()

    assert tracking.jobs() == ["handle_receipts"]


def test_after_a_long_sleep_accounts_come_one_after_another(tracking: Tracking) -> None:
    for number in range(50):
        an_account(tracking.account.organisation, creditor=f"creditor-{number + 2}")
    tracking.clock.advance(days(3))
    sweep_tracking()
    assert len(tracking.jobs()) == 40
    sweep_tracking()
    sweep_tracking()

    assert len(tracking.jobs()) == 102


def test_accounts_that_need_a_person_are_left_alone(tracking: Tracking) -> None:
    CollectorAccount.objects.update(state="needs attention")
    sweep_tracking()
    assert tracking.jobs() == []

    CollectorAccount.objects.update(state="ok", creditor="")
    sweep_tracking()
    assert tracking.jobs() == []


def test_three_days_without_us_and_without_notices_leave_nothing_unknown(tracking: Tracking) -> None:
    for number in range(30):
        tracking.elsewhere.opens(f"c{number}")
    tracking.work()
    tracking.elsewhere.switches_off()
    tracking.clock.advance(days(3))
    for number in range(30):
        tracking.elsewhere.changes(f"c{number}", lifecycle=Lifecycle.CLOSED)
    tracking.elsewhere.opens("new")
    adapters.cache_clear()
    tracking.work()

    assert TrackedCase.objects.filter(lifecycle=Lifecycle.CLOSED.value).count() == 30
    assert tracking.known("new").id == "new"
    assert _only(tracking).active
