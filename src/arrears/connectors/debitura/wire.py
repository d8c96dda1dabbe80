"""What Debitura sends, as models: names as in the Customer API, everything optional, what is unknown kept.

Enumerations are plain text, because new members appear without notice; a field that is missing or makes no
sense never spoils its record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator
from pydantic.alias_generators import to_camel

from arrears.connectors.debitura.values import (
    read_day,
    read_flag,
    read_instant,
    read_line,
    read_number,
    read_text,
    read_whole,
    web_address,
)
from arrears.core.money import read_amount

Row = TypeVar("Row", bound="Record")

Text = Annotated[str, PlainValidator(read_text)]
Line = Annotated[str, PlainValidator(read_line)]
Amount = Annotated[Decimal | None, PlainValidator(read_amount)]
Number = Annotated[Decimal | None, PlainValidator(read_number)]
Instant = Annotated[datetime | None, PlainValidator(read_instant)]
Day = Annotated[date | None, PlainValidator(read_day)]
Flag = Annotated[bool, PlainValidator(read_flag)]
Whole = Annotated[int | None, PlainValidator(read_whole)]
Address = Annotated[str, PlainValidator(web_address)]


class Record(BaseModel):
    """Anything Debitura sends as a JSON object. Representations show no values: they are other people's."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True, alias_generator=to_camel)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


def record(value: object, model: type[Row]) -> Row:
    """A JSON object as record; anything else is a record of which nothing is known."""
    # Read without the class's own validation of names: an unknown one may be anything, even `model_config`.
    known = value if isinstance(value, dict) else {}
    return model.model_validate({str(name): entry for name, entry in known.items()})


def records(value: object, model: type[Row]) -> tuple[Row, ...]:
    """The objects of a JSON array as records; anything that is not an object is left out."""
    if not isinstance(value, list):
        return ()
    return tuple(record(item, model) for item in value if isinstance(item, dict))


def _one(model: Callable[[], type[Row]]) -> Any:
    return PlainValidator(lambda value: record(value, model()) if isinstance(value, dict) else None)


def _many(model: Callable[[], type[Row]]) -> Any:
    return PlainValidator(lambda value: records(value, model()))


class Handoff(Record):
    """One address that leads through everything that has to be signed."""

    combined_signing_url: Address = ""


class Debtor(Record):
    name: Line = ""
    country_alpha_2: Line = ""
    country: Line = ""


class Partner(Record):
    name: Line = ""


class Validation(Record):
    needs_info: Flag = False


class Case(Record):
    """A case. Amounts are in `currency`; `remainder` is left of the principal and of what was added."""

    id: Line = ""
    reference: Line = ""
    creditor_reference: Line = ""
    creditor_comments: Text = ""
    currency: Line = ""
    gross_amount: Amount = None
    remainder: Amount = None
    total_added_fees: Amount = None
    is_test_case: Flag = False
    lifecycle: Line = ""
    close_code: Line = ""
    current_engagement_phase: Line = ""
    date_created: Instant = None
    date_updated: Instant = None
    pre_legal_success_fee: Number = None
    solution_url: Address = ""
    debtor: Annotated[Debtor | None, _one(lambda: Debtor)] = None
    collection_partner: Annotated[Partner | None, _one(lambda: Partner)] = None
    signing_handoff: Annotated[Handoff | None, _one(lambda: Handoff)] = None
    validation: Annotated[Validation | None, _one(lambda: Validation)] = None


class BusinessError(Record):
    """One reason of a refusal, or one thing to be done first."""

    type: Line = ""
    message: Line = ""
    solution_url: Address = ""


class Place(Record):
    name: Line = ""


class Assignment(Record):
    partner_name: Line = ""


class Pricing(Record):
    """Percentage points; the total is of what is recovered and includes the surcharge for age."""

    age_surcharge_percentage: Number = None
    total_success_fee_percentage: Number = None
    pricing_source: Line = ""


