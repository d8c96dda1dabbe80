"""The worked examples of docs/money.md come out of the program as they stand on the page."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from arrears.core.address import Address, PostalLines
from arrears.core.claim import Claim, months_after
from arrears.core.debtor import Debtor, DebtorType
from arrears.core.fx import Rates
from arrears.core.invoice import Figures, Invoice, outstanding_of
from arrears.core.money import Money
from arrears.core.pricing import GRIDS, Bracket, estimate

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "money.md").read_text()
TODAY = date(2026, 11, 22)
RATES = Rates({"EUR": Decimal(1), "GBP": Decimal(1), "USD": Decimal("1.34")}, TODAY, "The page")


def claim(country: str, *owed: tuple[str, int]) -> Claim:
    """One claim of invoices, each given as amount with currency and months past due."""
    invoices = []
    for number, (text, months) in enumerate(owed, start=1):
        money = Money.parse(text)
        figures = Figures(money.currency, money.currency, money.amount, Decimal(0), money.amount)
        due = months_after(TODAY, -months)
        invoices.append(
            Invoice(str(number), str(number), "C1", "Debtor", due, due, figures, outstanding_of(figures))
        )
    debtor = Debtor("C1", "Debtor", DebtorType.COMPANY, "", PostalLines(), Address(country=country))
    return Claim("books", debtor, tuple(invoices))


@pytest.mark.parametrize(
    ("example", "fee", "on_the_page"),
    [
        (claim("GB", ("1234.50 GBP", 4)), "117.28", "rounded **£117.28**. You keep £1,117.22."),
        (claim("GB", ("1234.50 GBP", 14)), "216.04", "rounded **£216.04**. You keep £1,018.46."),
        (claim("US", ("7999.99 USD", 2)), "1440.00", "rounded **$1,440.00**. You keep $6,559.99."),
        (claim("US", ("8000.00 USD", 2)), "1200.00", "which is **$1,200.00**."),
        (
            claim("DE", ("20000.00 EUR", 3), ("15000.00 EUR", 13), ("15000.00 EUR", 25)),
            "8200.00",
            "= **€8,200.00**. You keep €41,800.00.",
        ),
    ],
    ids=["recent", "older", "below the edge", "on the edge", "several invoices"],
)
def test_a_worked_example_is_what_the_program_charges(example: Claim, fee: str, on_the_page: str) -> None:
    priced = estimate(example, RATES, TODAY)

    assert priced is not None
    assert f"{priced.fee.amount:.2f}" == fee
    assert f"{priced.net.amount:,.2f}" in on_the_page or "You keep" not in on_the_page
    assert on_the_page in PAGE


def test_the_price_list_on_the_page_is_the_one_in_force() -> None:
    rows = [
        line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|") and " % |" in line
    ]
    edges = [Decimal(amount.split()[0].replace(",", "")) for amount, _, _ in rows]

    def points_at(brackets: tuple[Bracket, ...], edge: Decimal) -> Decimal:
        return [bracket.points for bracket in brackets if bracket.from_usd <= edge][-1]

    grid = GRIDS[-1]
    assert edges == [bracket.from_usd for bracket in grid.world]
    for edge, (_, europe, world) in zip(edges, rows, strict=True):
        assert europe == f"{points_at(grid.europe, edge)} %"
        assert world == f"{points_at(grid.world, edge)} %"


@pytest.mark.parametrize(
    ("due", "expected"), [("900.00", "900.00 EUR"), ("750.00", "900.00 EUR"), ("800.00", None)]
)
def test_the_foreign_example_is_read_as_the_page_says(due: str, expected: str | None) -> None:
    figures = Figures("EUR", "GBP", Decimal(1200), Decimal(250), Decimal(due), Decimal("1.20"))
    money = outstanding_of(figures).money

    assert (str(money) if money else None) == expected
    assert f"| {due} |" in PAGE
