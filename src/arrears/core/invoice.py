"""One sales invoice, what is still owed on it, and what that makes it today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from arrears.core.address import PostalLines
from arrears.core.money import Money, round_amount
from arrears.core.wording import money_text


class Status(StrEnum):
    """What the books call the invoice. Only ever a cross-check: amounts and dates decide."""

    UNPAID = "unpaid"
    PART_PAID = "part paid"
    OVERDUE = "overdue"
    OVERDUE_PART_PAID = "overdue part paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    NOTHING_DUE = "nothing due"
    UNKNOWN = "unknown"


class Position(StrEnum):
    """What the invoice is today, by its amounts and dates alone."""

    OVERDUE = "overdue"
    NOT_DUE = "not due yet"
    DUE_DATE_UNKNOWN = "due date unknown"
    PAID = "paid"
    OVERPAID = "overpaid"
    CREDIT_NOTE = "credit note"
    DELETED = "deleted"
    AMOUNT_UNKNOWN = "amount unknown"


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is still owed, in the invoice's own currency, or the reason it cannot be told.

    Exactly one of `money` and `problem` is set. `reading` says how the figure was reached.
    """

    money: Money | None
    reading: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures the books give for one invoice, before anybody has decided what they mean.

    `gross` is in the invoice's currency, `paid` and `home_gross` in the company's home currency. `due` is in
    one of the two, and the books do not say which. `rate` is units of the invoice's currency for one unit of
    home currency. `withheld` tells that tax withheld by the customer may make `due` smaller.
    """

    currency: str
    home_currency: str
    gross: Decimal | None
    paid: Decimal | None
    due: Decimal | None
    rate: Decimal | None = None
    home_gross: Decimal | None = None
    withheld: bool = False


_RATE_TOLERANCE = Decimal("0.02")


def outstanding_of(figures: Figures) -> Outstanding:
    """Decide what is still owed. Where two readings disagree the answer is a problem, never a guess."""
    if not figures.currency:
        return Outstanding(None, "", "The books do not say which currency this invoice is in.")
    if figures.gross is None or figures.paid is None or figures.due is None:
        return Outstanding(None, "", "The books do not give the total, the amount paid and the amount due.")
    if figures.currency == figures.home_currency:
        return _outstanding_at_home(figures, figures.gross, figures.paid, figures.due)
    return _outstanding_abroad(figures, figures.gross, figures.paid, figures.due)


def _outstanding_at_home(figures: Figures, gross: Decimal, paid: Decimal, due: Decimal) -> Outstanding:
    left = Money(round_amount(gross - paid, figures.currency), figures.currency)
    stated = Money(round_amount(due, figures.currency), figures.currency)
    if left == stated:
        return Outstanding(left, "total less payments, equal to the amount due")
    cause = " Tax withheld by the customer may explain it." if figures.withheld else ""
    problem = f"Total less payments is {money_text(left)}, but the books say {money_text(stated)} is due."
    return Outstanding(None, "", problem + cause)


def _outstanding_abroad(figures: Figures, gross: Decimal, paid: Decimal, due: Decimal) -> Outstanding:
    currency, home, rate = figures.currency, figures.home_currency, figures.rate
    if rate is None or rate <= 0:
        return Outstanding(None, "", f"The books give no usable exchange rate for this {currency} invoice.")
    if figures.home_gross is not None and abs(gross / rate - figures.home_gross) > _RATE_TOLERANCE:
        foreign, at_home = money_text(Money(gross, currency)), money_text(Money(figures.home_gross, home))
        return Outstanding(None, "", f"The exchange rate {rate} does not lead from {foreign} to {at_home}.")
    left = gross - paid * rate
    # Payments are kept in home pennies; one penny of rounding is worth `rate` units abroad.
    tolerance = _RATE_TOLERANCE * max(Decimal(1), rate)
    if abs(due - left) <= tolerance:
        return Outstanding(Money(round_amount(due, currency), currency), f"amount due, read as {currency}")
    owed = Money(round_amount(left, currency), currency)
    if abs(due * rate - left) <= tolerance:
        return Outstanding(owed, f"total less payments, with the amount due read as {home}")
    problem = (
        f"Total less payments is {money_text(owed)}, and the amount due ({due}) fits "
        f"neither as {currency} nor as {home}."
    )
    return Outstanding(None, "", problem)


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice as the books state it now. Read live, never stored.

    `id` never changes; `number` is what people see and can be changed in the books. Dates are calendar
    dates of the company. `document` is where the PDF can be fetched: whoever has it can read the invoice,
    so it is kept out of representations.
    """

    id: str
    number: str
    customer_code: str
    customer_name: str
    issued: date | None
    due: date | None
    figures: Figures
    outstanding: Outstanding
    status: Status = Status.UNKNOWN
    status_text: str = ""
    is_credit_note: bool = False
    deleted: bool = False
    archived: bool = False
    chasing_on: bool = False
    #: Reminder letters that were sent; None when the books do not say.
    reminders: int | None = None
    last_payment: date | None = None
    customer_reference: str = ""
    lines: PostalLines | None = None
    document: str = field(default="", repr=False)
    url: str = field(default="", repr=False)

    @property
    def currency(self) -> str:
        return self.figures.currency


