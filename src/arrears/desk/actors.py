"""Who asks the desk for something, and which cases they may see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from arrears.core.case import HIDDEN_FROM_PARTNERS, PERHAPS_NOT_GIVEN, Party
from arrears.desk.models import Assignment, Case
from arrears.ports import NeedsAttention


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting on cases. `name` is for people.

    `organisation` is the id of the creditor acted for, `partner` that of the partner. An operator and the
    desk itself belong to neither, and see all cases.
    """

    party: Party
    name: str
    organisation: int | None = None
    partner: int | None = None
    user: int | None = None
    email: str = ""


#: The software itself, acting by a rule or a deadline.
DESK = Actor(Party.DESK, "Arrears desk")


class NotThere(NeedsAttention):
    """There is no such thing, or it belongs to somebody else: the two look the same."""

    def __init__(self, what: str = "case") -> None:
        super().__init__(
            f"There is no such {what}.",
            code="not_found",
            action="Check the address, or look it up in the list.",
        )


class Refused(NeedsAttention):
    """What was asked cannot be done. The sentence says why, `action` how to mend it; `code` is stable."""

    def __init__(self, message: str, code: str = "refused", action: str = "") -> None:
        super().__init__(message, code=code, action=action)


def cases_of(actor: Actor) -> QuerySet[Case]:
    """The cases an actor may see. A partner sees a case once it was given it: complete, and real."""
    if actor.party is Party.CREDITOR:
        return Case.objects.filter(creditor_id=actor.organisation)
    if actor.party is Party.PARTNER:
        # Nobody's id is 0: an actor without a partner must not see the cases without one.
        mine = Case.objects.filter(partner_id=actor.partner or 0, is_test=False)
        return mine.exclude(lifecycle__in=HIDDEN_FROM_PARTNERS).filter(_given())
    return Case.objects.all()


def case_for(actor: Actor, case_id: UUID | str, *, lock: bool = False) -> Case:
    """One case by its public id. `lock` holds its row until the transaction ends. Raises NotThere."""
    cases = cases_of(actor).select_related("partner", "creditor")
    if lock:
        cases = cases.select_for_update(of=("self",))
    case = cases.filter(public_id=uuid_of(case_id)).first()
    if case is None:
        raise NotThere
    return case


def uuid_of(text: UUID | str) -> UUID:
    """A public id from outside. What is none becomes the nil one, which nothing has."""
    try:
        return text if isinstance(text, UUID) else UUID(text)
    except ValueError:
        return UUID(int=0)


def _given() -> Q:
    """The partner of the row was given the case, and has not declined it."""
    given = Assignment.objects.filter(case=OuterRef("pk"), partner=OuterRef("partner"))
    kept = Exists(given.exclude(outcome=Assignment.Outcome.DECLINED))
    return ~Q(lifecycle__in=PERHAPS_NOT_GIVEN) | Q(accepted_at__isnull=False) | Q(kept)
