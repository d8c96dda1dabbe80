"""Exactly what leaves: what KashFlow has beside what would be sent, held against what really is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arrears.bridge.unpaid_rows import Row
from arrears.connectors.debitura.bodies import Terms, case_body
from arrears.core.address import PostalLines
from arrears.core.claim import Claim
from arrears.core.debtor import Debtor, DebtorType
from arrears.core.eligibility import Verdict
from arrears.core.fx import ECB
from arrears.core.handover import handover_of
from arrears.core.invoice import Invoice, outstanding_of
from arrears.ports import Offer
from arrears.web.preview_row import Line
from arrears.web.what_leaves import Field, Mark, fields_of
from tests.builders import TODAY, a_debtor, an_address, an_invoice, some_figures

#: A customer about whom KashFlow has something in every field.
EVERYTHING = a_debtor(
    name="Acme Ltd",
    lines=PostalLines(("Unit 4, 1 High Street", "leeds", "Accounts Dept"), "ls1 4ap", "GB", "UK"),
    address=an_address(street="Unit 4, 1 High Street", state="West Yorkshire"),
    emails=("accounts@acme.example", "office@acme.example"),
    phones=("+44 113 496 0000", "+44 113 496 0001"),
    unusable_emails=("not an address",),
    contact_person="Jo Bloggs",
    company_number="01234567",
    vat_number="GB123456789",
)


def claim_of(debtor: Debtor | None = None, invoice: Invoice | None = None) -> Claim:
    return Claim("account-1", debtor or a_debtor(), (invoice or an_invoice(),))


def fields(
    debtor: Debtor | None = None, invoice: Invoice | None = None, *, elsewhere: bool = False
) -> dict[str, Field]:
    row = Row(claim_of(debtor, invoice), Verdict(), None, Offer(True, "", ""))
    return {
        one.label: one for one in fields_of(Line(row, TODAY), "kashflow", elsewhere=elsewhere, test=False)
    }


def test_what_is_sent_as_it_is_has_no_mark() -> None:
    told = fields()
    for label in (
        "Name",
        "Street",
        "Town",
        "Postcode",
        "Country",
        "Email",
        "Telephone",
        "Invoice",
        "Due",
        "Amount",
    ):
        assert told[label].mark is Mark.SAME, label
    assert told["Town"] == Field("Town", ("Leeds",), ("Leeds",))


def test_each_part_of_the_address_stands_beside_the_line_it_was_typed_on() -> None:
    told = fields(EVERYTHING)

    assert (told["Street"].books, told["Street"].mark) == (("Unit 4, 1 High Street",), Mark.SAME)
    assert (told["Town"].books, told["Town"].sent, told["Town"].mark) == (
        ("leeds",),
        ("Leeds",),
        Mark.CHANGED,
    )
    assert (told["Postcode"].books, told["Postcode"].sent) == (("ls1 4ap",), ("LS1 4AP",))
    assert (told["State or county"].books, told["State or county"].mark) == ((), Mark.ADDED)
    assert (told["Country"].books, told["Country"].sent) == (("UK",), ("United Kingdom",))


def test_an_address_line_that_became_nothing_is_shown_as_not_sent() -> None:
    other = fields(EVERYTHING)["Other address lines"]
    assert (other.books, other.sent, other.mark) == (("Accounts Dept",), (), Mark.NOT_SENT)
    assert "Other address lines" not in fields()


def test_a_town_and_a_postcode_on_one_line_are_told_apart() -> None:
    debtor = a_debtor(lines=PostalLines(("1 High Street", "Leeds LS1 4AP"), "", "GB", "United Kingdom"))
    told = fields(debtor)

    assert (told["Town"].books, told["Town"].sent) == (("Leeds LS1 4AP",), ("Leeds",))
    assert (told["Postcode"].books, told["Postcode"].sent) == (("Leeds LS1 4AP",), ("LS1 4AP",))
    assert "Other address lines" not in told


def test_a_part_paid_invoice_shows_how_its_amount_was_reached() -> None:
    figures = replace(some_figures("1200 GBP"), paid=Decimal(200), due=Decimal(1000))
    amount = fields(invoice=an_invoice(figures=figures))["Amount"]

    assert amount.books == ("£1,200.00", "of which paid £200.00")
    assert (amount.sent, amount.mark) == (("£1,000.00",), Mark.CHANGED)
    assert amount.note == "Total less payments, equal to the amount due."


def test_an_amount_that_cannot_be_told_is_not_sent_and_says_why() -> None:
    figures = replace(some_figures("1200 GBP"), paid=None)
    invoice = an_invoice(figures=figures)
    amount = fields(invoice=invoice)["Amount"]

    assert (amount.sent, amount.mark) == ((), Mark.NOT_SENT)
    assert amount.note == outstanding_of(figures).problem


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (DebtorType.COMPANY, "Company"),
        (DebtorType.PRIVATE, "Private person"),
        (DebtorType.UNKNOWN, "Company"),
    ],
)
def test_the_kind_of_debtor_comes_from_us_with_its_reason(kind: DebtorType, sent: str) -> None:
    told = fields(a_debtor(type=kind, type_reason="The name says so."))["Company or person"]
    assert (told.books, told.sent, told.note) == ((), (sent,), "The name says so.")


def leaves(value: Any) -> set[str]:
    """Every text in a body, however deep."""
    if isinstance(value, dict):
        return set().union(*(leaves(one) for one in value.values()))
    return {str(value)}


def test_nothing_is_sent_elsewhere_that_the_page_does_not_show() -> None:
    claim = claim_of(EVERYTHING)
    body = json.loads(case_body(claim, "AR-1", Terms(waits_for_signature=True), TODAY))
    told = fields(EVERYTHING, elsewhere=True)
    shown = " ".join(text for one in told.values() for text in one.sent)

    debtor = body["debtor"]
    for name in ("name", "address", "city", "zipCode", "state", "email", "phone", "contactPerson"):
        assert debtor[name] in shown, name
    assert debtor["companyRegistrationNumber"] in shown
    assert body["claimDescription"] in shown
    # Everything else in the debtor's record is a code for what is shown in words.
    assert set(debtor) - {"type", "countryAlpha2"} == {
        "name", "address", "city", "zipCode", "state", "email", "phone", "contactPerson",
        "companyRegistrationNumber",
    }  # fmt: skip
    assert not any("GB123456789" in one for one in leaves(body))


def test_a_collector_elsewhere_takes_one_address_and_one_number() -> None:
    told = fields(EVERYTHING, elsewhere=True)

    assert told["Email"].sent == ("accounts@acme.example",)
    assert told["Email"].books == ("accounts@acme.example", "office@acme.example", "not an address")
    assert told["Email"].note == "It takes only one."
    assert told["Telephone"].sent == ("+44 113 496 0000",)


def test_our_own_desk_is_handed_all_that_the_page_shows() -> None:
    handover = handover_of(claim_of(EVERYTHING), ECB, TODAY)
    told = fields(EVERYTHING)

    assert handover is not None
    assert told["Email"].sent == handover.emails
    assert told["Telephone"].sent == handover.phones
    assert told["Description"].sent == (handover.description,)
    assert told["Contact person"].sent == (handover.contact_person,)


def test_dates_that_are_missing_are_not_made_up() -> None:
    told = fields(invoice=an_invoice(issued=None, due=date(2026, 7, 31)))
    assert (told["Issued"].books, told["Issued"].sent, told["Issued"].mark) == ((), (), Mark.SAME)
    assert told["Due"].sent == ("31 July 2026",)
