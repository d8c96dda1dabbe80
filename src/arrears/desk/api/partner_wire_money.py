"""The shapes of the Partner API that are about money: payments, and offers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from arrears.core.case import Phase
from arrears.core.payment import Method, Recipient
from arrears.core.quote import AgreementType, Nature
from arrears.desk.api.paging import PageData
from arrears.desk.api.wire_values import Asked, Day, Number, Shape, Text

# --- Payments -----------------------------------------------------------------------------------------------


class PaymentAsked(Asked):
    """Money the debtor has paid, and to whom; `costs` are bank costs that you take off it."""

    paid_on: Day
    amount: Number
    recipient: Recipient
    method: Method = Method.BANK_TRANSFER
    note: Text = ""
    costs: Number = Decimal(0)


class PaymentRecorded(PaymentAsked):
    """With `close` the case is closed as paid once nothing is owed any more."""

    close: bool = Field(default=False, strict=True)


class SettlementAsked(Asked):
    settled_on: Day
    note: Text = ""


class Allocated(Shape):
    """What a payment pays off."""

    principal: Number
    interest: Number
    reminder_fees: Number
    collection_fees: Number


class SplitShown(Shape):
    """Who gets how much of a payment; the four sum to it. `success_fee` is in percentage points."""

    success_fee: Number
    fee: Number
    vat_on_fee: Number
    partner_share: Number
    creditor_share: Number


class SplitPreview(Shape):
    """What recording a payment today would come to. Nothing is written."""

    currency: str
    allocated: Allocated
    split: SplitShown
    vat_note: str | None
    outstanding_afterwards: Number
    settle_by: Day


class PartnersPayment(Shape):
    id: UUID
    case_id: UUID
    case_reference: str
    paid_on: Day
    amount: Number
    currency: str
    recipient: str
    method: str
    note: str | None
    allocated: Allocated
    split: SplitShown
    settle_by: Day
    settled_on: Day | None
    returned_on: Day | None
    date_recorded: datetime
    reversed_at: datetime | None
    reversed_because: str | None


class PartnersPaymentList(Shape):
    page: PageData
    payments: list[PartnersPayment]


# --- Quotes -------------------------------------------------------------------------------------------------


class QuotesAsked(Asked):
    """An offer of your own for the next step of a case that is with you."""

    phase: Phase
    text: Text = ""


class OfferAsked(Asked):
    """Your price. `success_fee` is in percentage points, amounts are in the case's currency."""

    agreement_type: AgreementType
    valid_until: Day
    phase: Phase
    hourly_rate: Number | None = None
    hours: Number | None = None
    flat_fee: Number | None = None
    success_fee: Number | None = None
    court_costs: Number | None = None
    fixed_price: bool = Field(default=False, strict=True)
    nature: Nature = Nature.RECOMMENDATION
    solution: Text = ""
    fee_comments: Text = ""
    why_us: Text = ""


class OfferShown(Shape):
    quote_id: UUID
    status: str
    agreement_type: str
    currency: str
    valid_until: Day
    phase: str
    hourly_rate: Number | None
    hours: Number | None
    flat_fee: Number | None
    success_fee: Number | None
    court_costs: Number | None
    fixed_price: bool
    nature: str
    solution: str | None
    fee_comments: str | None
    why_us: str | None
    date_created: datetime
    date_updated: datetime


class BidCase(Shape):
    """What a bidder may know of a case: the debt, and nothing of who owes it."""

    reference: str
    outstanding: Number
    currency: str
    country_alpha_2: str
    state: str | None
    debtor_type: str
    date: Day | None
    due_date: Day | None
    description: str | None
    is_disputed: bool
    phase: str | None


class Invitation(Shape):
    """A request for quotes that you are invited to, and your offer if you have made one."""

    quote_request_id: UUID
    status: str
    quote_type: str
    purpose: str
    phase: str
    request: str | None
    outcome: str | None
    date_created: datetime
    date_closing: datetime
    case: BidCase
    quote: OfferShown | None


class InvitationList(Shape):
    page: PageData
    quote_requests: list[Invitation]
