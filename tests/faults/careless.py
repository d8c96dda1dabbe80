"""What somebody careless would have written, each in place of one protection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from arrears.bridge import lost_answers
from arrears.bridge import submit as submitting
from arrears.bridge.ledger import move
from arrears.bridge.models import Submission
from arrears.connectors.debitura import DebituraCollector
from arrears.connectors.debitura import collector as connector
from arrears.connectors.debitura.opened import read_opened
from arrears.connectors.message import Request, Response
from arrears.connectors.transport import Transport
from arrears.core.claim import Claim
from arrears.core.submission import Event
from arrears.ports import Answer, Case, Clock, Collector, Opened, OutcomeUnknown, TryAgainLater

T = TypeVar("T")


def gives_up_at_the_first_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that was lost is taken for a refusal."""

    def give_up(
        row: Submission, collector: Collector, clock: Clock, loss: OutcomeUnknown | None = None
    ) -> None:
        move(row, Event.NO_ANSWER, clock.now())
        move(row, Event.EXHAUSTED, clock.now(), message="The collector did not answer.")

    monkeypatch.setattr(submitting, "wait_and_look", give_up)
    monkeypatch.setattr(lost_answers, "wait_and_look", give_up)


def never_looks_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key alone is trusted."""
    nothing: Callable[..., Case | None] = lambda *_: None  # noqa: E731
    monkeypatch.setattr(DebituraCollector, "find", nothing)


def quiet_for(seconds: int) -> Callable[[pytest.MonkeyPatch], None]:
    """What was lost is looked up, and sent again, after so many seconds."""

    def sabotage(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(DebituraCollector, "quiet_period", timedelta(seconds=seconds))

    return sabotage


def repeats_what_has_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are repeated three times whatever they do, under the same key."""
    ask = Transport.ask

    async def repeated(self: Transport, request: Request, read: Callable[[Response], T]) -> T:
        for _ in range(2):
            try:
                return await ask(self, request, read)
            except OutcomeUnknown:
                await asyncio.sleep(0)
        return await ask(self, request, read)

    monkeypatch.setattr(Transport, "ask", repeated)


def makes_up_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt has a key of its own."""
    opened = DebituraCollector.open

    def open_(self: DebituraCollector, claim: Claim, reference: str, key: str, today: date) -> Opened:
        return opened(self, claim, reference, str(uuid4()), today)

    monkeypatch.setattr(DebituraCollector, "open", open_)


def reads(change: Callable[[Response, Callable[[], Opened]], Opened]) -> Callable[[pytest.MonkeyPatch], None]:
    """The answer to a new case is read by `change`, which may call the real reader."""

    def sabotage(monkeypatch: pytest.MonkeyPatch) -> None:
        def reader(response: Response, reference: str, *, test: bool) -> Opened:
            return change(response, partial(read_opened, response, reference, test=test))

        monkeypatch.setattr(connector, "read_opened", reader)

    return sabotage


def _unreadable_is_refused(response: Response, read: Callable[[], Opened]) -> Opened:
    try:
        return read()
    except OutcomeUnknown:
        return Opened(Answer.REFUSED, messages=("The answer cannot be read.",))


def _broken_is_not_sent(response: Response, read: Callable[[], Opened]) -> Opened:
    if response.status >= 500:
        raise TryAgainLater("Debitura is broken.", timedelta(seconds=2))
    return read()


#: A success that cannot be read is taken for a failure.
takes_nonsense_for_a_refusal = reads(_unreadable_is_refused)

#: A fault of the other side's own is taken to mean that nothing was opened.
takes_faults_for_not_sent = reads(_broken_is_not_sent)


def anything(*_: Any, **__: Any) -> None:
    """Does nothing."""
