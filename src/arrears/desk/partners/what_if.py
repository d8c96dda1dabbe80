"""Who would get a debt, and why: every partner in the order of asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from arrears.accounts.models import Organisation, OrganisationKind
from arrears.core.case import Party
from arrears.core.country import jurisdiction
from arrears.core.debtor import DebtorType
from arrears.core.fx import ECB, usd_value
from arrears.core.handover import Handover, aged_from_due
from arrears.core.money import Money
from arrears.core.pricing import Estimate
from arrears.core.routing import Route, Step
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.network import choose, explain
from arrears.desk.price_lists import price
from arrears.desk.roles import only


@dataclass(frozen=True, slots=True)
class Answer:
    """The route, every partner that could be asked, and the price; there is none without a partner."""

    route: Route
    steps: tuple[Step, ...]
    price: Estimate | None


def what_if(
    actor: Actor,
    principal: Money,
    debtor_type: DebtorType,
    country: str,
    state: str = "",
    *,
    due: date | None = None,
    creditor_id: UUID | None = None,
    today: date,
) -> Answer:
    """What opening such a case today would lead to. Writes nothing. Raises Refused for an unknown place."""
    only(actor, Party.OPERATOR)
    place = jurisdiction(country, state)
    if not place:
        raise Refused("Choose a country, and in the United States a state.", code="jurisdiction")
    if principal.amount <= Decimal(0):
        raise Refused("Enter an amount above zero.", code="amount")
    creditor = _creditor(creditor_id)
    handover = Handover(
        debtor_name="",
        debtor_type=debtor_type,
        country=country,
        state=state,
        principal=principal,
        usd=usd_value(principal, ECB),
        aged=aged_from_due(principal.amount, due, today),
        due=due,
    )
    route = choose(handover, creditor)
    estimate = price(
        handover,
        creditor_id=creditor,
        partner_id=int(route.partner) if route.partner else None,
        jurisdiction=place,
        today=today,
    )
    return Answer(route, explain(handover, creditor), estimate if route.partner else None)


def _creditor(public_id: UUID | None) -> int:
    """The creditor asked about; nobody's choices when none is named."""
    if public_id is None:
        return 0
    found = Organisation.objects.filter(public_id=public_id, kind=OrganisationKind.CREDITOR).first()
    if found is None:
        raise NotThere("creditor")
    return found.pk
