"""Open one case: check, route, price, and write it down once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import UniqueViolation

from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle, Party
from arrears.core.handover import Handover
from arrears.core.submission import LONGEST_REFERENCE, body_hash
from arrears.core.wording import full_stop, list_text, money_text, number_text
from arrears.desk import outbox
from arrears.desk.actors import DESK
from arrears.desk.assess import Assessment, assess
from arrears.desk.checking import check
from arrears.desk.free_text import kept_text, storable
from arrears.desk.models import LONGEST_KEY, Case, CaseEvent, Division, EventKind, new_reference
from arrears.desk.opening import TO_BE_SIGNED, Obstacle, ObstacleCode, Opening, Options
from arrears.desk.placing import terms_of
from arrears.desk.signatures import signing_link
from arrears.desk.task_list import reconcile_tasks
from arrears.ports import Answer

#: A reference made by chance may be taken. Being unlucky this often means that something else is wrong.
_ATTEMPTS = 5
_LONGEST_TAG = 100


def open_case(
    creditor: Organisation, handover: Handover, options: Options, *, today: date, now: datetime
) -> Opening:
    """Open a case for a debt, under the creditor's own reference where one is given.

    One transaction, and one case for each creditor and reference however often and from however many places
    it is asked for: OPENED once, DUPLICATE to everyone else. A case without a reference is opened each time.
    A case that is signed for is checked at once, and given to its partner when nothing is missing.

    A test case is checked, priced and kept like a real one, but given neither to a partner nor to the
    network: it goes as far as pending verification by itself.
    """
    assessment = assess(creditor, handover, explicit_partner=options.explicit_partner, today=today)
    division, problems = _division_of(creditor, options)
    problems = (*_option_problems(creditor, options), *problems, *assessment.problems)
    if problems:
        return Opening(Answer.REFUSED, problems=problems)
    case = _case(creditor, handover, options, assessment, now)
    case.division = division
    with transaction.atomic():
        opening = _open_once(case, _obstacles(assessment, options))
        if opening.answer is Answer.OPENED:
            _begin(case, _story(handover, assessment, options), options, now=now, today=today)
    if opening.answer is Answer.MUST_ACT:
        return Opening(
            Answer.MUST_ACT, problems=_with_link(creditor, opening.problems, assessment, options, now)
        )
    return opening


def _open_once(case: Case, obstacles: tuple[Obstacle, ...]) -> Opening:
    mine = Case.objects.filter(creditor_id=case.creditor_id, creditor_reference=case.creditor_reference)
    for _ in range(_ATTEMPTS):
        taken = mine.first() if case.creditor_reference else None
        if taken:
            text = _duplicate_text(taken, case)
            found = Obstacle(ObstacleCode.DUPLICATE, text, field="reference")
            return Opening(Answer.DUPLICATE, taken, (found,))
        if obstacles:
            return Opening(Answer.MUST_ACT, problems=obstacles)
        if _inserted(case):
            return Opening(Answer.OPENED, case)
        case.reference = new_reference()
    raise RuntimeError("No free case reference was found.")


def _inserted(case: Case) -> bool:
    """Whether the case is in. False when a twin has just taken the creditor's reference, or chance ours."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return False
        raise
    return True


def _begin(case: Case, story: list[CaseEvent], options: Options, *, now: datetime, today: date) -> None:
    """What belongs to a new case, in the transaction that holds it."""
    for event in story:
        event.case, event.at = case, now
        event.by = options.by or case.creditor.name if event.party == Party.CREDITOR.value else DESK.name
    CaseEvent.objects.bulk_create(story)
    outbox.announce(case, "case.created", now=now)
    if case.lifecycle == Lifecycle.PENDING_CHECK.value:
        check(case, now=now, today=today)  # which writes down what it found, and tasks follow
    else:
        reconcile_tasks(case, now=now)


def _obstacles(assessment: Assessment, options: Options) -> tuple[Obstacle, ...]:
    """Those that stop a case opened in this way."""
    let_pass: set[ObstacleCode] = set()
    if options.allow_pending:
        let_pass |= TO_BE_SIGNED
    if not options.require_partner:
        let_pass.add(ObstacleCode.NO_PARTNER)
    return tuple(obstacle for obstacle in assessment.obstacles if obstacle.code not in let_pass)


def _with_link(
    creditor: Organisation,
    obstacles: tuple[Obstacle, ...],
    assessment: Assessment,
    options: Options,
    now: datetime,
) -> tuple[Obstacle, ...]:
    """Say where to sign. One link leads to everything there is to be signed."""
    if not any(obstacle.code in TO_BE_SIGNED for obstacle in obstacles):
        return obstacles
    link = signing_link(
        creditor.pk,
        options.return_url,
        now=now,
        partner_id=assessment.partner,
        jurisdiction=assessment.jurisdiction,
    )
    return tuple(
        replace(obstacle, solution_url=link) if obstacle.code in TO_BE_SIGNED else obstacle
        for obstacle in obstacles
    )


