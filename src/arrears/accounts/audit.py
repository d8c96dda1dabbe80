"""The audit trail: who did what, when, from where. Written in the transaction of what it tells of.

Who acts is known at the door: a page, the API and the command say it once with `acting_as`, and no verb can
forget or forge it. What nobody says it for was done by the software itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from arrears.accounts.models import AuditEntry


class Action(StrEnum):
    """What can stand in the trail. The values are what pages filter by and exports show."""

    SIGNED_UP = "signed up"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out a device"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 # the name of an event
    SECOND_FACTOR = "second factor changed"
    INVITED = "invited somebody"
    INVITATION_REVOKED = "revoked an invitation"
    JOINED = "joined"
    ROLE_CHANGED = "changed a role"
    MEMBER_REMOVED = "removed a member"
    KEY_MADE = "made an API key"
    KEY_REVOKED = "revoked an API key"
    SETTINGS_CHANGED = "changed settings"
    CONNECTED = "connected books"
    CONNECTION_EDITED = "edited a connection"
    DISCONNECTED = "disconnected books"
    COLLECTOR_CONNECTED = "connected a collector"
    COLLECTOR_EDITED = "edited a collector"
    COLLECTOR_REMOVED = "removed a collector"
    COLLECTOR_PREFERRED = "chose the collector"
    TEST_CASES_REMOVED = "removed test cases"
    IMPORT_STARTED = "started an import"
    IMPORT_APPROVED = "approved an import"
    IMPORT_DECLINED = "declined an import"
    IMPORT_CANCELLED = "cancelled an import"
    IMPORT_RETRIED = "retried an import"
    ROW_SETTLED = "settled a row"
    CASE_TAKEN_BACK = "took a case back"
    CASE_ACTED_ON = "acted on a case"
    MESSAGE_SENT = "sent a message"
    DOCUMENT_ADDED = "added a document"
    PAYMENT_REPORTED = "reported a payment"
    AGREEMENT_SIGNED = "signed an agreement"
    POLICY_CHANGED = "changed a policy"
    POLICY_RAN = "evaluated a policy"
    EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody acting. `address` is the network address, empty on this machine's own command line."""

    name: str
    user: int | None = None
    address: str = ""


#: What the software does by a rule or a schedule.
ITSELF = Who("Arrears, by itself")

_acting: ContextVar[Who] = ContextVar("acting", default=ITSELF)


@contextmanager
def acting_as(who: Who) -> Iterator[None]:
    """Everything noted inside was done by `who`."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def goes_on_as(who: Who) -> None:
    """From here to the end of the `acting_as` around it, `who` acts: a caller whose key has been read.

    Call it inside an `acting_as` only, or it holds for whatever this thread does next.
    """
    _acting.set(who)


def acting() -> Who:
    """Who acts at this moment."""
    return _acting.get()


def note(
    organisation_id: int, action: Action, text: str, now: datetime, *, subject: str = "", **data: str
) -> None:
    """Write one line. `text` is a sentence without secrets; `subject` such as `run 12`."""
    who = _acting.get()
    AuditEntry.objects.create(
        organisation_id=organisation_id,
        at=now,
        action=action.value,
        who=who.name[:254],
        user_id=who.user,
        address=who.address,
        text=text,
        subject=subject,
        data=data,
    )
