"""Work out what an offer would cost, before it is sent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from arrears.core.money import Money
from arrears.core.quote import Assumptions, Cost, Offer, expected_cost, problems_of
from arrears.desk.actors import Actor, Refused
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.quoting import request_for


def preview_quote(actor: Actor, request_id: UUID | str, offer: Offer, *, today: date) -> Cost:
    """What an offer comes to when all that is left of the principal is recovered. Writes nothing.

    Raises NotThere, and Refused for an offer that is not complete.
    """
    case = request_for(actor, request_id).case
    problems = problems_of(offer, case.currency, today)
    if problems:
        raise Refused(" ".join(problems), code="quote")
    return expected_cost(offer, Assumptions(Money(left_to_pay(case).principal, case.currency)))