def _option_problems(creditor: Organisation, options: Options) -> Iterator[Obstacle]:
    if len(options.reference) > LONGEST_REFERENCE or not options.reference.isprintable():
        text = f"The reference must have 1 to {LONGEST_REFERENCE} printable characters."
        yield _field("reference", text)
    if len(options.key) > LONGEST_KEY or not options.key.isprintable():
        yield _field("key", f"The idempotency key must have 1 to {LONGEST_KEY} printable characters.")
    if len(options.tag) > _LONGEST_TAG:
        yield _field("tag", f"The tag is longer than {_LONGEST_TAG} characters. Shorten it.")
    if options.assigned_email and not creditor.members.filter(
        email__iexact=options.assigned_email, is_active=True
    ):
        yield _field(
            "assigned_email", "Nobody in this account has that e-mail address. Choose a member of it."
        )


def _division_of(creditor: Organisation, options: Options) -> tuple[Division | None, tuple[Obstacle, ...]]:
    if options.division is None:
        return None, ()
    division = Division.objects.filter(creditor=creditor, public_id=options.division, archived=False).first()
    if division is None:
        return None, (_field("division", "There is no such division. Choose one of yours, or none."),)
    return division, ()


def _field(name: str, message: str) -> Obstacle:
    return Obstacle(ObstacleCode.INVALID_FIELD, message, field=name)


def _duplicate_text(taken: Case, asked: Case) -> str:
    if taken.body_hash != asked.body_hash:
        return f"The reference belongs to case {taken.reference}, which was opened with other details."
    if taken.idempotency_key != asked.idempotency_key:
        return f"The same claim is already case {taken.reference}."
    return f"This very request has already opened case {taken.reference}."


def _case(
    creditor: Organisation, handover: Handover, options: Options, assessment: Assessment, now: datetime
) -> Case:
    """The case as it will be written, with everything that is frozen at opening."""
    details = _details(handover)
    terms = terms_of(assessment.route, assessment.price)
    if options.is_test:
        terms["partner_id"] = None
    return Case(
        creditor=creditor,
        creditor_reference=options.reference,
        idempotency_key=options.key,
        body_hash=body_hash(details),
        outstanding=details["principal"],
        lifecycle=(Lifecycle.PENDING_SIGNING if assessment.needed else Lifecycle.PENDING_CHECK).value,
        is_test=options.is_test,
        tag=kept_text(options.tag),
        skip_check=options.skip_check,
        assigned_email=options.assigned_email,
        return_url=options.return_url,
        opened_at=now,
        updated_at=now,
        **details,
        **terms,
    )


def _details(handover: Handover) -> dict[str, Any]:
    """What the creditor hands over, as it is stored."""
    aged = handover.aged
    return {
        "debtor_name": storable(handover.debtor_name),
        "debtor_type": handover.debtor_type.value,
        "debtor_street": storable(handover.street),
        "debtor_city": storable(handover.city),
        "debtor_zip": storable(handover.zip),
        "debtor_state": storable(handover.state),
        "debtor_country": handover.country,
        "debtor_emails": [storable(email) for email in handover.emails],
        "debtor_phones": [storable(phone) for phone in handover.phones],
        "debtor_contact": storable(handover.contact_person),
        "debtor_company_number": storable(handover.company_number),
        "invoice_numbers": [storable(number) for number in handover.invoice_numbers],
        "claim_description": storable(handover.description),
        "comments": storable(handover.comments),
        "disputed": handover.disputed,
        "complex_claim": handover.complex_claim,
        "currency": handover.principal.currency,
        "principal": handover.principal.rounded().amount,
        "principal_usd": handover.usd.amount if handover.usd else None,
        "over_6_months": aged.over_6_months,
        "over_12_months": aged.over_12_months,
        "over_24_months": aged.over_24_months,
        "oldest_issued": handover.issued,
        "oldest_due": handover.due,
    }


def _story(handover: Handover, assessment: Assessment, options: Options) -> list[CaseEvent]:
    """The first lines of the timeline."""
    route, price = assessment.route, assessment.price
    opened = f"Opened for {money_text(handover.principal)}{_invoices(handover)}."
    lines = [CaseEvent(kind=EventKind.LIFECYCLE, party=Party.CREDITOR.value, text=opened)]

    def add(kind: EventKind, text: str) -> None:
        lines.append(CaseEvent(kind=kind, party=Party.DESK.value, text=text))

    if assessment.needed:
        waits = " ".join(
            obstacle.message for obstacle in assessment.obstacles if obstacle.code in TO_BE_SIGNED
        )
        add(EventKind.CONTRACT, waits)
    if not route.partner:
        add(
            EventKind.NOTE,
            f"No partner takes it at a price of the list, so quotes are asked for. {route.reason}",
        )
        return lines
    where = "A test case is given to nobody; a real one goes to" if options.is_test else "Goes to"
    add(EventKind.NOTE, f"{full_stop(f'{where} {route.partner_name}')} {route.reason}")
    if price is None:
        add(EventKind.NOTE, "The price list has no rate for this case; the price is to be agreed.")
        return lines
    fee = f"{number_text(price.rate)}% of what is recovered, {money_text(price.fee)} if that is everything"
    add(EventKind.NOTE, f"{price.label.value}: {fee}. {price.source}.")
    return lines


def _invoices(handover: Handover) -> str:
    numbers = [storable(number) for number in handover.invoice_numbers]
    if not numbers:
        return ""
    return f": {'invoice' if len(numbers) == 1 else 'invoices'} {list_text(numbers)}"
