"""What the pages of a case have in common, whoever looks at it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from arrears.core.money import Money
from arrears.core.payment import Recipient
from arrears.desk.models import Payment
from arrears.desk.splitting import share_owed


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment with its amounts as money. `owed` is what its receiver has to pass on, or has passed on."""

    payment: Payment
    amount: Money
    fee: Money
    vat: Money
    partner_share: Money
    creditor_share: Money
    owed: Money

    @property
    def partner_took(self) -> bool:
        return self.payment.recipient == Recipient.PARTNER

    @property
    def waits(self) -> bool:
        """Whether money still has to be passed on, or given back."""
        payment = self.payment
        if payment.reversed_at:
            return payment.settled_on is not None and payment.returned_on is None and bool(self.owed.amount)
        return payment.settled_on is None


def payment_lines(payments: Iterable[Payment]) -> list[PaymentLine]:
    return [_line(payment) for payment in payments]


def _line(payment: Payment) -> PaymentLine:
    amounts = (
        payment.amount,
        payment.fee,
        payment.fee_vat,
        payment.partner_share,
        payment.creditor_share,
        share_owed(payment),
    )
    return PaymentLine(payment, *(Money(amount, payment.currency).rounded() for amount in amounts))
