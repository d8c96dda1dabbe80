"""Asking partners for their price: opening and ending a request, finding one, and what bidders may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from arrears.clock import LONDON, london_date
from arrears.core.case import HIDDEN_FROM_PARTNERS, Party, Phase
from arrears.core.claim import AgeBuckets
from arrears.core.debtor import DebtorType
from arrears.core.handover import Handover
from arrears.core.money import Money
from arrears.core.quote import (
    ENDINGS,
    AgreementType,
    Nature,
    Offer,
    Outcome,
    Purpose,
    QuoteState,
    RequestState,
    Scenario,
)
from arrears.core.wording import date_text
from arrears.core.working_time import business_hours_after
from arrears.desk.actors import Actor, NotThere, Refused, uuid_of
from arrears.desk.models import Assignment, Case, DeskSettings, EventKind, Partner, Quote, QuoteRequest
from arrears.desk.moves import write_down
from arrears.desk.network import bidders

#: The longest text that people write in a request or an offer.
LONGEST_TEXT = 5000


@dataclass(frozen=True, slots=True)
class InvitedCase:
    """What a partner is told about a case it may quote for: the debt, and nothing of who owes it."""

    reference: str
    outstanding: Money
    country: str
    state: str
    debtor_type: DebtorType
    oldest_issued: date | None
    oldest_due: date | None
    description: str
    disputed: bool
    phase: Phase | None


def open_request(
    case: Case,
    *,
    scenario: Scenario,
    purpose: Purpose,
    phase: Phase,
    text: str,
    actor: Actor,
    now: datetime,
    today: date,
    partner_may_bid: bool = False,
) -> QuoteRequest:
    """Ask partners for their price. The caller holds the case's row, and moves the case.

    In the network everybody who covers the place is invited, except who has declined the case, and its
    present partner unless it may bid too. Raises Refused when a request is open already, or when there is
    nobody to ask alone.
    """
    if current_request(case) is not None:
        raise Refused(
            "Quotes are being collected for this case already.",
            code="quotes_open",
            action="Decide about that request first.",
        )
    invited = _invited(case, scenario, partner_may_bid)
    settings = DeskSettings.current()
    request = QuoteRequest.objects.create(
        case=case,
        scenario=scenario.value,
        purpose=purpose.value,
        phase=phase.value,
        text=text,
        max_quotes=1 if scenario is Scenario.EXCLUSIVE else settings.max_quotes,
        state=RequestState.OPEN.value,
        opened_at=now,
        closes_at=business_hours_after(now, settings.quote_business_hours, LONDON),
    )
    request.invited.set(invited)
    line = _opening_line(request, invited, today)
    write_down(case, EventKind.QUOTE, actor, line, now=now, data={"request": str(request.public_id)})
    return request


def end_request(case: Case, outcome: Outcome, *, now: datetime) -> None:
    """End the open request of a case, if it has one, with its standing offers. The caller holds the row."""
    request = current_request(case)
    if request is None:
        return
    state, standing = ENDINGS[outcome]
    request.quotes.filter(state=QuoteState.OFFERED.value).update(state=standing.value, updated_at=now)
    request.state = state.value
    request.outcome = outcome.value
    request.decided_at = now
    request.offers_done_at = request.offers_done_at or now
    request.save()


def close_offers(request: QuoteRequest, *, now: datetime, today: date) -> None:
    """No more offers: from now on the creditor decides, for as many days as the desk gives."""
    request.state = RequestState.OFFERS_DONE.value
    request.offers_done_at = now
    request.decide_by = today + timedelta(days=DeskSettings.current().decide_days)
    request.save()


def current_request(case: Case) -> QuoteRequest | None:
    """The request of a case that is not decided yet; there is at most one."""
    return QuoteRequest.objects.filter(case=case, decided_at=None).first()


def requests_of(actor: Actor) -> QuerySet[QuoteRequest]:
    """The requests an actor may see: a creditor its own, a partner those it is invited to."""
    requests = QuoteRequest.objects.select_related("case__creditor", "case__partner")
    if actor.party is Party.CREDITOR:
        return requests.filter(case__creditor_id=actor.organisation)
    if actor.party is Party.PARTNER:
        mine = Q(
            pk__in=QuoteRequest.invited.through.objects.filter(partner_id=actor.partner or 0).values(
                "quoterequest"
            )
        )
        return requests.filter(mine, case__is_test=False).exclude(case__lifecycle__in=HIDDEN_FROM_PARTNERS)
    return requests


def request_for(actor: Actor, request_id: UUID | str, *, lock: bool = False) -> QuoteRequest:
    """One request by its public id. `lock` holds its case's row to the transaction's end. Raises NotThere."""
    return _found(requests_of(actor).filter(public_id=uuid_of(request_id)), lock=lock)


def quote_for(actor: Actor, quote_id: UUID | str, *, lock: bool = False) -> Quote:
    """One offer by its public id, with its request; a partner finds only its own. Raises NotThere."""
    seen = Quote.objects.filter(public_id=uuid_of(quote_id), request__in=requests_of(actor).order_by())
    if actor.party is Party.PARTNER:
        seen = seen.filter(partner_id=actor.partner or 0)
    row = seen.values_list("pk", "request_id").first()
    if row is None:
        raise NotThere("quote")
    # The offer is read after its case's row is held: whoever held it before may have ended the request.
    request = _found(requests_of(actor).filter(pk=row[1]), lock=lock)
    quote = Quote.objects.select_related("partner").get(pk=row[0])
    quote.request = request
    return quote


def offer_of(quote: Quote) -> Offer:
    """A stored quote in core's terms."""
    return Offer(
        agreement=AgreementType(quote.agreement),
        currency=quote.currency,
        valid_until=quote.valid_until,
        phase=Phase(quote.phase),
        hourly_rate=quote.hourly_rate,
        hours=quote.hours,
        flat_fee=quote.flat_fee,
        success_fee=quote.success_fee,
        court_costs=quote.court_costs,
        fixed_price=quote.fixed_price,
        nature=Nature(quote.nature),
        solution=quote.solution,
        fee_comments=quote.fee_comments,
        why_us=quote.why_us,
    )


