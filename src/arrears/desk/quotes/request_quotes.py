"""Ask partners for their price for a further step in a case."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Event, Lifecycle, Phase
from arrears.core.quote import Purpose, Scenario, purpose_of
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, QuoteRequest
from arrears.desk.moves import move
from arrears.desk.quoting import LONGEST_TEXT, open_request


def request_quotes(
    actor: Actor,
    case_id: UUID | str,
    *,
    phase: Phase,
    text: str,
    scenario: Scenario,
    now: datetime,
    today: date,
    partner_may_bid: bool = True,
) -> QuoteRequest:
    """Open a request for quotes on an active case; it is worked on again once that is decided.

    A partner who has not accepted a case yet may ask to offer terms of its own: the scenario is EXCLUSIVE
    then. Raises NotThere and Refused.
    """
    text = free_text(text, "what you ask for", longest=LONGEST_TEXT, required=False)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        purpose = _purpose(case, phase)
        request = open_request(
            case,
            scenario=scenario,
            purpose=purpose,
            phase=phase,
            text=text,
            actor=actor,
            now=now,
            today=today,
            partner_may_bid=partner_may_bid,
        )
        move(case, _event(case, scenario), actor, f"Quotes wanted: {phase}.", now=now)
    return request


def _purpose(case: Case, phase: Phase) -> Purpose:
    present = Phase(case.phase) if case.phase else None
    purpose = purpose_of(present, phase)
    if purpose is None:
        raise Refused(
            f"The case is past that phase: it is in the phase “{case.phase}”.",
            code="phase",
            action="Ask for quotes for this phase or a later one.",
        )
    return purpose


def _event(case: Case, scenario: Scenario) -> Event:
    """Before a partner has accepted, asking the whole network would mean declining, which is another verb."""
    unaccepted = case.lifecycle == Lifecycle.PENDING_VERIFICATION
    return Event.SENT_TO_NETWORK if unaccepted and scenario is Scenario.EXCLUSIVE else Event.QUOTES_ASKED
