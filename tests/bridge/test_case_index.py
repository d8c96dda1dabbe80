"""Cases are searched and counted alike wherever they are: one suite for the desk's index and the other."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from arrears.accounts.models import Organisation
from arrears.bridge.adapters import adapters
from arrears.bridge.case_figures import case_figures
from arrears.bridge.find_cases import Place, find_cases
from arrears.bridge.list_cases import list_cases
from arrears.bridge.models import Recovery, TrackedCase
from arrears.bridge.tracked_index import TrackedIndex
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.desk.case_index import DeskCaseIndex
from arrears.desk.models import Case as DeskCase
from arrears.desk.models import Payment
from arrears.ports import Age, Case, CaseIndex, CaseSearch, CaseSum, Figures, Mark
from tests.bridge.indexed_cases import NOON, at_desk, tracked_at
from tests.builders import TODAY
from tests.desk.builders import a_partner, an_organisation
from tests.fakes import FakeAdapters
from tests.web.far_world import an_account

ALL = CaseSearch()


@dataclass
class There:
    """One creditor's cases in one place: how to put one there, and the index over them."""

    organisation: Organisation
    index: CaseIndex
    add: Callable[..., str]


@pytest.fixture
def outside(db: None, settings: Settings) -> type[FakeAdapters]:
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    return FakeAdapters.fresh()


@pytest.fixture(params=["desk", "elsewhere"])
def there(request: pytest.FixtureRequest, outside: type[FakeAdapters]) -> There:
    creditor = an_organisation("Pennine")
    if request.param == "desk":
        partner = a_partner()
        return There(
            creditor,
            DeskCaseIndex(creditor.pk),
            lambda **about: at_desk(creditor, **{"partner": partner} | about),
        )
    live, test = an_account(creditor), an_account(creditor, creditor="c-2", test=True)
    return There(
        creditor,
        TrackedIndex(creditor.pk),
        lambda **about: tracked_at(test if about.get("test") else live, **about),
    )


def _references(there: There, search: CaseSearch) -> list[str]:
    return [one.case.reference for one in there.index.page(search, TODAY, 100)]


# --- Searching ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        (ALL, {"acme", "oak", "old", "closed", "asked", "paid", "trial"}),
        (CaseSearch(words="ACME ltd"), {"acme"}),
        (CaseSearch(words="7-0001"), {"oak"}),
        (CaseSearch(words="ar-9"), {"old"}),
        (CaseSearch(words="acme 7-0001"), set()),
        (CaseSearch(words="100% _"), set()),
        (CaseSearch(lifecycles=frozenset({Lifecycle.CLOSED})), {"closed"}),
        (CaseSearch(country="DE"), {"oak"}),
        (CaseSearch(currency="EUR"), {"oak"}),
        (CaseSearch(age=Age.TO_30_DAYS), {"acme", "oak", "closed", "asked", "paid", "trial"}),
        (CaseSearch(age=Age.TO_60_DAYS), {"old"}),
        (CaseSearch(opened_from=TODAY), {"acme", "oak", "closed", "asked", "paid", "trial"}),
        (CaseSearch(opened_to=TODAY - timedelta(days=1)), {"old"}),
        (CaseSearch(age=Age.TO_60_DAYS, opened_from=TODAY), set()),
        (CaseSearch(attention=True), {"asked"}),
        (CaseSearch(paid=True), {"paid"}),
        (CaseSearch(paid=False), {"acme", "oak", "old", "closed", "asked", "trial"}),
        (CaseSearch(test=True), {"trial"}),
        (CaseSearch(test=False), {"acme", "oak", "old", "closed", "asked", "paid"}),
    ],
)
def test_a_search_finds_exactly_the_cases_that_fit(
    there: There, search: CaseSearch, wanted: set[str]
) -> None:
    made = {
        "acme": there.add(debtor="Acme Ltd"),
        "oak": there.add(debtor="Eiche", country="DE", currency="EUR", invoices=["7-0001", "7-0002"]),
        "old": there.add(ours="AR-9", opened=NOON - timedelta(days=31)),
        "closed": there.add(lifecycle=Lifecycle.CLOSED),
        "asked": there.add(lifecycle=Lifecycle.MORE_INFO),
        "paid": there.add(added="20", outstanding="519.99"),
        "trial": there.add(test=True),
    }

    names = {reference: name for name, reference in made.items()}
    found = _references(there, search)

    assert {names[one] for one in found} == wanted
    assert there.index.figures(search, TODAY).count == len(wanted)


