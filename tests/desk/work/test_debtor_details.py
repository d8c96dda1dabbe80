"""Correcting the debtor's details: what may be changed when, and what follows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from arrears.core.case import Lifecycle
from arrears.core.debtor import DebtorType
from arrears.desk.actors import Refused
from arrears.desk.cases.set_debtor_details import DebtorDetails, set_debtor_details
from arrears.desk.models import Case, CoverageRule
from tests.desk.builders import NOON, OPERATOR, a_partner, creditor_of, partner_of
from tests.desk.work.at_work import TODAY, a_priced_case, row, told

pytestmark = pytest.mark.django_db

NEW_WAYS = DebtorDetails(
    street="9 High Street",
    city="York",
    zip="YO1 7HH",
    emails=("new@debtor.example",),
    phones=("01904 000000",),
    contact="Jo Bloggs",
)
NOT_ACCEPTED = [
    Lifecycle.PENDING_SIGNING,
    Lifecycle.PENDING_VERIFICATION,
    Lifecycle.MORE_INFO,
    Lifecycle.COLLECTING_QUOTES,
    Lifecycle.PENDING_QUOTE_SELECTION,
]


def change(case: Case, details: DebtorDetails, actor: Any = creditor_of) -> None:
    set_debtor_details(actor(case), case.public_id, details, now=NOON, today=TODAY)


@pytest.mark.parametrize("state", NOT_ACCEPTED)
def test_how_to_reach_the_debtor_can_be_changed_until_a_partner_accepts(state: Lifecycle) -> None:
    case = a_priced_case(state)
    change(case, NEW_WAYS)
    now = row(case)
    assert (now.debtor_street, now.debtor_city, now.debtor_zip) == ("9 High Street", "York", "YO1 7HH")
    assert (now.debtor_emails, now.debtor_phones) == (["new@debtor.example"], ["01904 000000"])
    assert (now.debtor_contact, now.lifecycle) == ("Jo Bloggs", state)
    assert told(case) == [
        (
            "The debtor's street, city, postcode, e-mail addresses, telephone numbers and contact person "
            "changed."
        )
    ]


@pytest.mark.parametrize("state", [Lifecycle.ACTIVE, Lifecycle.PAUSED, Lifecycle.CLOSED])
def test_afterwards_nothing_can_be_changed(state: Lifecycle) -> None:
    case = a_priced_case(state)
    with pytest.raises(Refused, match="cannot be changed any more"):
        change(case, NEW_WAYS)
    assert row(case).debtor_city == "Leeds"


def test_an_accepted_case_that_waits_for_information_cannot_be_changed_either() -> None:
    case = a_priced_case(Lifecycle.MORE_INFO, accepted_at=NOON)
    with pytest.raises(Refused, match="cannot be changed any more"):
        change(case, NEW_WAYS)


@pytest.mark.parametrize("state", NOT_ACCEPTED[1:])
@pytest.mark.parametrize(
    "details",
    [
        DebtorDetails(name="Other Ltd"),
        DebtorDetails(country="FR"),
        DebtorDetails(type=DebtorType.PRIVATE),
        DebtorDetails(state="NY", city="York"),
        DebtorDetails(company_number="1"),
    ],
)
def test_who_owes_and_where_is_fixed_once_the_contracts_are_signed(
    state: Lifecycle, details: DebtorDetails
) -> None:
    case = a_priced_case(state)
    with pytest.raises(Refused, match="once the contracts are signed"):
        change(case, details)
    assert (row(case).debtor_city, told(case)) == ("Leeds", [])


def test_another_country_before_that_means_another_partner_and_price() -> None:
    french = a_partner("French Agency", country="FR")
    CoverageRule.objects.create(partner=french, jurisdiction="FR")
    case = a_priced_case(Lifecycle.PENDING_SIGNING)
    change(case, DebtorDetails(name="Débiteur SARL", country="fr", zip="75001", city="Paris"))
    now = row(case)
    assert (now.debtor_name, now.debtor_country, now.partner) == ("Débiteur SARL", "FR", french)
    assert now.routing_reason == "Covers France."
    change(case, DebtorDetails(country="DE"))
    now = row(case)
    assert (now.partner, now.rate, now.price_source) == (None, None, "")


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        (DebtorDetails(name=" "), "name is missing"),
        (DebtorDetails(country="XX"), "is not known"),
        (DebtorDetails(country="US"), "state is missing"),
        (DebtorDetails(emails=("nobody",)), "is not an e-mail address"),
        (DebtorDetails(phones=(" ",)), "Enter a telephone number"),
        (DebtorDetails(street="x" * 301), "at most 300"),
    ],
)
def test_bad_details_are_refused_and_change_nothing(details: DebtorDetails, sentence: str) -> None:
    case = a_priced_case(Lifecycle.PENDING_SIGNING)
    with pytest.raises(Refused, match=sentence):
        change(case, details)
    now = row(case)
    assert (now.debtor_name, now.debtor_country, now.debtor_street) == ("Debtor Ltd", "GB", "2 Low Road")


def test_a_case_that_failed_its_check_is_checked_again_and_goes_on() -> None:
    case = a_priced_case(Lifecycle.PENDING_CHECK, debtor_city="", principal_usd=Decimal(1900))
    change(case, DebtorDetails(contact="Jo Bloggs"))
    assert row(case).lifecycle == Lifecycle.PENDING_CHECK
    change(case, DebtorDetails(city="Leeds"))
    assert row(case).lifecycle == Lifecycle.PENDING_VERIFICATION


def test_what_is_the_same_as_before_is_not_a_change() -> None:
    case = a_priced_case(Lifecycle.PENDING_VERIFICATION)
    change(case, DebtorDetails(city=" Leeds "))
    assert told(case) == []


def test_an_operator_may_but_the_partner_may_not() -> None:
    case = a_priced_case(Lifecycle.PENDING_VERIFICATION)
    change(case, DebtorDetails(city="York"), lambda _: OPERATOR)
    assert row(case).debtor_city == "York"
    with pytest.raises(Refused, match="Only the creditor and the operator"):
        change(case, DebtorDetails(city="Hull"), partner_of)
