"""What the stand-in's books hold. Amounts are Decimals in the invoice's currency unless named home."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

HOME: Final = "GBP"
PENNY: Final = Decimal("0.01")
ZERO: Final = Decimal(0)
EXPONENTS: Final = {"JPY": Decimal(1)}


class Absent:
    """Stands in a ``wire`` mapping for a key that the server leaves out altogether."""


ABSENT: Final = Absent()


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole minor units of the currency, halves away from zero."""
    return amount.quantize(EXPONENTS.get(currency, PENNY), ROUND_HALF_UP)


@dataclass(slots=True)
class Address:
    """Four free lines, as KashFlow keeps them: no field for a city, a county or a state."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    line4: str | None = None
    postcode: str | None = None
    country_code: str | None = "GB"
    country_name: str | None = "United Kingdom"


@dataclass(slots=True)
class Contact:
    """A person at a customer. KashFlow spells the keys ``Firstname`` and ``LastName``."""

    first: str | None
    last: str | None
    email: str | None
    telephone: str | None = None
    mobile: str | None = None
    title: str | None = None
    primary: bool = True


@dataclass(slots=True)
class OnAccount:
    """Money of a customer that is not allocated to an invoice (home currency)."""

    id: int
    amount: Decimal
    day: date
    comment: str | None = None


@dataclass(slots=True)
class Customer:
    """A debtor. ``code`` is the key; ``shown_code`` is what the server sends, padding and all."""

    id: int
    code: str
    name: str
    address: Address
    contacts: list[Contact]
    currency: str = HOME
    terms: tuple[str, int] = ("AfterIssuedDate", 30)
    vat_number: str | None = None
    created: date = date(2019, 1, 1)
    archived: bool = False
    credit_control: bool = False
    note: str | None = None
    shown_code: str = ""
    key: str = ""
    on_account: list[OnAccount] = field(default_factory=list)
    wire: dict[str, object] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class Payment:
    """One payment line: the amount in the invoice's currency and the same in home currency."""

    id: int
    day: date
    amount: Decimal
    home: Decimal
    method: int = 1
    reference: str | None = None
    credit_note: bool = False


@dataclass(slots=True)
class Note:
    """A note on an invoice; ``seen_from`` is the clock second from which a read shows it."""

    number: int
    text: str
    day: date
    author: str
    seen_from: float = 0.0


@dataclass(slots=True)
class Invoice:
    """An invoice, or a credit note when its amounts are negative.

    ``wire`` overrides single keys of what is sent, for the oddities that no figures would produce.
    ``withheld`` is tax the customer keeps back, so it is never owed.
    ``row`` caches the rendered list row; whoever changes the invoice sets it to None.
    """

    id: int
    number: int
    customer: Customer
    issued: date
    due: date | None
    currency: str
    rate: Decimal
    net: Decimal
    vat: Decimal
    payments: list[Payment] = field(default_factory=list)
    reference: str | None = None
    withheld: Decimal = ZERO
    archived: bool = False
    voided_on: date | None = None
    gone: bool = False
    credit_control: bool = False
    address: Address | None = None
    letters: list[dict[str, object]] | None = None
    wire: Mapping[str, object] | None = None
    tags: tuple[str, ...] = ()
    row: bytes | None = None

    @property
    def gross(self) -> Decimal:
        """Net plus VAT."""
        return self.net + self.vat

    @property
    def paid_home(self) -> Decimal:
        """The sum of the payment lines in home currency."""
        return sum((line.home for line in self.payments), ZERO)

    @property
    def outstanding(self) -> Decimal:
        """What is still owed, in the invoice's currency; negative when overpaid or a credit note."""
        owed = self.net + self.vat - self.withheld
        for line in self.payments:
            owed -= line.amount
        return rounded(owed, self.currency)

    @property
    def owing(self) -> bool:
        """True when the customer owes something on a live invoice: what the unpaid report lists."""
        return self.voided_on is None and not self.gone and self.outstanding > 0

    def in_home(self, amount: Decimal) -> Decimal:
        """The amount in home currency: the rate is foreign units per one home unit."""
        return rounded(amount if self.currency == HOME else amount / self.rate, HOME)

    def overdue_days(self, today: date) -> int:
        """Days past the due date while something is owed, else 0."""
        if self.due is None or self.due >= today or self.outstanding <= 0:
            return 0
        return (today - self.due).days
