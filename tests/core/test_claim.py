"""Invoices of one debtor, joined into one claim or kept apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arrears.core.claim import (
    AgeBuckets,
    Claim,
    age_buckets,
    bundle,
    months_after,
    older_than,
    usd_value_of,
)
from tests.builders import RATES, TODAY, a_claim, a_debtor, an_invoice, money, some_figures


def test_the_principal_is_the_sum_outstanding() -> None:
    assert a_claim(an_invoice("100.10 GBP"), an_invoice("50.05 GBP")).principal == money("150.15 GBP")


def test_the_principal_is_unknown_when_one_amount_is() -> None:
    doubtful = an_invoice(figures=some_figures(due="1"))
    assert a_claim(an_invoice(), doubtful).principal is None
    assert a_claim(doubtful, an_invoice()).principal is None


def test_amounts_of_two_currencies_are_never_added() -> None:
    assert a_claim(an_invoice("100 GBP"), an_invoice("100 EUR")).principal is None


def test_a_claim_has_at_least_one_invoice() -> None:
    with pytest.raises(ValueError, match="at least one invoice"):
        Claim("account-1", a_debtor(), ())


def test_the_oldest_dates_ignore_missing_ones() -> None:
    claim = a_claim(
        an_invoice(issued=None, due=date(2026, 5, 1)), an_invoice(issued=date(2026, 4, 2), due=None)
    )
    assert (claim.oldest_due, claim.oldest_issued) == (date(2026, 5, 1), date(2026, 4, 2))
    assert a_claim(an_invoice(issued=None, due=None)).oldest_due is None


def test_overdue_invoices_of_one_debtor_and_currency_are_bundled_oldest_first() -> None:
    newer = a_claim(an_invoice(number="2", due=date(2026, 8, 1)))
    older = a_claim(an_invoice(number="1", due=date(2026, 7, 1)))
    (joined,) = bundle([newer, older], TODAY)
    assert joined.numbers == ("1", "2")
    assert joined.principal == money("1000 GBP")


def test_currencies_debtors_and_accounts_stay_apart() -> None:
    pounds, euros = a_claim(an_invoice("500 GBP")), a_claim(an_invoice("500 EUR"))
    somebody_else = a_claim(debtor=a_debtor(code="BETA"))
    another_company = Claim("account-2", a_debtor(), (an_invoice(),))
    claims = [pounds, euros, somebody_else, another_company]
    assert bundle(claims, TODAY) == claims


@pytest.mark.parametrize(
    "doubtful",
    [
        an_invoice(due=None),
        an_invoice(due=date(2027, 1, 1)),
        an_invoice(figures=some_figures(due="1")),
        an_invoice("0 GBP"),
        an_invoice(is_credit_note=True),
    ],
)
def test_an_invoice_in_doubt_is_not_bundled_with_sound_ones(doubtful: object) -> None:
    sound, other = a_claim(an_invoice(number="1")), a_claim(an_invoice(number="2"))
    odd = a_claim(doubtful)  # type: ignore[arg-type]
    first, second = bundle([sound, odd, other], TODAY)
    assert first.numbers == ("1", "2")
    assert second == odd


def test_customers_without_a_code_are_never_bundled() -> None:
    claims = [a_claim(debtor=a_debtor(code="", name=name)) for name in ("One Ltd", "Two Ltd")]
    assert bundle(claims, TODAY) == claims


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 22), 12, date(2026, 11, 22)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_exactly_twelve_months_is_not_more_than_twelve_months() -> None:
    assert not older_than(date(2025, 11, 22), 12, TODAY)
    assert older_than(date(2025, 11, 21), 12, TODAY)


def test_a_due_date_at_the_end_of_time_is_not_old() -> None:
    assert not older_than(date(9999, 12, 31), 12, TODAY)


def test_each_age_bucket_includes_the_older_ones() -> None:
    claim = a_claim(
        an_invoice("1 GBP", due=date(2026, 11, 1)),
        an_invoice("10 GBP", due=date(2026, 5, 1)),
        an_invoice("100 GBP", due=date(2025, 11, 1)),
        an_invoice("1000 GBP", due=date(2024, 11, 1)),
        an_invoice("10000 GBP", due=None),
    )
    assert age_buckets(claim, TODAY) == AgeBuckets(Decimal(1110), Decimal(1100), Decimal(1000))


def test_every_invoice_is_valued_at_its_own_booked_rate() -> None:
    # GBP 1 is USD 1.25. 120 EUR at 1.2 is GBP 100, so USD 125; 150 EUR at 1.5 is GBP 100 again.
    first = an_invoice(figures=some_figures("120 EUR", rate="1.2"))
    second = an_invoice(figures=some_figures("150 EUR", rate="1.5"))
    value = usd_value_of(a_claim(first, second), RATES)
    assert value is not None
    assert value.amount == Decimal("250.00")
    assert "1.2 EUR" in value.source
    assert "1.5 EUR" in value.source


def test_without_a_rate_there_is_no_dollar_value() -> None:
    assert usd_value_of(a_claim(an_invoice("100 XAF")), RATES) is None
    assert usd_value_of(a_claim(an_invoice(figures=some_figures(due="1"))), RATES) is None
