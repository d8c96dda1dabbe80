"""Hold the standing offers of a request against each other on equal terms."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from arrears.core.case import Party
from arrears.core.money import Money
from arrears.core.quote import Assumptions, Compared, QuoteState, compare
from arrears.desk.actors import Actor, Refused
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.quoting import offer_of, request_for
from arrears.desk.roles import only

_MOST_HOURS_POINTS = 1000


def compare_quotes(
    actor: Actor,
    request_id: UUID | str,
    *,
    recovered_points: Decimal = Decimal(100),
    hours_points: Decimal = Decimal(100),
    court_costs: bool = True,
) -> tuple[Compared, ...]:
    """What each standing offer would cost, the cheapest first; each one's key is the quote's public id.

    `recovered_points` is how many per cent of the principal left are assumed to be recovered, `hours_points`
    how many per cent of the estimated hours to be worked. Raises NotThere and Refused.
    """
    only(actor, Party.CREDITOR, Party.OPERATOR)
    if not (_within(recovered_points, 100) and _within(hours_points, _MOST_HOURS_POINTS)):
        raise Refused(
            f"Assume that 0 to 100% is recovered, and 0 to {_MOST_HOURS_POINTS:,}% of the hours are worked.",
            code="assumptions",
        )
    request = request_for(actor, request_id)
    shown = (QuoteState.OFFERED.value, QuoteState.ACCEPTED.value, QuoteState.REJECTED.value)
    offers = {str(quote.public_id): offer_of(quote) for quote in request.quotes.filter(state__in=shown)}
    principal = Money(left_to_pay(request.case).principal, request.case.currency)
    assumptions = Assumptions(principal, recovered_points, hours_points, court_costs)
    return compare(offers, assumptions)


def _within(points: Decimal, most: int) -> bool:
    return points.is_finite() and 0 <= points <= most
