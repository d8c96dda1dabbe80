"""Dated exchange rates, for thresholds and price brackets. Never used to change what a debtor owes."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from types import MappingProxyType

from arrears.core.money import Money, round_amount
from arrears.core.wording import date_text


@dataclass(frozen=True, slots=True)
class Rates:
    """Units of each currency for one euro on `as_of`, and who says so."""

    per_euro: Mapping[str, Decimal]
    as_of: date
    source: str

    def factor(self, currency: str, into: str) -> Decimal | None:
        """What one unit of `currency` is worth in `into`, unrounded; None when a rate is unknown."""
        if currency == into:
            return Decimal(1)
        one, other = self.per_euro.get(currency), self.per_euro.get(into)
        return other / one if one and other else None


@dataclass(frozen=True, slots=True)
class UsdValue:
    """An amount in US dollars, rounded to the cent, and how it came about.

    `rate` is US dollars for one unit of the original currency; `source` names in a sentence who sets it;
    `as_of` is the day the rate is from.
    """

    amount: Decimal
    rate: Decimal
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Peg:
    """A currency whose central bank holds it at `per_usd` units for one US dollar."""

    per_usd: Decimal
    bank: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("arrears.core") / "data" / name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _load_ecb() -> Rates:
    rows = list(_rows("ecb_rates.csv"))
    as_of = date.fromisoformat(rows[0]["date"])
    rates = {row["currency"]: Decimal(row["per_euro"]) for row in rows}
    per_euro = MappingProxyType({"EUR": Decimal(1), **rates})
    return Rates(per_euro, as_of, "European Central Bank reference rates")


#: Euro reference rates of the European Central Bank, the latest this version knows.
ECB = _load_ecb()

#: Currencies the ECB does not quote but whose central banks fix them to the dollar.
PEGS: Mapping[str, Peg] = MappingProxyType(
    {row["currency"]: Peg(Decimal(row["per_usd"]), row["bank"]) for row in _rows("dollar_pegs.csv")}
)


def usd_value(
    money: Money, rates: Rates, own_rate: Decimal | None = None, home_currency: str = ""
) -> UsdValue | None:
    """What `money` is worth in US dollars; None when no rate is known.

    `own_rate` is the books' own rate: units of the money's currency for one unit of `home_currency`. It
    comes first, because it is what the creditor booked; then the market rate, then a dollar peg.
    """
    booked = own_rate is not None and own_rate > 0 and home_currency not in ("", money.currency)
    home = _to_usd(home_currency, rates) if booked and money.currency != "USD" else None
    if home is not None and own_rate is not None:
        per_home = f"The books' own rate of {own_rate} {money.currency} for 1 {home_currency}."
        source = per_home if home_currency == "USD" else f"{per_home} {home[1]}"
        return _value(money, home[0] / own_rate, source, rates)
    found = _to_usd(money.currency, rates)
    return None if found is None else _value(money, found[0], found[1], rates)


def _value(money: Money, rate: Decimal, source: str, rates: Rates) -> UsdValue:
    return UsdValue(round_amount(money.amount * rate, "USD"), rate, source, rates.as_of)


def _to_usd(currency: str, rates: Rates) -> tuple[Decimal, str] | None:
    """US dollars for one unit of `currency`, and the sentence that says where that comes from."""
    if currency == "USD":
        return Decimal(1), "The amount is in US dollars."
    factor = rates.factor(currency, "USD")
    if factor is not None:
        return factor, f"{rates.source} of {date_text(rates.as_of)}."
    peg = PEGS.get(currency)
    if peg is not None:
        return 1 / peg.per_usd, f"Fixed at {peg.per_usd} {currency} for 1 USD by the {peg.bank}."
    return None
