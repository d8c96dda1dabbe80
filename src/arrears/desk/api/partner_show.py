"""Cases, payments and offers as the Partner API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from arrears.core.case import Lifecycle, Party
from arrears.core.debtor import DebtorType
from arrears.core.payment import Bucket
from arrears.desk.api import partner_wire as wire
from arrears.desk.api import partner_wire_money as money_wire
from arrears.desk.api.labels import LIFECYCLE_LABELS, debtor_type_label
from arrears.desk.api.routes_cases import timeline_of
from arrears.desk.api.show_cases import show_debtor
from arrears.desk.api.wire_cases import AllocationOutstanding
from arrears.desk.api.wire_values import money_number, points_number
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import Case, Payment, Quote
from arrears.desk.periods import period_of
from arrears.desk.quoting import InvitedCase
from arrears.desk.splitting import Worked

#: Who wrote or attached something.
ROLES: Mapping[str, str] = MappingProxyType(
    {
        Party.PARTNER.value: "Partner",
        Party.CREDITOR.value: "Creditor",
        Party.OPERATOR.value: "Desk",
        Party.DESK.value: "Desk",
    }
)


def show_case(case: Case) -> wire.PartnersCase:
    return wire.PartnersCase(**_told(case))


def show_detail(case: Case, today: date) -> wire.PartnersCaseDetail:
    """The case with its timeline, and what is left of each part of the debt."""
    left, period = left_to_pay(case), period_of(case, today)
    parts = {
        part: money_number(getattr(left, part), case.currency)
        for part in ("principal", "interest", "reminder_fees", "collection_fees")
    }
    return wire.PartnersCaseDetail(
        **_told(case),
        left_to_pay=AllocationOutstanding(**parts),
        exclusive_until=period.end if period else None,
        timeline=timeline_of(case),
    )


def _told(case: Case) -> dict[str, Any]:
    def money(amount: Decimal) -> Decimal:
        return money_number(amount, case.currency)

    return {
        "id": case.public_id,
        "reference": case.reference,
        "partner_reference": case.partner_reference or None,
        "creditor_reference": case.creditor_reference or None,
        "creditor": wire.PartnersCreditor(
            company_name=case.creditor.name,
            country_alpha_2=case.creditor.country,
            office_email=case.creditor.email or None,
            office_phone=case.creditor.phone or None,
        ),
        "debtor": show_debtor(case),
        "invoice_numbers": case.invoice_numbers,
        "claim_description": case.claim_description or None,
        "creditor_comments": case.comments or None,
        "is_disputed": case.disputed,
        "date": case.oldest_issued,
        "due_date": case.oldest_due,
        "currency": case.currency,
        "principal": money(case.principal),
        "interest_fees": money(case.interest_fees),
        "reminder_fees": money(case.reminder_fees),
        "collection_fees": money(case.collection_fees),
        "outstanding": money(case.outstanding),
        "lifecycle": LIFECYCLE_LABELS[Lifecycle(case.lifecycle)],
        "phase": case.phase or None,
        "close_code": case.close_code or None,
        "success_fee": points_number(case.rate),
        "price_source": case.price_source or None,
        "routing_reason": case.routing_reason,
        "withdrawal_asked_at": case.withdrawal_asked_at,
        "date_opened": case.opened_at,
        "date_updated": case.updated_at,
        "date_accepted": case.accepted_at,
        "date_finished": case.finished_at,
    }


def show_payment(payment: Payment) -> money_wire.PartnersPayment:
    def money(amount: Decimal) -> Decimal:
        return money_number(amount, payment.currency)

    return money_wire.PartnersPayment(
        id=payment.public_id,
        case_id=payment.case.public_id,
        case_reference=payment.case.reference,
        paid_on=payment.paid_on,
        amount=money(payment.amount),
        currency=payment.currency,
        recipient=payment.recipient,
        method=payment.method,
        note=payment.note or None,
        allocated=money_wire.Allocated(
            principal=money(payment.to_principal),
            interest=money(payment.to_interest),
            reminder_fees=money(payment.to_reminder_fees),
            collection_fees=money(payment.to_collection_fees),
        ),
        split=money_wire.SplitShown(
            success_fee=payment.rate,
            fee=money(payment.fee),
            vat_on_fee=money(payment.fee_vat),
            partner_share=money(payment.partner_share),
            creditor_share=money(payment.creditor_share),
        ),
        settle_by=payment.settle_by,
        settled_on=payment.settled_on,
        returned_on=payment.returned_on,
        date_recorded=payment.recorded_at,
        reversed_at=payment.reversed_at,
        reversed_because=payment.reversed_because or None,
    )


def show_preview(worked: Worked) -> money_wire.SplitPreview:
    parts, shares = worked.parts, worked.shares
    return money_wire.SplitPreview(
        currency=worked.left.currency,
        allocated=money_wire.Allocated(
            principal=parts[Bucket.PRINCIPAL].rounded().amount,
            interest=parts[Bucket.INTEREST].rounded().amount,
            reminder_fees=parts[Bucket.REMINDER_FEES].rounded().amount,
            collection_fees=parts[Bucket.COLLECTION_FEES].rounded().amount,
        ),
        split=money_wire.SplitShown(
            success_fee=worked.rate,
            fee=shares.fee.rounded().amount,
            vat_on_fee=shares.vat.rounded().amount,
            partner_share=shares.partner_share.rounded().amount,
            creditor_share=shares.creditor_share.rounded().amount,
        ),
        vat_note=worked.vat_sentence or None,
        outstanding_afterwards=worked.left.amount,
        settle_by=worked.settle_by,
    )


def show_offer(quote: Quote) -> money_wire.OfferShown:
    def money(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else money_number(amount, quote.currency)

    return money_wire.OfferShown(
        quote_id=quote.public_id,
        status=quote.state,
        agreement_type=quote.agreement,
        currency=quote.currency,
        valid_until=quote.valid_until,
        phase=quote.phase,
        hourly_rate=money(quote.hourly_rate),
        hours=points_number(quote.hours),
        flat_fee=money(quote.flat_fee),
        success_fee=points_number(quote.success_fee),
        court_costs=money(quote.court_costs),
        fixed_price=quote.fixed_price,
        nature=quote.nature,
        solution=quote.solution or None,
        fee_comments=quote.fee_comments or None,
        why_us=quote.why_us or None,
        date_created=quote.offered_at,
        date_updated=quote.updated_at,
    )


def show_bid_case(case: InvitedCase) -> money_wire.BidCase:
    return money_wire.BidCase(
        reference=case.reference,
        outstanding=case.outstanding.amount,
        currency=case.outstanding.currency,
        country_alpha_2=case.country,
        state=case.state or None,
        debtor_type=debtor_type_label(DebtorType(case.debtor_type).value),
        date=case.oldest_issued,
        due_date=case.oldest_due,
        description=case.description or None,
        is_disputed=case.disputed,
        phase=case.phase.value if case.phase else None,
    )
