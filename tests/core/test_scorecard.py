"""A partner's scorecard, checked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from arrears.core.case import RECOVERED, CloseCode
from arrears.core.scorecard import ENOUGH_CASES, PartnersCase, Scorecard, scorecard

LOST = next(code for code in CloseCode if code not in RECOVERED)
PAID = CloseCode.PAID
RUNNING = PartnersCase(
    principal_usd=Decimal(1000),
    recovered_share=Decimal(0),
    close_code=None,
    answered_after=None,
    declined=False,
    age_days=None,
    updates_wanted=0,
    updates_given=0,
)


def finished(principal: str, share: str, code: CloseCode = PAID, days: int = 30) -> PartnersCase:
    return replace(
        RUNNING,
        principal_usd=Decimal(principal),
        recovered_share=Decimal(share),
        close_code=code,
        answered_after=timedelta(days=2),
        age_days=days,
    )


def test_nothing_given_says_nothing() -> None:
    assert scorecard([], 0) == Scorecard(0, 0, 0, None, None, None, None, None, 0)


def test_the_figures_are_those_of_a_hand_calculation() -> None:
    cases = [
        finished("1000", "1", PAID, 10),
        finished("3000", "0.5", PAID, 50),
        finished("500", "0", LOST, 90),
        replace(RUNNING, answered_after=timedelta(hours=3), updates_wanted=3, updates_given=1),
        replace(RUNNING, declined=True, answered_after=timedelta(days=9)),
    ]
    card = scorecard(cases, complaints_upheld=1)

    assert (card.given, card.declined, card.finished, card.complaints_upheld) == (5, 1, 3, 1)
    assert card.collection_rate == Decimal("0.5556")  # (1,000 + 1,500) of 4,500
    assert card.success_rate == Decimal("0.6667")  # 2 of 3
    assert card.median_answer == timedelta(days=2)  # of 3 hours, 2, 2, 2 and 9 days
    assert card.median_days == 50
    assert card.updates_rate == Decimal("0.3333")


def test_a_large_case_weighs_more_than_a_small_one() -> None:
    card = scorecard([finished("9000", "1"), finished("1000", "0", LOST)], 0)
    assert card.collection_rate == Decimal("0.9")
    assert card.success_rate == Decimal("0.5")


def test_of_two_middle_values_the_lower_one_is_told_for_it_really_happened() -> None:
    assert scorecard([finished("1", "1", days=10), finished("1", "1", days=20)], 0).median_days == 10


def test_interest_on_top_makes_no_rate_above_one_hundred_per_cent() -> None:
    assert scorecard([finished("1000", "1.2")], 0).collection_rate == Decimal(1)


def test_more_reports_than_were_wanted_in_one_case_do_not_make_up_for_another() -> None:
    lazy, eager = (replace(RUNNING, updates_wanted=2, updates_given=given) for given in (0, 9))
    assert scorecard([lazy, eager], 0).updates_rate == Decimal("0.5")


def test_a_case_without_a_value_in_dollars_counts_as_finished_only() -> None:
    card = scorecard([replace(finished("1", "1"), principal_usd=None)], 0)
    assert (card.finished, card.collection_rate, card.success_rate) == (1, None, Decimal(1))


def test_it_says_enough_from_the_tenth_finished_case_on() -> None:
    assert not scorecard([finished("1", "1")] * (ENOUGH_CASES - 1), 0).says_enough
    assert scorecard([finished("1", "1")] * ENOUGH_CASES, 0).says_enough


@given(
    st.lists(
        st.builds(
            finished,
            st.decimals(1, 10**9, places=2).map(str),
            st.decimals(0, 2, places=4).map(str),
            st.sampled_from(CloseCode),
            st.integers(0, 5000),
        )
    )
)
def test_every_share_lies_between_nothing_and_all(cases: list[PartnersCase]) -> None:
    card = scorecard(cases, 0)
    for share in (card.collection_rate, card.success_rate):
        assert share is None or 0 <= share <= 1
