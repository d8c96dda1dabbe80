"""The desk behind the Collector port: what a creditor's side sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import InterfaceError, OperationalError

from arrears import ports
from arrears.accounts.models import Organisation
from arrears.core.case import Party
from arrears.core.claim import Claim
from arrears.core.claim_problems import claim_problems
from arrears.core.fx import ECB
from arrears.core.handover import Handover, handover_of
from arrears.core.submission import LONGEST_REFERENCE
from arrears.desk.actors import Actor, NotThere
from arrears.desk.cases.find_case import find_case
from arrears.desk.cases.list_cases import list_cases
from arrears.desk.cases.open_case import open_case
from arrears.desk.cases.preview_case import preview_case
from arrears.desk.cases.read_case import read_case
from arrears.desk.cases.take_back_case import take_back_case
from arrears.desk.collector_reading import agreements_page, file_of, message_told, required, standing_of
from arrears.desk.models import DocumentKind
from arrears.desk.opening import TO_BE_SIGNED, ObstacleCode, Options
from arrears.desk.stamps import KeptEach, stamps_of
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.send_message import send_message

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
    takes_back = True

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
                return ports.Offer(
                    False, "", "The claim cannot be taken as it is.", required=_invalid(handover)
                )
            stamps = stamps_of(self._organisation)
            creditor = _creditors.under(self._organisation, stamps)
            assessment = preview_case(creditor, handover, today=today, stamps=stamps)
        price = assessment.price
        codes = {obstacle.code for obstacle in assessment.obstacles}
        return ports.Offer(
            accepted=not assessment.problems and ObstacleCode.BLOCKED not in codes,
            partner=assessment.route.partner_name,
            reason=assessment.route.reason,
            rate=price.rate if price else None,
            uplift=price.uplift if price else Decimal(0),
            price_source=price.label.value if price else "",
            required=required((*assessment.problems, *assessment.obstacles)),
            signing_url=agreements_page() if codes & TO_BE_SIGNED else "",
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
            codes = {problem.code for problem in opening.problems}
            return ports.Opened(
                opening.answer,
                opening.case.as_stated() if opening.case and is_new else None,
                tuple(problem.message for problem in opening.problems),
                required(opening.problems) if opening.answer is ports.Answer.MUST_ACT else (),
                agreements_page() if codes & TO_BE_SIGNED else "",
            )

    def attach(
        self,
        case_id: str,
        name: str,
        content: bytes,
        kind: ports.DocumentKind = ports.DocumentKind.INVOICE,
    ) -> None:
        with _failing_as(ports.TryAgainLater):
            now, today, actor = self._clock.now(), self._clock.today(), self._actor()
            kept_as = DocumentKind(kind.value)
            attach_document(actor, case_id, name, content, kind=kept_as, now=now, today=today)

    def take_back(self, case_id: str) -> None:
        with _failing_as(ports.TryAgainLater):
            take_back_case(self._actor(), case_id, now=self._clock.now())

    def find(self, reference: str) -> ports.Case | None:
        with _failing_as(ports.TryAgainLater):
            case = find_case(self._actor(), reference)
            return case.as_stated() if case else None

    def read(self, case_id: str) -> ports.Case | None:
        with _failing_as(ports.TryAgainLater), suppress(NotThere):
            return read_case(self._actor(), case_id).as_stated()
        return None

    def cases(self) -> Iterator[ports.Case]:
        with _failing_as(ports.TryAgainLater):
            for case in list_cases(self._actor()):
                yield case.as_stated()

    def changed(self) -> Iterator[ports.Case]:
        with _failing_as(ports.TryAgainLater):
            for case in list_cases(self._actor(), by="updated_at"):
                yield case.as_stated()

    def case_file(self, case_id: str) -> ports.CaseFile:
        with _failing_as(ports.TryAgainLater):
            return file_of(self._actor(), case_id, self._clock.today())

    def say(self, case_id: str, text: str, key: str) -> ports.Message:
        # A connection lost while committing does not tell whether the message was kept.
        with _failing_as(ports.OutcomeUnknown):
            speaker = replace(self._actor(), name=self._creditor().name)
            return message_told(send_message(speaker, case_id, text, key=key, now=self._clock.now()))

    def standing(self) -> ports.Standing:
        with _failing_as(ports.TryAgainLater):
            return standing_of(self._actor(), self._creditor(), self._clock.today())

    def _creditor(self) -> Organisation:
        return _read_creditor(self._organisation)

    def _actor(self) -> Actor:
        return Actor(Party.CREDITOR, "The creditor's books", organisation=self._organisation)


def _read_creditor(pk: int) -> Organisation:
    return Organisation.objects.get(pk=pk)


#: For previews, of which there is one for each invoice.
_creditors = KeptEach(_read_creditor)


def _invalid(problems: tuple[str, ...]) -> tuple[ports.Required, ...]:
    kind = ObstacleCode.INVALID_FIELD.value
    return tuple(ports.Required(kind, problem, blocking=True) for problem in problems)


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
