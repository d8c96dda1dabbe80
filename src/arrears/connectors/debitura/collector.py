"""Debitura behind the Collector and Feed ports: ordinary calls, carried out on the background event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import SecretStr

from arrears import ports
from arrears.connectors import background
from arrears.connectors.debitura import account_parts as account
from arrears.connectors.debitura import bodies, case_parts, files, protocol, webhooks
from arrears.connectors.debitura.caller import Caller
from arrears.connectors.debitura.errors import no_such
from arrears.connectors.debitura.opened import read_opened
from arrears.connectors.debitura.previews import Previews, kind_of
from arrears.connectors.debitura.reading import CaseReader, read_people, read_standing
from arrears.connectors.debitura.values import is_id
from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Patience
from arrears.connectors.transport import Transport, checked_base_url
from arrears.core.claim import Claim
from arrears.core.claim_problems import claim_problems
from arrears.core.handover import LONGEST_TEXT
from arrears.core.submission import LONGEST_REFERENCE
from arrears.ports import Answer, NeedsAttention, OutcomeUnknown, TryAgainLater

T = TypeVar("T")

BASE_URL = "https://customer-api.debitura.com"

#: How long a request may still become a case that is found only then: one that was held up is sent up to 90
#: seconds late (see `transport.STALE_SECONDS`), commits have been seen 180 seconds after the request, and
#: look-ups lag behind them by up to 60; the rest is margin.
QUIET_PERIOD = timedelta(minutes=6)

#: The longest message that is sent.
LONGEST_MESSAGE = LONGEST_TEXT

_log = logging.getLogger(__name__)

#: More pages of cases than any creditor has: a million cases.
_MOST_PAGES = 10_000
#: A list that gives nothing new on so many pages in a row goes round in circles.
_MOST_STALE_PAGES = 2

_NO_REFERENCE = f"The reference must have 1 to {LONGEST_REFERENCE} letters, digits or hyphens."


class DebituraCollector:
    """Debitura, or another desk that speaks its Customer API, for one creditor. For any number of threads.

    `key` and `budget` are asked before each call. `creditor` is the creditor's id there. In `test` mode every
    case is one that nobody works. With `waits_for_signature` a case is opened before everything is signed,
    and waits. `return_url` is where signers are sent afterwards. `deadline` is for one request, in seconds.
    `transport` replaces the one that is made of `base_url`, `patience` and `deadline`. Nothing is sent before
    the first call. Raises ValueError for an address that cannot be used.
    """

    quiet_period = QUIET_PERIOD
    #: Its API closes no cases: that is done in its portal.
    takes_back = False

    def __init__(
        self,
        key: ports.ApiKey,
        *,
        base_url: str = BASE_URL,
        creditor: str = "",
        test: bool = False,
        waits_for_signature: bool = True,
        return_url: str = "",
        budget: ports.CallBudget | None = None,
        patience: Patience | None = None,
        deadline: float = 30.0,
        transport: Transport | None = None,
    ) -> None:
        base = urlsplit(checked_base_url(base_url, BASE_URL))
        is_real = base.geturl() == BASE_URL
        mode = " (test)" if test else ""
        self.host = f"{base.netloc}{base.path}".lower()
        self.name = ("Debitura" if is_real else f"Debitura at {base.netloc}") + mode
        self.creditor = creditor
        self.test = test
        self._terms = bodies.Terms(test, waits_for_signature, return_url)
        wire = transport or Transport("Debitura", base.geturl(), patience=patience, deadline=deadline)
        self._caller = Caller(wire, key, budget)
        self._previews = Previews()

    # --- Collector -----------------------------------------------------------------------------------------

    def preview(self, claim: Claim, today: date) -> ports.Offer:
        """See `Collector.preview`. Claims alike in what decides share one answer for ten minutes."""
        problems = claim_problems(claim)
        if problems:
            required = tuple(ports.Required("InvalidField", text, blocking=True) for text in problems)
            return ports.Offer(False, "", "The claim cannot be taken as it is.", required=required)
        request = protocol.preview_request(bodies.preview_body(claim, self._terms, today))

        def ask() -> Coroutine[Any, Any, ports.Offer]:
            return self._caller.ask(request, protocol.read_preview)

        return background.run(self._previews.get(kind_of(claim, today), ask))

    def open(self, claim: Claim, reference: str, key: str, today: date) -> ports.Opened:
        """See `Collector.open`. What is plainly unusable is refused here."""
        problems = claim_problems(claim)
        if not is_id(reference) or len(reference) > LONGEST_REFERENCE:
            problems = (*problems, _NO_REFERENCE)
        if problems:
            return ports.Opened(Answer.REFUSED, messages=problems)
        body = bodies.case_body(claim, reference, self._terms, today)
        read = partial(read_opened, reference=reference, test=self.test)
        return self._ask(protocol.open_request(body, key), read)

    def attach(
        self,
        case_id: str,
        name: str,
        content: bytes,
        kind: ports.DocumentKind = ports.DocumentKind.INVOICE,
    ) -> None:
        """See `Collector.attach`. Looks first, because Debitura keeps a file as often as it is sent."""
        clean = files.clean_name(name)
        media_type = files.check_file(clean, content)
        self._need_case(case_id)
        there = self._ask(
            case_parts.part_request(case_id, "files", protocol.CASE), case_parts.read_descriptions
        )
        if files.fingerprint(clean, content) in there:
            return
        with _safe_to_repeat():
            self._ask(files.file_request(case_id, clean, content, media_type, kind), files.read_attached)

    def take_back(self, case_id: str) -> None:
        """See `Collector.take_back`. Always refused."""
        case = self.read(case_id)
        if case is None:
            raise no_such(protocol.CASE)
        raise NeedsAttention(
            f"{self.name} closes cases in its portal only.",
            code="not_taken_back",
            action="Close the case there while that is still free.",
            url=case.url,
        )

    def find(self, reference: str) -> ports.Case | None:
        """See `Collector.find`. What can be no reference of ours is not asked for."""
        if not is_id(reference) or len(reference) > LONGEST_REFERENCE:
            return None
        case = self._ask(protocol.case_by_reference_request(reference), protocol.read_case)
        if case is not None and case.creditor_reference != reference:
            raise TryAgainLater("Debitura answered with another case than the one asked for.")
        return case

    def read(self, case_id: str) -> ports.Case | None:
        """See `Collector.read`. A case of the other mode is not one of ours."""
        if not is_id(case_id):
            return None
        case = self._ask(protocol.case_request(case_id), protocol.read_case_by_id)
        if case is not None and case.id.lower() != case_id.lower():
            raise TryAgainLater("Debitura answered with another case than the one asked for.")
        return case if case is not None and case.test is self.test else None

    def cases(self) -> Iterator[ports.Case]:
        """See `Collector.cases`. A page is read when the cases before it have been taken."""
        return self._listed("DateCreated")

    def changed(self) -> Iterator[ports.Case]:
        """See `Collector.changed`. A page is read when the cases before it have been taken."""
        return self._listed("DateUpdated")

    def case_file(self, case_id: str) -> ports.CaseFile:
        """See `Collector.case_file`."""
        self._need_case(case_id)
        return background.run(CaseReader(self._caller, case_id).read())

    def say(self, case_id: str, text: str, key: str) -> ports.Message:
        """See `Collector.say`. The message is from the first of our people by e-mail address.

        Debitura wants to know whom a message is from; always the same, so that it stays the same message.
        """
        words = text.strip()
        if not 0 < len(words) <= LONGEST_MESSAGE:
            raise NeedsAttention(
                f"The message must have 1 to {LONGEST_MESSAGE:,} characters; it has {len(words):,}.",
                code="refused",
                action="Shorten it, or send it in parts." if words else "Write something.",
            )
        self._need_case(case_id)
        people = background.run(read_people(self._caller))
        email = min((person.email for person in people if person.email), default="")
        body = bodies.chat_body(words, email)
        return self._ask(protocol.chat_request(case_id, body, key), protocol.read_sent)

    def standing(self) -> ports.Standing:
        """See `Collector.standing`."""
        return background.run(read_standing(self._caller))

    def remove_test_cases(self) -> None:
        """Remove the cases that were opened in test mode. Raises NeedsAttention in any other mode."""
        if not self.test:
            raise NeedsAttention(
                "These cases are real and cannot be removed.",
                code="refused",
                action="Only cases of a test connection can be removed.",
            )
        self._ask(protocol.remove_test_cases_request(), protocol.read_removed)

    def close(self) -> None:
        """Close the connections. Safe to call twice."""
        background.run(self._caller.close())

    # --- Feed ----------------------------------------------------------------------------------------------

    def subscribe(self, url: str) -> ports.Subscription:
        """See `Feed.subscribe`. One that is there already, since its answer was lost, gets a new secret."""
        read = partial(account.read_subscriptions, test=self.test)
        there = self._ask(account.subscriptions_request(), read)
        twin = next((one for one in there if one.url and one.leads_to(url)), None)
        if twin is not None:
            self.wake(twin.id)
            return self.new_secret(twin.id)
        with _safe_to_repeat():
            return self._ask(account.subscribe_request(url, test=self.test), account.read_with_secret)

    def subscription(self, subscription_id: str) -> ports.Subscription | None:
        """See `Feed.subscription`."""
        if not is_id(subscription_id):
            return None
        return self._ask(account.subscription_request(subscription_id), account.read_subscription)

    def wake(self, subscription_id: str) -> ports.Subscription:
        """See `Feed.wake`."""
        _need_id(subscription_id, account.WEBHOOK)
        return self._ask(account.wake_request(subscription_id), account.read_changed)

    def new_secret(self, subscription_id: str) -> ports.Subscription:
        """See `Feed.new_secret`."""
        _need_id(subscription_id, account.WEBHOOK)
        with _safe_to_repeat():
            return self._ask(account.new_secret_request(subscription_id), account.read_with_secret)

    def unsubscribe(self, subscription_id: str) -> None:
        """See `Feed.unsubscribe`."""
        if is_id(subscription_id):
            self._ask(account.unsubscribe_request(subscription_id), account.read_unsubscribed)

    def read_event(
        self, signature: str, body: bytes, secrets: tuple[SecretStr, ...], now: datetime
    ) -> ports.FeedEvent | None:
        """See `Feed.read_event`."""
        return webhooks.read_event(signature, body, secrets, now)

    # --- Both ----------------------------------------------------------------------------------------------

    def _ask(self, request: Request, read: Callable[[Response], T]) -> T:
        return background.run(self._caller.ask(request, read))

    def _need_case(self, case_id: str) -> None:
        _need_id(case_id, protocol.CASE)

    def _listed(self, sort: str) -> Iterator[ports.Case]:
        """Rows move to later pages while the list grows; each case is given once. Lists hold both modes."""
        seen: set[str] = set()
        stale = 0
        for number in range(1, _MOST_PAGES + 1):
            page = self._ask(protocol.cases_request(number, sort), protocol.read_cases)
            if page.skipped:
                _log.warning("%d cases on page %d of Debitura's list cannot be read.", page.skipped, number)
            fresh = [case for case in page.rows if case.id not in seen]
            seen.update(case.id for case in fresh)
            yield from (case for case in fresh if case.test is self.test)
            stale = 0 if fresh else stale + 1
            if page.is_last(number) or stale >= _MOST_STALE_PAGES:
                return


def _need_id(text: str, what: str) -> None:
    """What cannot be an id names nothing that is there, and is not asked for."""
    if not is_id(text):
        raise no_such(what)


@contextmanager
def _safe_to_repeat() -> Iterator[None]:
    """What may simply be asked for again when its answer was lost."""
    try:
        yield
    except OutcomeUnknown as lost:
        raise TryAgainLater(str(lost)) from None
