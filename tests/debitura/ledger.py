"""What really happened on the other side: every call and every case, whatever the caller believes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256


@dataclass
class Call:
    """One request as it arrived, or would have arrived. `route` is such as `GET /cases/{id}`.

    `status` is None where no answer went out and `fault` names what was done to it. `early`: made while the
    key had been asked to wait. `after_rejection`: made with a key that had already been answered 401.
    """

    number: int
    at: datetime
    route: str
    path: str
    api_key: str = field(repr=False)
    idempotency_key: str = ""
    body: bytes = field(default=b"", repr=False)
    status: int | None = None
    fault: str = ""
    early: bool = False
    after_rejection: bool = False

    @property
    def digest(self) -> str:
        return sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Committed:
    """One case at the moment it came into being. `call` is the number of the call that asked for it."""

    at: datetime
    id: str
    account: str
    reference: str
    debtor: str
    amount: Decimal
    currency: str
    comments: str
    test: bool
    call: int

    @property
    def identity(self) -> Hashable:
        """The claim itself, whatever reference it was given."""
        return self.account, self.debtor, self.amount, self.currency, self.comments


@dataclass
class Ledger:
    """Everything in the order it happened. Deleting or merging a case does not take it out of here."""

    calls: list[Call] = field(default_factory=list)
    committed: list[Committed] = field(default_factory=list)
    self_made_429: int = 0

    def lost(self, references: Iterable[str]) -> set[str]:
        """Those of `references` under which no case ever came into being."""
        return set(references) - {case.reference for case in self.committed}

    def duplicates(self) -> dict[tuple[str, str], list[Committed]]:
        """By account and reference: every case after the first."""
        found: dict[tuple[str, str], list[Committed]] = defaultdict(list)
        for case in self.committed:
            found[case.account, case.reference].append(case)
        return {name: cases[1:] for name, cases in found.items() if len(cases) > 1}

    def duplicates_by_identity(self) -> dict[Hashable, list[Committed]]:
        """By claim, whatever its reference: every case after the first."""
        found: dict[Hashable, list[Committed]] = defaultdict(list)
        for case in self.committed:
            found[case.identity].append(case)
        return {claim: cases[1:] for claim, cases in found.items() if len(cases) > 1}

    def count_of_duplicates(self) -> int:
        return sum(len(cases) for cases in self.duplicates().values())

    def calls_to(self, route: str) -> list[Call]:
        """Such as `POST /cases`."""
        return [call for call in self.calls if call.route == route]

    @property
    def calls_by_route(self) -> Counter[str]:
        return Counter(call.route for call in self.calls)

    @property
    def early_calls(self) -> list[Call]:
        return [call for call in self.calls if call.early]

    @property
    def calls_after_rejection(self) -> list[Call]:
        return [call for call in self.calls if call.after_rejection]
