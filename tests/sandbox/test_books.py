"""The books themselves: seeded, believable, every oddity in them, and told the same way everywhere."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from arrears.sandbox.generator import generate
from arrears.sandbox.kashflow import build
from arrears.sandbox.quirks import CUSTOMER_QUIRKS, QUIRKS, ROW_QUIRKS
from arrears.sandbox.render_invoice import detail
from tests.sandbox.conftest import TODAY


def everything(count: int, seed: int, today: date = TODAY) -> list[str]:
    stand_in = build(count, seed, today=today)
    ledger = stand_in.world.ledger
    return [detail(ledger, invoice, stand_in.world.profile) for invoice in ledger.by_number()]


def test_the_same_seed_and_day_give_the_same_books() -> None:
    assert everything(120, 5) == everything(120, 5)


def test_another_seed_gives_other_books() -> None:
    assert everything(120, 5) != everything(120, 6)


@pytest.mark.parametrize("count", [50, 51, 999, 2500])
def test_the_books_hold_as_many_invoices_as_asked(count: int) -> None:
    invoices = generate(count, 3, TODAY).invoices

    assert len(invoices) == len({invoice.number for invoice in invoices}) == count
    assert len({invoice.id for invoice in invoices}) == count


@pytest.mark.parametrize("count", [49, 100_001])
def test_other_sizes_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="50 to 100,000"):
        generate(count, 3, TODAY)


def test_the_quirks_are_forty() -> None:
    assert list(QUIRKS) == [f"Q{number}" for number in range(1, 41)]


@pytest.mark.parametrize("seed", [1, 7, 99])
def test_the_smallest_books_hold_every_quirk_of_rows_and_customers(seed: int) -> None:
    books = generate(50, seed, TODAY)

    assert {tag for invoice in books.invoices for tag in invoice.tags} == set(ROW_QUIRKS)
    assert {tag for customer in books.customers for tag in customer.tags} == set(CUSTOMER_QUIRKS)


def test_books_of_some_size_look_like_a_british_exporter() -> None:
    books = generate(5000, 7, TODAY)
    currencies = Counter(invoice.currency for invoice in books.invoices)
    owing = [invoice for invoice in books.invoices if invoice.owing]
    overdue = [invoice for invoice in owing if invoice.overdue_days(TODAY)]
    ages = [(TODAY - invoice.issued).days for invoice in owing]

    assert currencies.keys() == {"GBP", "EUR", "USD", "JPY", "AED"}
    assert currencies["GBP"] > currencies["EUR"] > currencies["USD"] > currencies["AED"]
    assert len({customer.address.country_code for customer in books.customers} - {"UK", "BR"}) == 30
    assert 0.3 < len(owing) / 5000 < 0.42
    assert len(overdue) > 0.75 * len(owing)
    assert any(invoice.payments for invoice in overdue)
    assert min(ages) < 15
    assert max(ages) > 6 * 366


def test_most_british_customers_have_a_complete_address() -> None:
    british = [
        customer.address
        for customer in generate(5000, 7, TODAY).customers
        if customer.address.country_code == "GB"
    ]
    complete = [
        address
        for address in british
        if address.line1 and address.postcode and (address.line3 or address.line2)
    ]

    assert len(complete) > 0.85 * len(british)


def test_amounts_are_whole_minor_units_of_their_currency() -> None:
    for invoice in generate(2000, 7, TODAY).invoices:
        smallest = Decimal(1) if invoice.currency == "JPY" else Decimal("0.01")
        assert invoice.outstanding % smallest == 0
        assert invoice.gross % smallest == 0


def test_contacts_are_fictional() -> None:
    drama = (
        "01632 960",
        "07700 900",
        "028 9649 6",
        "029 2018 0",
        "020 7946 0",
        "0191 498 0",
        "+1 202-555-01",
    )
    for customer in generate(3000, 7, TODAY).customers:
        for contact in customer.contacts:
            assert not contact.email or all(
                part.strip().endswith(".example") for part in contact.email.strip(",").split(";")
            )
            for number in filter(None, (contact.telephone, contact.mobile)):
                assert number.startswith(drama) or number[4:10] == " 496 0"
