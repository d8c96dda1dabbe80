"""A partner's scorecard, from real figures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from arrears.clock import london_date
from arrears.core.case import CloseCode, Party
from arrears.core.complaint import ComplaintState
from arrears.core.scorecard import PartnersCase, Scorecard, scorecard
from arrears.desk.actors import Actor, NotThere
from arrears.desk.models import Assignment, Case, Complaint, Partner
from arrears.desk.partner_store import partner_with
from arrears.desk.roles import only


def read_scorecard(actor: Actor, partner_id: UUID | str, *, today: date) -> Scorecard:
    """What a partner has done with the cases it was given. A partner reads its own. Raises NotThere."""
    only(actor, Party.OPERATOR, Party.PARTNER)
    partner = partner_with(partner_id)
    if actor.party is Party.PARTNER and actor.partner != partner.pk:
        raise NotThere("partner")
    upheld = Complaint.objects.filter(case__partner=partner, state=ComplaintState.UPHELD.value).count()
    return scorecard((_one(assignment, today) for assignment in _assignments(partner)), upheld)


def _assignments(partner: Partner) -> list[Assignment]:
    mine = Assignment.objects.filter(partner=partner, case__is_test=False)
    counts = Q(case__payments__reversed_at=None, case__payments__partner=partner)
    paid = Sum("case__payments__to_principal", filter=counts, default=Decimal(0))
    return list(mine.select_related("case").annotate(paid=paid).prefetch_related("case__updates"))


def _one(assignment: Assignment, today: date) -> PartnersCase:
    case = assignment.case
    declined = assignment.outcome == Assignment.Outcome.DECLINED
    answered = declined or assignment.outcome == Assignment.Outcome.ACCEPTED
    # What became of a case that went on to somebody else is not this partner's doing.
    still_its = case.partner_id == assignment.partner_id and assignment.outcome == Assignment.Outcome.ACCEPTED
    paid: Decimal = getattr(assignment, "paid")  # noqa: B009 - an annotation, which the model does not know
    return PartnersCase(
        principal_usd=case.principal_usd,
        recovered_share=paid / case.principal,
        close_code=CloseCode(case.close_code) if case.close_code and still_its else None,
        answered_after=assignment.decided_at - assignment.given_at
        if answered and assignment.decided_at
        else None,
        declined=declined,
        age_days=_days(case.accepted_at, case.finished_at),
        updates_wanted=_months_worked(case, today) if still_its else 0,
        updates_given=len(case.updates.all()) if still_its else 0,
    )


def _days(start: datetime | None, end: datetime | None) -> int | None:
    return (end - start).days if start and end else None


def _months_worked(case: Case, today: date) -> int:
    """Full calendar months the case was worked in, each of which wants a report."""
    if case.accepted_at is None:
        return 0
    start, end = london_date(case.accepted_at), london_date(case.finished_at) if case.finished_at else today
    return max((end.year - start.year) * 12 + end.month - start.month, 0)
