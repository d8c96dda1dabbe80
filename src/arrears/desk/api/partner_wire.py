"""The shapes of the Partner API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from arrears.core.case import CloseCode, Phase
from arrears.core.exclusivity import ExtensionKind
from arrears.core.task import Recommendation
from arrears.core.verification import CheckArea
from arrears.desk.api.paging import PageData
from arrears.desk.api.wire_cases import AllocationOutstanding, Debtor, TimelineItem
from arrears.desk.api.wire_values import Asked, Day, Number, Shape, Text

# --- Cases --------------------------------------------------------------------------------------------------


class PartnersCreditor(Shape):
    """For whom the money is collected."""

    company_name: str
    country_alpha_2: str
    office_email: str | None
    office_phone: str | None


class PartnersCase(Shape):
    """A case as its partner is told about it. `success_fee` is in percentage points."""

    id: UUID
    reference: str
    partner_reference: str | None
    creditor_reference: str | None
    creditor: PartnersCreditor
    debtor: Debtor
    invoice_numbers: list[str]
    claim_description: str | None
    creditor_comments: str | None
    is_disputed: bool
    date: Day | None
    due_date: Day | None
    currency: str
    principal: Number
    interest_fees: Number
    reminder_fees: Number
    collection_fees: Number
    outstanding: Number
    lifecycle: str
    phase: str | None
    close_code: str | None
    success_fee: Number | None
    price_source: str | None
    routing_reason: str
    withdrawal_asked_at: datetime | None
    date_opened: datetime
    date_updated: datetime
    date_accepted: datetime | None
    date_finished: datetime | None


class PartnersCaseDetail(PartnersCase):
    """`exclusive_until` is the last day of the exclusive period; null where there is none."""

    left_to_pay: AllocationOutstanding
    exclusive_until: Day | None
    timeline: list[TimelineItem]


class PartnersCaseList(Shape):
    page: PageData
    cases: list[PartnersCase]


class Declined(Shape):
    """A case that you have turned down, and that you see no more."""

    id: UUID
    reference: str


class AcceptAsked(Asked):
    """The fees are added to what the debtor owes, in the case's currency."""

    interest_fees: Number = Decimal(0)
    reminder_fees: Number = Decimal(0)
    collection_fees: Number = Decimal(0)
    welcome: Text = ""
    partner_reference: Text = ""


class ReasonAsked(Asked):
    reason: Text


class Question(Asked):
    area: CheckArea
    question: Text


class QuestionsAsked(Asked):
    questions: list[Question] = Field(min_length=1, max_length=20)


class CloseAsked(Asked):
    code: CloseCode
    reason: Text


class PhaseAsked(Asked):
    phase: Phase
    note: Text = ""


class WithdrawalAsked(Asked):
    agree: bool = Field(strict=True)
    reason: Text = ""


class PromiseAsked(Asked):
    """A written promise to pay, or a signed payment agreement, as of the day on which it was made."""

    kind: ExtensionKind
    event_date: Day
    amount: Number
    note: Text = ""


# --- Messages, documents, updates, complaints ---------------------------------------------------------------


class MessageAsked(Asked):
    message: Text


class MessageShown(Shape):
    id: UUID
    date_created: datetime
    role: str
    name: str
    message: str
    is_seen: bool


class MessageList(Shape):
    messages: list[MessageShown]


class SeenShown(Shape):
    """How many messages had not been seen before."""

    newly_seen: int


class DocumentShown(Shape):
    """A file of a case; its content is at `/documents/{id}/content`."""

    id: UUID
    case_id: UUID
    date_created: datetime
    file_name: str
    media_type: str
    size: int
    description: str | None
    document_type: str
    role: str


class DocumentList(Shape):
    documents: list[DocumentShown]


class UpdateAsked(Asked):
    actions: Text
    recommendation: Recommendation


class UpdateShown(Shape):
    """The report for one month, named by its first day."""

    month: Day
    actions: str
    recommendation: str
    name: str
    date_created: datetime


class UpdateList(Shape):
    updates: list[UpdateShown]


class ResponseAsked(Asked):
    response: Text


class DisclosureAsked(Asked):
    """That you have given the debtor's personal data to somebody: whom, what and why."""

    to: Text
    what: Text
    why: Text


class TaskShown(Shape):
    id: UUID
    type: str
    case_id: UUID | None
    case_reference: str | None
    about: str | None
    status: str
    deadline: Day | None
    date_created: datetime
    date_solved: datetime | None


class TaskList(Shape):
    page: PageData
    tasks: list[TaskShown]


# --- The partner --------------------------------------------------------------------------------------------


class VettingShown(Shape):
    item: str
    state: str


class PartnerProfile(Shape):
    id: UUID
    name: str
    kind: str
    country_alpha_2: str
    email: str | None
    phone: str | None
    website: str | None
    about: str | None
    languages: list[str]
    takes_cases_without_quotes: bool
    capacity: int | None
    vat_percentage: Number | None
    is_active: bool
    suspended_because: str | None
    vetted_until: Day | None
    vetting: list[VettingShown]


class CoverageRuleShown(Shape):
    """Amounts in US dollars, the minimum included and the maximum not."""

    jurisdiction: str
    place: str
    debtor_type: str | None
    currency: str | None
    minimum_usd: Number | None
    maximum_usd: Number | None
    priority: int


class OwnCoverage(Shape):
    rules: list[CoverageRuleShown]


class ScorecardShown(Shape):
    """Shares are from 0 to 1; null where there is nothing to divide by."""

    cases_given: int
    cases_declined: int
    cases_finished: int
    collection_rate: Number | None
    success_rate: Number | None
    median_hours_to_answer: Number | None
    median_days_to_close: int | None
    updates_rate: Number | None
    complaints_upheld: int
    says_enough: bool