@pytest.mark.parametrize("days", [0, 30, 31, 60, 61, 90, 91, 180, 181, 365, 366, 730, 731])
def test_a_case_is_counted_under_the_age_that_finds_it(there: There, days: int) -> None:
    day = TODAY - timedelta(days=days)
    for moment in (datetime.combine(day, time(0, 30), UTC), datetime.combine(day, time(22), UTC)):
        there.add(opened=moment)

    by_age = there.index.figures(ALL, TODAY).by_currency["GBP"].by_age

    assert sum(one.count for one in by_age.values()) == 2
    for age, one in by_age.items():
        assert len(_references(there, CaseSearch(age=age))) == one.count


def test_what_is_anothers_is_neither_found_nor_counted(there: There) -> None:
    mine = there.add()
    stranger = an_organisation("Elsewhere")
    at_desk(stranger, partner=a_partner())
    tracked_at(an_account(stranger, creditor="c-3"))

    assert _references(there, ALL) == [mine]
    assert there.index.figures(ALL, TODAY).count == 1


def test_pages_follow_each_other_in_both_directions_whatever_opened_at_one_moment(there: There) -> None:
    for hours in (0, 1, 1, 1, 2, 3, 3):
        there.add(opened=NOON - timedelta(hours=hours))
    whole = there.index.page(ALL, TODAY, 100)

    mark: Mark | None = None
    forth: list[str] = []
    while page := there.index.page(ALL, TODAY, 2, mark=mark):
        forth += [one.case.reference for one in page]
        mark = Mark(page[-1].case.opened_at, page[-1].number)
    last = Mark(whole[-1].case.opened_at, whole[-1].number)
    back = there.index.page(ALL, TODAY, 100, mark=last, newer=True)

    assert forth == [one.case.reference for one in whole]
    assert [one.case.reference for one in back] == forth[-2::-1]


# --- Figures ------------------------------------------------------------------------------------------------


def test_figures_are_the_sums_of_the_cases(outside: type[FakeAdapters]) -> None:
    creditor, draw = an_organisation("Pennine"), random.Random(11)  # noqa: S311
    partner, account = a_partner(), an_account(creditor)
    trial = an_account(creditor, creditor="c-2", test=True)
    for _ in range(60):
        about = {
            "currency": draw.choice(["GBP", "EUR", "JPY"]),
            "country": draw.choice(["GB", "DE", "FR"]),
            "lifecycle": draw.choice(list(Lifecycle)),
            "principal": str(draw.randrange(1, 5000)),
            "added": str(draw.randrange(100)),
            "outstanding": str(draw.randrange(100)),
            "opened": NOON - timedelta(days=draw.randrange(900)),
        }
        if draw.random() < 0.5:
            at_desk(creditor, partner=partner, test=draw.random() < 0.1, **about)
        else:
            tracked_at(trial if draw.random() < 0.1 else account, **about)
    cases = [one.case for one in list_cases(creditor.pk)]

    figures = case_figures(creditor.pk, ALL).all

    assert figures.count == 60
    assert figures.tests == sum(case.test for case in cases)
    for one in figures.currencies:
        alike = [case for case in cases if not case.test and case.principal.currency == one.currency]
        still_open = [case for case in alike if case.lifecycle is not Lifecycle.CLOSED]
        assert one.all == _added_up(alike, one.currency)
        assert one.open == _added_up(still_open, one.currency)
        for country, part in one.by_country.items():
            there = [case for case in still_open if case.country == country]
            assert part == _added_up(there, one.currency)
        for state, part in one.by_lifecycle.items():
            assert part == _added_up([case for case in alike if case.lifecycle is state], one.currency)
        assert sum(part.count for part in one.by_age.values()) == len(still_open)


def _added_up(cases: list[Case], currency: str) -> CaseSum:
    zero = Money.zero(currency)
    total = CaseSum(len(cases), zero, zero, zero)
    for case in cases:
        total += CaseSum(0, case.principal, case.outstanding, case.paid)
    return replace(
        total,
        principal=total.principal.rounded(),
        outstanding=total.outstanding.rounded(),
        recovered=total.recovered.rounded(),
    )


def test_fees_are_what_was_taken_at_the_desk_and_an_estimate_elsewhere(outside: type[FakeAdapters]) -> None:
    creditor = an_organisation("Pennine")
    at_desk(creditor, partner=a_partner(), outstanding="300")
    case = DeskCase.objects.get()
    _paid(case, "200", date(2026, 9, 5), fee="19", vat="3.80", kept="2")
    _paid(case, "100", date(2026, 9, 6), reversed_at=NOON)
    tracked_at(an_account(creditor), outstanding="400")
    Recovery.objects.create(case=TrackedCase.objects.get(), amount=Decimal(60), noticed_at=NOON)

    one = case_figures(creditor.pk, ALL).all.by_currency["GBP"]

    assert one.all.recovered == Money.parse("300.00 GBP")
    assert str(one.fees.charged) == "22.80 GBP"
    assert str(one.fees.costs) == "2.00 GBP"
    assert str(one.fees.estimated) == "9.50 GBP"
    assert str(one.net) == "265.70 GBP"
    assert one.rate == Decimal("30.0")
    months = {month: str(amount) for month, amount in one.by_month.items()}
    assert months == {date(2026, 9, 1): "200.00 GBP", TODAY.replace(day=1): "60.00 GBP"}


