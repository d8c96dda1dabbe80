"""The intent to open one case: its identity, reference and key, and the states it can be in.

Everything that decides whether a case may be opened, opened again or left alone stands in this file. The
identity is made of the books' own internal ids and nothing of ours, so a reinstall, an old backup and a
second copy of the software all arrive at the same reference and the same key for the same debt.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: Longest reference a collector takes.
LONGEST_REFERENCE = 50

#: Longer than a collector is usually still working on a request whose answer was lost. One that may need
#: longer says so itself (`Collector.quiet_period`), and the longer of the two counts.
QUIET_PERIOD = timedelta(seconds=120)

#: So many times may a collector answer one request with a fault of its own before a person decides: it may
#: have stored that answer under the key, and would give it for ever.
MOST_FAULTS = 3

#: When an unanswered request is looked up again; after the last of these a person decides.
LOOKUP_SCHEDULE = (
    QUIET_PERIOD,
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    *(timedelta(days=1),) * 5,
)


class State(StrEnum):
    """Where a submission stands."""

    PLANNED = "planned"
    INTENT = "intent"
    SENDING = "sending"
    AMBIGUOUS = "ambiguous"
    CREATED = "created"
    REJECTED = "rejected"
    NEEDS_ACTION = "needs action"
    REVIEW = "review"
    FLAGGED = "flagged"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to a submission."""

    CHECKED = "checked again and still due"
    NOT_ELIGIBLE = "checked again and flagged"
    SEND = "about to be sent"
    OPENED = "the collector opened the case"
    FOUND = "the collector already had this very case"
    MISMATCH = "the collector had a different case under the reference"
    ABSENT = "looked up and not there"
    REFUSED = "the collector refused the data"
    MUST_ACT = "the collector needs something signed or settled first"
    NOT_SENT = "the request certainly never arrived"
    NO_ANSWER = "sent, and the outcome is not known"
    EXHAUSTED = "looked up too often without an answer"
    CANCELLED = "cancelled by a person"
    RETRY = "to be tried again, said by a person"
    TAKEN_BACK = "the case was closed again while that was free"


TRANSITIONS: dict[State, dict[Event, State]] = {
    State.PLANNED: {
        Event.CHECKED: State.INTENT,
        Event.NOT_ELIGIBLE: State.FLAGGED,
        Event.CANCELLED: State.DROPPED,
    },
    State.INTENT: {
        Event.SEND: State.SENDING,
        Event.FOUND: State.CREATED,
        Event.MISMATCH: State.REVIEW,
        Event.NOT_ELIGIBLE: State.FLAGGED,
        Event.CANCELLED: State.DROPPED,
    },
    State.SENDING: {
        Event.OPENED: State.CREATED,
        Event.FOUND: State.CREATED,
        Event.MISMATCH: State.REVIEW,
        Event.REFUSED: State.REJECTED,
        Event.MUST_ACT: State.NEEDS_ACTION,
        Event.NOT_SENT: State.INTENT,
        Event.NO_ANSWER: State.AMBIGUOUS,
    },
    State.AMBIGUOUS: {
        Event.FOUND: State.CREATED,
        Event.MISMATCH: State.REVIEW,
        Event.ABSENT: State.INTENT,
        Event.NO_ANSWER: State.AMBIGUOUS,
        Event.EXHAUSTED: State.REVIEW,
    },
    State.REJECTED: {Event.RETRY: State.PLANNED, Event.CANCELLED: State.DROPPED},
    State.NEEDS_ACTION: {Event.RETRY: State.PLANNED, Event.CANCELLED: State.DROPPED},
    State.FLAGGED: {Event.RETRY: State.PLANNED, Event.CANCELLED: State.DROPPED},
    State.REVIEW: {Event.FOUND: State.CREATED, Event.RETRY: State.PLANNED, Event.CANCELLED: State.DROPPED},
    State.CREATED: {Event.TAKEN_BACK: State.WITHDRAWN},
    State.DROPPED: {},
    State.WITHDRAWN: {},
}

#: States in which a submission may rest; every other one has something due.
RESTING = frozenset(
    {
        State.CREATED,
        State.REJECTED,
        State.NEEDS_ACTION,
        State.REVIEW,
        State.FLAGGED,
        State.DROPPED,
        State.WITHDRAWN,
    }
)

#: States that hold their invoices: no second submission may take them.
HOLDING = frozenset(State) - {
    State.REJECTED,
    State.NEEDS_ACTION,
    State.FLAGGED,
    State.DROPPED,
    State.WITHDRAWN,
}


class ImpossibleTransition(ValueError):
    """Something happened to a submission that cannot happen in its state: a bug, never a user's error."""


def next_state(state: State, event: Event) -> State:
    """The state after `event`.

    Raises ImpossibleTransition when the table has no such step.
    """
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise ImpossibleTransition(f"A submission that is {state} cannot take “{event}”.") from None


def identity_of(source: str, account: str, invoice_ids: Sequence[str]) -> str:
    """A fingerprint of the debt: the same books and the same invoices always give the same one."""
    text = json.dumps([source, account, sorted(invoice_ids)], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def reference_of(
    source: str, account: str, invoice_ids: Sequence[str], generation: int = 1, *, test: bool = False
) -> str:
    """Our reference for a case: safe in a URL, at most 50 characters, the same on every installation.

    One invoice gives `AR-<account>-<invoice id>`, several give a fingerprint in place of the id. The internal
    id is used and not the invoice number, because numbers can be changed in the books. A case for testing
    ends in `-T`, so that it never takes the name of the real one.
    """
    account_part = _short(f"{source}|{account}", 6)
    single = invoice_ids[0] if len(invoice_ids) == 1 else ""
    # Digits only: letters could be small ones, or spell another debt's fingerprint.
    is_plain = single.isascii() and single.isdigit() and len(single) <= 20
    debt_part = single if is_plain else "B" + _short(identity_of(source, account, invoice_ids), 12)
    suffix = (f"-G{generation}" if generation > 1 else "") + ("-T" if test else "")
    return f"AR-{account_part}-{debt_part}{suffix}"


def _short(text: str, length: int) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.b32encode(digest).decode()[:length]


def key_of(host: str, mode: str, creditor: str, reference: str, generation: int) -> str:
    """The idempotency key: decided by what is asked of whom, never by when or by chance."""
    text = json.dumps([host, mode, creditor, reference, generation], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def body_hash(body: Mapping[str, object]) -> str:
    """A fingerprint of what was sent, kept in place of a copy of it."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def next_lookup(attempt: int) -> timedelta | None:
    """How long to wait before look-up number `attempt` (from 0); None when a person should decide."""
    return LOOKUP_SCHEDULE[attempt] if attempt < len(LOOKUP_SCHEDULE) else None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The facts that tell whether a case found under our reference is the one we meant."""

    debtor_name: str
    amount: str
    currency: str
    test: bool


def same_case(ours: CaseFacts, theirs: CaseFacts) -> bool:
    """Whether a case found by look-up may be adopted. Letter case and spacing of the name do not matter."""

    def folded(facts: CaseFacts) -> tuple[str, str, str, bool]:
        return " ".join(facts.debtor_name.casefold().split()), facts.amount, facts.currency, facts.test

    return folded(ours) == folded(theirs)
