"""Where things stand, as a few figures and charts for each currency. Every figure leads to its cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from arrears.core.fx import ECB
from arrears.core.money import Money
from arrears.core.wording import list_text
from arrears.ports import CaseSum, CurrencyFigures, Figures
from arrears.web.formats import counted, country, money, percent
from arrears.web.stages import AGES, STAGES, Stage

#: So many months of recoveries are shown, this one among them.
_MONTHS = 12
#: Into which currency one total is converted.
_COMMON = "GBP"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it is made of, and where its cases are listed."""

    label: str
    value: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One bar of a chart, which is one row of its table. `value` is drawn, `text` is what it says."""

    label: str
    href: str
    count: int | None
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that is a table first. `across` lays its bars on their side, for labels that are words."""

    key: str
    title: str
    told: str
    what: str
    measure: str
    rows: tuple[Row, ...]
    across: bool = True

    @property
    def has_bars(self) -> bool:
        """Whether there is anything to draw: axes around nothing only puzzle."""
        return any(Decimal(row.value) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Converted:
    """Everything in one currency, for a sense of the whole. `left_out` are currencies without a rate."""

    in_collection: Money
    recovered: Money
    as_of: date
    left_out: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures in one currency, and the others to choose from."""

    currency: str
    currencies: tuple[str, ...]
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    undated: Money
    converted: Converted | None


def dashboard_of(figures: Figures, chosen: str, today: date) -> Dashboard | None:
    """The dashboard in the chosen currency, or that of most cases; None without a real case."""
    known = figures.currencies
    shown = next((one for one in known if one.currency == chosen), known[0] if known else None)
    if shown is None:
        return None
    links = _Links(shown.currency, has_tests=bool(figures.tests))
    return Dashboard(
        currency=shown.currency,
        currencies=tuple(one.currency for one in known),
        figures=_figures(shown, links),
        charts=(
            _by_stage(shown, links),
            _by_age(shown, links),
            _by_country(shown, links),
            _by_month(shown, links, today),
        ),
        undated=shown.all.recovered - _sum(shown.by_month.values(), shown.currency),
        converted=_converted(known) if len(known) > 1 else None,
    )


class _Links:
    """Addresses of lists of cases in one currency, without those that no figure counts."""

    def __init__(self, currency: str, *, has_tests: bool) -> None:
        self._always = {"currency": currency} | ({"test": "no"} if has_tests else {})

    def to(self, **filters: str) -> str:
        return f"{reverse('cases')}?{urlencode(filters | self._always)}"


def _figures(shown: CurrencyFigures, links: _Links) -> tuple[Figure, ...]:
    recovered, handed_over, fees = shown.all.recovered, shown.all.principal, shown.fees
    parts = [
        f"{money(amount)} {what}"
        for amount, what in (
            (fees.charged, "in success fees with VAT"),
            (fees.costs, "in costs kept by partners"),
            (fees.estimated, "in success fees, estimated at the agreed rates"),
        )
        if amount.amount
    ]
    return (
        Figure(
            "In collection",
            money(shown.open.outstanding),
            f"{counted(shown.open.count, 'open case')}, of {money(shown.open.principal)} handed over",
            links.to(stage="open"),
        ),
        Figure(
            "Recovered", money(recovered), "from open and closed cases, before fees", links.to(paid="yes")
        ),
        Figure(
            "Recovered, net of fees",
            money(shown.net),
            f"after {list_text(parts)}" if parts else "no fees so far: none is due until money comes in",
            links.to(paid="yes"),
        ),
        Figure(
            "Collection rate",
            percent(shown.rate),
            f"{money(recovered)} recovered ÷ {money(handed_over)} handed over, of all cases",
            links.to(),
        ),
    )


def _by_stage(shown: CurrencyFigures, links: _Links) -> Chart:
    nothing = CaseSum.nothing(shown.currency)
    sums = [(stage, _of_stage(shown, stage)) for stage in STAGES]
    rows = tuple(
        Row(stage.label, links.to(stage=stage.key), one.count, str(one.count), money(one.outstanding))
        for stage, one in sums
    )
    open_count = shown.open.count
    busiest = max((pair for pair in sums if pair[0].key != "closed"), key=lambda pair: pair[1].count)
    told = (
        f"Of {counted(open_count, 'open case')}, {busiest[1].count:,} "
        f"{'is' if busiest[1].count == 1 else 'are'} in the stage “{busiest[0].label}”."
        if busiest[1] != nothing
        else "No case is open."
    )
    return Chart("stage", "By stage", told, "Stage", "Left to recover", rows)


def _of_stage(shown: CurrencyFigures, stage: Stage) -> CaseSum:
    total = CaseSum.nothing(shown.currency)
    for lifecycle in stage.lifecycles:
        total += shown.by_lifecycle.get(lifecycle, CaseSum.nothing(shown.currency))
    return total


def _by_age(shown: CurrencyFigures, links: _Links) -> Chart:
    nothing = CaseSum.nothing(shown.currency)
    rows = tuple(
        _row(label, links.to(stage="open", age=age.value), shown.by_age.get(age, nothing))
        for age, label in AGES.items()
    )
    return Chart(
        "age", "By time since handed over", _most(rows, "open cases"), "Handed over", "In collection", rows
    )


def _by_country(shown: CurrencyFigures, links: _Links) -> Chart:
    in_order = sorted(shown.by_country.items(), key=lambda pair: (-pair[1].outstanding.amount, pair[0]))
    rows = tuple(
        _row(
            country(code) if code else "Not known", links.to(stage="open", country=code) if code else "", one
        )
        for code, one in in_order
    )
    return Chart(
        "country", "By country of the debtor", _most(rows, "open cases"), "Country", "In collection", rows
    )


def _by_month(shown: CurrencyFigures, links: _Links, today: date) -> Chart:
    months, zero = _last_months(today), Money.zero(shown.currency)
    rows = tuple(
        Row(
            f"{month:%b %Y}",
            links.to(paid_in=f"{month:%Y-%m}"),
            None,
            str(amount.rounded().amount),
            money(amount),
        )
        for month in months
        for amount in (shown.by_month.get(month, zero),)
    )
    total = _sum((shown.by_month.get(month, zero) for month in months), shown.currency)
    told = f"{money(total) if total.amount else 'Nothing'} came in during the last {_MONTHS} months."
    return Chart("month", "Recovered over time", told, "Month", "Recovered", rows, across=False)


def _row(label: str, href: str, one: CaseSum) -> Row:
    return Row(label, href, one.count, str(one.outstanding.amount), money(one.outstanding))


def _most(rows: Sequence[Row], of: str) -> str:
    """Which bar is the longest, in a sentence."""
    longest = max(rows, key=lambda row: Decimal(row.value), default=None)
    if longest is None or not Decimal(longest.value):
        return f"There is nothing left to recover on {of}."
    return f"The most is in “{longest.label}”: {longest.text}, {counted(longest.count or 0, 'case')}."


def _last_months(today: date) -> list[date]:
    months, month = [], today.replace(day=1)
    for _ in range(_MONTHS):
        months.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return months[::-1]


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    total = Money.zero(currency)
    for amount in amounts:
        total += amount
    return total


def _converted(known: Sequence[CurrencyFigures]) -> Converted:
    collection, recovered, left_out = Decimal(0), Decimal(0), []
    for one in known:
        factor = ECB.factor(one.currency, _COMMON)
        if factor is None:
            left_out.append(one.currency)
            continue
        collection += one.open.outstanding.amount * factor
        recovered += one.all.recovered.amount * factor
    return Converted(
        Money(collection, _COMMON).rounded(),
        Money(recovered, _COMMON).rounded(),
        ECB.as_of,
        list_text(left_out),
    )
