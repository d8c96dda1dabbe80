"""Open one case: check, route, price, and write it down once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from arrears.core.case import Lifecycle
from arrears.core.claim import Claim
from arrears.core.money import Money
from arrears.core.submission import LONGEST_REFERENCE, body_hash
from arrears.core.wording import list_text, money_text, number_text
from arrears.desk.assess import Assessment, assess
from arrears.desk.models import LONGEST_KEY, Case, CaseEvent, PriceSource, new_reference
from arrears.desk.network import network
from arrears.ports import Answer, Opened

#: A reference made by chance may be taken. Being unlucky this often means that something else is wrong.
_ATTEMPTS = 5


def open_case(
    creditor_id: int, claim: Claim, reference: str, key: str, *, today: date, now: datetime
) -> Opened:
    """Open a case for a claim under the creditor's own reference.

    One transaction, and one case for each creditor and reference however often and from however many places
    it is asked for: OPENED once, DUPLICATE to everyone else. REFUSED carries a sentence for each problem.
    """
    assessment = assess(claim, network(), today)
    principal = claim.principal if not assessment.problems else None
    problems = (*_request_problems(reference, key), *assessment.problems)
    if problems or principal is None:
        return Opened(Answer.REFUSED, messages=problems)
    details = _details(claim, principal)
    case = Case(
        creditor_id=creditor_id,
        creditor_reference=reference,
        idempotency_key=key,
        body_hash=body_hash(details),
        outstanding=principal.amount,
        opened_at=now,
        **details,
        **_terms(assessment),
    )
    return _open_once(case, _story(claim, principal, assessment))


def _open_once(case: Case, story: list[str]) -> Opened:
    mine = Case.objects.filter(creditor_id=case.creditor_id, creditor_reference=case.creditor_reference)
    for _ in range(_ATTEMPTS):
        taken = mine.first()
        if taken:
            return Opened(Answer.DUPLICATE, messages=(_duplicate_text(taken, case),))
        if _written(case, story):
            return Opened(Answer.OPENED, case=case.as_stated())
        case.reference = new_reference()
    raise RuntimeError("No free case reference was found.")


def _written(case: Case, story: list[str]) -> bool:
    """Whether the case is in. False when a twin has just taken the creditor's reference, or chance ours."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
            events = [CaseEvent(case=case, at=case.opened_at, text=text) for text in story]
            CaseEvent.objects.bulk_create(events)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return False
        raise
    return True


def _request_problems(reference: str, key: str) -> list[str]:
    problems = []
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isprintable():
        problems.append(f"The reference must have 1 to {LONGEST_REFERENCE} printable characters.")
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        problems.append(f"The idempotency key must have 1 to {LONGEST_KEY} printable characters.")
    return problems


def _duplicate_text(taken: Case, asked: Case) -> str:
    if taken.body_hash != asked.body_hash:
        return f"The reference belongs to case {taken.reference}, which was opened with other details."
    if taken.idempotency_key != asked.idempotency_key:
        return f"The same claim is already case {taken.reference}."
    return f"This very request has already opened case {taken.reference}."


def _details(claim: Claim, principal: Money) -> dict[str, Any]:
    """What the creditor hands over, as it is stored."""
    debtor, address = claim.debtor, claim.debtor.address
    return {
        "debtor_name": _storable(debtor.name),
        "debtor_type": debtor.type.value,
        "debtor_street": _storable(address.street),
        "debtor_city": _storable(address.city),
        "debtor_zip": _storable(address.zip),
        "debtor_state": _storable(address.state),
        "debtor_country": address.country,
        "debtor_emails": [_storable(email) for email in debtor.emails],
        "debtor_phones": [_storable(phone) for phone in debtor.phones],
        "debtor_contact": _storable(debtor.contact_person),
        "debtor_company_number": _storable(debtor.company_number),
        "invoice_numbers": [_storable(number) for number in claim.numbers],
        "currency": principal.currency,
        "principal": principal.rounded().amount,
        "oldest_issued": claim.oldest_issued,
        "oldest_due": claim.oldest_due,
    }


def _terms(assessment: Assessment) -> dict[str, Any]:
    """What the desk decides, frozen with the case."""
    route, price = assessment.route, assessment.price
    return {
        "lifecycle": Lifecycle.PENDING_VERIFICATION if route.partner else Lifecycle.COLLECTING_QUOTES,
        "partner_id": int(route.partner) if route.partner else None,
        "routing_reason": route.reason,
        "rate": price.rate if price else None,
        "uplift": price.uplift if price else None,
        "expected_fee": price.fee.amount if price else None,
        "price_source": PriceSource.STANDARD if price else "",
        "price_as_of": price.as_of if price else None,
    }


def _story(claim: Claim, principal: Money, assessment: Assessment) -> list[str]:
    """The first lines of the timeline."""
    route, price = assessment.route, assessment.price
    noun = "invoice" if len(claim.invoices) == 1 else "invoices"
    numbers = list_text([_storable(number) for number in claim.numbers])
    opened = f"Opened for {money_text(principal)}: {noun} {numbers}."
    if not route.partner:
        return [opened, f"Collecting quotes, and the price comes with them. {route.reason}"]
    given = f"Given to {route.partner_name}. {route.reason}"
    if price is None:
        return [opened, given, "The price list has no rate for this case; the price is to be agreed."]
    fee = f"{number_text(price.rate)}% of what is recovered, {money_text(price.fee)} if that is everything"
    return [opened, given, f"{PriceSource.STANDARD.label}: {fee}. {price.source}."]


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot keep: NUL and halves of characters. Neither can be seen anyway."""
    return text.replace("\0", "").encode(errors="ignore").decode()
