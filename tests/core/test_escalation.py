"""Escalation policies: what is taken and why not, how much at once, and when the next look is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.core.claim import Claim
from arrears.core.eligibility import Finding, Severity, Verdict
from arrears.core.escalation import (
    Facts,
    Judgement,
    Rule,
    cadence_text,
    judge,
    needs_detail,
    next_slot,
    summary_text,
    value_in,
    within_ceiling,
    without_detail,
)
from tests.builders import RATES, TODAY, a_claim, a_debtor, an_invoice, money, some_figures

LONDON = ZoneInfo("Europe/London")
RULE = Rule(days_overdue=60, minimum=money("250 GBP"))


def facts(reference: str = "", findings: tuple[Finding, ...] = (), **changes: Any) -> Facts:
    """A sound invoice of £500 that is 114 days overdue."""
    debtor = a_debtor(tags=changes.pop("tags", None))
    return Facts(a_claim(an_invoice(**changes), debtor=debtor), Verdict(findings), reference)


def codes(rule: Rule, seen: Facts) -> tuple[str, ...]:
    return judge(rule, seen, RATES, TODAY).codes


# --- One invoice --------------------------------------------------------------------------------------------


def test_an_invoice_that_meets_every_condition_is_taken() -> None:
    judgement = judge(RULE, facts(), RATES, TODAY)

    assert judgement.taken
    assert judgement.value == money("500 GBP")
    assert judgement.reason == "It meets every condition of the policy."


@pytest.mark.parametrize(("days", "taken"), [(59, False), (60, True), (61, True)])
def test_so_many_days_overdue_is_enough_and_one_day_less_is_not(days: int, taken: bool) -> None:
    judgement = judge(RULE, facts(due=TODAY - timedelta(days=days)), RATES, TODAY)

    assert judgement.taken is taken
    if not taken:
        assert judgement.reason == "It is 59 days overdue; the policy asks for 60 days."


def test_what_is_not_overdue_is_never_taken_even_when_no_days_are_asked_for() -> None:
    judgement = judge(replace(RULE, days_overdue=0), facts(due=TODAY), RATES, TODAY)

    assert judgement.reason == "It is not overdue; the policy asks for 1 day."


def test_an_invoice_without_a_due_date_is_left() -> None:
    assert codes(RULE, facts(due=None)) == ("no_due_date",)


@pytest.mark.parametrize(("owed", "taken"), [("249.99 GBP", False), ("250 GBP", True)])
def test_exactly_the_minimum_is_enough_and_a_penny_less_is_not(owed: str, taken: bool) -> None:
    judgement = judge(RULE, facts(owed=owed), RATES, TODAY)

    assert judgement.taken is taken
    if not taken:
        assert judgement.reason == "Less is owed than the policy’s £250.00."


def test_another_currency_is_converted_by_the_dated_rates() -> None:
    # EUR 1 is GBP 0.80.
    assert codes(RULE, facts(owed="312.49 EUR")) == ("below_policy_minimum",)
    assert codes(RULE, facts(owed="312.50 EUR")) == ()


def test_the_books_own_rate_comes_before_the_dated_ones() -> None:
    claim = a_claim(an_invoice(figures=some_figures("600 EUR", rate="2", due="600")))

    assert value_in("GBP", claim, RATES) == money("300.00 GBP")


def test_what_cannot_be_converted_is_left_only_where_an_amount_matters() -> None:
    unknown = facts(owed="900 XAF")

    assert codes(RULE, unknown) == ("value_unknown",)
    assert codes(replace(RULE, minimum=money("0 GBP")), unknown) == ()
    assert codes(replace(RULE, minimum=money("0 GBP"), ceiling=money("1 GBP")), unknown) == ("value_unknown",)


def test_customers_are_excluded_by_their_code_however_it_is_spelt() -> None:
    rule = replace(RULE, excluded_customers=("other", " acme "))

    assert codes(rule, facts()) == ("customer_excluded",)
    assert codes(replace(RULE, excluded_customers=("ACM",)), facts()) == ()


def test_customers_are_excluded_by_what_they_are_marked_with() -> None:
    rule = replace(RULE, excluded_tags=("vip", "Staff"))
    judgement = judge(rule, facts(tags=("Trade show", "VIP")), RATES, TODAY)

    assert judgement.reason == "Its customer is marked “VIP”, which the policy excludes."
    assert codes(rule, facts(tags=())) == ()


def test_what_the_books_do_not_tell_is_not_taken_for_granted() -> None:
    rule = replace(RULE, excluded_tags=("VIP",), reminders_sent=2)

    assert codes(rule, facts(tags=None, reminders=None)) == ("tags_unknown", "reminders_unknown")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (0, "No reminder was sent; the policy asks for 2."),
        (1, "1 reminder was sent; the policy asks for 2."),
        (2, ""),
        (3, ""),
    ],
)
def test_reminders_are_counted(sent: int, said: str) -> None:
    judgement = judge(replace(RULE, reminders_sent=2), facts(reminders=sent), RATES, TODAY)

    assert " ".join(judgement.reasons) == said


def test_a_policy_that_asks_for_no_reminders_does_not_care_what_the_books_say() -> None:
    assert codes(RULE, facts(reminders=None)) == ()


def _finding(severity: Severity, code: str = "town_missing") -> Finding:
    return Finding(code, severity, "debtor.address", "Acme Ltd of 1 High Street owes GBP 500.")


def test_warnings_leave_it_to_a_person_unless_the_policy_does_not_mind() -> None:
    warned = facts(findings=(_finding(Severity.WARNS),))

    assert codes(RULE, warned) == ("has_warnings",)
    assert codes(replace(RULE, only_without_warnings=False), warned) == ()
    assert codes(RULE, facts(findings=(_finding(Severity.INFORMS),))) == ()


def test_what_may_not_be_submitted_is_left_whatever_the_policy_says() -> None:
    lenient = Rule(days_overdue=0, minimum=money("0 GBP"), only_without_warnings=False)

    assert codes(lenient, facts(findings=(_finding(Severity.BLOCKS),))) == ("not_eligible",)
    assert codes(lenient, facts(reference="AR-1")) == ("submitted",)


def test_every_reason_is_given_at_once() -> None:
    rule = replace(RULE, excluded_customers=("ACME",), reminders_sent=1)
    seen = facts(
        "AR-1",
        (_finding(Severity.BLOCKS), _finding(Severity.WARNS, "no_phone")),
        owed="5 GBP",
        due=TODAY,
        reminders=0,
    )

    assert codes(rule, seen) == (
        "submitted",
        "not_eligible",
        "too_young",
        "below_policy_minimum",
        "customer_excluded",
        "too_few_reminders",
        "has_warnings",
    )


def test_the_sentences_name_nobody_and_no_amount_of_the_invoice() -> None:
    seen = facts(
        findings=(_finding(Severity.BLOCKS), _finding(Severity.WARNS, "no_phone")), owed="123.45 GBP"
    )
    reason = judge(replace(RULE, excluded_customers=("ACME",)), seen, RATES, TODAY).reason

    assert "town missing" in reason
    assert "no phone" in reason
    for secret in ("Acme", "ACME", "High Street", "123.45", "500"):
        assert secret not in reason


def test_records_are_wanted_only_for_what_the_policy_asks() -> None:
    unread = facts()

    assert not needs_detail(RULE, unread)
    assert needs_detail(replace(RULE, reminders_sent=1), unread)
    assert not needs_detail(replace(RULE, reminders_sent=1), facts(reminders=0))
    assert needs_detail(replace(RULE, excluded_tags=("VIP",)), unread)
    assert not needs_detail(replace(RULE, excluded_tags=("VIP",)), facts(tags=()))
    assert without_detail(replace(RULE, excluded_tags=("VIP",), reminders_sent=3)) == RULE


# --- How much at once ---------------------------------------------------------------------------------------


def _judged(*owed: tuple[str, int]) -> list[tuple[Claim, Judgement]]:
    """Invoices by amount and days overdue."""
    made = []
    for number, (amount, days) in enumerate(owed):
        claim = a_claim(
            an_invoice(amount, id=f"7{number}", number=str(number), due=TODAY - timedelta(days=days))
        )
        made.append(
            (claim, judge(replace(RULE, minimum=money("0 GBP")), Facts(claim, Verdict()), RATES, TODAY))
        )
    return made


def _with_ceiling(amount: str) -> Rule:
    return replace(RULE, minimum=money("0 GBP"), ceiling=money(amount))


def test_the_longest_overdue_come_first_until_the_ceiling_is_reached() -> None:
    judged = _judged(("400 GBP", 100), ("400 GBP", 300), ("400 GBP", 200))

    ends = within_ceiling(_with_ceiling("800 GBP"), judged)

    assert [one.taken for one in ends] == [False, True, True]
    assert ends[0].reason == "Left for the next run: the ceiling of £800.00 is reached."


def test_a_younger_one_does_not_slip_past_one_that_did_not_fit() -> None:
    judged = _judged(("500 GBP", 300), ("400 GBP", 200), ("100 GBP", 100))

    assert [one.taken for one in within_ceiling(_with_ceiling("600 GBP"), judged)] == [True, False, False]


def test_one_that_alone_is_above_the_ceiling_stops_nobody() -> None:
    judged = _judged(("900 GBP", 300), ("400 GBP", 200))

    ends = within_ceiling(_with_ceiling("600 GBP"), judged)

    assert [one.codes for one in ends] == [("above_ceiling",), ()]


def test_without_a_ceiling_everything_is_taken() -> None:
    judged = _judged(("900 GBP", 300), ("400 GBP", 200))

    assert all(one.taken for one in within_ceiling(RULE, judged))


@given(
    owed=st.lists(st.tuples(st.integers(1, 3000), st.integers(60, 400)), max_size=12),
    ceiling=st.integers(1, 4000),
)
def test_whatever_is_owed_no_run_takes_more_than_the_ceiling(
    owed: list[tuple[int, int]], ceiling: int
) -> None:
    judged = _judged(*((f"{amount} GBP", days) for amount, days in owed))

    ends = within_ceiling(_with_ceiling(f"{ceiling} GBP"), judged)

    taken = [one.value.amount for one in ends if one.taken and one.value]
    assert sum(taken, Decimal(0)) <= ceiling
    assert len(ends) == len(judged)
    # Something is always taken while anything fits by itself, so nothing waits for ever.
    assert bool(taken) is any(amount <= ceiling for amount, _ in owed)


# --- When ---------------------------------------------------------------------------------------------------


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekdays", "hour", "after", "expected"),
    [
        # Friday morning; the next weekday is Monday.
        ((0, 1, 2, 3, 4), 7, "2026-11-20T07:00", "2026-11-23T07:00"),
        ((0, 1, 2, 3, 4), 7, "2026-11-20T06:59", "2026-11-20T07:00"),
        # In summer seven in London is six in UTC.
        ((0,), 7, "2026-06-29T05:59", "2026-06-29T06:00"),
        ((0,), 7, "2026-06-29T06:00", "2026-07-06T06:00"),
        # The clocks go forward on 29 March 2026 at one: there is no one o'clock that day.
        ((6,), 1, "2026-03-28T12:00", "2026-03-29T01:00"),
        ((5, 6), 1, "2026-03-28T00:30", "2026-03-28T01:00"),
        # They go back on 25 October 2026 at two: one o'clock comes twice, and counts once.
        ((6,), 1, "2026-10-24T12:00", "2026-10-25T00:00"),
        ((6,), 1, "2026-10-25T00:00", "2026-11-01T01:00"),
        # The days of 23 and of 25 hours have one slot each.
        ((0, 1, 2, 3, 4, 5, 6), 7, "2026-03-28T07:00", "2026-03-29T06:00"),
        ((0, 1, 2, 3, 4, 5, 6), 7, "2026-10-24T06:00", "2026-10-25T07:00"),
        ((0, 1, 2, 3, 4, 5, 6), 0, "2026-10-24T23:00", "2026-10-26T00:00"),
    ],
)
def test_the_next_slot(weekdays: tuple[int, ...], hour: int, after: str, expected: str) -> None:
    assert next_slot(weekdays, hour, _at(after), LONDON) == _at(expected)


@given(
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    hour=st.integers(0, 23),
    minutes=st.integers(0, 12 * 366 * 24 * 60),
)
def test_the_next_slot_is_later_on_a_wanted_day_and_none_is_left_out(
    weekdays: set[int], hour: int, minutes: int
) -> None:
    after = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    slot = next_slot(sorted(weekdays), hour, after, LONDON)
    local = slot.astimezone(LONDON)

    assert slot > after
    assert local.weekday() in weekdays
    assert local.hour == hour or (hour == 1 and local.hour == 2)
    passed = {after.astimezone(LONDON).date() + timedelta(days=days) for days in range(1, 8)}
    between = {day for day in passed if day < local.date() and day.weekday() in weekdays}
    assert not between


@given(year=st.integers(2020, 2032), hour=st.integers(0, 23))
def test_a_year_of_every_day_has_one_slot_a_day(year: int, hour: int) -> None:
    moment = datetime(year, 1, 1, tzinfo=LONDON) - timedelta(seconds=1)
    days = []
    while (moment := next_slot(range(7), hour, moment, LONDON)) < datetime(year + 1, 1, 1, tzinfo=LONDON):
        days.append(moment.astimezone(LONDON).date())

    first = date(year, 1, 1)
    assert days == [first + timedelta(days=at) for at in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(("weekdays", "hour"), [((), 7), ((9,), 7), ((1,), 24), ((1,), -1)])
def test_a_time_that_never_comes_is_refused(weekdays: tuple[int, ...], hour: int) -> None:
    with pytest.raises(ValueError, match="weekday"):
        next_slot(weekdays, hour, _at("2026-11-20T07:00"), LONDON)


@pytest.mark.parametrize(
    ("weekdays", "said"),
    [
        ((0, 1, 2, 3, 4), "Every weekday at 07:00"),
        ((6, 5, 4, 3, 2, 1, 0), "Every day at 07:00"),
        ((3, 0), "Every Monday and Thursday at 07:00"),
        ((6,), "Every Sunday at 07:00"),
    ],
)
def test_a_cadence_in_plain_words(weekdays: tuple[int, ...], said: str) -> None:
    assert cadence_text(weekdays, 7) == said


def test_a_whole_policy_in_plain_words() -> None:
    rule = Rule(60, money("250 GBP"), ("ACME", "BOLT"), ("VIP",), reminders_sent=2, ceiling=money("5000 GBP"))

    assert summary_text(rule, "Pennine Ltd", (0, 1, 2, 3, 4), 7, submits=True) == (
        "Every weekday at 07:00: invoices of Pennine Ltd that are at least 60 days overdue, have at least "
        "£250.00 owed on them, had at least 2 reminders and show no warnings, except those of ACME and BOLT "
        "and those of customers marked “VIP”. At most £5,000.00 in one run, the longest overdue first. "
        "Cases are opened without asking anybody."
    )
    plain = Rule(1, money("0 GBP"), only_without_warnings=False)
    assert summary_text(plain, "Pennine Ltd", (6,), 22, submits=False) == (
        "Every Sunday at 22:00: invoices of Pennine Ltd that are at least 1 day overdue. "
        "The batch waits for a person."
    )
