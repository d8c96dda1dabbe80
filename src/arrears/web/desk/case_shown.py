"""Everything the case workbench shows, gathered from the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.clock import london_date
from arrears.core.case import Lifecycle
from arrears.core.claim import months_after
from arrears.core.complaint import ComplaintState
from arrears.core.country import jurisdiction
from arrears.core.money import Money
from arrears.core.retention import obstacle
from arrears.core.routing import jurisdiction_name
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor
from arrears.desk.contracts.contract_status import AgreementLine, contract_status
from arrears.desk.erasure import retention_facts
from arrears.desk.left_to_pay import left_to_pay
from arrears.desk.models import Case, DeskSettings, Payment, Task
from arrears.desk.money.list_payments import list_payments
from arrears.desk.periods import period_of
from arrears.desk.privacy.list_disclosures import list_disclosures
from arrears.desk.quotes.list_quote_requests import list_quote_requests
from arrears.desk.signatures import missing
from arrears.desk.splitting import share_owed
from arrears.desk.talk.list_all_tasks import list_all_tasks
from arrears.desk.talk.list_complaints import list_complaints
from arrears.desk.talk.list_documents import list_documents
from arrears.desk.talk.list_messages import list_messages
from arrears.desk.withdrawals import owed_if_agreed
from arrears.web.desk.next_step import next_step
from arrears.web.lifecycles import LIFECYCLES


def shown(actor: Actor, case: Case, today: date) -> dict[str, Any]:
    """What the page's template needs about a case, its forms aside."""
    case_id = case.public_id
    needed = [_told(one.kind.label, one.jurisdiction) for one in _needed(case, today)]
    return {
        "case": case,
        "look": LIFECYCLES[Lifecycle(case.lifecycle)],
        "next_step": next_step(case, needed),
        "amount": in_currency(case.currency),
        "today": today,
        "left": left_to_pay(case),
        "assignments": case.assignments.select_related("partner").order_by("given_at", "pk"),
        "asked": case.info_requests.all(),
        "period": _period(case, today),
        "agreements": _agreements(actor, case, today),
        "needed": needed,
        "payments": list_payments(actor, case_id, reversed_too=True),
        "requests": list_quote_requests(actor, case_id=case_id).prefetch_related(
            "invited", "quotes__partner"
        ),
        "talk": list_messages(actor, case_id),
        "documents": list_documents(actor, case_id),
        "updates": case.updates.all(),
        "complaints": list_complaints(actor, case_id),
        "tasks": [task_line(task, today) for task in list_all_tasks(actor, case_id=case_id)],
        "events": case.events.order_by("-at", "-pk"),
        "disclosures": list_disclosures(actor, case_id),
        "withdrawal_cost": _withdrawal_cost(case),
        "erasing": _erasing(case),
        "complaint_looks": COMPLAINTS,
    }


#: How a complaint stands: icon and tone beside the state's own words.
COMPLAINTS = {
    ComplaintState.SUBMITTED: ("plus", "orange"),
    ComplaintState.UNDER_REVIEW: ("search", "azure"),
    ComplaintState.AWAITING_RESPONSE: ("hourglass", "yellow"),
    ComplaintState.RESPONSE_RECEIVED: ("mail", "orange"),
    ComplaintState.UPHELD: ("circle-check", "green"),
    ComplaintState.DECLINED: ("circle-minus", "secondary"),
    ComplaintState.WITHDRAWN: ("circle-minus", "secondary"),
}


def in_currency(currency: str) -> Callable[[Decimal], Money]:
    """Turn a column's figure into money."""
    return lambda figure: Money(figure, currency)


def task_line(task: Task, today: date) -> dict[str, Any]:
    """A task in words, and whether it is late."""
    late = task.due_on is not None and task.due_on < today
    return {"task": task, "label": TaskKind(task.kind).label, "late": late, "party": task.party}


def owed_on(payment: Payment) -> Money:
    """What whoever received a payment has to pass on."""
    return Money(share_owed(payment), payment.currency)


def _needed(case: Case, today: date) -> list[Any]:
    place = jurisdiction(case.debtor_country, case.debtor_state)
    return [one for one in missing(case.creditor_id, case.partner_id, place, today) if one.blocking]


def _told(label: str, place: str) -> str:
    return f"{label} ({jurisdiction_name(place)})" if place else label


def _period(case: Case, today: date) -> dict[str, Any] | None:
    period = period_of(case, today)
    if period is None:
        return None
    return {
        "start": period.start,
        "end": period.end,
        "status": period.status_on(today).value,
        "days": period.days_remaining(today),
        "extensions": case.extensions.all(),
    }


def _agreements(actor: Actor, case: Case, today: date) -> list[AgreementLine]:
    """Those of the creditor's agreements that this case rests on."""
    place = jurisdiction(case.debtor_country, case.debtor_state)
    partner = case.partner.public_id if case.partner else None
    lines = contract_status(actor, case.creditor_id, today=today).lines
    return [line for line in lines if line.partner in (None, partner) and line.jurisdiction in ("", place)]


def _withdrawal_cost(case: Case) -> Money | None:
    if case.withdrawal_asked_at is None or case.lifecycle == Lifecycle.CLOSED:
        return None
    return owed_if_agreed(case)


def _erasing(case: Case) -> dict[str, Any]:
    """Whether the debtor's data may be erased now, why not, and when it goes by itself."""
    facts = retention_facts(case)
    years = DeskSettings.current().retention_years
    closed = london_date(case.finished_at) if case.finished_at else None
    return {
        "obstacle": obstacle(facts),
        "years": years,
        "goes_on": months_after(closed, 12 * years) if closed and facts.closed_on else None,
    }