class Preview(Record):
    is_eligible: Flag = False
    ineligibility_reason: Line = ""
    partner_assignment: Annotated[Assignment | None, _one(lambda: Assignment)] = None
    required_actions: Annotated[tuple[BusinessError, ...], _many(lambda: BusinessError)] = ()
    jurisdiction: Annotated[Place | None, _one(lambda: Place)] = None
    pricing_preview: Annotated[Pricing | None, _one(lambda: Pricing)] = None
    requires_kyc_verification: Flag = False
    has_kyc_on_file: Flag = False
    signing_handoff: Annotated[Handoff | None, _one(lambda: Handoff)] = None


class ChatUser(Record):
    first_name: Line = ""
    last_name: Line = ""
    email: Line = ""


class Chat(Record):
    id: Line = ""
    date_created: Instant = None
    role: Line = ""
    role_label: Line = ""
    message: Text = ""
    user: Annotated[ChatUser | None, _one(lambda: ChatUser)] = None


class TimelineItem(Record):
    date: Instant = None
    type: Line = ""
    title: Line = ""
    description: Text = ""


class CaseFile(Record):
    id: Line = ""
    date_created: Instant = None
    file_name: Line = ""
    document_type: Line = ""
    description: Line = ""
    url: Address = ""


class Payment(Record):
    id: Line = ""
    date: Day = None
    gross_amount: Amount = None
    currency: Line = ""
    recipient: Line = ""
    method: Line = ""


class TaskAction(Record):
    """The call of the API that resolves a task, where there is one."""

    method: Line = ""
    path: Line = ""


class Task(Record):
    id: Line = ""
    type: Line = ""
    type_label: Line = ""
    title: Line = ""
    description: Text = ""
    status: Line = ""
    case_reference: Line = ""
    lead_id: Line = ""
    deadline: Day = None
    solution_url: Address = ""
    action: Annotated[TaskAction | None, _one(lambda: TaskAction)] = None


class ValidationItem(Record):
    resolution_area: Line = ""
    description: Text = ""


class QuoteRequest(Record):
    quote_request_id: Line = ""
    outcome: Line = ""
    date_created: Instant = None
    date_outcome_selected: Instant = None


class QuotePricing(Record):
    """What only the detail of a quote tells."""

    cost_process_misc: Number = None


class Quote(Record):
    """A row of a list of quotes, or the detail, which has the last two fields as well."""

    quote_id: Line = ""
    partner_name: Line = ""
    status: Line = ""
    agreement_type: Line = ""
    currency: Line = ""
    phase: Line = ""
    hourly_rate: Number = None
    hourly_estimated: Number = None
    flat_fee_estimate: Number = None
    hybrid_estimate: Number = None
    success_fee: Number = None
    proposed_solution: Text = ""
    partner_why_us_section: Text = ""
    fee_comments: Text = ""
    pricing: Annotated[QuotePricing | None, _one(lambda: QuotePricing)] = None


class PeriodExtension(Record):
    type: Line = ""
    event_date: Day = None
    new_end_date: Day = None


class Period(Record):
    engagement_start_date: Day = None
    current_end_date: Day = None
    days_remaining: Whole = None
    status: Line = ""
    extensions: Annotated[tuple[PeriodExtension, ...], _many(lambda: PeriodExtension)] = ()


class Contract(Record):
    """An agreement: signed at all, and whether that signature still counts."""

    signed: Flag = False
    requires_resigning: Flag = False
    invalidation_reason: Line = ""
    solution_url: Address = ""


class CaseContracts(Record):
    sdca: Annotated[Contract | None, _one(lambda: Contract)] = None
    poa: Annotated[Contract | None, _one(lambda: Contract)] = None
    pricing_appendix: Annotated[Contract | None, _one(lambda: Contract)] = None
    collection_partner_name: Line = ""


class Me(Record):
    id: Line = ""
    company_name: Line = ""


class User(Record):
    id: Line = ""
    name: Line = ""
    email: Line = ""


class Division(Record):
    id: Line = ""
    company_name: Line = ""
    is_archived: Flag = False


class Webhook(Record):
    """Our subscription. The secret is told when it is new, and never again."""

    id: Line = ""
    url: Address = ""
    is_active: Flag = False
    is_test_mode: Flag = False
    disabled_reason: Line = ""
