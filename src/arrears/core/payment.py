"""Money a debtor has paid: what it pays off, who gets how much of it, and who has to pass it on by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from arrears.core.case import Lifecycle
from arrears.core.money import Money, smallest_unit
from arrears.core.wording import money_text
from arrears.core.working_time import business_days_after


class Bucket(StrEnum):
    """What a debtor owes, in parts."""

    PRINCIPAL = "principal"
    INTEREST = "interest"
    REMINDER_FEES = "reminder fees"
    COLLECTION_FEES = "collection fees"


class Recipient(StrEnum):
    """Who received the money. The values are what the API calls them."""

    PARTNER = "CollectionPartner"
    CREDITOR = "Creditor"


class Method(StrEnum):
    """How it was paid. The values are what the API calls them."""

    BANK_TRANSFER = "BankTransfer"
    CARD = "Card"
    CASH = "Cash"
    CHEQUE = "Cheque"
    DIRECT_DEBIT = "DirectDebit"
    OTHER = "Other"


#: The creditor's own money first. An operator may set another order.
DEFAULT_ALLOCATION = (Bucket.PRINCIPAL, Bucket.INTEREST, Bucket.REMINDER_FEES, Bucket.COLLECTION_FEES)

#: A creditor who was paid directly tells the partner within this many days, and pays the fee within that
#: many.
REPORT_DAYS = 3
FEE_DAYS = 14

#: Where an accepted case can stand when money comes in. A closed one has to be reopened first.
_TAKES_PAYMENTS = frozenset(
    {
        Lifecycle.ACTIVE,
        Lifecycle.PAUSED,
        Lifecycle.MORE_INFO,
        Lifecycle.COLLECTING_QUOTES,
        Lifecycle.PENDING_QUOTE_SELECTION,
    }
)


class OverPaid(ValueError):
    """More was paid than is owed. The message is a sentence for people."""

    def __init__(self, amount: Money, owed: Money) -> None:
        super().__init__(
            f"{money_text(amount)} is more than the {money_text(owed)} still owed. Record what was owed, and "
            "let the debtor have the rest back."
        )


def payment_refusal(lifecycle: Lifecycle, *, accepted: bool) -> str:
    """Why no payment can be recorded on a case now, in a sentence; empty when one can."""
    if lifecycle is Lifecycle.CLOSED:
        return (
            "The case is closed. Its partner or an operator can reopen it (only an operator, where the "
            "creditor has withdrawn it). Reopen it first, then record the payment."
        )
    if not accepted or lifecycle not in _TAKES_PAYMENTS:
        return "No partner has accepted the case yet, so no payment can be recorded on it."
    return ""


def allocate(amount: Money, owed: Mapping[Bucket, Money], order: Sequence[Bucket]) -> dict[Bucket, Money]:
    """What a payment pays off: each bucket of `order` is filled before the next gets anything.

    `owed` holds every bucket; `order` may leave some out, which then come last in the order of Bucket. The
    parts sum to `amount`. Raises OverPaid when it is more than everything owed, CurrencyMismatch for two
    currencies.
    """
    rest = amount
    parts = {bucket: Money.zero(amount.currency) for bucket in Bucket}
    for bucket in dict.fromkeys((*order, *Bucket)):
        parts[bucket] = min(rest, owed[bucket])
        rest = rest - parts[bucket]
    if rest.amount:
        raise OverPaid(amount, amount - rest)
    return parts


@dataclass(frozen=True, slots=True)
class Charged:
    """What the payments that count have brought so far under one rate: principal paid, fee taken on it."""

    principal: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Split:
    """Who gets how much of one payment. The four sum to it.

    `fee` is the success fee and `vat` the VAT on it; `partner_share` is what the debtor paid of interest and
    fees, and the partner's bank costs; `creditor_share` is the rest. `put_off` is what is due of the fee and
    not covered by the payment.
    """

    fee: Money
    vat: Money
    partner_share: Money
    creditor_share: Money
    put_off: Money


def split(
    parts: Mapping[Bucket, Money], rate: Decimal, vat_rate: Decimal, costs: Money, before: Charged
) -> Split:
    """Share a payment out. `rate` and `vat_rate` are percentage points, `costs` bank costs taken off it.

    The success fee is owed on principal only. It is worked out on all principal paid so far, less the fee
    taken so far: however many part payments there are, they cost exactly what one payment would. VAT goes
    the same way. A reversed payment takes its own split with it, so `before` leaves it out. What rounding
    then is too much or too little (the smallest unit at most for each reversal) the next payments' fees
    make good, none of them below nothing.

    Fee and VAT together take no more than the principal paid: a rate near 100% could make the creditor pay
    for being paid. What is put off is due with the next payment, and with nothing else.
    """
    principal = parts[Bucket.PRINCIPAL]
    due = (before.principal + principal).percent(rate) - before.fee
    due = max(due, Money.zero(principal.currency))
    fee, vat = _covered(principal, due, vat_rate, before)
    added = parts[Bucket.INTEREST] + parts[Bucket.REMINDER_FEES] + parts[Bucket.COLLECTION_FEES]
    return Split(fee, vat, added + costs, principal - fee - vat - costs, due - fee)


def _covered(principal: Money, due: Money, vat_rate: Decimal, before: Charged) -> tuple[Money, Money]:
    """As much of the fee that is due, with the VAT on it, as the principal paid covers."""

    def vat_on(fee: Money) -> Money:
        return (before.fee + fee).percent(vat_rate) - before.fee.percent(vat_rate)

    if due + vat_on(due) <= principal:
        return due, vat_on(due)
    most = Money(principal.amount * 100 / (100 + vat_rate), principal.currency).rounded()
    fee = min(due, most)
    # Rounding has cost the smallest unit or two at most.
    while principal < fee + vat_on(fee):
        fee = fee - smallest_unit(principal.currency)
    return fee, vat_on(fee)


def settle_by(recipient: Recipient, paid_on: date, recorded_on: date, business_days: int) -> date:
    """By when whoever received the money passes on the other's share.

    A partner has so many business days from the payment; a creditor 14 days from when it was recorded,
    because then the partner's invoice goes out.
    """
    if recipient is Recipient.PARTNER:
        return business_days_after(paid_on, business_days)
    return recorded_on + timedelta(days=FEE_DAYS)


def late_report(recipient: Recipient, paid_on: date, recorded_on: date) -> str:
    """A sentence where a direct payment was told later than agreed; else empty."""
    days = (recorded_on - paid_on).days
    if recipient is Recipient.PARTNER or days <= REPORT_DAYS:
        return ""
    return f"Reported {days} days after it was paid; the agreement asks for {REPORT_DAYS} days."