def invited_case(actor: Actor, request_id: UUID | str) -> InvitedCase:
    """The case behind a request as a bidder may know it. Raises NotThere."""
    return told_of(request_for(actor, request_id).case)


def told_of(case: Case) -> InvitedCase:
    """What bidders are told about a case."""
    return InvitedCase(
        reference=case.reference,
        outstanding=case.outstanding_money,
        country=case.debtor_country,
        state=case.debtor_state if case.debtor_country == "US" else "",
        debtor_type=DebtorType(case.debtor_type),
        oldest_issued=case.oldest_issued,
        oldest_due=case.oldest_due,
        description=case.claim_description,
        disputed=case.disputed,
        phase=Phase(case.phase) if case.phase else None,
    )


def _found(requests: QuerySet[QuoteRequest], *, lock: bool) -> QuoteRequest:
    request = requests.first()
    if request is None:
        raise NotThere("quote request")
    if not lock:
        return request
    # The case's row is what every change of a case waits for; the request is read again behind it.
    case = (
        Case.objects.select_related("partner", "creditor")
        .select_for_update(of=("self",))
        .get(pk=request.case_id)
    )
    request.refresh_from_db()
    request.case = case
    return request


def _invited(case: Case, scenario: Scenario, partner_may_bid: bool) -> list[Partner]:
    if scenario is Scenario.EXCLUSIVE:
        if case.partner is None:
            raise Refused("The case has no partner who could be asked alone.", code="no_partner")
        return [case.partner]
    declined = set(
        Assignment.objects.filter(case=case, outcome=Assignment.Outcome.DECLINED).values_list(
            "partner_id", flat=True
        )
    )
    if not partner_may_bid:
        declined.add(case.partner_id or 0)
    return [partner for partner in bidders(_debt(case)) if partner.pk not in declined]


def _debt(case: Case) -> Handover:
    """What choosing bidders looks at: where the debtor is, and what kind of debtor."""
    return Handover(
        debtor_name="",
        debtor_type=DebtorType(case.debtor_type),
        country=case.debtor_country,
        state=case.debtor_state,
        principal=case.principal_money,
        usd=None,
        aged=AgeBuckets(Decimal(0), Decimal(0), Decimal(0)),
    )


def _opening_line(request: QuoteRequest, invited: list[Partner], today: date) -> str:
    closes = london_date(request.closes_at)
    until = "today" if closes == today else date_text(closes)
    if not invited:
        return f"Quotes are wanted until {until}, but no partner is known who could be asked yet."
    # A bidder that has the case reads this too, and need not know whom it bids against.
    number = "1 partner is" if len(invited) == 1 else f"{len(invited)} partners are"
    return f"{number} asked for quotes until {until}."
