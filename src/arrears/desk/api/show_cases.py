"""Cases as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max, QuerySet, Sum

from arrears.accounts.models import Organisation, User
from arrears.core.case import Lifecycle, Phase
from arrears.core.country import country_name, us_state_of
from arrears.core.exclusivity import first_end
from arrears.desk.api import wire_cases as wire
from arrears.desk.api.labels import LIFECYCLE_LABELS, debtor_type_label
from arrears.desk.api.wire_values import money_number, points_number
from arrears.desk.models import Case, Payment, PeriodExtension

_CLAIM_TYPE = "Unpaid Invoice"
_DISPUTED = {True: "Yes, the claim is disputed", False: "No, the claim is not disputed"}
_PARTS = ("principal", "interest", "reminder_fees", "collection_fees")


@dataclass
class _Beside:
    """What is told about cases beside their own rows, by case."""

    paid: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    last_ends: dict[int, date] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def shown_with(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with everything of other tables that is shown with each."""
    return cases.select_related("partner", "creditor", "division")


def show_cases(cases: Sequence[Case]) -> list[wire.CaseShown]:
    """All of one creditor. At most three queries, however many cases."""
    beside = _Beside()
    paid_on = [case.pk for case in cases if case.outstanding != case.principal + _added(case)]
    if paid_on:
        sums = Payment.objects.filter(case_id__in=paid_on, reversed_at=None).values("case_id").order_by()
        columns = [Sum(f"to_{part}") for part in _PARTS]
        for case_id, *amounts in sums.annotate(*columns).values_list(
            "case_id", *(f"to_{part}__sum" for part in _PARTS)
        ):
            beside.paid[case_id] = dict(zip(_PARTS, amounts, strict=True))
    begun = [case.pk for case in cases if case.period_start]
    if begun:
        ends = PeriodExtension.objects.filter(case_id__in=begun).values("case_id").order_by()
        beside.last_ends = dict(ends.annotate(end=Max("new_end")).values_list("case_id", "end"))
    emails = {case.assigned_email for case in cases if case.assigned_email}
    if emails:
        users = User.objects.filter(email__in=emails)
        beside.names = {user.email: user.get_full_name() for user in users}
    return [_shown(case, beside) for case in cases]


def show_case(case: Case) -> wire.CaseShown:
    return show_cases([case])[0]


def _added(case: Case) -> Decimal:
    added: Decimal = case.interest_fees + case.reminder_fees + case.collection_fees
    return added


def _shown(case: Case, beside: _Beside) -> wire.CaseShown:
    def money(amount: Decimal) -> Decimal:
        return money_number(amount, case.currency)

    in_pre_legal = case.phase in ("", Phase.PRE_LEGAL)
    return wire.CaseShown(
        id=case.public_id,
        date_created=case.opened_at,
        date_updated=case.updated_at,
        reference=case.reference,
        creditor_reference=case.creditor_reference or None,
        creditor_comments=case.comments or None,
        claim_description=case.claim_description or None,
        gross_amount=money(case.principal),
        remainder=money(case.outstanding),
        interest_fees=money(case.interest_fees),
        reminder_fees=money(case.reminder_fees),
        collection_fees=money(case.collection_fees),
        total_added_fees=money(_added(case)),
        currency=case.currency,
        is_test_case=case.is_test,
        lifecycle=LIFECYCLE_LABELS[Lifecycle(case.lifecycle)],
        due_date=case.oldest_due,
        date=case.oldest_issued,
        date_finished=case.finished_at,
        date_collection_started=case.accepted_at,
        close_code=case.close_code or None,
        current_engagement_phase=case.phase or None,
        claim_type=_CLAIM_TYPE,
        creditor_division_id=case.division.public_id if case.division else None,
        debtor=show_debtor(case),
        collection_partner=_partner(case),
        creditor=_creditor(case),
        blended_age_uplift_points=points_number(case.uplift) if _is_blended(case) else None,
        pre_legal_success_fee=points_number(case.rate) if in_pre_legal else None,
        exclusive_period_end_date=_period_end(case, beside),
        dispute_status=_DISPUTED[case.disputed],
        validation=wire.NeedsInfo(needs_info=case.lifecycle == Lifecycle.MORE_INFO),
        assigned_user=_assigned(case, beside),
        allocation_outstanding=_left(case, beside),
    )


def _is_blended(case: Case) -> bool:
    """Several invoices: told so, or of different ages, as a single one is of one age only."""
    all_or_nothing = (Decimal(0), case.principal)
    one_age = case.over_12_months in all_or_nothing and case.over_24_months in all_or_nothing
    return len(case.invoice_numbers) > 1 or not one_age


def show_debtor(case: Case) -> wire.Debtor:
    """Who owes."""
    state_code = us_state_of(case.debtor_state) if case.debtor_country == "US" else ""
    return wire.Debtor(
        type=debtor_type_label(case.debtor_type),
        name=case.debtor_name or "Erased",
        contact_person=case.debtor_contact or None,
        company_registration_number=case.debtor_company_number or None,
        address=case.debtor_street or None,
        zip_code=case.debtor_zip or None,
        city=case.debtor_city or None,
        state=case.debtor_state or None,
        state_alpha_2=state_code or None,
        country_alpha_2=case.debtor_country,
        country=country_name(case.debtor_country),
        email=next(iter(case.debtor_emails), None),
        phone=next(iter(case.debtor_phones), None),
    )


def _partner(case: Case) -> wire.CollectionPartner | None:
    partner = case.partner
    if partner is None:
        return None
    return wire.CollectionPartner(
        name=partner.name,
        office_email=partner.email or None,
        office_phone=partner.phone or None,
        public_site=partner.website or None,
    )


def _creditor(case: Case) -> wire.Creditor:
    division = case.division
    shown = wire.CreditorDivision(id=division.public_id, name=division.name) if division else None
    return wire.Creditor(**profile(case.creditor), division=shown)


def profile(creditor: Organisation) -> dict[str, object]:
    """What is told about a creditor, by the API's names in Python's spelling."""
    return {
        "id": creditor.public_id,
        "company_name": creditor.name,
        "company_registration_number": creditor.registration_number or None,
        "office_email": creditor.email or None,
        "office_phone": creditor.phone or None,
        "address": creditor.street or None,
        "city": creditor.city or None,
        "zip_code": creditor.zip or None,
        "state": creditor.state or None,
        "country": country_name(creditor.country) or None,
    }


def _period_end(case: Case, beside: _Beside) -> date | None:
    if case.period_start is None:
        return None
    first = first_end(case.period_start)
    return max(first, beside.last_ends.get(case.pk, first))


def _assigned(case: Case, beside: _Beside) -> wire.AssignedUser | None:
    if not case.assigned_email:
        return None
    return wire.AssignedUser(email=case.assigned_email, name=beside.names.get(case.assigned_email) or None)


def _left(case: Case, beside: _Beside) -> wire.AllocationOutstanding:
    paid = beside.paid.get(case.pk, {})
    owed = (case.principal, case.interest_fees, case.reminder_fees, case.collection_fees)
    left = (
        max(amount - paid.get(part, Decimal(0)), Decimal(0))
        for part, amount in zip(_PARTS, owed, strict=True)
    )
    return wire.AllocationOutstanding(
        **dict(zip(_PARTS, (money_number(amount, case.currency) for amount in left), strict=True))
    )
