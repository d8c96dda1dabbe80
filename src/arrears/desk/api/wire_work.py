"""The shapes of what is around a case: messages, files, payments, quotes, tasks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from arrears.desk.api.paging import PageData
from arrears.desk.api.wire_values import LEFT_OUT, Asked, Day, Number, Shape, Text


class ChatAsked(Asked):
    """A message to be sent, and which of the creditor's people it is from."""

    message: Text | None = None
    user_id: UUID | None = None
    user_email: Text | None = None


class UserRelation(Shape):
    id: int
    date_created: datetime | None
    date_updated: datetime | None
    first_name: str | None
    last_name: str | None
    email: str


class Chat(Shape):
    """One message. Role 0 is the partner, 1 the creditor, 2 whoever runs the desk."""

    id: UUID
    date_created: datetime
    date_updated: datetime | None
    role: int
    role_label: str
    message: str
    is_seen: bool
    user: UserRelation | None = LEFT_OUT


class CaseFile(Shape):
    """A file; `url` fetches it without a key, for 15 minutes."""

    id: UUID
    date_created: datetime
    date_updated: datetime
    case_id: UUID
    entity_type: str
    entity_id: UUID
    file_name: str
    url: str
    description: str | None
    document_type: str


class PaymentCase(Shape):
    status: str
    reference: str
    invoice_id: UUID


class PaymentShown(Shape):
    id: UUID
    date_created: datetime
    date_updated: datetime | None
    date: Day
    gross_amount: Number
    recipient: str
    method: str
    currency: str
    invoice: PaymentCase


class PaymentList(Shape):
    page: PageData
    payments: list[PaymentShown]


class Lead(Shape):
    """A request for quotes. No reminders are sent about one, so their dates are always null."""

    quote_request_id: UUID
    case_id: UUID
    status: str
    lead_flow_status: str
    quote_type: str
    max_quotes: int
    current_quotes_count: int
    outcome: str | None
    purpose: str | None
    date_created: datetime
    date_qualified: datetime | None
    leads_done_offered: datetime | None
    date_reminder_sent: datetime | None = None
    date_reminder_two_sent: datetime | None = None
    date_outcome_selected: datetime | None


class LeadDetail(Shape):
    quote_request_id: UUID
    case_id: UUID
    status: str
    lead_flow_status: str
    quote_type: str
    max_quotes: int
    current_quotes_count: int
    is_max_bid_count_reached: bool
    outcome: str | None
    request: str | None
    existing_fees: str | None
    date_created: datetime
    date_qualified: datetime | None
    leads_done_offered: datetime | None
    date_reminder_sent: datetime | None = None
    date_reminder_two_sent: datetime | None = None
    date_outcome_selected: datetime | None


class LeadList(Shape):
    quote_requests: list[Lead]


class QuoteShown(Shape):
    quote_id: UUID
    quote_request_id: UUID
    partner_id: UUID
    partner_name: str
    status: str
    agreement_type: str
    hourly_rate: Number | None
    hourly_estimated: Number | None
    flat_fee_estimate: Number | None
    success_fee: Number | None
    hybrid_estimate: Number | None
    proposed_solution: str | None
    partner_why_us_section: str | None
    phase: str | None
    offer_nature: str | None
    currency: str
    date_created: datetime


class QuoteList(Shape):
    quotes: list[QuoteShown]


class QuotePricing(Shape):
    """`success_fee_fee` is in percentage points, and so named in the contract."""

    hourly_rate: Number | None
    hourly_estimated: Number | None
    flat_fee_estimate: Number | None
    success_fee_fee: Number | None
    hybrid_estimate: Number | None
    cost_process_misc: Number


class QuoteDetail(Shape):
    quote_id: UUID
    quote_request_id: UUID
    partner_id: UUID
    partner_name: str
    status: str
    agreement_type: str
    pricing: QuotePricing
    currency: str
    proposed_solution: str | None
    fee_comments: str | None
    partner_why_us_section: str | None
    full_quote_link: str | None
    date_created: datetime
    date_updated: datetime | None


class TaskAction(Shape):
    method: str
    path: str


class TaskShown(Shape):
    id: UUID
    type: str
    type_label: str
    title: str
    description: str | None
    status: str
    case_id: UUID | None
    case_reference: str | None
    lead_id: UUID | None
    deadline: Day | None
    date_created: datetime
    date_solved: datetime | None
    solution_url: str
    action: TaskAction | None = LEFT_OUT


class TaskPage(Shape):
    page: PageData
    tasks: list[TaskShown]
