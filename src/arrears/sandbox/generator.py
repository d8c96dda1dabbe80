"""Draws up the books of a made-up UK company from a seed: the same seed and day give the same books."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Final

from arrears.sandbox.bookkeeper import Bookkeeper
from arrears.sandbox.debtors import Debtors, slug
from arrears.sandbox.odd_debtors import odd_debtors
from arrears.sandbox.odd_invoices import SET_SIZE, odd_invoices
from arrears.sandbox.records import Customer, Invoice

SMALLEST: Final = 50
LARGEST: Final = 100_000
FIRST_NUMBER: Final = 1001
ODD_SET_PER: Final = 1000
UNPAID_SHARE: Final = 0.35
FOREIGN_SHARE: Final = 0.15
PLAIN_NEEDED: Final = 20


@dataclass(frozen=True)
class Company:
    """The creditor whose books these are."""

    id: int = 50_417
    name: str = "Pennine Fasteners Ltd"
    email: str = "accounts@pennine-fasteners.example"
    telephone: str = "01632 960500"
    vat_number: str = "GB000050417"


@dataclass(frozen=True)
class Books:
    """Everything generated: customers, and invoices in ascending order of their number."""

    company: Company
    customers: list[Customer]
    invoices: list[Invoice]
    keeper: Bookkeeper


def generate(count: int, seed: int, today: date) -> Books:
    """Books with ``count`` invoices, every oddity among them.

    Raises ValueError when the count is outside 50 to 100,000.
    """
    if not SMALLEST <= count <= LARGEST:
        raise ValueError(f"The stand-in keeps {SMALLEST} to {LARGEST:,} invoices, not {count:,}.")
    keeper = Bookkeeper(Random(seed), today)
    debtors = Debtors(keeper)
    customers = debtors.everywhere(max(25, min(count // 12, 2400)))
    odd = odd_debtors(keeper)
    plain = _plain(debtors, customers)
    sets = max(1, count // ODD_SET_PER)
    invoices = [invoice for _ in range(sets) for invoice in odd_invoices(keeper, odd, plain)]
    invoices += _ordinary(keeper, customers, count - sets * SET_SIZE)
    _number(keeper, invoices)
    return Books(Company(), [*customers, *odd.values()], invoices, keeper)


def _plain(debtors: Debtors, customers: list[Customer]) -> list[Customer]:
    """UK firms whose address leaves nothing to wish for: those with a street, a town and a postcode."""
    plain = [customer for customer in customers if _is_plain(customer)]
    while len(plain) < PLAIN_NEEDED:
        customer = debtors.british()
        customers.append(customer)
        if _is_plain(customer):
            plain.append(customer)
    return plain


def _is_plain(customer: Customer) -> bool:
    address = customer.address
    complete = bool(address.line1 and address.line3 and address.postcode)
    return complete and not address.line4 and address.country_code == "GB" and customer.vat_number is not None


def _ordinary(keeper: Bookkeeper, customers: list[Customer], count: int) -> list[Invoice]:
    """Paid history and open invoices, a few customers buying much more often than the rest."""
    rng = keeper.rng
    british = [customer for customer in customers if customer.address.country_code == "GB"]
    foreign = [customer for customer in customers if customer.address.country_code != "GB"]
    weights = list(accumulate(1 / (rank + 4) for rank in range(len(british))))
    invoices = []
    for _ in range(count):
        if rng.random() < FOREIGN_SHARE:
            customer = rng.choice(foreign)
        else:
            customer = rng.choices(british, cum_weights=weights)[0]
        invoices.append(_one(keeper, customer))
    return invoices


def _one(keeper: Bookkeeper, customer: Customer) -> Invoice:
    rng = keeper.rng
    unpaid = rng.random() < UNPAID_SHARE
    invoice = keeper.invoice(customer, _age(rng, unpaid), _amount(rng, customer), due_after=customer.terms[1])
    if rng.random() < 0.5:
        invoice.reference = f"PO-{rng.randint(1000, 99_999)}"
    if unpaid:
        invoice.credit_control = rng.random() < 0.05
        if rng.random() < 0.2:
            _part_pay(keeper, invoice)
    else:
        _settle(keeper, invoice)
    return invoice


def _age(rng: Random, unpaid: bool) -> int:
    """Days since issue: open invoices are mostly months old, some are too old to sue for."""
    if not unpaid:
        return rng.randint(20, 2600)
    draw = rng.random()
    if draw < 0.16:
        return rng.randint(2, 14)
    if draw < 0.60:
        return rng.randint(65, 240)
    if draw < 0.88:
        return rng.randint(240, 800)
    if draw < 0.97:
        return rng.randint(800, 2000)
    return rng.randint(2300, 2700)


def _amount(rng: Random, customer: Customer) -> Decimal:
    """A total in the customer's currency: many hundreds, some thousands, a few below a hundred."""
    pence = round(rng.lognormvariate(6.9, 0.95) * 100)
    pounds = Decimal(max(1200, min(pence, 4_800_000))) / 100
    factor = {"JPY": 190, "AED": 4}.get(customer.currency, 1)
    return pounds * factor


def _part_pay(keeper: Bookkeeper, invoice: Invoice) -> None:
    """Some whole pounds on account, paid between issue and today."""
    rng = keeper.rng
    home = (invoice.in_home(invoice.gross) * rng.randint(10, 80) / 100).to_integral_value()
    age = (keeper.today - invoice.issued).days
    keeper.pay(invoice, home=max(home, Decimal(1)), on=keeper.days_ago(rng.randint(0, age)))


def _settle(keeper: Bookkeeper, invoice: Invoice) -> None:
    age = (keeper.today - invoice.issued).days
    reference = f"BACS {slug(invoice.customer.name)[:12]}" if invoice.id % 3 else None
    keeper.pay(invoice, on=keeper.days_ago(max(0, age - keeper.rng.randint(5, 75))), reference=reference)


def _number(keeper: Bookkeeper, invoices: list[Invoice]) -> None:
    """Number by date of issue, leaving a gap now and then; renumbered ones go to the end."""
    invoices.sort(key=lambda invoice: ("Q38" in invoice.tags, invoice.issued, invoice.id))
    number = FIRST_NUMBER
    for invoice in invoices:
        invoice.number = number
        number += 2 if keeper.rng.random() < 0.01 else 1
