"""Giving a case to a partner, or to the network when none takes it. The caller holds the case's row."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from arrears.clock import london_date
from arrears.core.case import Event, Phase
from arrears.core.claim import AgeBuckets
from arrears.core.country import jurisdiction
from arrears.core.debtor import DebtorType
from arrears.core.fx import UsdValue
from arrears.core.handover import Handover
from arrears.core.pricing import Estimate
from arrears.core.quote import Purpose, Scenario
from arrears.core.routing import Mechanism, Route
from arrears.core.wording import full_stop
from arrears.desk.actors import DESK, Actor
from arrears.desk.assess import price_of
from arrears.desk.models import Assignment, Case, Disclosure, Partner
from arrears.desk.moves import move
from arrears.desk.network import choose
from arrears.desk.quoting import open_request
from arrears.desk.signatures import missing

_DISCLOSED = "The debtor's name, address and contact details, and the claim."


def place(case: Case, *, now: datetime, today: date) -> None:
    """Find a declined case its next home: another partner, or the network.

    Everybody who has declined it is passed over, and so are partners for whom the creditor has still to sign:
    a case does not go back to waiting for a signature. The network is asked too where the next partner has no
    price for the case, because nobody can accept it without one.
    """
    route = _next(case, today)
    if route.partner:
        _take(case, route)
    if route.partner and case.rate is not None:
        text = f"{full_stop(f'Given to {route.partner_name}')} {route.reason}"
        give(case, Event.REROUTED, DESK, text, now=now)
    else:
        reason = "No price list has a rate for it." if route.partner else route.reason
        send_to_network(case, DESK, reason, now=now, today=today)


def give(case: Case, event: Event, actor: Actor, text: str, *, now: datetime) -> None:
    """Let the chosen partner see the case from now on, and write down that it was told about the debtor."""
    partner = case.partner
    if partner is None:
        raise RuntimeError("A case without a partner cannot be given to one.")
    waiting = Assignment.objects.filter(case=case, partner=partner, outcome=Assignment.Outcome.WAITING)
    if not waiting.exists():
        Assignment.objects.create(case=case, partner=partner, given_at=now)
        Disclosure.objects.create(
            case=case, at=now, to=partner.name, what=_DISCLOSED, why="To verify the claim and collect it."
        )
    move(case, event, actor, text, now=now, check_after=None, info_due=None)


def send_to_network(case: Case, actor: Actor, reason: str, *, now: datetime, today: date) -> None:
    """Ask the network for quotes; the price comes with them."""
    _set_terms(case, Route(None, "", reason, Mechanism.NETWORK), None)
    open_request(
        case,
        scenario=Scenario.NETWORK,
        purpose=Purpose.PHASE_CHANGE,
        phase=Phase.PRE_LEGAL,
        text=case.claim_description,
        actor=actor,
        now=now,
        today=today,
    )
    text = f"Collecting quotes, and the price comes with them. {reason}"
    move(case, Event.SENT_TO_NETWORK, actor, text, now=now, check_after=None, info_due=None)


def choose_again(case: Case, today: date) -> None:
    """Replace a chosen partner who has stopped taking cases before it saw this one. Saves nothing."""
    if case.partner is not None and not case.partner.active:
        _take(case, _next(case, today))


def handover_of_case(case: Case) -> Handover:
    """A case as it was handed over: what routing and prices go by."""
    usd = None
    if case.principal_usd is not None:
        day = london_date(case.opened_at)
        rate = case.principal_usd / case.principal
        usd = UsdValue(case.principal_usd, rate, "Its value when the case was opened.", day)
    return Handover(
        debtor_name=case.debtor_name,
        debtor_type=DebtorType(case.debtor_type),
        country=case.debtor_country,
        principal=case.principal_money,
        usd=usd,
        aged=AgeBuckets(case.over_6_months, case.over_12_months, case.over_24_months),
        street=case.debtor_street,
        city=case.debtor_city,
        zip=case.debtor_zip,
        state=case.debtor_state,
        emails=tuple(case.debtor_emails),
        phones=tuple(case.debtor_phones),
        contact_person=case.debtor_contact,
        company_number=case.debtor_company_number,
        invoice_numbers=tuple(case.invoice_numbers),
        issued=case.oldest_issued,
        due=case.oldest_due,
        description=case.claim_description,
        comments=case.comments,
        disputed=case.disputed,
        complex_claim=case.complex_claim,
    )


def terms_of(route: Route, price: Estimate | None) -> dict[str, str | int | Decimal | date | None]:
    """Route and price as the case's columns hold them."""
    return {
        "partner_id": int(route.partner) if route.partner else None,
        "mechanism": route.mechanism.value,
        "routing_reason": route.reason,
        "rate": price.rate if price else None,
        "uplift": price.uplift if price else None,
        "expected_fee": price.fee.amount if price else None,
        "price_source": price.label.value if price else "",
        "price_name": price.source if price else "",
        "price_as_of": price.as_of if price else None,
    }


def _next(case: Case, today: date) -> Route:
    handover = handover_of_case(case)
    place = jurisdiction(handover.country, handover.state)
    declined = Assignment.objects.filter(case=case, outcome=Assignment.Outcome.DECLINED)
    passed_over = set(declined.values_list("partner_id", flat=True))
    while True:
        route = choose(handover, case.creditor_id, not_these=passed_over)
        if not route.partner:
            return route
        partner = int(route.partner)
        if not any(needed.blocking for needed in missing(case.creditor_id, partner, place, today)):
            return route
        passed_over.add(partner)


def _take(case: Case, route: Route) -> None:
    """The next partner at the price of the day the case was opened, which is what the creditor agreed to."""
    partner = Partner.objects.get(pk=int(route.partner)) if route.partner else None
    opened = london_date(case.opened_at)
    price = price_of(handover_of_case(case), case.creditor_id, partner.pk if partner else None, opened)
    _set_terms(case, route, price)


def _set_terms(case: Case, route: Route, price: Estimate | None) -> None:
    for name, value in terms_of(route, price).items():
        setattr(case, name, value)
