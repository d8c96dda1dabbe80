"""How many invoices a second one core splits, checks, prices and routes.

Run `python bench/check.py [INVOICES]`. Each address is split once for each customer, as when reading the
books; everything after that is done for each invoice. Nothing is read from or written to anywhere.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from time import process_time

from arrears.core.address import PostalLines, split_address
from arrears.core.claim import Claim, usd_value_of
from arrears.core.country import JURISDICTIONS, jurisdiction
from arrears.core.debtor import Debtor, DebtorType
from arrears.core.eligibility import Known, Policy, check
from arrears.core.fx import ECB
from arrears.core.invoice import Figures, Invoice, Status, outstanding_of
from arrears.core.pricing import estimate
from arrears.core.routing import CoverageRule, Network

TODAY = date(2026, 11, 22)
INVOICES_EACH = 5

#: A machine with other work to do only ever slows a round down, so the best one counts.
ROUNDS = 3

#: Addresses as people type them; a number is added so that no two are the same.
ADDRESSES = (
    PostalLines(
        ("{} High Street", "Headingley", "Leeds", "West Yorkshire"), "LS6 4AP", "GB", "United Kingdom"
    ),
    PostalLines(("Unit {} Riverside Park", "Doncaster, South Yorkshire"), "DN3 3UB", "GB", "United Kingdom"),
    PostalLines(("{} Market Place", "Kelso TD5 7AA"), "", "GB", "United Kingdom"),
    PostalLines(("Hauptstraße {}", "80331 München"), "", "DE", "Germany"),
    PostalLines(("{} rue de Rivoli", "75001 Paris CEDEX 01"), "", "FR", "France"),
    PostalLines(("{} Main Street", "Springfield", "IL 62704"), "", "US", "United States"),
    PostalLines(("{} Pearse Street", "Dublin 2"), "", "IE", "Ireland"),
    PostalLines(("Office {}, Sheikh Zayed Road", "Dubai"), "", "AE", "United Arab Emirates"),
)
CURRENCIES = (
    ("GBP", None),
    ("GBP", None),
    ("GBP", None),
    ("EUR", Decimal("1.15")),
    ("USD", Decimal("1.31")),
    ("JPY", Decimal("201.5")),
    ("AED", Decimal("4.81")),
)


def a_customer(number: int) -> Debtor:
    """A customer whose address has not been read yet."""
    typed = ADDRESSES[number % len(ADDRESSES)]
    lines = replace(typed, lines=(typed.lines[0].format(number + 1), *typed.lines[1:]))
    return Debtor(
        code=f"C{number:05}",
        name=f"Customer {number} Ltd",
        type=DebtorType.COMPANY,
        type_reason="The name ends in Ltd.",
        lines=lines,
        address=split_address(lines),
        emails=() if number % 9 == 0 else ("accounts@customer.example",),
        chasing_on=number % 7 == 0,
    )


def an_invoice(number: int, customer: str) -> Invoice:
    """One of every ten invoices is not due yet and one is not consistent; a third is part paid."""
    currency, rate = CURRENCIES[number % len(CURRENCIES)]
    gross = (Decimal(65 + number % 9000) + Decimal("0.50")) * (100 if currency == "JPY" else 1)
    paid = Decimal(20) if number % 3 == 0 else Decimal(0)
    due = gross - paid * (rate or 1) + (5000 if number % 10 == 5 else 0)
    figures = Figures(currency, "GBP", gross, paid, due, rate, gross / rate if rate else None)
    due_on = TODAY + timedelta(days=15) - timedelta(days=number * 7 % 1500)
    return Invoice(
        id=str(900000 + number),
        number=str(number),
        customer_code=customer,
        customer_name=customer,
        issued=due_on - timedelta(days=30),
        due=due_on,
        figures=figures,
        outstanding=outstanding_of(figures),
        status=Status.OVERDUE,
        status_text="Overdue",
    )


def a_network() -> Network:
    company = frozenset({DebtorType.COMPANY})
    rules = [
        CoverageRule(f"p{code}", f"Partner {code}", frozenset({code}), company) for code in JURISDICTIONS
    ]
    large = [
        CoverageRule(
            f"large-{code}", "Large Claims", frozenset({code}), minimum_usd=Decimal(5000), priority=1
        )
        for code in JURISDICTIONS
    ]
    return Network([*rules, *large])


def claims_on(customers: list[Debtor]) -> list[Claim]:
    """Five claims for one invoice each on every customer."""
    return [
        Claim("account", customer, (an_invoice(position * INVOICES_EACH + place, customer.code),))
        for position, customer in enumerate(customers)
        for place in range(INVOICES_EACH)
    ]


def work(claim: Claim, known: Known, policy: Policy, network: Network) -> bool:
    """Everything that is done for one row of the list. Returns whether it is eligible."""
    verdict = check(claim, known, policy, TODAY)
    estimate(claim, policy.rates, TODAY)
    address, value = claim.debtor.address, usd_value_of(claim, policy.rates)
    place = jurisdiction(address.country, address.state)
    network.route(place, claim.debtor.type, claim.currency, value.amount if value else None)
    return verdict.eligible


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    network, policy = a_network(), Policy(ECB)
    split_address(ADDRESSES[0])  # what is loaded on first use is not what is measured
    splits, rests, eligible = [], [], 0
    for _ in range(ROUNDS):
        started = process_time()
        customers = [a_customer(number) for number in range(count // INVOICES_EACH)]
        splits.append(process_time() - started)
        claims = claims_on(customers)
        known = Known({claim.numbers[0]: claim.principal.amount for claim in claims if claim.principal})
        started = process_time()
        eligible = sum(work(claim, known, policy, network) for claim in claims)
        rests.append(process_time() - started)
    split, rest = min(splits), min(rests)
    print(f"{count:,} invoices of {count // INVOICES_EACH:,} customers, {eligible:,} of them eligible")
    print(f"split addresses: {split:.2f} s ({split / (count // INVOICES_EACH) * 1e6:.0f} µs a customer)")
    print(f"check, estimate, route: {rest:.2f} s ({rest / count * 1e6:.0f} µs an invoice)")
    print(f"{count / (split + rest):,.0f} invoices a second on one core (best of {ROUNDS} rounds)")


if __name__ == "__main__":
    main()
