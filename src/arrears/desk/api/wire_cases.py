"""The shapes of cases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from arrears.desk.api.paging import PageData
from arrears.desk.api.wire_values import LEFT_OUT, Asked, Day, Number, Shape, Text


class DebtorAsked(Asked):
    """Who owes. The type is `Company` or `Private`; `Person` is read as `Private`."""

    type: Text | None = None
    name: Text | None = None
    contact_person: Text | None = None
    company_registration_number: Text | None = None
    address: Text | None = None
    zip_code: Text | None = None
    city: Text | None = None
    state: Text | None = None
    state_alpha_2: Text | None = None
    country_alpha_2: Text | None = None
    country: Text | None = None
    email: Text | None = None
    phone: Text | None = None


class CaseAsked(Asked):
    """A case to be opened."""

    currency_code: Text | None = None
    date: Day | None = None
    due_date: Day | None = None
    comments: Text | None = None
    claim_description: Text | None = None
    creditor_reference: Text | None = None
    debtor: DebtorAsked | None = None
    creditor_division_id: UUID | None = None
    amount_to_recover: Number | None = None
    amount_to_recover_over_6_months: Number | None = None
    amount_to_recover_over_12_months: Number | None = None
    amount_to_recover_over_24_months: Number | None = None
    skip_debitura_verification: bool | None = Field(default=None, strict=True)
    skip_creation_emails: bool | None = Field(
        default=None,
        strict=True,
        description="Read and ignored: no such e-mails are sent.",
        json_schema_extra={"deprecated": True},
    )
    allow_pending_contracts: bool | None = Field(default=None, strict=True)
    is_test: bool | None = Field(default=None, strict=True)
    tag: Text | None = None
    collection_partner_id: UUID | None = None
    assigned_user_email: Text | None = None
    return_url: Text | None = None


class PreviewDebtorAsked(Asked):
    type: Text | None = None
    country_alpha_2: Text | None = None
    state_alpha_2: Text | None = None


class PreviewAsked(Asked):
    """A case about which one wants to know what would become of it."""

    amount_to_recover: Number | None = None
    currency_code: Text | None = None
    debtor: PreviewDebtorAsked | None = None
    amount_to_recover_over_6_months: Number | None = None
    amount_to_recover_over_12_months: Number | None = None
    amount_to_recover_over_24_months: Number | None = None
    due_date: Day | None = None
    return_url: Text | None = None


class Debtor(Shape):
    type: str
    name: str
    contact_person: str | None
    company_registration_number: str | None
    address: str | None
    zip_code: str | None
    city: str | None
    state: str | None
    state_alpha_2: str | None
    country_alpha_2: str | None
    country: str | None
    email: str | None
    phone: str | None


class CollectionPartner(Shape):
    name: str
    office_email: str | None
    office_phone: str | None
    public_site: str | None
    survey_cadence_mode: int = 0


class CreditorDivision(Shape):
    id: UUID
    name: str


class Creditor(Shape):
    id: UUID
    company_name: str
    company_registration_number: str | None
    office_email: str | None
    office_phone: str | None
    address: str | None
    city: str | None
    zip_code: str | None
    state: str | None
    country: str | None
    division: CreditorDivision | None = LEFT_OUT


class SigningHandoff(Shape):
    combined_signing_url: str | None


class NeedsInfo(Shape):
    needs_info: bool


class AssignedUser(Shape):
    email: str
    name: str | None


class AllocationOutstanding(Shape):
    """What is left to pay of each part of the debt."""

    principal: Number
    interest: Number
    reminder_fees: Number
    collection_fees: Number


class CaseShown(Shape):
    """A case as its creditor is told about it. What there is not, and may not be null, is left out."""

    id: UUID
    date_created: datetime
    date_updated: datetime | None
    reference: str
    creditor_reference: str | None
    creditor_comments: str | None
    claim_description: str | None
    gross_amount: Number
    remainder: Number
    interest_fees: Number
    reminder_fees: Number
    collection_fees: Number
    total_added_fees: Number
    currency: str
    is_test_case: bool
    lifecycle: str
    due_date: Day | None = LEFT_OUT
    date: Day | None = LEFT_OUT
    date_finished: datetime | None
    date_collection_started: datetime | None
    close_code: str | None
    current_engagement_phase: str | None
    claim_type: str | None
    creditor_division_id: UUID | None
    debtor: Debtor
    collection_partner: CollectionPartner | None = LEFT_OUT
    creditor: Creditor
    blended_age_uplift_points: Number | None
    pre_legal_success_fee: Number | None
    solution_url: str | None = None
    signing_handoff: SigningHandoff | None = LEFT_OUT
    exclusive_period_end_date: Day | None
    dispute_status: str | None
    validation: NeedsInfo
    assigned_user: AssignedUser | None = LEFT_OUT
    allocation_outstanding: AllocationOutstanding


class CaseList(Shape):
    page: PageData
    cases: list[CaseShown]


class PartnerAssignment(Shape):
    collection_partner_id: UUID
    partner_name: str
    partner_country: str | None


class RequiredAction(Shape):
    type: str
    message: str
    solution_url: str | None
    is_blocking: bool


class Jurisdiction(Shape):
    id: int
    name: str
    country_alpha_2: str
    state_alpha_2: str | None


class PricingPreview(Shape):
    base_success_fee_percentage: Number
    age_surcharge_percentage: Number
    total_success_fee_percentage: Number
    currency_code: str
    pricing_source: str
    pricing_source_description: str


class PreviewResult(Shape):
    is_eligible: bool
    ineligibility_reason: str | None
    partner_assignment: PartnerAssignment | None = LEFT_OUT
    required_actions: list[RequiredAction]
    jurisdiction: Jurisdiction | None = LEFT_OUT
    pricing_preview: PricingPreview | None = LEFT_OUT
    requires_kyc_verification: bool = False
    has_kyc_on_file: bool = False
    signing_handoff: SigningHandoff | None = LEFT_OUT


class PreviewShown(Shape):
    result: PreviewResult


class ContractItem(Shape):
    signed: bool
    requires_resigning: bool
    solution_url: str | None


class CaseContractStatus(Shape):
    sdca: ContractItem
    poa: ContractItem | None = LEFT_OUT
    pricing_appendix: ContractItem | None = LEFT_OUT
    collection_partner_name: str | None
    needs_poa_signing: bool


class TimelineActor(Shape):
    type: str
    name: str | None


class TimelineItem(Shape):
    date: datetime
    type: str
    title: str
    description: str
    actor: TimelineActor


class Timeline(Shape):
    items: list[TimelineItem]
    current_engagement_phase: str | None


class PeriodExtensionShown(Shape):
    type: str
    event_date: Day
    new_end_date: Day


class ExclusivePeriod(Shape):
    engagement_start_date: Day
    current_end_date: Day
    days_remaining: int
    status: str
    extensions: list[PeriodExtensionShown]


class ValidationItem(Shape):
    resolution_area: str
    description: str


class ValidationShown(Shape):
    needs_info: bool
    creditor_responded_at: datetime | None
    items: list[ValidationItem]