def test_the_cases_on_which_money_came_in_during_a_month_are_found(outside: type[FakeAdapters]) -> None:
    creditor, partner = an_organisation("Pennine"), a_partner()
    paid, unpaid = (at_desk(creditor, partner=partner, outstanding="300") for _ in range(2))
    _paid(DeskCase.objects.get(reference=paid), "200", date(2026, 9, 30))
    _paid(DeskCase.objects.get(reference=unpaid), "200", date(2026, 9, 1), reversed_at=NOON)
    far = tracked_at(an_account(creditor), outstanding="400")
    Recovery.objects.create(
        case=TrackedCase.objects.get(),
        amount=Decimal(100),
        noticed_at=datetime(2026, 8, 31, 23, 30, tzinfo=UTC),
    )

    found = find_cases(creditor.pk, CaseSearch(paid_in=date(2026, 9, 1)), 100)

    assert {one.case.reference for one in found.cases} == {paid, far}  # half past midnight in London


def _paid(
    case: DeskCase, amount: str, day: date, fee: str = "0", vat: str = "0", kept: str = "0", **more: Any
) -> None:
    whole, nothing = Decimal(amount), Decimal(0)
    Payment.objects.create(
        case=case, paid_on=day, amount=whole, currency=case.currency, recipient="CollectionPartner",
        method="BankTransfer", to_principal=whole, to_interest=nothing, to_reminder_fees=nothing,
        to_collection_fees=nothing, rate=Decimal("9.5"), fee=Decimal(fee), fee_vat=Decimal(vat),
        partner_share=Decimal(kept), creditor_share=whole - Decimal(fee) - Decimal(vat) - Decimal(kept),
        settle_by=day, recorded_by="x", recorded_at=NOON, updated_at=NOON, **more,
    )  # fmt: skip


# --- Merging ------------------------------------------------------------------------------------------------


def test_pages_of_both_places_are_one_list_in_both_directions(outside: type[FakeAdapters]) -> None:
    creditor, draw = an_organisation("Pennine"), random.Random(5)  # noqa: S311
    partner, account = a_partner(), an_account(creditor)
    for _ in range(23):
        opened = NOON - timedelta(hours=draw.randrange(6))
        at_desk(creditor, partner=partner, opened=opened) if draw.random() < 0.5 else tracked_at(
            account, opened=opened
        )
    whole = [one.case.reference for one in find_cases(creditor.pk, ALL, 100).cases]
    assert set(whole) == {one.case.reference for one in list_cases(creditor.pk)}

    page = find_cases(creditor.pk, ALL, 4)
    pages = [page]
    while page.older:
        page = find_cases(creditor.pk, ALL, 4, Place.read(page.older.text))
        pages.append(page)
    back = [page]
    while page.newer:
        page = find_cases(creditor.pk, ALL, 4, Place.read(page.newer.text))
        back.append(page)

    assert [one.case.reference for page in pages for one in page.cases] == whole
    assert [page.cases for page in reversed(back)] == [page.cases for page in pages]
    assert (pages[0].newer, pages[-1].older, back[-1].newer) == (None, None, None)


@pytest.mark.parametrize(
    "text", ["", "o", "o.1.2", "o.1.2.3.4", "x.1.0.1", "o.-1.0.1", f"o.{'9' * 18}.0.1", "o.²..1"]
)
def test_a_place_that_makes_no_sense_is_the_beginning(text: str) -> None:
    assert Place.read(text) is None


def test_one_collectors_cases_can_be_asked_for(outside: type[FakeAdapters]) -> None:
    creditor = an_organisation("Pennine")
    mine = at_desk(creditor, partner=a_partner())
    account, other = an_account(creditor), an_account(creditor, creditor="c-2")
    far, _ = tracked_at(account), tracked_at(other)

    def of(collector: int | None) -> set[str]:
        search = CaseSearch(collector=collector)
        count = case_figures(creditor.pk, search).all.count
        found = {one.case.reference for one in find_cases(creditor.pk, search, 100).cases}
        assert len(found) == count
        return found

    assert of(0) == {mine}
    assert of(account.pk) == {far}
    assert len(of(None)) == 3


def test_without_cases_nothing_is_said_of_any_currency(outside: type[FakeAdapters]) -> None:
    assert case_figures(an_organisation("Pennine").pk, ALL).all == Figures()


def test_a_page_takes_the_same_few_questions_however_many_cases_are_on_it(
    there: There, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(5):
        there.add()
    with django_assert_max_num_queries(2):
        assert len(there.index.page(ALL, TODAY, 10, mark=None, newer=False)) == 5
