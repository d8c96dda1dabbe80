"""Cases elsewhere: what a collector says of them is found out, however it reaches us, and never set back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from arrears.accounts.models import Organisation
from arrears.bridge import tracked
from arrears.bridge.handle_receipts import handle_receipts
from arrears.bridge.models import CollectorAccount, Recovery, TrackedCase
from arrears.bridge.refresh_case import refresh_case
from arrears.bridge.track_cases import track_cases
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.ports import NeedsAttention
from tests.bridge.elsewhere import days
from tests.bridge.tracking_world import Tracking
from tests.builders import money

MINUTE = timedelta(minutes=1)


# --- Remembering --------------------------------------------------------------------------------------------


def test_a_case_is_given_back_as_it_was_stated(tracking: Tracking) -> None:
    stated = tracking.elsewhere.opens(
        added=money("20 GBP"), phase="Legal", close_code="x", stated="Odd", needs_info=True, partner="P",
        url="https://collector.example.com/c1", signing_url="https://collector.example.com/s",
    )  # fmt: skip

    assert tracked.remember(tracking.account, stated, tracking.clock.now())

    assert tracking.known() == replace(
        stated, rate=Decimal("9.5"), principal=money("500.00 GBP"), outstanding=money("500.00 GBP"),
        added=money("20.00 GBP"),
    )  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whatever_order_statements_come_in_the_newest_stays(
    tracking: Tracking, order: tuple[int, ...]
) -> None:
    start = tracking.clock.now()
    statements = [
        tracking.elsewhere.opens(outstanding=money(f"{500 - step} GBP"), updated_at=start + step * MINUTE)
        for step in range(3)
    ]
    for step in order:
        tracked.remember(tracking.account, statements[step], start + days(1))

    assert tracking.known().outstanding == money("498.00 GBP")


def test_what_came_in_between_two_statements_is_written_down_once(tracking: Tracking) -> None:
    start = tracking.clock.now()
    for step, (added, left) in enumerate([(0, 450), (0, 450), (20, 370), (20, 400)]):
        stated = tracking.elsewhere.opens(
            added=money(f"{added} GBP"), outstanding=money(f"{left} GBP"), updated_at=start + step * MINUTE
        )
        tracked.remember(tracking.account, stated, start + days(1) + step * MINUTE)
    older = tracking.elsewhere.opens(outstanding=money("1 GBP"), updated_at=start)
    tracked.remember(tracking.account, older, start + days(2))

    noticed = list(Recovery.objects.values_list("amount", "noticed_at"))
    second, third = start + days(1) + 2 * MINUTE, start + days(1) + 3 * MINUTE
    assert noticed == [(Decimal(100), second), (Decimal(-30), third)]


def test_of_two_statements_of_one_moment_the_one_read_later_stays(tracking: Tracking) -> None:
    start = tracking.clock.now()
    first, second = tracking.elsewhere.opens(), tracking.elsewhere.opens(phase="Legal")
    tracked.remember(tracking.account, second, start + MINUTE)

    assert not tracked.remember(tracking.account, first, start)
    assert tracking.known().phase == "Legal"


def test_without_a_time_of_change_the_time_of_reading_decides(tracking: Tracking) -> None:
    start = tracking.clock.now()
    tracked.remember(tracking.account, tracking.elsewhere.opens(updated_at=None), start + MINUTE)

    assert not tracked.remember(tracking.account, tracking.elsewhere.opens(phase="A", updated_at=None), start)
    assert tracked.remember(
        tracking.account, tracking.elsewhere.opens(phase="B", updated_at=None), start + 2 * MINUTE
    )
    assert tracking.known().phase == "B"


def test_a_collector_whose_clock_is_ahead_still_gets_its_later_word_in(tracking: Tracking) -> None:
    start = tracking.clock.now()
    tracked.remember(tracking.account, tracking.elsewhere.opens(updated_at=start + days(9000)), start)

    later = tracking.elsewhere.opens(phase="Legal", updated_at=start + MINUTE)
    assert tracked.remember(tracking.account, later, start + 2 * MINUTE)


@pytest.mark.parametrize(
    ("changes", "column", "kept"),
    [
        ({"debtor_name": "x" * 1000}, "debtor_name", "x" * 300),
        ({"debtor_name": "A\0B\ud800C"}, "debtor_name", "ABC"),
        ({"reference": "R" * 100}, "reference", "R" * 60),
        ({"reference": ""}, "reference", "c1"),
        ({"creditor_reference": "R" * 100}, "creditor_reference", "R" * 60),
        ({"invoice_numbers": ("7" * 99, "8\0")}, "invoice_numbers", ["7" * 40, "8"]),
        ({"country": "GBR"}, "country", ""),
        ({"country": "\0\0"}, "country", ""),
        ({"stated": "s" * 200}, "stated", "s" * 100),
        ({"phase": "s" * 200}, "phase", "s" * 100),
        ({"close_code": "s" * 200}, "close_code", "s" * 100),
        ({"partner": "s" * 999}, "partner", "s" * 300),
        ({"url": "https://x.example/" + "y" * 3000}, "url", ""),
        ({"url": "javascript:alert(1)"}, "url", ""),
        ({"signing_url": "data:text/html,x"}, "signing_url", ""),
        ({"rate": Decimal("1e9")}, "rate", None),
        ({"rate": Decimal("999.99999")}, "rate", None),
        ({"rate": Decimal("NaN")}, "rate", None),
        ({"rate": Decimal("9.123456789")}, "rate", Decimal("9.1235")),
    ],
)
def test_what_there_is_no_room_for_is_cut(
    tracking: Tracking, changes: dict[str, Any], column: str, kept: object
) -> None:
    assert tracked.remember(tracking.account, tracking.elsewhere.opens(**changes), tracking.clock.now())

    assert getattr(TrackedCase.objects.get(), column) == kept


@pytest.mark.parametrize(
    "changes",
    [
        {"case_id": ""},
        {"case_id": "c" * 61},
        {"case_id": "c\0"},
        {"principal": Money(Decimal("1e15"), "GBP")},
        {"outstanding": Money(Decimal("-1e15"), "GBP")},
        {"outstanding": Money(Decimal("999999999999999.999"), "GBP")},
        {"outstanding": Money(Decimal("NaN"), "GBP")},
        {"principal": Money(Decimal(5), "G\0"), "outstanding": Money(Decimal(5), "G\0")},
        {"added": Money(Decimal("Infinity"), "GBP")},
        {"outstanding": Money(Decimal(5), "EUR")},
        {"principal": Money(Decimal(5), "POUNDS"), "outstanding": Money(Decimal(5), "POUNDS")},
        {"principal": Money(Decimal(5), ""), "outstanding": Money(Decimal(5), "")},
    ],
)
def test_a_case_that_cannot_be_kept_truthfully_is_left_out(
    tracking: Tracking, changes: dict[str, Any]
) -> None:
    assert not tracked.remember(tracking.account, tracking.elsewhere.opens(**changes), tracking.clock.now())

    assert not TrackedCase.objects.exists()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 11, 22),  # noqa: DTZ001 - what a careless collector says
    ],
)
def test_the_ends_of_the_calendar_do_no_harm(tracking: Tracking, moment: datetime) -> None:
    case = tracking.elsewhere.opens(opened_at=moment, updated_at=moment)

    assert tracked.remember(tracking.account, case, tracking.clock.now())
    assert tracking.known().reference == "C1"


def test_a_case_is_found_by_its_reference_within_its_organisation_only(tracking: Tracking) -> None:
    tracked.remember(tracking.account, tracking.elsewhere.opens(), tracking.clock.now())
    other = Organisation.objects.create(name="Other", created_at=tracking.clock.now())

    found = tracked.of(tracking.account.organisation_id, "C1")
    assert found is not None
    assert found.case_id == "c1"
    assert tracked.of(other.pk, "C1") is None
    assert tracked.of(tracking.account.organisation_id, "C\0") is None


def test_reading_a_case_anew_remembers_it(tracking: Tracking) -> None:
    tracking.elsewhere.opens(phase="Legal")

    assert refresh_case(tracking.account, "c1") is not None
    assert tracking.known().phase == "Legal"
    assert refresh_case(tracking.account, "c2") is None


# --- Looking for changes ------------------------------------------------------------------------------------


def test_what_happened_in_three_days_without_a_notice_is_found(subscribed: Tracking) -> None:
    for number in range(250):
        subscribed.elsewhere.opens(f"c{number}")
    subscribed.clock.advance(MINUTE)
    track_cases(subscribed.account.pk)
    for number in range(0, 250, 7):
        subscribed.clock.advance(days(3) / 40)
        subscribed.elsewhere.changes(f"c{number}", lifecycle=Lifecycle.CLOSED)

    track_cases(subscribed.account.pk)

    closed = TrackedCase.objects.filter(lifecycle=Lifecycle.CLOSED.value).values_list("case_id", flat=True)
    assert set(closed) == {f"c{number}" for number in range(0, 250, 7)}


def test_the_look_for_changes_stops_where_all_is_known(subscribed: Tracking) -> None:
    for number in range(300):
        subscribed.elsewhere.opens(f"c{number}")
    subscribed.clock.advance(timedelta(hours=2))
    subscribed.elsewhere.changes("c299", phase="Legal")
    track_cases(subscribed.account.pk, everything=True)
    subscribed.clock.advance(MINUTE)
    subscribed.elsewhere.changes("c5", phase="Legal")

    assert track_cases(subscribed.account.pk) == 2 + 100
    assert subscribed.known("c5").phase == "Legal"


def test_a_look_that_was_broken_off_does_not_count(subscribed: Tracking) -> None:
    before = subscribed.now().changed_until, subscribed.now().swept_at
    for number in range(3):
        subscribed.elsewhere.opens(f"c{number}")
    subscribed.clock.advance(MINUTE)
    subscribed.elsewhere.failing = [NeedsAttention("No.", code="refused", action="")]

    with pytest.raises(NeedsAttention):
        track_cases(subscribed.account.pk)

    assert (subscribed.now().changed_until, subscribed.now().swept_at) == before
    assert track_cases(subscribed.account.pk) == 3


def test_once_a_day_every_case_is_read_because_not_everything_counts_as_a_change(
    subscribed: Tracking,
) -> None:
    for number in range(150):
        subscribed.elsewhere.opens(f"c{number}")
    subscribed.clock.advance(timedelta(hours=2))
    subscribed.elsewhere.changes("c149")
    track_cases(subscribed.account.pk, everything=True)
    subscribed.elsewhere.changes("c0", needs_info=True, updated_at=subscribed.elsewhere.held["c0"].updated_at)
    for _ in range(8):
        subscribed.clock.advance(timedelta(hours=3))
        track_cases(subscribed.account.pk)

    assert subscribed.known("c0").needs_info


def test_a_collector_whose_clock_is_ahead_hides_no_changes(subscribed: Tracking) -> None:
    for number in range(150):
        subscribed.elsewhere.opens(f"c{number}", updated_at=subscribed.clock.now() + days(30))
    track_cases(subscribed.account.pk)

    until = subscribed.now().changed_until
    assert until is not None
    assert until <= subscribed.clock.now()


def test_being_asked_to_read_everything_meanwhile_is_not_forgotten(
    subscribed: Tracking, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed.elsewhere.opens()
    remember = tracked.remember

    def slow(*arguments: Any) -> bool:
        CollectorAccount.objects.update(swept_at=None)
        return remember(*arguments)

    monkeypatch.setattr(tracked, "remember", slow)
    track_cases(subscribed.account.pk)

    assert subscribed.now().swept_at is None


def test_nothing_is_asked_for_an_account_that_was_removed(subscribed: Tracking) -> None:
    subscribed.elsewhere.opens()
    subscribed.receive(*subscribed.elsewhere.tells("c1"))
    CollectorAccount.objects.update(removed_at=subscribed.clock.now())

    track_cases(subscribed.account.pk)
    handle_receipts(subscribed.account.pk)
    subscribed.watch()

    assert subscribed.elsewhere.asked == []
