"""A collector at the other end of a network, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from pydantic import SecretStr

from arrears.bridge.collector_key import StoredApiKey
from arrears.bridge.models import CollectorAccount
from arrears.core.case import Lifecycle
from arrears.core.claim import Claim
from arrears.ports import (
    Answer,
    ApiKey,
    Case,
    CaseEvent,
    CaseFile,
    Clock,
    DocumentKind,
    FeedEvent,
    Message,
    NeedsAttention,
    Offer,
    Opened,
    Standing,
    Subscription,
)


@dataclass
class FarEnd:
    """The other end of the network, where `keys` open creditors and cases lie.

    Each call first raises what `failing` holds for it, one a call; `answers` are given by `open` in place of
    its own. `knocks` are the keys with which somebody called, in order, and `refused` how many were wrong.
    """

    keys: dict[str, Standing] = field(default_factory=dict)
    cases: list[tuple[str, Case]] = field(default_factory=list)
    files: list[tuple[str, str, DocumentKind]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    failing: list[Exception] = field(default_factory=list)
    answers: list[Opened] = field(default_factory=list)
    offer: Offer = field(default_factory=lambda: Offer(True, "Inkasso GmbH", "Covers the debtor."))
    knocks: list[str] = field(default_factory=list)
    refused: int = 0
    idempotency_keys: list[str] = field(default_factory=list)
    unsubscribed: list[str] = field(default_factory=list)

    def key(self, key: str, creditor: str = "c-1", company: str = "Pennine Fasteners Ltd") -> str:
        """Give out a key."""
        self.keys[key] = Standing(creditor, company)
        return key

    def open_to(self, key: ApiKey) -> Standing:
        """Whoever the key opens. Raises what a real collector would."""
        text = key.read().get_secret_value()
        self.knocks.append(text)
        if self.failing:
            raise self.failing.pop(0)
        if text not in self.keys:
            self.refused += 1
            reason = NeedsAttention(
                "The collector does not accept this API key.",
                code="key_rejected",
                action="Enter another API key.",
            )
            key.rejected(reason)
            raise reason
        return self.keys[text]


class RemoteCollector:
    """ports.Collector and ports.Feed at a far end, for one account. Opens cases one hour before now."""

    quiet_period = timedelta(seconds=120)
    takes_back = False

    def __init__(self, far_end: FarEnd, account: CollectorAccount, clock: Clock) -> None:
        self._far_end = far_end
        self._key = StoredApiKey(account, clock)
        self._clock = clock
        self.host, self.creditor, self.test = "far.example", account.creditor, account.test
        self.name = "Debitura (test)" if account.test else "Debitura"

    def _mine(self) -> list[Case]:
        creditor = self._far_end.open_to(self._key).id
        return [case for owner, case in self._far_end.cases if owner == creditor and case.test == self.test]

    def preview(self, claim: Claim, today: date) -> Offer:
        self._far_end.open_to(self._key)
        return self._far_end.offer

    def open(self, claim: Claim, reference: str, key: str, today: date) -> Opened:
        taken = {case.creditor_reference for case in self._mine()}
        self._far_end.idempotency_keys.append(key)
        if self._far_end.answers:
            return self._far_end.answers.pop(0)
        if reference in taken:
            return Opened(Answer.DUPLICATE)
        case = self.case_for(claim, reference)
        self._far_end.cases.append((self.creditor, case))
        return Opened(Answer.OPENED, case)

    def case_for(self, claim: Claim, reference: str) -> Case:
        """The case that would be opened for a claim."""
        number = len(self._far_end.cases) + 1
        assert claim.principal is not None
        return Case(
            id=f"id-{number}",
            reference=f"D-{number}",
            creditor_reference=reference,
            invoice_numbers=claim.numbers,
            debtor_name=claim.debtor.name,
            country=claim.debtor.address.country,
            principal=claim.principal,
            outstanding=claim.principal,
            lifecycle=Lifecycle.ACTIVE,
            partner="Inkasso GmbH",
            routing_reason="",
            rate=None,
            price_source="",
            opened_at=self._clock.now() - timedelta(hours=1),
            test=self.test,
        )

    def attach(
        self, case_id: str, name: str, content: bytes, kind: DocumentKind = DocumentKind.INVOICE
    ) -> None:
        self._mine()
        self._far_end.files.append((case_id, name, kind))

    def take_back(self, case_id: str) -> None:
        self._mine()
        raise NeedsAttention(
            "Cases are closed in the portal only.", code="not_taken_back", action="Close it there."
        )

    def find(self, reference: str) -> Case | None:
        """In whatever mode it was opened."""
        creditor = self._far_end.open_to(self._key).id
        theirs = (case for owner, case in self._far_end.cases if owner == creditor)
        return next((case for case in theirs if case.creditor_reference == reference), None)

    def read(self, case_id: str) -> Case | None:
        return next((case for case in self._mine() if case.id == case_id), None)

    def cases(self) -> Iterator[Case]:
        return reversed(self._mine())

    def changed(self) -> Iterator[Case]:
        return reversed(self._mine())

    def case_file(self, case_id: str) -> CaseFile:
        self._mine()
        return CaseFile(timeline=(CaseEvent(self._clock.now(), "The case was opened."),))

    def say(self, case_id: str, text: str, key: str) -> Message:
        self._mine()
        self._far_end.said.append((case_id, text))
        return Message(str(len(self._far_end.said)), self._clock.now(), None, "", text)

    def standing(self) -> Standing:
        return self._far_end.open_to(self._key)

    def remove_test_cases(self) -> None:
        mine = self._mine()
        self._far_end.cases = [one for one in self._far_end.cases if one[1] not in mine]

    def subscribe(self, url: str) -> Subscription:
        self._mine()
        return Subscription("hook-1", url, active=True, secret=SecretStr("c2VjcmV0"))

    def subscription(self, subscription_id: str) -> Subscription | None:
        self._mine()
        return (
            None if subscription_id in self._far_end.unsubscribed else Subscription(subscription_id, "", True)
        )

    def wake(self, subscription_id: str) -> Subscription:
        self._mine()
        return Subscription(subscription_id, "", active=True)

    def new_secret(self, subscription_id: str) -> Subscription:
        self._mine()
        return Subscription(subscription_id, "", active=True, secret=SecretStr("bmV3"))

    def unsubscribe(self, subscription_id: str) -> None:
        self._mine()
        self._far_end.unsubscribed.append(subscription_id)

    def read_event(
        self, signature: str, body: bytes, secrets: tuple[SecretStr, ...], now: datetime
    ) -> FeedEvent | None:
        return None
