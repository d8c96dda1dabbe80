"""What the creditor would hand over: one debtor, one currency, one or more invoices."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.core.debtor import Debtor
from arrears.core.fx import Rates, UsdValue, usd_value
from arrears.core.invoice import Invoice, Position, position_of
from arrears.core.money import Money


@dataclass(frozen=True, slots=True)
class Claim:
    """Invoices of one debtor in one currency, to be collected as one case.

    `account` names the set of books they come from, so that two companies' invoice 1 stay apart. There is
    always at least one invoice.
    """

    account: str
    debtor: Debtor
    invoices: tuple[Invoice, ...]

    def __post_init__(self) -> None:
        if not self.invoices:
            raise ValueError("A claim needs at least one invoice.")

    @property
    def currency(self) -> str:
        return self.invoices[0].currency

    @property
    def principal(self) -> Money | None:
        """The sum still owed, or None when it cannot be told for one invoice or currencies are mixed."""
        total = self.invoices[0].outstanding.money
        for invoice in self.invoices[1:]:
            money = invoice.outstanding.money
            if total is None or money is None or money.currency != total.currency:
                return None
            total = total + money
        return total

    @property
    def oldest_due(self) -> date | None:
        return min((invoice.due for invoice in self.invoices if invoice.due), default=None)

    @property
    def oldest_issued(self) -> date | None:
        return min((invoice.issued for invoice in self.invoices if invoice.issued), default=None)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(invoice.number for invoice in self.invoices)

    @property
    def invoice_ids(self) -> tuple[str, ...]:
        return tuple(invoice.id for invoice in self.invoices)


def bundle(claims: list[Claim], today: date) -> list[Claim]:
    """Join the overdue claims of one debtor and one currency; everything else stays by itself.

    Order of first appearance is kept. Claims whose amount or due date is in doubt are never bundled: one
    doubtful invoice must not hold up, or hide inside, a good one. Nor are claims on customers without a
    code, because nothing tells them apart.
    """
    groups: dict[tuple[str, str, str], list[Claim]] = {}
    for position, claim in enumerate(claims):
        alone = not claim.debtor.code or any(
            position_of(invoice, today) is not Position.OVERDUE for invoice in claim.invoices
        )
        key = (claim.account, claim.debtor.code, f"alone {position}" if alone else claim.currency)
        groups.setdefault(key, []).append(claim)
    return [_joined(group) for group in groups.values()]


def _joined(group: list[Claim]) -> Claim:
    invoices = [invoice for claim in group for invoice in claim.invoices]
    invoices.sort(key=lambda invoice: (invoice.due or date.max, invoice.number))
    return Claim(group[0].account, group[0].debtor, tuple(invoices))


def usd_value_of(claim: Claim, rates: Rates) -> UsdValue | None:
    """What the principal is worth in US dollars, each invoice at its own booked rate; None if not known."""
    if len(claim.invoices) == 1:
        return _usd_value(claim.invoices[0], rates)
    principal = claim.principal
    values = [value for invoice in claim.invoices if (value := _usd_value(invoice, rates))]
    if principal is None or len(values) < len(claim.invoices):
        return None
    total = sum((value.amount for value in values), Decimal(0))
    rate = total / principal.amount if principal.amount else values[0].rate
    sources = dict.fromkeys(value.source for value in values)
    return UsdValue(total, rate, " ".join(sources), min(value.as_of for value in values))


def _usd_value(invoice: Invoice, rates: Rates) -> UsdValue | None:
    money, figures = invoice.outstanding.money, invoice.figures
    return None if money is None else usd_value(money, rates, figures.rate, figures.home_currency)


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later (earlier if negative), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last_day))


def older_than(due: date, months: int, today: date) -> bool:
    """Whether a debt due on `due` is more than `months` calendar months old; exactly that many is not.

    A month ends on the same day of the month, or on the last day where that day does not exist.
    """
    # No month is shorter than 28 days, and counting days is much cheaper than counting months.
    return (today - due).days > 28 * months and today > months_after(due, months)


@dataclass(frozen=True, slots=True)
class AgeBuckets:
    """How much of the principal is more than 6, 12 and 24 months old; each includes the next."""

    over_6_months: Decimal
    over_12_months: Decimal
    over_24_months: Decimal


def age_buckets(claim: Claim, today: date) -> AgeBuckets:
    """Split the principal by the age of each invoice on `today`. Amounts are in the claim's currency."""
    over = {months: Decimal(0) for months in (6, 12, 24)}
    for invoice in claim.invoices:
        if invoice.due is None or invoice.outstanding.money is None:
            continue
        for months in over:
            if not older_than(invoice.due, months, today):
                break
            over[months] += invoice.outstanding.money.amount
    return AgeBuckets(over[6], over[12], over[24])
