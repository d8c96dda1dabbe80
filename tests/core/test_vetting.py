"""What "vetted" means on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.vetting import WHAT_TO_SEE, Check, CheckState, VettingItem, standing

TODAY = date(2026, 11, 22)
EVERYTHING = [Check(item, True, date(2026, 1, 5), date(2027, 1, 5)) for item in VettingItem]


def state_of(item: VettingItem, *checks: Check, today: date = TODAY) -> CheckState:
    return next(one.state for one in standing(checks, today).items if one.item is item)


def test_a_partner_is_vetted_once_every_item_has_passed() -> None:
    assert standing(EVERYTHING, TODAY).vetted
    for missing in EVERYTHING:
        found = standing([check for check in EVERYTHING if check is not missing], TODAY)
        assert not found.vetted
        assert [one.item for one in found.open_items] == [missing.item]
        assert found.until is None


def test_a_check_counts_on_its_last_day_and_not_on_the_next() -> None:
    last = EVERYTHING[0].expires_on
    assert standing(EVERYTHING, last).vetted
    after = standing(EVERYTHING, last + timedelta(days=1))
    assert {one.state for one in after.items} == {CheckState.EXPIRED}


def test_it_counts_until_the_first_item_lapses() -> None:
    sooner = replace(EVERYTHING[3], expires_on=date(2026, 12, 1))
    assert standing([*EVERYTHING[:3], sooner, *EVERYTHING[4:]], TODAY).until == date(2026, 12, 1)


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True)])
def test_of_several_checks_the_latest_counts_whatever_their_order(first: bool, second: bool) -> None:
    item = VettingItem.INSURANCE
    old = Check(item, first, date(2026, 1, 1), date(2027, 1, 1))
    new = Check(item, second, date(2026, 2, 1), date(2027, 1, 1))
    wanted = CheckState.PASSED if second else CheckState.FAILED
    assert state_of(item, old, new) is state_of(item, new, old) is wanted


def test_of_two_checks_of_one_day_the_later_entry_counts() -> None:
    item, day = VettingItem.OWNERS, date(2026, 1, 1)
    passed, failed = (Check(item, one, day, date(2027, 1, 1)) for one in (True, False))
    assert state_of(item, passed, failed) is CheckState.FAILED
    assert state_of(item, failed, passed) is CheckState.PASSED


def test_an_old_pass_does_not_stand_in_for_a_newer_one_that_has_lapsed() -> None:
    item = VettingItem.LICENCE
    long = Check(item, True, date(2026, 1, 1), date(2030, 1, 1))
    short = Check(item, True, date(2026, 2, 1), date(2026, 3, 1))
    assert state_of(item, long, short) is CheckState.EXPIRED


def test_it_is_said_for_every_item_what_to_look_for() -> None:
    assert set(WHAT_TO_SEE) == set(VettingItem)


_DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(st.builds(Check, st.sampled_from(VettingItem), st.booleans(), _DAYS, _DAYS)), _DAYS)
def test_vetted_means_that_nothing_is_open_until_a_day_not_past(checks: list[Check], today: date) -> None:
    found = standing(checks, today)
    assert [one.item for one in found.items] == list(VettingItem)
    assert found.vetted == (not found.open_items) == (found.until is not None)
    assert found.until is None or found.until >= today
