"""A person planted wherever the desk can write about one, and a search through every table."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.db import connection

from arrears.desk.models import (
    Assignment,
    Case,
    CaseEvent,
    Complaint,
    Disclosure,
    Document,
    InfoRequest,
    Message,
    Payment,
    PeriodExtension,
    Quote,
    QuoteRequest,
    StatusUpdate,
    StoredAnswer,
)
from tests.desk.builders import NOON, a_case

NEEDLE = "Nellie Needle"

#: Columns that cannot hold anything about a debtor: values of enumerations, numbers and names that are the
#: creditor's, the partner's or the desk's own, and what is sent to subscribers, which is ids and states.
OTHERS = {
    "desk_assignment": {"outcome"},
    "desk_case": {
        *("assigned_email", "body_hash", "close_code", "creditor_reference", "currency", "debtor_country"),
        *("debtor_type", "idempotency_key", "invoice_numbers", "lifecycle", "mechanism", "phase"),
        *("price_name", "price_source", "reference", "return_url", "routing_reason", "tag"),
    },
    "desk_caseevent": {"by", "kind", "party"},
    "desk_complaint": {"number", "raised_by", "state"},
    "desk_delivery": {"event", "last_error", "payload", "state"},
    "desk_disclosure": {"to"},
    "desk_document": {"kind", "media_type", "party", "sha256"},
    "desk_inforequest": {"area", "party"},
    "desk_message": {"by", "by_email", "party"},
    "desk_payment": {"currency", "method", "recipient", "recorded_by"},
    "desk_periodextension": {"kind"},
    "desk_quote": {"agreement", "currency", "nature", "phase", "state"},
    "desk_quoterequest": {"outcome", "phase", "purpose", "scenario", "state"},
    "desk_statusupdate": {"by", "recommendation"},
    "desk_task": {"kind", "party", "subject"},
}

_TEXT_COLUMNS = """
    select table_name, column_name from information_schema.columns
    where table_schema = current_schema()
      and (data_type in ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY'))
    order by table_name, column_name
"""


def text_columns() -> list[tuple[str, str]]:
    """Every column of the database that can hold words, as table and column."""
    with connection.cursor() as cursor:
        cursor.execute(_TEXT_COLUMNS)
        return [(table, column) for table, column in cursor.fetchall()]


def columns_with(needle: str) -> set[tuple[str, str]]:
    """Where the needle is found, whatever the type of the column."""
    name = connection.ops.quote_name
    looks: dict[str, list[str]] = {}
    for table, column in text_columns():
        looks.setdefault(table, []).append(column)
    found = set()
    with connection.cursor() as cursor:
        for table, columns in looks.items():
            has = ", ".join(f"bool_or({name(column)}::text ~* %s)" for column in columns)
            pattern = f"{needle}|{needle.encode().hex()}"
            cursor.execute(f"select {has} from {name(table)}", [pattern] * len(columns))  # noqa: S608
            answers = cursor.fetchone() or ()
            found |= {(table, column) for column, yes in zip(columns, answers, strict=True) if yes}
    return found


def a_planted_case(**changes: Any) -> Case:
    """A case in which everything that can hold words about its debtor names her."""
    case = a_case(
        debtor_name=NEEDLE,
        debtor_street=NEEDLE,
        debtor_city=NEEDLE,
        debtor_zip=NEEDLE,
        debtor_state=NEEDLE,
        debtor_emails=[f"{NEEDLE}@debtor.example"],
        debtor_phones=[NEEDLE],
        debtor_contact=NEEDLE,
        debtor_company_number=NEEDLE,
        claim_description=NEEDLE,
        comments=NEEDLE,
        partner_reference=NEEDLE,
        **changes,
    )
    partner = {"partner_id": case.partner_id}
    Assignment.objects.create(case=case, **partner, given_at=NOON, outcome="accepted", reason=NEEDLE)
    CaseEvent.objects.create(case=case, at=NOON, text=NEEDLE, data={"to": "active", "words": NEEDLE})
    Complaint.objects.create(
        case=case, number=f"C-2026-{case.pk:06}", subject=NEEDLE, text=NEEDLE, state="Upheld", raised_by="x",
        raised_at=NOON, updated_at=NOON, response=NEEDLE, decision=NEEDLE,
    )  # fmt: skip
    Disclosure.objects.create(case=case, at=NOON, to="A court", what=NEEDLE, why=NEEDLE)
    content = f"{NEEDLE} owes us money.".encode()
    Document.objects.create(
        case=case, kind="OriginalInvoice", name=NEEDLE, description=NEEDLE, size=len(content),
        content=content, sha256=hashlib.sha256(content).hexdigest(), attached_at=NOON,
    )  # fmt: skip
    InfoRequest.objects.create(
        case=case, area="x", description=NEEDLE, party="desk", asked_at=NOON, answer=NEEDLE
    )
    Message.objects.create(case=case, party="creditor", by="Carol", text=NEEDLE, at=NOON)
    PeriodExtension.objects.create(
        case=case, kind="x", event_date=NOON.date(), new_end=NOON.date(), note=NEEDLE, at=NOON
    )
    StatusUpdate.objects.create(
        case=case, month=NOON.date().replace(day=1), actions=NEEDLE, recommendation="Stay", by="Pat", at=NOON
    )
    _plant_payment(case)
    request = QuoteRequest.objects.create(
        case=case, scenario="x", purpose="x", phase="x", max_quotes=5, state="x", opened_at=NOON,
        closes_at=NOON, text=NEEDLE, decided_at=NOON,
    )  # fmt: skip
    Quote.objects.create(
        request=request, **partner, agreement="x", currency="GBP", nature="x", phase="x", state="x",
        valid_until=NOON.date(), offered_at=NOON, updated_at=NOON, solution=NEEDLE, fee_comments=NEEDLE,
        why_us=NEEDLE,
    )  # fmt: skip
    StoredAnswer.objects.create(
        organisation=case.creditor, operation="x", key=str(case.pk), request_hash="x", answered_at=NOON,
        body=json.dumps({"id": str(case.public_id), "debtor": {"name": NEEDLE}}),
    )  # fmt: skip
    return case


def _plant_payment(case: Case) -> None:
    nothing = Decimal(0)
    Payment.objects.create(
        case=case, partner_id=case.partner_id, paid_on=NOON.date(), amount=Decimal(100), currency="GBP",
        recipient="Creditor", method="Cash", note=NEEDLE, to_principal=Decimal(100), to_interest=nothing,
        to_reminder_fees=nothing, to_collection_fees=nothing, rate=nothing, fee=nothing, fee_vat=nothing,
        partner_share=nothing, creditor_share=Decimal(100), settle_by=NOON.date(), settled_on=NOON.date(),
        settled_note=NEEDLE, recorded_by="Pat", recorded_at=NOON, updated_at=NOON, reversed_because=NEEDLE,
    )  # fmt: skip