def position_of(invoice: Invoice, today: date) -> Position:
    """What the invoice is on `today`. An invoice due today is not overdue until tomorrow."""
    if invoice.deleted:
        return Position.DELETED
    if invoice.is_credit_note or (invoice.figures.gross is not None and invoice.figures.gross < 0):
        return Position.CREDIT_NOTE
    money = invoice.outstanding.money
    if money is None:
        return Position.AMOUNT_UNKNOWN
    if money.amount == 0:
        return Position.PAID
    if money.amount < 0:
        return Position.OVERPAID
    if invoice.due is None:
        return Position.DUE_DATE_UNKNOWN
    return Position.OVERDUE if invoice.due < today else Position.NOT_DUE


def days_overdue(due: date | None, today: date) -> int:
    """Whole calendar days since the due date; 0 when not overdue or when there is no due date."""
    return max(0, (today - due).days) if due else 0


_EXPECTED = {
    Position.OVERDUE: {Status.OVERDUE, Status.OVERDUE_PART_PAID},
    Position.NOT_DUE: {Status.UNPAID, Status.PART_PAID},
    Position.DUE_DATE_UNKNOWN: {Status.UNPAID, Status.PART_PAID, Status.OVERDUE, Status.OVERDUE_PART_PAID},
    Position.PAID: {Status.PAID, Status.NOTHING_DUE},
    Position.OVERPAID: {Status.OVERPAID, Status.PAID},
}


def status_agrees(invoice: Invoice, today: date) -> bool:
    """Whether the books' own label fits the amounts and dates. Unknown labels and days of grace agree."""
    position = position_of(invoice, today)
    if invoice.status is Status.UNKNOWN or position not in _EXPECTED:
        return True
    if position is Position.OVERDUE and days_overdue(invoice.due, today) == 1:
        return True  # the label is worked out at night; the first day it may lag behind
    return invoice.status in _EXPECTED[position]


_SETTLED = {Status.PAID, Status.OVERPAID, Status.NOTHING_DUE}
_OWED = {Status.UNPAID, Status.PART_PAID, Status.OVERDUE, Status.OVERDUE_PART_PAID}


def is_unpaid(invoice: Invoice, today: date) -> bool:
    """Whether the invoice belongs on the list of unpaid invoices.

    It does when money is owed, when it cannot be told, and when the books call it unpaid although the
    figures say otherwise: that disagreement is for a person to see. A credit note does while some of it is
    still unused. An invoice that the books call paid with nothing due does not, even where the payments do
    not add up to the total: exchange differences and tax withheld leave many of those behind.
    """
    position = position_of(invoice, today)
    if position is Position.DELETED:
        return False
    if position is Position.CREDIT_NOTE:
        return invoice.outstanding.money is None or invoice.outstanding.money.amount != 0
    if position is Position.AMOUNT_UNKNOWN:
        return not (invoice.figures.due == 0 and invoice.status in _SETTLED)
    return position not in (Position.PAID, Position.OVERPAID) or invoice.status in _OWED


def status_of(invoice: Invoice, today: date) -> str:
    """The position in words, with "part paid" added when something was paid towards it."""
    position = position_of(invoice, today)
    part_paid = bool(invoice.figures.paid) and position in (Position.OVERDUE, Position.NOT_DUE)
    return f"{position.value}, part paid" if part_paid else position.value
