"""The desk behind the Collector port: what a creditor's side sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import InterfaceError, OperationalError

from arrears import ports
from arrears.core.claim import Claim
from arrears.desk.attach_document import attach_document
from arrears.desk.list_cases import list_cases
from arrears.desk.open_case import open_case
from arrears.desk.preview_case import preview_case
from arrears.desk.read_case import read_case

_UNREACHABLE = "The desk's database does not answer."


class DeskCollector:
    """Our own desk as collector for one organisation."""

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
            return preview_case(claim, today)

    def open(self, claim: Claim, reference: str, key: str, today: date) -> ports.Opened:
        # A connection lost while committing does not tell whether the case was opened.
        with _failing_as(ports.OutcomeUnknown):
            return open_case(self._organisation, claim, reference, key, today=today, now=self._clock.now())

    def attach(self, case_id: str, name: str, content: bytes) -> None:
        with _failing_as(ports.TryAgainLater):
            attach_document(self._organisation, case_id, name, content, now=self._clock.now())

    def find(self, reference: str) -> ports.Case | None:
        with _failing_as(ports.TryAgainLater):
            case = read_case(self._organisation, reference)
            return case.as_stated() if case else None

    def cases(self) -> Iterator[ports.Case]:
        with _failing_as(ports.TryAgainLater):
            for case in list_cases(self._organisation):
                yield case.as_stated()


@contextmanager
def _failing_as(remedy: type[ports.Remedy]) -> Iterator[None]:
    try:
        yield
    except (InterfaceError, OperationalError) as error:
        raise remedy(_UNREACHABLE) from error
