"""What cases come to: counted and added up, one set of figures for each currency, never across."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from arrears.core.case import Lifecycle
from arrears.core.money import Money

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Age(StrEnum):
    """How long ago a case was handed over. The values stand in addresses."""

    TO_30_DAYS = "0-30"
    TO_60_DAYS = "31-60"
    TO_90_DAYS = "61-90"
    TO_180_DAYS = "91-180"
    TO_1_YEAR = "181-365"
    TO_2_YEARS = "366-730"
    LONGER = "over-730"

    @property
    def days(self) -> tuple[int, int | None]:
        """From how many days to how many, both inclusive; None for no end."""
        return _DAYS[self]


_DAYS: Mapping[Age, tuple[int, int | None]] = {
    Age.TO_30_DAYS: (0, 30),
    Age.TO_60_DAYS: (31, 60),
    Age.TO_90_DAYS: (61, 90),
    Age.TO_180_DAYS: (91, 180),
    Age.TO_1_YEAR: (181, 365),
    Age.TO_2_YEARS: (366, 730),
    Age.LONGER: (731, None),
}


@dataclass(frozen=True, slots=True)
class CaseSum:
    """Some cases in one currency: how many, what was handed over, what is left, and what has come in."""

    count: int
    principal: Money
    outstanding: Money
    recovered: Money

    @classmethod
    def nothing(cls, currency: str) -> CaseSum:
        zero = Money.zero(currency)
        return cls(0, zero, zero, zero)

    def __add__(self, other: CaseSum) -> CaseSum:
        return CaseSum(
            self.count + other.count,
            self.principal + other.principal,
            self.outstanding + other.outstanding,
            self.recovered + other.recovered,
        )


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """The real cases that are alike in all that figures are told apart by; amounts are in `currency`."""

    currency: str
    lifecycle: Lifecycle
    country: str
    age: Age
    count: int
    principal: Decimal
    outstanding: Decimal
    recovered: Decimal


@dataclass(frozen=True, slots=True)
class Fees:
    """What recovering money has cost, in one currency.

    `charged` are success fees with VAT as they were taken, `costs` what the partner added to the debt and
    kept when it came in; `estimated` are success fees worked out as the agreed rate of what was recovered,
    where the collector does not tell what it took.
    """

    charged: Money
    costs: Money
    estimated: Money

    @classmethod
    def nothing(cls, currency: str) -> Fees:
        return cls(*(Money.zero(currency),) * 3)

    def __add__(self, other: Fees) -> Fees:
        return Fees(self.charged + other.charged, self.costs + other.costs, self.estimated + other.estimated)

    @property
    def total(self) -> Money:
        return self.charged + self.costs + self.estimated


@dataclass(frozen=True, slots=True)
class CurrencyFigures:
    """Everything about the real cases in one currency.

    `all` is every case, `open` those that are not closed. `by_age` and `by_country` split the open ones,
    `by_lifecycle` splits all. `by_month` says what came in during which month (its first day): money that
    came in before anybody watched is in `all.recovered` only.
    """

    currency: str
    all: CaseSum
    open: CaseSum
    fees: Fees
    by_lifecycle: Mapping[Lifecycle, CaseSum] = field(default_factory=dict)
    by_age: Mapping[Age, CaseSum] = field(default_factory=dict)
    by_country: Mapping[str, CaseSum] = field(default_factory=dict)
    by_month: Mapping[date, Money] = field(default_factory=dict)

    @property
    def net(self) -> Money:
        """What was recovered, less every fee and cost."""
        return self.all.recovered - self.fees.total

    @property
    def rate(self) -> Decimal:
        """The collection rate in per cent: recovered ÷ handed over, of all cases, open and closed."""
        handed_over = self.all.principal.amount
        return round(self.all.recovered.amount / handed_over * 100, 1) if handed_over else Decimal(0)

    def __add__(self, other: CurrencyFigures) -> CurrencyFigures:
        return CurrencyFigures(
            self.currency,
            self.all + other.all,
            self.open + other.open,
            self.fees + other.fees,
            joined(self.by_lifecycle, other.by_lifecycle, CaseSum.__add__),
            joined(self.by_age, other.by_age, CaseSum.__add__),
            joined(self.by_country, other.by_country, CaseSum.__add__),
            joined(self.by_month, other.by_month, Money.__add__),
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of the cases that fit a search, by currency; test cases are in none of them.

    `tests` is how many test cases fit, `unsigned` how many cases, test cases too, wait for a signature.
    """

    by_currency: Mapping[str, CurrencyFigures] = field(default_factory=dict)
    tests: int = 0
    unsigned: int = 0

    @property
    def count(self) -> int:
        """How many cases fit, test cases among them."""
        return self.tests + sum(one.all.count for one in self.by_currency.values())

    @property
    def currencies(self) -> list[CurrencyFigures]:
        """The figures of each currency, the one with most cases first."""
        return sorted(self.by_currency.values(), key=lambda one: (-one.all.count, one.currency))

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            joined(self.by_currency, other.by_currency, CurrencyFigures.__add__),
            self.tests + other.tests,
            self.unsigned + other.unsigned,
        )


