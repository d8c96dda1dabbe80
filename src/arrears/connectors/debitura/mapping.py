"""From Debitura's records to the values that the rest of the software works with.

A record without what makes it one (an id, a moment, an amount) becomes None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from arrears import ports
from arrears.connectors.debitura import wire
from arrears.connectors.debitura.bodies import invoices_in
from arrears.connectors.debitura.labels import bare, lifecycle_of, party_of
from arrears.connectors.debitura.values import is_id, money_of
from arrears.core.country import country_of
from arrears.core.wording import full_stop

#: What Debitura calls missing agreements; the price for a place is signed together with the power.
MAIN_AGREEMENT = "MissingDebtCollectionContract"
POWER_OF_ATTORNEY = "MissingPowerOfAttorney"
IDENTITY_CHECK = "MissingKycVerification"

#: A case that waits for signatures gets by without these.
_SIGNABLE = frozenset({bare(MAIN_AGREEMENT), bare(POWER_OF_ATTORNEY)})
#: Quotes in these states can no longer be chosen.
_SETTLED = frozenset({"accepted", "rejected", "declined", "expired", "withdrawn", "cancelled", "lost"})
_NO_REASON = frozenset({"", "none"})


def case_from(row: wire.Case) -> ports.Case | None:
    """A case; None without an id, its amounts or the moment it was opened."""
    currency = row.currency.upper()
    principal, outstanding = money_of(row.gross_amount, currency), money_of(row.remainder, currency)
    opened_at = row.date_created or row.date_updated
    if not is_id(row.id) or principal is None or outstanding is None or opened_at is None:
        return None
    lifecycle, stated = lifecycle_of(row.lifecycle)
    debtor = row.debtor or wire.Debtor()
    handoff = row.signing_handoff or wire.Handoff()
    return ports.Case(
        id=row.id,
        reference=row.reference,
        creditor_reference=row.creditor_reference,
        invoice_numbers=invoices_in(row.creditor_comments),
        debtor_name=debtor.name,
        country=country_of(debtor.country_alpha_2) or country_of(debtor.country),
        principal=principal,
        outstanding=outstanding,
        lifecycle=lifecycle,
        partner=row.collection_partner.name if row.collection_partner else "",
        routing_reason="",
        rate=row.pre_legal_success_fee,
        price_source="",
        opened_at=opened_at,
        test=row.is_test_case,
        added=money_of(row.total_added_fees, currency),
        stated=stated,
        phase=row.current_engagement_phase,
        close_code=row.close_code,
        updated_at=row.date_updated,
        needs_info=bool(row.validation and row.validation.needs_info),
        signing_url=handoff.combined_signing_url or row.solution_url,
    )


def offer_from(preview: wire.Preview) -> ports.Offer:
    """What Debitura would do. `reason` names the place and never the amount, which others may share."""
    pricing = preview.pricing_preview or wire.Pricing()
    partner = preview.partner_assignment.partner_name if preview.partner_assignment else ""
    reason = preview.ineligibility_reason or _why(partner, preview.jurisdiction)
    handoff = preview.signing_handoff or wire.Handoff()
    return ports.Offer(
        accepted=preview.is_eligible,
        partner=partner,
        reason=full_stop(reason),
        rate=pricing.total_success_fee_percentage,
        uplift=pricing.age_surcharge_percentage or Decimal(0),
        price_source=pricing.pricing_source,
        required=(*required_from(preview.required_actions), *_identity(preview)),
        signing_url=handoff.combined_signing_url,
    )


def _why(partner: str, place: wire.Place | None) -> str:
    where = f" in {place.name}" if place and place.name else ""
    return f"{partner} works such cases{where}" if partner else f"No partner is named for cases{where}"


def _identity(preview: wire.Preview) -> Iterator[ports.Required]:
    told = any(bare(action.type) == bare(IDENTITY_CHECK) for action in preview.required_actions)
    if preview.requires_kyc_verification and not preview.has_kyc_on_file and not told:
        text = "The partner has to verify the identity of a director of your company first."
        url = preview.signing_handoff.combined_signing_url if preview.signing_handoff else ""
        yield ports.Required(IDENTITY_CHECK, text, url, blocking=True)


def required_from(errors: Iterable[wire.BusinessError]) -> tuple[ports.Required, ...]:
    """What has to be signed or settled first."""
    return tuple(
        ports.Required(
            error.type,
            error.message or f"Debitura asks for something first ({error.type}).",
            error.solution_url,
            blocking=bare(error.type) not in _SIGNABLE,
        )
        for error in errors
        if error.type or error.message
    )


def message_from(chat: wire.Chat) -> ports.Message | None:
    if not chat.id or chat.date_created is None:
        return None
    user = chat.user or wire.ChatUser()
    by = f"{user.first_name} {user.last_name}".strip() or user.email or chat.role_label
    return ports.Message(chat.id, chat.date_created, party_of(chat.role, chat.role_label), by, chat.message)


def event_from(item: wire.TimelineItem) -> ports.CaseEvent | None:
    title, text = item.title or item.type, item.description.strip()
    told = text if not title or title in text else f"{title}: {text}" if text else title
    return ports.CaseEvent(item.date, told) if item.date and told else None


def document_from(file: wire.CaseFile) -> ports.Document | None:
    if not file.id or file.date_created is None:
        return None
    return ports.Document(file.id, file.date_created, file.file_name, file.document_type, file.url)


def payment_from(payment: wire.Payment) -> ports.Payment | None:
    amount = money_of(payment.gross_amount, payment.currency.upper())
    if not payment.id or payment.date is None or amount is None:
        return None
    return ports.Payment(payment.id, payment.date, amount, payment.recipient, payment.method)


def task_from(task: wire.Task) -> ports.Task | None:
    """A task; None for one that is done."""
    if not task.id or bare(task.status) not in ("", "open"):
        return None
    action = task.action or wire.TaskAction()
    return ports.Task(
        id=task.id,
        kind=task.type,
        title=task.title or task.type_label or task.type,
        text=task.description,
        case_reference=task.case_reference,
        deadline=task.deadline,
        url=task.solution_url,
        by_message=action.method.upper() == "POST" and action.path.rstrip("/").endswith("/chats"),
    )


def question_from(item: wire.ValidationItem) -> ports.Question | None:
    text = item.description.strip()
    return ports.Question(item.resolution_area, text) if text else None


def quote_from(row: wire.Quote, *, waits: bool, url: str) -> ports.Quote | None:
    """A quote. `waits` tells that its request still waits for a choice, which is made at `url`."""
    if not row.quote_id:
        return None
    is_open = waits and bare(row.status) not in _SETTLED
    flat = row.flat_fee_estimate if row.flat_fee_estimate is not None else row.hybrid_estimate
    return ports.Quote(
        id=row.quote_id,
        partner=row.partner_name,
        state=row.status,
        agreement=row.agreement_type,
        currency=row.currency.upper(),
        phase=row.phase,
        hourly_rate=row.hourly_rate,
        hours=row.hourly_estimated,
        flat_fee=flat,
        success_fee=row.success_fee,
        court_costs=row.pricing.cost_process_misc if row.pricing else None,
        solution=row.proposed_solution,
        fee_comments=row.fee_comments,
        why_us=row.partner_why_us_section,
        open=is_open,
        url=url if is_open else "",
    )


def period_from(row: wire.Period) -> ports.Period | None:
    start, end = row.engagement_start_date, row.current_end_date
    if start is None or end is None or row.days_remaining is None:
        return None
    extensions = tuple(
        ports.PeriodExtension(one.type, one.event_date, one.new_end_date)
        for one in row.extensions
        if one.event_date and one.new_end_date
    )
    return ports.Period(start, end, row.days_remaining, row.status, extensions)


def agreements_from(contracts: wire.CaseContracts) -> tuple[ports.Required, ...]:
    """What a case still waits to have signed."""
    whom = contracts.collection_partner_name or "the partner"
    named = (
        (contracts.sdca, MAIN_AGREEMENT, "the debt collection agreement"),
        (contracts.poa, POWER_OF_ATTORNEY, f"the power of attorney for {whom}"),
        (contracts.pricing_appendix, POWER_OF_ATTORNEY, "the price list for the debtor's country"),
    )
    return tuple(
        agreement_from(contract, kind, what)
        for contract, kind, what in named
        if contract and not stands(contract)
    )


def stands(contract: wire.Contract) -> bool:
    """Whether an agreement is signed, and the signature still counts."""
    return contract.signed and not contract.requires_resigning


def agreement_from(contract: wire.Contract, kind: str, what: str) -> ports.Required:
    again = " again" if contract.signed or contract.requires_resigning else ""
    reason = contract.invalidation_reason
    why = "" if bare(reason) in _NO_REASON else f" ({reason})"
    return ports.Required(kind, f"Sign {what}{again}{why}.", contract.solution_url)


def person_from(user: wire.User) -> ports.Person | None:
    return ports.Person(user.id, user.name or user.email, user.email) if user.id else None


def division_from(row: wire.Division) -> ports.Division | None:
    return ports.Division(row.id, row.company_name, row.is_archived) if row.id else None
