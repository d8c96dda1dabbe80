"""The shapes of what creditors are told and tell beyond the contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from arrears.core.case import Phase
from arrears.core.payment import Method
from arrears.core.quote import Scenario
from arrears.desk.api.paging import PageData
from arrears.desk.api.wire_cases import CaseShown
from arrears.desk.api.wire_values import Asked, Day, Number, Shape, Text
from arrears.ports import Answer


class WithdrawalTerms(Shape):
    """How a case can be withdrawn today. `cost` is before VAT; null when it follows from what was agreed."""

    may: Literal["close", "request"]
    cost: Number | None
    currency: str
    costs_note: str | None
    sentences: list[str]


class WithdrawAsked(Asked):
    """`confirmed_cost` is the cost that the terms told: when it is another by now, nothing happens."""

    reason: Text
    confirmed_cost: Number | None = None


class AnswerAsked(Asked):
    answer: Text


class QuotesAsked(Asked):
    """Quotes for a step: from everybody who covers the place, or from the partner on the case alone."""

    phase: Phase
    text: Text = ""
    scenario: Scenario = Scenario.NETWORK
    partner_may_bid: bool = Field(default=True, strict=True)


class QuoteRequestShown(Shape):
    quote_request_id: UUID
    case_id: UUID
    status: str
    quote_type: str
    purpose: str
    phase: str
    request: str | None
    max_quotes: int
    outcome: str | None
    date_created: datetime
    date_closing: datetime
    decide_by: Day | None
    date_outcome_selected: datetime | None


class CostLineShown(Shape):
    label: str
    amount: Number


class ComparedQuote(Shape):
    """One offer on the assumptions asked for. `net` is what is left of what is recovered, before VAT."""

    quote_id: UUID
    agreement_type: str
    total: Number
    lines: list[CostLineShown]
    net: Number
    cost_if_nothing_is_recovered: Number


class Comparison(Shape):
    """The offers of a request side by side, the cheapest first."""

    quote_request_id: UUID
    currency: str
    assumptions: list[str]
    quotes: list[ComparedQuote]


class DeclineAsked(Asked):
    reason: Text = ""


class AcceptAsked(Asked):
    return_url: Text | None = None


class DirectPaymentAsked(Asked):
    """Money that the debtor has paid to you and not to the partner."""

    paid_on: Day
    amount: Number
    method: Method = Method.BANK_TRANSFER
    note: Text = ""


class ComplaintAsked(Asked):
    subject: Text
    text: Text


class ComplaintShown(Shape):
    number: str
    case_id: UUID
    case_reference: str
    subject: str
    text: str
    status: str
    answer_due: Day | None
    response: str | None
    decision: str | None
    date_created: datetime
    date_updated: datetime


class ComplaintList(Shape):
    page: PageData
    complaints: list[ComplaintShown]


class SigningAsked(Asked):
    """What you want to sign ahead: for a partner and a place. What waiting cases need is always included."""

    partner_id: UUID | None = None
    country_alpha_2: Text | None = None
    state_alpha_2: Text | None = None
    return_url: Text | None = None


class SigningStarted(Shape):
    """Where a person of yours signs. Anybody with this address can, so send it to that person only."""

    signing_url: str
    expires_at: datetime


class AgreementShown(Shape):
    """`signature_id` names the latest signed copy; `is_needed` says that a signature is wanted now."""

    kind: str
    about: str | None
    partner_id: UUID | None
    jurisdiction: str | None
    version: str | None
    signature_id: UUID | None
    signer: str | None
    signed_at: datetime | None
    is_valid: bool
    is_needed: bool
    invalidation_reason: str | None


class AgreementList(Shape):
    waiting_cases: int
    agreements: list[AgreementShown]


class Reason(Shape):
    """Why something was not done. `field` names what in the row is wrong, if anything is."""

    type: str
    message: str
    field: str | None = None
    solution_url: str | None = None


class BulkRow(Shape):
    """What came of one row, counted from 0."""

    row: int
    result: Answer
    idempotency_key: str | None
    creditor_reference: str | None
    case_id: UUID | None = None
    case_reference: str | None = None
    lifecycle: str | None = None
    reasons: list[Reason] = []


class BulkCounts(Shape):
    opened: int
    duplicate: int
    refused: int
    must_act: int


class BulkShown(Shape):
    counts: BulkCounts
    rows: list[BulkRow]


class Changes(Shape):
    """Cases as they are now. Ask again with `cursor`: at once while there are more, else after a while."""

    cursor: str
    has_more: bool
    cases: list[CaseShown]


class PartnerChoiceAsked(Asked):
    """Which partner is to get your cases in a place: a jurisdiction, a country, or empty for everywhere.

    Without a partner the desk chooses again.
    """

    place: Text = ""
    partner_id: UUID | None = None


class PartnerChoice(Shape):
    place: str
    partner_id: UUID
    partner_name: str


class PartnerChoiceList(Shape):
    choices: list[PartnerChoice]


class DisclosureShown(Shape):
    at: datetime
    to: str
    what: str
    why: str


class DisclosureList(Shape):
    page: PageData
    disclosures: list[DisclosureShown]


class ExportedFile(Shape):
    """A file of the case; `url` fetches it without a key, for 15 minutes."""

    id: UUID
    file_name: str
    media_type: str
    url: str


class DebtorExport(Shape):
    """Everything that is kept about the debtor: `data` by the name of what it is, and the files."""

    data: dict[str, Any]
    files: list[ExportedFile]
