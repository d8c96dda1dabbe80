"""Erasing a debtor's personal data from everything kept about a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Manager, Q, QuerySet

from arrears.accounts.models import OrganisationKind
from arrears.clock import london_date
from arrears.core.case import Lifecycle
from arrears.core.complaint import SETTLED
from arrears.core.retention import RetentionFacts
from arrears.desk.actors import Actor
from arrears.desk.models import (
    Assignment,
    Case,
    CaseEvent,
    Complaint,
    Disclosure,
    Document,
    EventKind,
    InfoRequest,
    Message,
    Payment,
    PeriodExtension,
    Quote,
    QuoteRequest,
    StatusUpdate,
    StoredAnswer,
)
from arrears.desk.moves import write_down
from arrears.desk.unsettled import UNSETTLED

#: What stands where something about a person stood.
ERASED = "Erased"

#: The debtor, and free text, on the case itself. Amounts, dates, the country and the creditor's own numbers
#: stay for the books.
_OF_CASE: Mapping[str, Any] = MappingProxyType(
    {
        "debtor_name": ERASED,
        "debtor_street": "",
        "debtor_city": "",
        "debtor_zip": "",
        "debtor_state": "",
        "debtor_emails": [],
        "debtor_phones": [],
        "debtor_contact": "",
        "debtor_company_number": "",
        "claim_description": "",
        "comments": "",
        "partner_reference": "",
        "body_hash": "",
    }
)

#: Free text in what belongs to a case, where people could have written about the debtor. The path leads from
#: the table to the case.
_OF_OTHERS: tuple[tuple[Manager[Any], str, Mapping[str, Any]], ...] = (
    (Assignment.objects, "case", {"reason": ""}),
    (InfoRequest.objects, "case", {"description": ERASED, "answer": ""}),
    (PeriodExtension.objects, "case", {"note": ""}),
    (Message.objects, "case", {"text": ERASED}),
    (StatusUpdate.objects, "case", {"actions": ERASED}),
    (Complaint.objects, "case", {"subject": ERASED, "text": ERASED, "response": "", "decision": ""}),
    (Disclosure.objects, "case", {"what": ERASED, "why": ERASED}),
    (Payment.objects, "case", {"note": "", "settled_note": "", "reversed_because": ""}),
    (QuoteRequest.objects, "case", {"text": ""}),
    (Quote.objects, "request__case", {"solution": "", "fee_comments": "", "why_us": ""}),
)

#: What stays of the figures behind a line of the timeline: states, ids, amounts and dates, never words.
_KEPT_DATA = frozenset(
    {
        *("event", "from", "to", "phase", "month", "recommendation", "kind"),
        *("date", "event_date", "new_end", "amount", "outstanding"),
        *("payment", "request", "quote", "complaint", "task", "chatId", "documentId", "documentType"),
    }
)


def erase(case: Case, actor: Actor, *, now: datetime) -> None:
    """Leave nothing about the debtor as a person. The caller holds the case's row and a transaction.

    Documents go altogether, with stored answers of the API that repeat the case.
    """
    for rows, path, values in _OF_OTHERS:
        rows.filter(**{path: case}).update(**values)
    Document.objects.filter(case=case).delete()
    stored_answers(case).delete()
    _erase_timeline(case)
    text = "The debtor's personal data was erased."
    write_down(case, EventKind.NOTE, actor, text, now=now, debtor_erased_at=now, **_OF_CASE)


def stored_answers(case: Case) -> QuerySet[StoredAnswer]:
    """What the API has answered about a case and would answer again, to its creditor and to partners.

    Some answers name the case, or a quote or complaint of it; of others only the address asked tells.
    """
    names = [
        case.public_id,
        *QuoteRequest.objects.filter(case=case).values_list("public_id", flat=True),
        *Quote.objects.filter(request__case=case).values_list("public_id", flat=True),
        *case.complaints.values_list("number", flat=True),
    ]
    named = Q()
    for name in map(str, names):
        named |= Q(body__contains=name) | Q(address__contains=StoredAnswer.plain(name))
    theirs = Q(organisation_id=case.creditor_id) | Q(organisation__kind=OrganisationKind.PARTNER)
    return StoredAnswer.objects.filter(named & theirs)


def retention_facts(case: Case) -> RetentionFacts:
    """What decides whether the data of a case may go."""
    closed_at = case.finished_at if case.lifecycle == Lifecycle.CLOSED.value else None
    return RetentionFacts(
        closed_on=london_date(closed_at) if closed_at else None,
        open_complaints=case.complaints.exclude(state__in=[state.value for state in SETTLED]).count(),
        unsettled_payments=case.payments.filter(UNSETTLED).count(),
    )


def _erase_timeline(case: Case) -> None:
    """The one exception to a timeline that only grows: a line keeps its time and kind, and loses its words.

    It goes around the model, whose lines refuse to be changed.
    """
    lines = CaseEvent.objects.filter(case=case)
    for line in lines:
        kind = EventKind(line.kind)
        kept = {key: value for key, value in line.data.items() if key in _KEPT_DATA}
        lines.filter(pk=line.pk).update(text=f"{kind.label}. The words were erased.", data=kept)
