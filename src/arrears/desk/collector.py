"""The desk behind the Collector port: what a creditor's side sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import InterfaceError, OperationalError

from arrears import ports
from arrears.accounts.models import Organisation
from arrears.core.case import Party
from arrears.core.claim import Claim
from arrears.core.fx import ECB
from arrears.core.handover import Handover, handover_of
from arrears.core.submission import LONGEST_REFERENCE
from arrears.desk.actors import Actor
from arrears.desk.cases.find_case import find_case
from arrears.desk.cases.list_cases import list_cases
from arrears.desk.cases.open_case import open_case
from arrears.desk.cases.preview_case import preview_case
from arrears.desk.claim_problems import claim_problems
from arrears.desk.opening import ObstacleCode, Options
from arrears.desk.stamps import KeptEach, stamps_of
from arrears.desk.talk.attach_document import attach_document

_UNREACHABLE = "The desk's database does not answer."
_NO_REFERENCE = f"The reference must have 1 to {LONGEST_REFERENCE} printable characters."


class DeskCollector:
    """Our own desk as collector for one organisation.

    A case is opened before everything is signed, and waits for the signatures: an import of many claims is
    not held up by the first of them.
    """

    name = "Arrears desk"
    host = "desk"
    test = False
    #: A reference is unique in the same transaction that opens the case, so asking again is always safe.
    quiet_period = timedelta(0)

    def __init__(self, organisation_id: int, clock: ports.Clock) -> None:
        self._organisation = organisation_id
        self._clock = clock

    @property
    def creditor(self) -> str:
        return str(self._organisation)

    def preview(self, claim: Claim, today: date) -> ports.Offer:
        with _failing_as(ports.TryAgainLater):
            handover = _handover(claim, today)
            if not isinstance(handover, Handover):
                return ports.Offer(False, "", "The claim cannot be taken as it is.", required=handover)
            stamps = stamps_of(self._organisation)
            creditor = _creditors.under(self._organisation, stamps)
            assessment = preview_case(creditor, handover, today=today, stamps=stamps)
        price = assessment.price
        blocked = any(obstacle.code is ObstacleCode.BLOCKED for obstacle in assessment.obstacles)
        in_the_way = (*assessment.problems, *assessment.obstacles)
        return ports.Offer(
            accepted=not assessment.problems and not blocked,
            partner=assessment.route.partner_name,
            reason=assessment.route.reason,
            rate=price.rate if price else None,
            price_source=price.label.value if price else "",
            required=tuple(one.message for one in in_the_way if one.code is not ObstacleCode.NO_PARTNER),
        )

    def open(self, claim: Claim, reference: str, key: str, today: date) -> ports.Opened:
        # A connection lost while committing does not tell whether the case was opened.
        with _failing_as(ports.OutcomeUnknown):
            handover = _handover(claim, today)
            if not isinstance(handover, Handover):
                return ports.Opened(ports.Answer.REFUSED, messages=handover)
            if not reference:
                return ports.Opened(ports.Answer.REFUSED, messages=(_NO_REFERENCE,))
            options = Options(reference=reference, key=key, allow_pending=True)
            opening = open_case(self._creditor(), handover, options, today=today, now=self._clock.now())
            is_new = opening.answer is ports.Answer.OPENED
            return ports.Opened(
                opening.answer,
                opening.case.as_stated() if opening.case and is_new else None,
                tuple(problem.message for problem in opening.problems),
            )

    def attach(self, case_id: str, name: str, content: bytes) -> None:
        with _failing_as(ports.TryAgainLater):
            now, today = self._clock.now(), self._clock.today()
            attach_document(self._actor(), case_id, name, content, now=now, today=today)

    def find(self, reference: str) -> ports.Case | None:
        with _failing_as(ports.TryAgainLater):
            case = find_case(self._actor(), reference)
            return case.as_stated() if case else None

    def cases(self) -> Iterator[ports.Case]:
        with _failing_as(ports.TryAgainLater):
            for case in list_cases(self._actor()):
                yield case.as_stated(with_timeline=False)

    def _creditor(self) -> Organisation:
        return _read_creditor(self._organisation)

    def _actor(self) -> Actor:
        return Actor(Party.CREDITOR, "The creditor's books", organisation=self._organisation)


def _read_creditor(pk: int) -> Organisation:
    return Organisation.objects.get(pk=pk)


#: For previews, of which there is one for each invoice.
_creditors = KeptEach(_read_creditor)


def _handover(claim: Claim, today: date) -> Handover | tuple[str, ...]:
    """The claim in the desk's terms, or what is wrong with it."""
    problems = claim_problems(claim)
    handover = handover_of(claim, ECB, today) if not problems else None
    return handover or problems


@contextmanager
def _failing_as(remedy: type[ports.Remedy]) -> Iterator[None]:
    try:
        yield
    except (InterfaceError, OperationalError) as error:
        raise remedy(_UNREACHABLE) from error
