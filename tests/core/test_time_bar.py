"""Findings about debts too old for court."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from arrears.core.address import Address
from arrears.core.time_bar import is_scottish
from tests.builders import a_claim, a_debtor, an_address, an_invoice, some_figures
from tests.core.verdicts import BLOCKS, WARNS, found, on_invoice, the

SCOTLAND = an_address(city="Glasgow", zip="G1 1XQ")


@pytest.mark.parametrize(
    ("due", "paid_on", "address", "code"),
    [
        (date(2020, 11, 21), None, an_address(), "time_barred"),
        (date(2020, 11, 22), None, an_address(), "time_bar_near"),  # today is the last day
        (date(2021, 5, 21), None, an_address(), "time_bar_near"),
        (date(2021, 5, 22), None, an_address(), ""),
        (date(2020, 1, 1), date(2021, 6, 1), an_address(), ""),
        (date(2020, 1, 1), date(2019, 12, 1), an_address(), "time_barred"),
        (date(2021, 6, 1), date(2015, 1, 1), an_address(), ""),  # a deposit long before the due date
        (date(2021, 11, 21), None, SCOTLAND, "time_barred"),
        (date(2021, 11, 22), None, SCOTLAND, "time_bar_near"),
        (date(2022, 5, 22), None, SCOTLAND, ""),
        (date(2010, 1, 1), None, an_address(country="FR", zip="75001"), ""),
    ],
)
def test_the_time_bar_runs_from_the_due_date_or_the_last_payment(
    due: date, paid_on: date | None, address: Address, code: str
) -> None:
    invoice = an_invoice(issued=date(2010, 1, 1), due=due, last_payment=paid_on)
    codes = [code for code, _ in found(a_claim(invoice, debtor=a_debtor(address=address)))]
    assert codes == ([code] if code else [])


def test_a_time_bar_names_its_dates_and_blocks() -> None:
    finding = the("time_barred", on_invoice(issued=date(2020, 1, 1), due=date(2020, 2, 29)))
    assert finding.severity is BLOCKS
    assert finding.message == (
        "Invoice 1001 is time-barred: more than 6 years have passed since it fell due on 29 February 2020. "
        "The limit in England, Wales and Northern Ireland ran out on 28 February 2026."
    )


def test_a_part_payment_of_unknown_date_leaves_the_time_bar_open() -> None:
    part_paid = some_figures("1000 GBP", paid="100", due="900")
    claim = on_invoice(figures=part_paid, issued=date(2015, 1, 1), due=date(2015, 2, 1))
    assert found(claim) == [("time_bar_unclear", WARNS)]


@pytest.mark.parametrize("impossible", [date(2026, 11, 23), date(9999, 12, 31)])
def test_a_payment_still_to_come_starts_no_period(impossible: date) -> None:
    old: dict[str, Any] = {"issued": date(2015, 1, 1), "due": date(2015, 2, 1), "last_payment": impossible}
    assert found(on_invoice(**old)) == [("time_barred", BLOCKS)]
    part_paid = some_figures("1000 GBP", paid="100", due="900")
    assert found(on_invoice(figures=part_paid, **old)) == [("time_bar_unclear", WARNS)]


def test_a_paid_invoice_is_never_time_barred() -> None:
    assert found(on_invoice("0 GBP", issued=date(2010, 1, 1), due=date(2010, 2, 1))) == [("paid", BLOCKS)]


@pytest.mark.parametrize(
    ("postcode", "scottish"),
    [
        ("EH1 1AA", True),
        ("g1 1xq", True),
        ("TD1 1AA", True),
        ("TD9 0AA", True),
        ("TD15 1AA", False),
        ("TD12 4AA", False),
        ("GL1 1AA", False),
        ("E1 6AN", False),
        ("PO1 1AA", False),
        ("", False),
    ],
)
def test_scotland_is_known_by_its_postcodes(postcode: str, scottish: bool) -> None:
    assert is_scottish(an_address(zip=postcode)) is scottish


def test_scotland_is_known_by_its_name() -> None:
    assert is_scottish(an_address(zip="", state="Scotland"))
