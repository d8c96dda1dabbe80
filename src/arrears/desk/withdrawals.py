"""The terms on which a case can be withdrawn today: what reading them and withdrawing have in common."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from arrears.clock import london_date
from arrears.core.case import Lifecycle, Phase
from arrears.core.money import Money
from arrears.core.withdrawal import Facts, Terms, withdrawal_terms
from arrears.desk.actors import Refused
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import Case, PriceSource
from arrears.desk.periods import period_of

#: Under this name the timeline keeps the cost that a creditor confirmed.
CONFIRMED_COST = "withdrawal_cost"


def terms_of(case: Case, today: date) -> Terms:
    """How a case can be withdrawn and what that costs. Raises Refused: it is closed already."""
    period = period_of(case, today)
    left = left_to_pay(case)
    terms = withdrawal_terms(
        Facts(
            lifecycle=Lifecycle(case.lifecycle),
            accepted=case.accepted_at is not None,
            has_partner=case.partner_id is not None and not case.is_test,
            period=period.status_on(today) if period else None,
            phase=Phase(case.phase) if case.phase else None,
            by_quote=case.price_source == PriceSource.QUOTE.value,
            principal=Money(left.principal, case.currency).rounded(),
            rate=case.rate,
            collection_fees=Money(left.collection_fees, case.currency).rounded(),
        )
    )
    if terms is None:
        raise Refused("This case is closed already, so there is nothing to withdraw.", code="not_now")
    return terms


def owed_if_agreed(case: Case) -> Money | None:
    """What the creditor owes if the withdrawal it asks for is agreed to; None: as the two had agreed.

    The day it was asked decides, and never more than the creditor confirmed: what the debtor has paid since
    has brought its fee already.
    """
    if case.withdrawal_asked_at is None:
        return None
    asked = case.events.filter(data__has_key=CONFIRMED_COST).order_by("-at", "-pk").first()
    confirmed = asked.data[CONFIRMED_COST] if asked else None
    cost = terms_of(case, london_date(case.withdrawal_asked_at)).cost
    if confirmed is None or cost is None:
        return None
    return min(Money(Decimal(confirmed), case.currency), cost)