def joined(one: Mapping[K, V], other: Mapping[K, V], add: Callable[[V, V], V]) -> dict[K, V]:
    """Both mappings in one, adding what both have."""
    both = dict(one)
    for key, value in other.items():
        both[key] = add(both[key], value) if key in both else value
    return both


def figures_of(
    groups: Iterable[CaseGroup],
    months: Iterable[tuple[date, Money]],
    fees: Mapping[str, Fees],
    tests: int = 0,
    unsigned_tests: int = 0,
) -> Figures:
    """Put together what an index has counted. Nothing is said of a currency without cases."""
    by_currency: dict[str, list[CaseGroup]] = {}
    for group in groups:
        by_currency.setdefault(group.currency, []).append(group)
    months_of: dict[str, dict[date, Money]] = {}
    for month, money in months:
        of_currency = months_of.setdefault(money.currency, {})
        of_currency[month] = of_currency.get(month, Money.zero(money.currency)) + money
    figures = {
        code: _figures_of(code, alike, months_of.get(code, {}), fees.get(code, Fees.nothing(code)))
        for code, alike in by_currency.items()
    }
    unsigned = sum(
        group.count
        for alike in by_currency.values()
        for group in alike
        if group.lifecycle is Lifecycle.PENDING_SIGNING
    )
    return Figures(figures, tests, unsigned + unsigned_tests)


def _figures_of(
    currency: str, groups: Sequence[CaseGroup], by_month: Mapping[date, Money], fees: Fees
) -> CurrencyFigures:
    still_open = [group for group in groups if group.lifecycle is not Lifecycle.CLOSED]
    nothing = CaseSum.nothing(currency)
    return CurrencyFigures(
        currency,
        all=_summed(groups, lambda _: "").get("", nothing),
        open=_summed(still_open, lambda _: "").get("", nothing),
        fees=fees,
        by_lifecycle=_summed(groups, lambda group: group.lifecycle),
        by_age=_summed(still_open, lambda group: group.age),
        by_country=_summed(still_open, lambda group: group.country),
        by_month=by_month,
    )


def _summed(groups: Iterable[CaseGroup], key: Callable[[CaseGroup], K]) -> dict[K, CaseSum]:
    """The groups added up by a key, in plain decimals until the end: there may be thousands of them."""
    sums: dict[K, tuple[int, Decimal, Decimal, Decimal]] = {}
    currency = ""
    for group in groups:
        currency, at = group.currency, key(group)
        count, principal, outstanding, recovered = sums.get(at, (0, Decimal(0), Decimal(0), Decimal(0)))
        sums[at] = (
            count + group.count,
            principal + group.principal,
            outstanding + group.outstanding,
            recovered + group.recovered,
        )
    return {
        at: CaseSum(count, *(Money(amount, currency).rounded() for amount in amounts))
        for at, (count, *amounts) in sums.items()
    }


def ages_since(today: date) -> list[tuple[Age, date]]:
    """For each age but the last, the first day of opening that is no older, the youngest age first."""
    return [(age, today - timedelta(days=most)) for age, (_, most) in _DAYS.items() if most is not None]


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def month_after(month: date) -> date:
    """The first day of the month after the one that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1)
