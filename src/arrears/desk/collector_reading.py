"""A case's file, and how its creditor stands with the desk, as the Collector port tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.conf import settings
from django.urls import reverse

from arrears import ports
from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle, Party
from arrears.core.country import jurisdiction
from arrears.core.money import Money
from arrears.core.quote import QuoteState
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor, case_for
from arrears.desk.api.labels import TASK_LABELS
from arrears.desk.api.people import user_uuid
from arrears.desk.assess import unsigned
from arrears.desk.contracts.contract_status import AgreementLine, contract_status
from arrears.desk.models import AgreementKind, Case, Message, Task
from arrears.desk.money.list_payments import list_payments
from arrears.desk.opening import TO_BE_SIGNED, Obstacle, ObstacleCode
from arrears.desk.periods import period_of
from arrears.desk.quotes.list_quote_requests import list_quote_requests
from arrears.desk.quotes.list_quotes import list_quotes
from arrears.desk.signatures import missing
from arrears.desk.talk.list_documents import list_documents
from arrears.desk.talk.list_messages import list_messages
from arrears.desk.talk.list_tasks import list_tasks


def file_of(actor: Actor, case_id: str, today: date) -> ports.CaseFile:
    """Everything there is about a case. The same number of queries for a long file as for a short one.

    Raises NotThere.
    """
    case = case_for(actor, case_id)
    return ports.CaseFile(
        timeline=tuple(ports.CaseEvent(event.at, event.text) for event in case.events.all()),
        messages=tuple(message_told(one) for one in list_messages(actor, case.public_id)),
        documents=tuple(_documents(actor, case)),
        payments=tuple(_payments(actor, case)),
        tasks=tuple(_task(one) for one in list_tasks(actor, case_id=case.public_id)),
        questions=tuple(
            ports.Question(one.area, one.description)
            for one in case.info_requests.filter(answered_at=None, settled_at=None)
        ),
        quotes=tuple(_quotes(actor, case)),
        period=_period(case, today),
        agreements=tuple(_agreements(case, today)),
    )


def standing_of(actor: Actor, creditor: Organisation, today: date) -> ports.Standing:
    """Who the creditor is, what it has to sign and to do, and who belongs to it."""
    status = contract_status(actor, creditor.pk, today=today)
    return ports.Standing(
        id=str(creditor.public_id),
        company_name=creditor.name,
        agreements=tuple(_wanted(line) for line in status.lines if line.wanted),
        tasks=tuple(_task(one) for one in list_tasks(actor)),
        people=tuple(
            ports.Person(str(user_uuid(creditor, user)), user.get_full_name(), user.email)
            for user in creditor.members.filter(is_active=True).order_by("email")
        ),
        divisions=tuple(
            ports.Division(str(one.public_id), one.name, one.archived)
            for one in creditor.divisions.order_by("name", "pk")
        ),
    )


def message_told(message: Message) -> ports.Message:
    """A message as the creditor is told of it."""
    return ports.Message(str(message.public_id), message.at, Party(message.party), message.by, message.text)


def required(obstacles: Iterable[Obstacle]) -> tuple[ports.Required, ...]:
    """What is in the way of a case that may wait for signatures. Nobody is told where to find a partner."""
    return tuple(
        ports.Required(
            one.code.value,
            one.message,
            one.solution_url or (agreements_page() if one.code in TO_BE_SIGNED else ""),
            blocking=one.code not in TO_BE_SIGNED,
        )
        for one in obstacles
        if one.code is not ObstacleCode.NO_PARTNER
    )


def agreements_page() -> str:
    """Where a creditor's people sign. Unlike a signing link it costs nothing, so every row can have it."""
    return f"{settings.ARREARS_URL}{reverse('agreements')}"


def _case_page(case: Case) -> str:
    return f"{settings.ARREARS_URL}{reverse('case', args=[case.reference])}"


def _documents(actor: Actor, case: Case) -> Iterator[ports.Document]:
    for one in list_documents(actor, case.public_id):
        page = reverse("case_document", args=[case.reference, one.public_id])
        url = f"{settings.ARREARS_URL}{page}"
        yield ports.Document(str(one.public_id), one.attached_at, one.name, one.kind, url)


def _payments(actor: Actor, case: Case) -> Iterator[ports.Payment]:
    for one in list_payments(actor, case.public_id).reverse():
        amount = Money(one.amount, one.currency).rounded()
        yield ports.Payment(str(one.public_id), one.paid_on, amount, one.recipient, one.method)


def _task(task: Task) -> ports.Task:
    _, text = TASK_LABELS.get(task.kind, ("", ""))
    return ports.Task(
        id=str(task.public_id),
        kind=task.kind,
        title=TaskKind(task.kind).label,
        text=text,
        case_reference=task.case.reference if task.case else "",
        deadline=task.due_on,
        url=_case_page(task.case) if task.case else agreements_page(),
        by_message=task.kind == TaskKind.REPLY_TO_CHAT,
    )


def _quotes(actor: Actor, case: Case) -> Iterator[ports.Quote]:
    """The offers for the request that is still to be decided."""
    request = list_quote_requests(actor, case_id=case.public_id, undecided=True).first()
    for one in list_quotes(actor, request.public_id) if request else ():
        yield ports.Quote(
            id=str(one.public_id),
            partner=one.partner.name,
            state=one.state,
            agreement=one.agreement,
            currency=one.currency,
            phase=one.phase,
            hourly_rate=one.hourly_rate,
            hours=one.hours,
            flat_fee=one.flat_fee,
            success_fee=one.success_fee,
            court_costs=one.court_costs,
            solution=one.solution,
            fee_comments=one.fee_comments,
            why_us=one.why_us,
            open=one.state == QuoteState.OFFERED,
            url=_case_page(case),
        )


def _period(case: Case, today: date) -> ports.Period | None:
    period = period_of(case, today)
    if period is None:
        return None
    return ports.Period(
        period.start,
        period.end,
        period.days_remaining(today),
        period.status_on(today).value,
        tuple(
            ports.PeriodExtension(one.kind.value, one.event_date, one.new_end) for one in period.extensions
        ),
    )


def _agreements(case: Case, today: date) -> Iterator[ports.Required]:
    if case.lifecycle != Lifecycle.PENDING_SIGNING:
        return
    place = jurisdiction(case.debtor_country, case.debtor_state)
    needed = missing(case.creditor_id, case.partner_id, place, today)
    yield from required(unsigned(needed, case.partner.name if case.partner else ""))


def _wanted(line: AgreementLine) -> ports.Required:
    is_main = line.kind is AgreementKind.STANDARD
    code = ObstacleCode.MISSING_CONTRACT if is_main else ObstacleCode.MISSING_POWER_OF_ATTORNEY
    what = f"{line.kind.label} for {line.about}" if line.about else line.kind.label
    text = f"To be signed again: {what}." if line.status.requires_resigning else f"Not signed yet: {what}."
    return ports.Required(code.value, text, agreements_page())
