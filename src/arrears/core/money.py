"""Amounts of money: exact decimals that never lose their currency, and the one rounding rule."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

#: Currencies whose smallest unit is not a hundredth (ISO 4217 minor units).
_EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

#: The smallest unit by number of decimal places, and wide enough arithmetic to round any amount to it.
_UNITS = {places: Decimal(1).scaleb(-places) for places in range(4)}
_ROUNDING = Context(prec=40, rounding=ROUND_HALF_UP)

#: Active ISO 4217 codes that a trade invoice can carry (funds, metals and test codes are left out).
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES
    VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - a hundred and sixty quoted codes would be unreadable
)

#: No real invoice is larger than this; a bigger figure is a broken one.
LARGEST_AMOUNT = Decimal("1e15")


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were about to be added, subtracted or compared."""


def exponent(currency: str) -> int:
    """Number of decimal places of `currency` (ISO 4217 minor unit): GBP 2, JPY 0, KWD 3."""
    return _EXPONENTS.get(currency, 2)


def is_currency(code: str | None) -> bool:
    """Whether `code` is an active ISO 4217 code, in capitals."""
    return code in CURRENCIES


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """The one rounding rule: half away from zero, to the currency's own smallest unit."""
    return amount.quantize(_UNITS[exponent(currency)], context=_ROUNDING)


def read_amount(value: object) -> Decimal | None:
    """Read an amount from outside: int, Decimal or text with a decimal point.

    Returns None for anything that is not a finite, plausible amount; a float is refused
    because its pennies are already wrong by the time it gets here.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        amount = Decimal(value.strip()) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and -LARGEST_AMOUNT < amount < LARGEST_AMOUNT else None


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency. Arithmetic between two currencies is refused."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}.")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(Decimal(0), currency)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read `"100.00 GBP"`; for tests, data files and command lines."""
        amount, currency = text.split()
        return cls(Decimal(amount), currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be combined.")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def percent(self, points: Decimal) -> Money:
        """`points` per cent of this amount, rounded by the one rule."""
        return Money(self.amount * points / 100, self.currency).rounded()

    def rounded(self) -> Money:
        return Money(round_amount(self.amount, self.currency), self.currency)

    def __str__(self) -> str:
        return f"{round_amount(self.amount, self.currency)} {self.currency}"


def smallest_unit(currency: str) -> Money:
    """The least amount there is of a currency: 0.01 GBP, 1 JPY."""
    return Money(_UNITS[exponent(currency)], currency)


def totals_by_currency(amounts: list[Money]) -> dict[str, Money]:
    """Sum a list of amounts, one total for each currency, in order of first appearance."""
    totals: dict[str, Money] = {}
    for money in amounts:
        totals[money.currency] = totals.get(money.currency, Money.zero(money.currency)) + money
    return totals
