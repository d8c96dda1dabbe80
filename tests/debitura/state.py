"""What the stand-in for Debitura remembers: creditors, their cases, and the answers kept under keys."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from arrears.connectors.message import Response
from tests.debitura.clock import MovableClock
from tests.debitura.ledger import Call, Ledger
from tests.debitura.model import Model

APP = "https://app.debitura.com"

#: The names by which lists are filtered, and the labels that cases carry.
LABELS = {
    "PendingContractSigning": "Pending contract signing",
    "PendingVerificationInternal": "Pending Verification Internal",
    "PendingVerification": "Pending Verification",
    "NeedsAdditionalDetails": "More Info Required",
    "Leads": "Collecting Quotes",
    "LeadsQuoteGiven": "Pending Quote Selection",
    "Active": "Active",
    "Paused": "Paused",
    "Closed": "Closed",
    "Merged": "Merged",
}


@dataclass
class Account:
    """A creditor. `unsigned`: partners without a power of attorney; `without_partner`: countries."""

    id: str
    name: str
    signed: bool = True
    resign_because: str = "None"
    unsigned: set[str] = field(default_factory=set)
    kyc_partners: set[str] = field(default_factory=set)
    kyc_on_file: bool = False
    blocked: bool = False
    without_partner: set[str] = field(default_factory=lambda: {"AQ", "KP"})
    custom_points: Decimal | None = None
    users: list[dict[str, Any]] = field(default_factory=list)
    divisions: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Lead:
    """A request for quotes, with the quotes given so far as they are written."""

    id: str
    created: datetime
    quotes: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class RemoteCase:
    """A case. `state` is one of LABELS or any other word; `seen_from` is when look-ups first find it."""

    id: str
    reference: str
    account: Account
    body: dict[str, Any]
    partner: str
    points: Decimal
    uplift: Decimal
    created: datetime
    updated: datetime
    seen_from: datetime
    state: str = "PendingVerificationInternal"
    phase: str | None = None
    close_code: str | None = None
    finished: datetime | None = None
    started: datetime | None = None
    interest: Decimal = Decimal(0)
    reminder_fees: Decimal = Decimal(0)
    collection_fees: Decimal = Decimal(0)
    deleted: bool = False
    chats: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    payments: list[dict[str, Any]] = field(default_factory=list)
    unpaid: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    answered: datetime | None = None
    leads: list[Lead] = field(default_factory=list)
    period: dict[str, Any] | None = None

    @property
    def creditor_reference(self) -> str:
        return str(self.body.get("creditorReference") or "")

    @property
    def test(self) -> bool:
        return bool(self.body.get("isTest"))

    @property
    def tag(self) -> str:
        return str(self.body.get("tag") or "")

    @property
    def principal(self) -> Decimal:
        return decimal(self.body.get("amountToRecover"))

    @property
    def added(self) -> Decimal:
        return self.interest + self.reminder_fees + self.collection_fees

    @property
    def remainder(self) -> Decimal:
        return self.principal + self.added - sum((pay["grossAmount"] for pay in self.payments), Decimal(0))


@dataclass
class Slot:
    """What is kept under one key. `response` is None while the request is running."""

    body: bytes
    since: datetime
    response: Response | None = None


@dataclass
class Ask:
    """One request that has been let in."""

    call: Call
    account: Account
    names: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    data: Any = None

    def first(self, name: str, default: str = "") -> str:
        """A query parameter; names are taken in any case, as ASP.NET does."""
        return next((values[0] for key, values in self.query.items() if key.lower() == name.lower()), default)


Finish = Callable[[], Response]


class World:
    """Everything there is, without saying how it is asked for."""

    def __init__(self, clock: MovableClock, model: Model, seed: int) -> None:
        self.clock = clock
        self.model = model
        self.ledger = Ledger()
        self.rng = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self.accounts: dict[str, Account] = {}
        self.cases: list[RemoteCase] = []
        self._by_id: dict[str, RemoteCase] = {}
        self._by_reference: dict[tuple[str, str], list[RemoteCase]] = {}
        self.slots: dict[tuple[str, str, str], Slot] = {}
        #: When what is late came true, while it is being made up for.
        self.as_of: datetime | None = None
        self.on_event: Callable[[str, RemoteCase, Mapping[str, Any]], None] = lambda *_: None

    @property
    def now(self) -> datetime:
        return self.as_of or self.clock.now()

    @property
    def today(self) -> date:
        return self.now.date()

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def new_reference(self) -> str:
        return "".join(self.rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=8))

    def add(self, case: RemoteCase) -> None:
        """Commit one case."""
        self.cases.append(case)
        self._by_id[case.id] = case
        self._by_reference.setdefault((case.account.id, case.creditor_reference), []).append(case)

    def found(self, account: Account, case: RemoteCase | None) -> RemoteCase | None:
        """`case`, if look-ups of this account find it by now."""
        if case is None or case.account is not account or case.deleted or case.seen_from > self.now:
            return None
        return case

    def cases_of(self, account: Account) -> list[RemoteCase]:
        """The cases that look-ups find by now, oldest first."""
        return [case for case in self.cases if self.found(account, case)]

    def with_id(self, account: Account, name: str) -> RemoteCase | None:
        return self.found(account, self._by_id.get(name.lower()))

    def with_reference(self, account: Account, reference: str) -> RemoteCase | None:
        """The oldest under the creditor's reference."""
        cases = self._by_reference.get((account.id, reference), [])
        return next((case for case in cases if self.found(account, case)), None)

    def taken(self, account: Account, reference: str) -> bool:
        """Whether any case of the account has the reference, found by look-ups or not."""
        cases = self._by_reference.get((account.id, reference), []) if reference else []
        return any(not (case.deleted and self.model.frees_deleted) for case in cases)

    def case(self, name: str) -> RemoteCase:
        """By id, reference or creditor's reference; the newest if there are several. For tests."""
        for case in reversed(self.cases):
            if name in (case.id, case.reference, case.creditor_reference):
                return case
        raise KeyError(f"There is no case called {name}.")

    def touch(self, case: RemoteCase) -> None:
        case.updated = self.now

    def seen_from(self) -> datetime:
        return self.now + self.model.lookup_lag


def decimal(value: Any) -> Decimal:
    """A number of a request. Raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a number")
    return Decimal(value)


def partner_of(country: str, state: str = "") -> str:
    """Every jurisdiction has one exclusive partner."""
    known = {"GB": "Oriel Collections Limited", "DE": "ACCS Germany GmbH"}
    return known.get(country, f"Collections {country}{f'-{state}' if state else ''}")
