"""What a statement of account holds, and how it follows from payments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from arrears.clock import london_date
from arrears.core.case import Party
from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.core.wording import date_text
from arrears.desk.models import Payment
from arrears.desk.splitting import share_owed


class LineKind(StrEnum):
    """What a line of a statement tells."""

    PAYMENT = "Payment"
    REVERSAL = "Reversal"
    SETTLED = "Passed on"
    RETURNED = "Returned"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `day` is when it was written down, so that a statement once drawn up never changes.

    `gross` is shared out among `fee`, `vat`, `partner_share` and `creditor_share`; a reversal has them
    negative, and where money was only passed on they are nothing. `owed` is what `owed_by` (partner or
    creditor) owes the other more, or, negative, less, because of this line. `settled_on` is the day on which
    money was passed on or went back, where the line tells that.
    """

    day: date
    kind: LineKind
    payment: str
    case: str
    creditor_reference: str
    paid_on: date
    gross: Money
    fee: Money
    vat: Money
    partner_share: Money
    creditor_share: Money
    owed_by: Party
    owed: Money
    settled_on: date | None = None

    @property
    def text(self) -> str:
        """What happened, in words."""
        return f"{self.kind} on {date_text(self.settled_on)}" if self.settled_on else self.kind.value


@dataclass(frozen=True, slots=True)
class Total:
    """The sums of one currency's lines."""

    gross: Money
    fee: Money
    vat: Money
    partner_share: Money
    creditor_share: Money


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed in one currency and not yet passed on. The two are not set off against each other."""

    by_partners: Money
    by_creditors: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """An account from `first` to `last`, both included. Totals and balances are by currency code."""

    first: date
    last: date
    lines: tuple[Line, ...]
    totals: dict[str, Total]
    opening: dict[str, Balance]
    closing: dict[str, Balance]

    @property
    def file_name(self) -> str:
        return f"statement-{self.first.isoformat()}-{self.last.isoformat()}.csv"


def draw_up(payments: Iterable[Payment], first: date, last: date) -> Statement:
    """The statement that payments give. Those without any line up to `last` do no harm."""
    lines = sorted(
        (line for payment in payments for line in lines_of(payment) if line.day <= last),
        key=lambda line: line.day,
    )
    currencies = sorted({line.gross.currency for line in lines})
    within = tuple(line for line in lines if line.day >= first)
    return Statement(
        first=first,
        last=last,
        lines=within,
        totals={currency: _total(currency, within) for currency in currencies},
        opening={currency: _balance(currency, lines, before=first) for currency in currencies},
        closing={currency: _balance(currency, lines) for currency in currencies},
    )


def lines_of(payment: Payment) -> Iterator[Line]:
    """Everything one payment gives rise to, in order."""
    recorded = london_date(payment.recorded_at)
    line = _payment_line(payment, recorded)
    yield line
    settled = payment.settled_at is not None and bool(line.owed.amount)
    if payment.settled_at and settled:
        yield _moved(line, LineKind.SETTLED, payment.settled_at, payment.settled_on)
    if payment.reversed_at is None:
        return
    reversed_on = london_date(payment.reversed_at)
    if not settled:
        yield _negative(line, reversed_on)
        return
    # The other side has its share and now owes it back.
    other = Party.CREDITOR if line.owed_by is Party.PARTNER else Party.PARTNER
    back = replace(line, owed_by=other)
    yield replace(_negative(back, reversed_on), owed=line.owed)
    if payment.returned_at:
        yield _moved(back, LineKind.RETURNED, payment.returned_at, payment.returned_on)


def _payment_line(payment: Payment, recorded: date) -> Line:
    def money(amount: Decimal) -> Money:
        return Money(amount, payment.currency).rounded()

    by_partner = payment.recipient == Recipient.PARTNER
    return Line(
        day=recorded,
        kind=LineKind.PAYMENT,
        payment=str(payment.public_id),
        case=payment.case.reference,
        creditor_reference=payment.case.creditor_reference,
        paid_on=payment.paid_on,
        gross=money(payment.amount),
        fee=money(payment.fee),
        vat=money(payment.fee_vat),
        partner_share=money(payment.partner_share),
        creditor_share=money(payment.creditor_share),
        owed_by=Party.PARTNER if by_partner else Party.CREDITOR,
        owed=money(share_owed(payment)),
    )


def _negative(line: Line, day: date) -> Line:
    return replace(
        line,
        day=day,
        kind=LineKind.REVERSAL,
        gross=_minus(line.gross),
        fee=_minus(line.fee),
        vat=_minus(line.vat),
        partner_share=_minus(line.partner_share),
        creditor_share=_minus(line.creditor_share),
        owed=_minus(line.owed),
    )


def _moved(line: Line, kind: LineKind, noted: datetime, settled_on: date | None) -> Line:
    nothing = Money.zero(line.gross.currency).rounded()
    return replace(
        line,
        day=london_date(noted),
        settled_on=settled_on,
        kind=kind,
        gross=nothing,
        fee=nothing,
        vat=nothing,
        partner_share=nothing,
        creditor_share=nothing,
        owed=_minus(line.owed),
    )


def _minus(money: Money) -> Money:
    return Money(Decimal(0), money.currency).rounded() - money


def _total(currency: str, lines: Iterable[Line]) -> Total:
    mine = [line for line in lines if line.gross.currency == currency]
    zero = Money.zero(currency).rounded()
    return Total(
        gross=sum((line.gross for line in mine), zero),
        fee=sum((line.fee for line in mine), zero),
        vat=sum((line.vat for line in mine), zero),
        partner_share=sum((line.partner_share for line in mine), zero),
        creditor_share=sum((line.creditor_share for line in mine), zero),
    )


def _balance(currency: str, lines: Iterable[Line], *, before: date = date.max) -> Balance:
    owed = {party: Money.zero(currency).rounded() for party in (Party.PARTNER, Party.CREDITOR)}
    for line in lines:
        if line.owed.currency == currency and line.day < before:
            owed[line.owed_by] = owed[line.owed_by] + line.owed
    return Balance(owed[Party.PARTNER], owed[Party.CREDITOR])
