"""Taking a debtor's money on a case: what recording a payment and reporting a direct one have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from arrears.core.case import Lifecycle, Party
from arrears.core.exclusivity import ExtensionKind
from arrears.core.money import Money, exponent, read_amount
from arrears.core.payment import (
    Bucket,
    Charged,
    Method,
    OverPaid,
    Recipient,
    Split,
    allocate,
    late_report,
    payment_refusal,
    settle_by,
    split,
)
from arrears.core.pricing import vat_on_fee
from arrears.core.wording import date_text, list_text, money_text, number_text
from arrears.desk import outbox
from arrears.desk.actors import Actor, NotThere, Refused, uuid_of
from arrears.desk.free_text import free_text
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import Case, DeskSettings, EventKind, Payment
from arrears.desk.moves import write_down
from arrears.desk.periods import extend
from arrears.desk.reopening import why_not_reopened

_RECEIVER = {Recipient.PARTNER: "the partner", Recipient.CREDITOR: "the creditor"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in, in the case's currency; `costs` are bank costs that the partner takes off it."""

    paid_on: date
    amount: Decimal
    recipient: Recipient
    method: Method
    note: str = ""
    costs: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Worked:
    """How a payment is shared out, before or when it is written down.

    `left` is what the debtor owes afterwards; `settle_by` when whoever received the money has passed on the
    other's share.
    """

    parts: dict[Bucket, Money]
    shares: Split
    rate: Decimal
    vat_sentence: str
    left: Money
    settle_by: date


def payments_of(actor: Actor) -> QuerySet[Payment]:
    """The payments an actor may see, reversed ones too. A partner sees those it is or was in charge of."""
    payments = Payment.objects.select_related("case", "case__creditor", "partner")
    if actor.party is Party.CREDITOR:
        return payments.filter(case__creditor_id=actor.organisation)
    if actor.party is Party.PARTNER:
        return payments.filter(partner_id=actor.partner or 0, case__is_test=False)
    return payments


def payment_for(actor: Actor, payment_id: UUID | str, *, lock: bool = False) -> Payment:
    """One payment by its public id. `lock` holds its case's row to the transaction's end. Raises NotThere."""
    mine = payments_of(actor).filter(public_id=uuid_of(payment_id))
    if lock:
        # The case is held before the payment is read: all money on one case happens one after the other.
        Case.objects.select_for_update(of=("self",)).filter(payments__in=mine).first()
    payment = mine.first()
    if payment is None:
        raise NotThere("payment")
    return payment


def work_out(case: Case, receipt: Receipt, *, today: date) -> Worked:
    """How a payment would be shared out if it were recorded today. Writes nothing. Raises Refused."""
    _check(case, receipt, today)
    parts = _allocated(case, receipt)
    shares, vat_sentence = _shares(case, receipt, parts)
    days = DeskSettings.current().settle_business_days
    return Worked(
        parts=parts,
        shares=shares,
        rate=case.rate or Decimal(0),
        vat_sentence=vat_sentence,
        left=Money(still_owed(case) - receipt.amount, case.currency).rounded(),
        settle_by=settle_by(receipt.recipient, receipt.paid_on, today, days),
    )


def take(case: Case, receipt: Receipt, actor: Actor, *, now: datetime, today: date) -> Payment:
    """Write a payment down with its split, and all that follows from it. The caller holds the case's row.

    Raises Refused, and then nothing has changed.
    """
    worked = work_out(case, receipt, today=today)
    shares = worked.shares
    payment = _written(case, receipt, worked, actor, now=now, today=today)
    outstanding = still_owed(case)
    text = " ".join(
        filter(
            None,
            (
                _receipt_text(case, receipt, worked.parts),
                late_report(receipt.recipient, receipt.paid_on, today),
                f"Success fee {money_text(shares.fee)} ({number_text(payment.rate)}% of principal).",
                _put_off_text(shares),
                worked.vat_sentence,
                f"{money_text(Money(outstanding, case.currency))} is still owed.",
            ),
        )
    )
    data = {"payment": str(payment.public_id), "amount": str(payment.amount), "outstanding": str(outstanding)}
    write_down(case, EventKind.PAYMENT, actor, text, now=now, data=data, outstanding=outstanding)
    extend(case, ExtensionKind.PAYMENT, receipt.paid_on, now=now)
    outbox.announce(case, "payment.created", now=now, data={"paymentId": str(payment.public_id)})
    return payment


def still_owed(case: Case) -> Decimal:
    """What the debtor still owes in all."""
    left = left_to_pay(case)
    return left.principal + left.interest + left.reminder_fees + left.collection_fees


def _check(case: Case, receipt: Receipt, today: date) -> None:
    refusal = payment_refusal(Lifecycle(case.lifecycle), accepted=case.accepted_at is not None)
    if refusal:
        raise Refused(_for_good(case) or refusal, code="not_now", action="Look at where the case stands.")
    if receipt.paid_on > today:
        raise Refused(
            f"{date_text(receipt.paid_on)} is in the future. Enter the day the money arrived.",
            code="future_date",
        )
    _check_amount("payment", receipt.amount, case.currency)
    if receipt.amount <= 0:
        raise Refused("The amount of a payment must be more than nothing.", code="amount")
    _check_amount("costs", receipt.costs, case.currency)
    if not 0 <= receipt.costs <= receipt.amount:
        raise Refused("The bank costs must lie between nothing and the payment itself.", code="costs")
    if receipt.costs and receipt.recipient is Recipient.CREDITOR:
        raise Refused("Bank costs can be taken off only what the partner received.", code="costs")


