"""Notices from elsewhere: taken once, looked into in any order, and never believed without a signature."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from arrears.bridge.handle_receipts import handle_receipts
from arrears.bridge.models import CollectorAccount, Receipt, TrackedCase
from arrears.bridge.receive_event import LONGEST_BODY, Reception, receive_event
from arrears.core.case import Lifecycle
from arrears.ports import TryAgainLater
from tests.bridge.elsewhere import Notice, an_account
from tests.bridge.tracking_world import Tracking
from tests.builders import money

MINUTE = timedelta(minutes=1)


# --- Being told ---------------------------------------------------------------------------------------------


def test_what_a_notice_is_about_is_read_and_not_believed(subscribed: Tracking) -> None:
    subscribed.elsewhere.opens(lifecycle=Lifecycle.ACTIVE)

    assert subscribed.receive(*subscribed.elsewhere.tells("c1", "case.closed")) == [Reception.ACCEPTED]
    assert subscribed.elsewhere.asked == []
    subscribed.work()

    assert subscribed.known().lifecycle is Lifecycle.ACTIVE
    assert not Receipt.objects.filter(handled_at=None).exists()


def test_a_notice_and_the_job_that_looks_into_it_are_written_down_together(subscribed: Tracking) -> None:
    subscribed.elsewhere.opens()
    subscribed.receive(*subscribed.elsewhere.tells("c1"), *subscribed.elsewhere.tells("c1"))

    assert Receipt.objects.count() == 2
    assert subscribed.jobs() == ["handle_receipts"]


def test_the_same_event_counts_once(subscribed: Tracking) -> None:
    subscribed.elsewhere.opens()
    (notice,) = subscribed.elsewhere.tells("c1")

    assert subscribed.receive(notice, notice) == [Reception.ACCEPTED] * 2
    subscribed.work()
    assert subscribed.receive(notice) == [Reception.ACCEPTED]
    subscribed.work()

    assert Receipt.objects.count() == 1
    assert subscribed.elsewhere.asked.count("read c1") == 1


def test_many_notices_about_a_case_read_it_once(subscribed: Tracking) -> None:
    subscribed.elsewhere.opens("c1")
    subscribed.elsewhere.opens("c2")
    for _ in range(5):
        subscribed.receive(*subscribed.elsewhere.tells("c1"), *subscribed.elsewhere.tells("c2"))

    handle_receipts(subscribed.account.pk)

    assert subscribed.elsewhere.asked == ["read c1", "read c2"]


@pytest.mark.parametrize("case_id", ["nobody", "x" * 200, "", "a\0b", "\ud800"])
def test_a_notice_about_a_case_that_is_not_ours_is_done_with(subscribed: Tracking, case_id: str) -> None:
    assert subscribed.receive(*subscribed.elsewhere.tells(case_id)) == [Reception.ACCEPTED]
    handle_receipts(subscribed.account.pk)

    assert not TrackedCase.objects.exists()
    assert not Receipt.objects.filter(handled_at=None).exists()


def test_notices_wait_while_the_collector_is_away(subscribed: Tracking) -> None:
    subscribed.elsewhere.opens()
    subscribed.receive(*subscribed.elsewhere.tells("c1"))
    subscribed.elsewhere.failing = [TryAgainLater("Away.")]

    with pytest.raises(TryAgainLater):
        handle_receipts(subscribed.account.pk)
    assert Receipt.objects.filter(handled_at=None).count() == 1

    handle_receipts(subscribed.account.pk)
    assert not Receipt.objects.filter(handled_at=None).exists()
    assert subscribed.known().id == "c1"


def test_one_case_that_cannot_be_read_does_not_hold_up_the_others(subscribed: Tracking) -> None:
    for case_id in ("c1", "c2"):
        subscribed.elsewhere.opens(case_id)
        subscribed.receive(*subscribed.elsewhere.tells(case_id))
    subscribed.elsewhere.failing = [TryAgainLater("Broken.")]

    with pytest.raises(TryAgainLater):
        handle_receipts(subscribed.account.pk)

    assert subscribed.known("c2").id == "c2"
    assert list(Receipt.objects.filter(handled_at=None).values_list("case_id", flat=True)) == ["c1"]


def test_a_collector_that_is_away_is_not_asked_for_every_case(subscribed: Tracking) -> None:
    for number in range(9):
        subscribed.receive(*subscribed.elsewhere.tells(f"c{number}"))
    subscribed.elsewhere.failing = [TryAgainLater("Away.")] * 9
    with pytest.raises(TryAgainLater):
        handle_receipts(subscribed.account.pk)
    assert len(subscribed.elsewhere.asked) == 3

    subscribed.elsewhere.failing = [TryAgainLater("Slower.", MINUTE)] * 9
    with pytest.raises(TryAgainLater):
        handle_receipts(subscribed.account.pk)
    assert len(subscribed.elsewhere.asked) == 4


STEPS = [
    ("case.created", Lifecycle.PENDING_VERIFICATION, "500 GBP"),
    ("case.updated", Lifecycle.ACTIVE, "500 GBP"),
    ("payment.created", Lifecycle.ACTIVE, "300 GBP"),
    ("case.closed", Lifecycle.CLOSED, "0 GBP"),
]


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_shuffled_repeated_and_lost_notices_end_in_what_the_collector_states(
    subscribed: Tracking, data: st.DataObject
) -> None:
    TrackedCase.objects.all().delete()
    Receipt.objects.all().delete()
    subscribed.forget_jobs()
    subscribed.elsewhere.held.clear()
    story: list[Notice] = []
    for kind, lifecycle, owed in STEPS:
        subscribed.elsewhere.opens(lifecycle=lifecycle, outstanding=money(owed))
        story += subscribed.elsewhere.tells("c1", kind)
    sent = data.draw(st.lists(st.sampled_from(story), min_size=1, max_size=8))
    for notice in sent:
        subscribed.receive(notice)
        if data.draw(st.booleans()):
            handle_receipts(subscribed.account.pk)
    handle_receipts(subscribed.account.pk)

    known = subscribed.known()
    assert (known.lifecycle, known.outstanding) == (Lifecycle.CLOSED, money("0.00 GBP"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_between_notices_the_case_moves_on_and_the_end_is_the_same(
    subscribed: Tracking, order: tuple[int, ...]
) -> None:
    story = []
    for kind, lifecycle, owed in STEPS[:3]:
        subscribed.clock.advance(MINUTE)
        subscribed.elsewhere.opens(lifecycle=lifecycle, outstanding=money(owed))
        story += subscribed.elsewhere.tells("c1", kind)
    for at in order:
        subscribed.receive(story[at])
        handle_receipts(subscribed.account.pk)

    assert subscribed.known().outstanding == money("300.00 GBP")


# --- Not being fooled ---------------------------------------------------------------------------------------


def _forgeries(notice: Notice) -> dict[str, tuple[str, bytes]]:
    moment, _, digest = notice.signature.partition(",v1=")
    return {
        "no signature": ("", notice.body),
        "half a signature": (notice.signature[:-2], notice.body),
        "capitals": (f"{moment},v1={digest.upper()}", notice.body),
        "another moment": (f"t={int(moment[2:]) + 1},v1={digest}", notice.body),
        "another scheme": (f"{moment},v0={digest}", notice.body),
        "not hexadecimal": (f"{moment},v1=é", notice.body),
        "one byte more": (notice.signature, notice.body + b" "),
        "one byte other": (notice.signature, notice.body.replace(b"c1", b"c2")),
        "written anew": (notice.signature, notice.body.replace(b": ", b":")),
        "nothing": (notice.signature, b""),
    }


@pytest.mark.parametrize("kind", list(_forgeries(Notice("", "t=1,v1=ab", b""))))
def test_a_forged_notice_leaves_no_trace(subscribed: Tracking, kind: str) -> None:
    (notice,) = subscribed.elsewhere.tells("c1")
    signature, body = _forgeries(notice)[kind]

    assert receive_event(notice.token, signature, body) is Reception.FORGED
    assert not Receipt.objects.exists()
    assert subscribed.jobs() == []


@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(signature=st.text(max_size=120), body=st.binary(max_size=200))
def test_nothing_made_up_is_ever_taken(subscribed: Tracking, signature: str, body: bytes) -> None:
    assert receive_event(subscribed.account.hook_token, signature, body) is Reception.FORGED


def test_a_notice_from_an_hour_ago_is_not_taken(subscribed: Tracking) -> None:
    (notice,) = subscribed.elsewhere.tells("c1")
    subscribed.clock.advance(timedelta(hours=1))

    assert subscribed.receive(notice) == [Reception.FORGED]


def test_one_account_cannot_speak_for_another(subscribed: Tracking) -> None:
    other = an_account(subscribed.account.organisation, test=True)
    (notice,) = subscribed.elsewhere.tells("c1")

    assert receive_event(other.hook_token, notice.signature, notice.body) is Reception.FORGED


@pytest.mark.parametrize("token", ["", "nobody", "x" * 5000, "a\0b", "é", "token0 "])
def test_an_address_that_is_not_ours_is_unknown(subscribed: Tracking, token: str) -> None:
    (notice,) = subscribed.elsewhere.tells("c1")

    assert receive_event(token, notice.signature, notice.body) is Reception.UNKNOWN


def test_a_removed_account_is_unknown(subscribed: Tracking) -> None:
    (notice,) = subscribed.elsewhere.tells("c1")
    CollectorAccount.objects.update(removed_at=subscribed.clock.now())

    assert subscribed.receive(notice) == [Reception.UNKNOWN]


def test_a_huge_notice_is_refused_before_anything_is_looked_at(subscribed: Tracking) -> None:
    assert receive_event("nobody", "", b"x" * (LONGEST_BODY + 1)) is Reception.TOO_LARGE
    assert receive_event("nobody", "", b"x" * LONGEST_BODY) is Reception.UNKNOWN
