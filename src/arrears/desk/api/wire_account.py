"""The shapes of an account: creditor, people, divisions, agreements, webhooks and the places covered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from arrears.desk.api.paging import PageData
from arrears.desk.api.wire_values import LEFT_OUT, Asked, Number, Shape, Text


class Me(Shape):
    id: UUID
    company_name: str
    company_registration_number: str | None
    address: str | None
    zip_code: str | None
    city: str | None
    state: str | None
    country: str | None
    office_email: str | None
    office_phone: str | None


class TeamMember(Shape):
    id: UUID
    name: str | None
    email: str


class UserList(Shape):
    page: PageData
    users: list[TeamMember]


class DivisionAsked(Asked):
    company_name: Text | None = None
    registration_number: Text | None = None
    address: Text | None = None
    zip_code: Text | None = None
    state: Text | None = None
    city: Text | None = None
    country_code: Text | None = None
    office_email: Text | None = None
    office_phone: Text | None = None


class DivisionCountry(Shape):
    id: int
    name: str
    alpha_2: str = Field(alias="alpha2")


class DivisionShown(Shape):
    id: UUID
    company_name: str
    registration_number: str | None
    address: str | None
    zip_code: str | None
    state: str | None
    city: str
    country: DivisionCountry
    office_email: str | None
    office_phone: str | None
    is_archived: bool
    created_utc: datetime
    updated_utc: datetime | None


class DivisionList(Shape):
    page: PageData
    divisions: list[DivisionShown]


class ContractStatusShown(Shape):
    signed: bool
    requires_resigning: bool
    invalidation_reason: str | None
    terms_url: str | None
    solution_url: str | None


class PartnerCoverage(Shape):
    partner_id: UUID
    partner_name: str
    conditions: str
    signed: bool
    terms_url: str | None
    solution_url: str | None
    requires_resigning: bool
    invalidation_reason: str | None


class CoverageItem(Shape):
    jurisdiction: str
    jurisdiction_id: int
    country: str
    country_id: int
    country_alpha_2: str
    us_state_alpha_2: str | None
    partners: list[PartnerCoverage]


class EligibilityAsked(Asked):
    country_alpha_2: Text | None = None
    state_alpha_2: Text | None = None
    debtor_type: Text | None = None
    amount: Number | None = None
    currency_code: Text | None = None


class JurisdictionInfo(Shape):
    id: int
    name: str
    country: str
    country_alpha_2: str
    us_state_alpha_2: str | None


class PartnerInfo(Shape):
    id: UUID
    name: str


class EligibilityShown(Shape):
    is_eligible: bool
    jurisdiction: JurisdictionInfo | None = LEFT_OUT
    partner: PartnerInfo | None = LEFT_OUT
    power_of_attorney_status: ContractStatusShown | None = LEFT_OUT
    error_message: str | None


class WebhookAsked(Asked):
    url: Text | None = None
    events: list[Text] | None = None
    is_test_mode: bool | None = Field(default=None, strict=True)


class WebhookChangeAsked(Asked):
    """What is not given stays. The events cannot be changed."""

    url: Text | None = None
    events: list[Text] | None = None
    is_active: bool | None = Field(default=None, strict=True)
    regenerate_secret: bool | None = Field(default=None, strict=True)
    is_test_mode: bool | None = Field(default=None, strict=True)


class WebhookShown(Shape):
    """A subscription. Its secret is told when it is new, and never again."""

    id: UUID
    url: str
    events: list[str]
    is_active: bool
    created_utc: datetime
    updated_utc: datetime
    disabled_reason: str | None
    secret: str | None = None
    is_test_mode: bool


class TestResult(Shape):
    __test__ = False

    success: bool
    http_status_code: int | None
    duration_ms: int | None
    error_message: str | None
    error_category: str | None
    test_payload: Any


class WebhookEvent(Shape):
    id: UUID
    subscription_id: UUID
    case_id: UUID | None
    event_type: str
    payload: str
    created_at: datetime
    delivered_at: datetime | None
    attempt_count: int
    last_response_code: int | None
    last_error: str | None


class ReplayResult(Shape):
    event_id: UUID
    subscription_id: UUID
    event_type: str


class AdvanceAsked(Asked):
    to: Text | None = None
    amount: Number | None = None


class AdvanceResult(Shape):
    advanced: bool
    state: str


class FireAsked(Asked):
    event: Text | None = None
    case_id: UUID | None = None
    subscription_id: UUID | None = None


class FireResult(Shape):
    event_type: str
    case_id: UUID
    enqueued_count: int
