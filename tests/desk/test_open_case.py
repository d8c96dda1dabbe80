"""Opening a case: what is checked, decided, frozen and written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arrears.core.case import Lifecycle
from arrears.core.debtor import DebtorType
from arrears.core.money import Money, exponent, totals_by_currency
from arrears.desk.collector import DeskCollector
from arrears.desk.models import Case, CaseEvent, Partner
from arrears.ports import Answer
from tests.builders import TODAY, a_claim, a_debtor, an_address, an_invoice
from tests.opened_cases import open_several, opened


def test_a_case_with_a_partner_waits_for_verification(desk: DeskCollector) -> None:
    case = opened(desk.open(a_claim(), "AR-1", "key-1", TODAY))
    assert case.lifecycle is Lifecycle.PENDING_VERIFICATION
    assert case.partner.endswith("(demo)")
    assert case.routing_reason == "Covers United Kingdom."


def test_a_case_that_no_partner_takes_collects_quotes_and_says_why(desk: DeskCollector) -> None:
    Partner.objects.filter(country="GB").update(active=False)
    case = opened(desk.open(a_claim(), "AR-1", "key-1", TODAY))
    assert case.lifecycle is Lifecycle.COLLECTING_QUOTES
    assert case.partner == ""
    assert case.rate is None
    assert case.price_source == ""
    assert "No partner covers United Kingdom." in desk.case_file(case.id).timeline[-1].text


def test_the_timeline_tells_amount_partner_and_price(desk: DeskCollector) -> None:
    case = opened(desk.open(a_claim(an_invoice("2000 EUR")), "AR-1", "key-1", TODAY))
    texts = [event.text for event in desk.case_file(case.id).timeline]
    assert texts == [
        "Opened for EUR 2,000.00: invoice 1001.",
        f"Goes to {case.partner}. Covers United Kingdom.",
        (
            "Standard agreement: 9.5% of what is recovered, EUR 190.00 if that is everything. "
            "Standard price list of 25 March 2026."
        ),
        f"Passed the automatic check. Given to {case.partner}.",
    ]


def test_the_price_is_frozen_with_the_case(desk: DeskCollector) -> None:
    old = an_invoice("2000 EUR", issued=date(2025, 1, 1), due=date(2025, 1, 31))
    open_several(desk, "AR-1", claim=a_claim(old))
    row = Case.objects.get()
    assert (row.rate, row.uplift, row.expected_fee) == (Decimal("17.5"), Decimal(8), Decimal(350))
    assert (row.price_source, row.price_as_of) == ("Standard agreement", date(2026, 3, 25))
    assert (row.oldest_issued, row.oldest_due) == (date(2025, 1, 1), date(2025, 1, 31))


def test_a_claim_below_the_price_list_is_opened_without_a_price(desk: DeskCollector) -> None:
    case = opened(desk.open(a_claim(an_invoice("10 EUR")), "AR-1", "key-1", TODAY))
    assert case.partner
    assert case.rate is None
    assert "the price is to be agreed" in desk.case_file(case.id).timeline[2].text


def test_the_debtor_is_kept_as_told(desk: DeskCollector) -> None:
    address = an_address(street="5 Main St", city="Reno", zip="89501", state="NV", country="US")
    debtor = a_debtor(address=address, contact_person="Jo Bloggs", company_number="C123")
    open_several(desk, "AR-1", claim=a_claim(debtor=debtor))
    row = Case.objects.get()
    assert (row.debtor_name, row.debtor_type) == ("Acme Ltd", DebtorType.COMPANY)
    assert (row.debtor_street, row.debtor_city, row.debtor_zip) == ("5 Main St", "Reno", "89501")
    assert (row.debtor_state, row.debtor_country) == ("NV", "US")
    assert (row.debtor_emails, row.debtor_phones) == (["accounts@acme.example"], ["+44 113 496 0000"])
    assert (row.debtor_contact, row.debtor_company_number) == ("Jo Bloggs", "C123")


def test_what_the_database_cannot_keep_does_not_stop_a_case(desk: DeskCollector) -> None:
    case = opened(desk.open(a_claim(debtor=a_debtor(name="Ac\0me\ud800 Ltd")), "AR-1", "key-1", TODAY))
    assert case.debtor_name == "Acme Ltd"


def test_a_reference_is_eight_capitals_and_digits(desk: DeskCollector) -> None:
    for case in open_several(desk, *(f"AR-{number}" for number in range(20))):
        assert len(case.reference) == 8
        assert case.reference.isalnum()
        assert case.reference == case.reference.upper()


def test_a_reference_that_chance_has_given_before_is_drawn_again(
    desk: DeskCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = iter("A" * 24 + "B" * 8)
    monkeypatch.setattr("arrears.desk.models.case.secrets.choice", lambda _: next(letters))
    first, second = open_several(desk, "AR-1", "AR-2")
    assert (first.reference, second.reference) == ("AAAAAAAA", "BBBBBBBB")


@pytest.mark.parametrize("reference", ["", "x" * 51, "AR-1\n", "AR\0"])
def test_a_reference_that_cannot_be_kept_is_refused(desk: DeskCollector, reference: str) -> None:
    answer = desk.open(a_claim(), reference, "key-1", TODAY)
    assert answer.answer is Answer.REFUSED
    assert answer.messages == ("The reference must have 1 to 50 printable characters.",)


def test_every_problem_is_told_at_once(desk: DeskCollector) -> None:
    claim = a_claim(
        an_invoice("0 GBP", number="7"),
        an_invoice("1.005 GBP", number="8"),
        debtor=a_debtor(name="", address=an_address(country="")),
    )
    assert desk.open(claim, "AR-1", "key-1", TODAY).messages == (
        "The debtor's name is missing. Enter it in the customer's record.",
        "The debtor's country is missing. Enter it in the customer's address.",
        "Nothing is owed on invoice 7. Leave it out.",
        "Invoice 8 has more decimal places than the 2 of GBP.",
    )


def test_two_currencies_are_not_added_up(desk: DeskCollector) -> None:
    answer = desk.open(a_claim(an_invoice("5 GBP"), an_invoice("5 EUR")), "AR-1", "key-1", TODAY)
    assert answer.answer is Answer.REFUSED
    assert answer.messages == ("The claim mixes EUR and GBP. Hand over one claim for each currency.",)


def test_an_amount_beyond_belief_is_refused_and_not_cut(desk: DeskCollector) -> None:
    claim = a_claim(an_invoice("600000000000000 GBP"), an_invoice("600000000000000 GBP"))
    assert desk.open(claim, "AR-1", "key-1", TODAY).answer is Answer.REFUSED


def test_a_duplicate_says_whether_it_is_the_same_request(desk: DeskCollector) -> None:
    case = opened(desk.open(a_claim(), "AR-1", "key-1", TODAY))
    same = desk.open(a_claim(), "AR-1", "key-1", TODAY)
    other_key = desk.open(a_claim(), "AR-1", "key-2", TODAY)
    other_claim = desk.open(a_claim(an_invoice("9 GBP")), "AR-1", "key-1", TODAY)
    assert same.messages == (f"This very request has already opened case {case.reference}.",)
    assert other_key.messages == (f"The same claim is already case {case.reference}.",)
    assert "other details" in other_claim.messages[0]


def test_a_refused_twin_leaves_no_timeline_behind(desk: DeskCollector) -> None:
    open_several(desk, "AR-1")
    before = CaseEvent.objects.count()
    desk.open(a_claim(), "AR-1", "key-2", TODAY)
    assert CaseEvent.objects.count() == before


_CURRENCIES = st.sampled_from(["GBP", "EUR", "USD", "JPY", "KWD", "AED"])


@st.composite
def _amounts(draw: st.DrawFn) -> Money:
    currency = draw(_CURRENCIES)
    units = draw(st.integers(1, 10**11))
    return Money(Decimal(units).scaleb(-exponent(currency)), currency)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(_amounts(), min_size=1, max_size=12))
def test_the_cases_add_up_to_the_claims_in_every_currency(
    desk_for: Callable[[str], DeskCollector], amounts: list[Money]
) -> None:
    desk = desk_for("A creditor")
    for number, amount in enumerate(amounts):
        opened(desk.open(a_claim(an_invoice(str(amount))), f"AR-{number}", f"key-{number}", TODAY))
    cases = list(desk.cases())
    assert len(cases) == len(amounts)
    assert totals_by_currency([case.principal for case in reversed(cases)]) == totals_by_currency(amounts)
