"""Take a case into its next phase."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from arrears.core.case import Lifecycle, Party, Phase, followed_by_phase
from arrears.core.quote import QuoteState
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, Quote
from arrears.desk.moves import enter_phase
from arrears.desk.roles import only


def change_phase(actor: Actor, case_id: UUID | str, phase: Phase, note: str = "", *, now: datetime) -> Case:
    """Begin the legal phase or enforcement; never backwards. By the partner or an operator.

    A partner needs a quote for that phase that the creditor has accepted. Raises NotThere and Refused.
    """
    only(actor, Party.PARTNER, Party.OPERATOR)
    note = free_text(note, "a note", required=False)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        _check(case, phase)
        if actor.party is Party.PARTNER and not _agreed(case, phase):
            raise Refused(
                f"The creditor has not accepted a quote for the {_in_words(phase)}.",
                code="no_quote",
                action="Offer a quote for it first; once it is accepted, the phase can begin.",
            )
        enter_phase(case, phase, actor, f"The {_in_words(phase)} has begun. {note}".strip(), now=now)
    return case


def _check(case: Case, phase: Phase) -> None:
    if case.lifecycle not in (Lifecycle.ACTIVE, Lifecycle.PAUSED):
        raise Refused(f"A case that is {case.lifecycle} cannot enter another phase.", code="not_now")
    now = Phase(case.phase) if case.phase else None
    if phase not in followed_by_phase(now):
        raise Refused(
            f"A case cannot go from “{now or 'no phase'}” to “{phase}”; phases only go forward.", code="phase"
        )


def _agreed(case: Case, phase: Phase) -> bool:
    """Whether the case's partner has a price for the phase. The first phase needs none."""
    accepted = Quote.objects.filter(request__case=case, partner=case.partner)
    return (
        phase is Phase.PRE_LEGAL
        or accepted.filter(phase=phase.value, state=QuoteState.ACCEPTED.value).exists()
    )


def _in_words(phase: Phase) -> str:
    return "enforcement phase" if phase is Phase.ENFORCEMENT else f"{phase.lower()} phase"