def _for_good(case: Case) -> str:
    """Why a closed case takes no payment any more, not even once reopened; empty where it may be."""
    why = why_not_reopened(case, Party.OPERATOR) if case.lifecycle == Lifecycle.CLOSED else ""
    return why and f"The case is closed, and takes no more payments. {why}"


def _check_amount(what: str, amount: Decimal, currency: str) -> None:
    if read_amount(amount) is None:
        raise Refused(f"The amount of the {what} is not a plausible one. Check it.", code="amount")
    money = Money(amount, currency)
    if money.rounded() != money:
        raise Refused(
            f"The amount of the {what} has more decimal places than the {exponent(currency)} of {currency}.",
            code="amount",
        )


def _allocated(case: Case, receipt: Receipt) -> dict[Bucket, Money]:
    left = left_to_pay(case)
    owed = {
        Bucket.PRINCIPAL: left.principal,
        Bucket.INTEREST: left.interest,
        Bucket.REMINDER_FEES: left.reminder_fees,
        Bucket.COLLECTION_FEES: left.collection_fees,
    }
    try:
        return allocate(
            Money(receipt.amount, case.currency),
            {bucket: Money(amount, case.currency) for bucket, amount in owed.items()},
            [Bucket(name) for name in DeskSettings.current().allocation],
        )
    except OverPaid as error:
        raise Refused(str(error), code="over_paid") from None


def _shares(case: Case, receipt: Receipt, parts: dict[Bucket, Money]) -> tuple[Split, str]:
    """How the payment is split, and a sentence about VAT. A rate agreed anew starts a count of its own."""
    rate, currency = case.rate or Decimal(0), case.currency
    earlier = case.payments.filter(reversed_at=None, rate=rate, partner=case.partner)
    sums = earlier.aggregate(
        principal=Sum("to_principal", default=Decimal(0)), fee=Sum("fee", default=Decimal(0))
    )
    before = Charged(Money(sums["principal"], currency), Money(sums["fee"], currency))
    vat_rate, sentence = Decimal(0), ""
    if case.partner:
        vat_rate, sentence = vat_on_fee(case.creditor.country, case.partner.country, case.partner.vat_rate)
    shares = split(parts, rate, vat_rate, Money(receipt.costs, currency), before)
    if receipt.costs and shares.creditor_share.amount < 0:
        left = money_text(shares.creditor_share + Money(receipt.costs, currency))
        raise Refused(
            f"The bank costs are more than the {left} that the creditor gets of this payment.",
            code="costs",
            action="Take off that much at most.",
        )
    return shares, sentence


def _written(
    case: Case,
    receipt: Receipt,
    worked: Worked,
    actor: Actor,
    *,
    now: datetime,
    today: date,
) -> Payment:
    parts, shares = worked.parts, worked.shares
    payment = Payment(
        case=case,
        partner=case.partner,
        paid_on=receipt.paid_on,
        amount=receipt.amount,
        currency=case.currency,
        recipient=receipt.recipient.value,
        method=receipt.method.value,
        note=free_text(receipt.note, "a note", required=False),
        to_principal=parts[Bucket.PRINCIPAL].amount,
        to_interest=parts[Bucket.INTEREST].amount,
        to_reminder_fees=parts[Bucket.REMINDER_FEES].amount,
        to_collection_fees=parts[Bucket.COLLECTION_FEES].amount,
        rate=worked.rate,
        fee=shares.fee.amount,
        fee_vat=shares.vat.amount,
        partner_share=shares.partner_share.amount,
        creditor_share=shares.creditor_share.amount,
        settle_by=worked.settle_by,
        recorded_by=actor.name,
        recorded_at=now,
        updated_at=now,
    )
    if not share_owed(payment):
        payment.settled_on, payment.settled_at = today, now
        payment.settled_note = "Nothing had to be passed on."
    payment.save()
    return payment


def _receipt_text(case: Case, receipt: Receipt, parts: dict[Bucket, Money]) -> str:
    paid_off = [f"{money_text(part)} {bucket}" for bucket, part in parts.items() if part.amount]
    amount = money_text(Money(receipt.amount, case.currency))
    return (
        f"{amount} received by {_RECEIVER[receipt.recipient]} on {date_text(receipt.paid_on)}: "
        f"{list_text(paid_off)}."
    )


def _put_off_text(shares: Split) -> str:
    if not shares.put_off.amount:
        return ""
    more = money_text(shares.put_off)
    return f"{more} more of the fee is not covered by the principal paid; later payments bear it."


def share_owed(payment: Payment) -> Decimal:
    """What whoever received the payment owes the other side."""
    owed: Decimal = payment.creditor_share
    if payment.recipient == Recipient.CREDITOR:
        owed = payment.amount - payment.creditor_share
    return owed
