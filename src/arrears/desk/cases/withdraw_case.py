"""Withdraw a case: at once where that is free, else by asking the partner."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from arrears.core.case import CloseCode, Event, Lifecycle, Party
from arrears.core.quote import Outcome
from arrears.core.withdrawal import May, Terms
from arrears.core.wording import full_stop, money_text
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.creditor_trail import note_deed
from arrears.desk.endings import end_case
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, EventKind
from arrears.desk.moves import move, write_down
from arrears.desk.quoting import end_request
from arrears.desk.roles import only
from arrears.desk.withdrawals import CONFIRMED_COST, terms_of


def withdraw_case(
    actor: Actor,
    case_id: UUID | str,
    reason: str,
    *,
    confirmed_cost: Decimal | None = None,
    now: datetime,
    today: date,
) -> Case:
    """Take a case back, on the terms that `read_withdrawal_terms` tells. By its creditor.

    `confirmed_cost` is the cost the creditor was shown: when it is not what withdrawing costs now, nothing
    happens. Raises NotThere and Refused.
    """
    only(actor, Party.CREDITOR)
    reason = free_text(reason, "a reason for withdrawing")
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        terms = terms_of(case, today)
        _check(case, terms, confirmed_cost)
        if terms.may is May.CLOSE:
            text = f"Withdrawn by the creditor, free of charge: {reason}"
            end_case(case, CloseCode.WITHDRAWN, actor, text, now=now)
            note_deed(case, actor, "Withdrew", now)
        else:
            _ask(case, actor, terms, reason, now)
            note_deed(case, actor, "Asked to withdraw", now)
    return case


def _check(case: Case, terms: Terms, confirmed: Decimal | None) -> None:
    if case.withdrawal_asked_at is not None:
        raise Refused(
            "The partner has been asked to agree to this withdrawal and has not answered yet.",
            code="already_asked",
            action="Wait for the answer, or write to the partner on the case.",
        )
    if terms.cost is not None and terms.cost.amount != (confirmed or 0):
        raise Refused(
            f"Withdrawing this case costs {money_text(terms.cost)} now, which has not been confirmed.",
            code="cost_not_confirmed",
            action="Read the terms again and confirm the cost that they show.",
        )


def _ask(case: Case, actor: Actor, terms: Terms, reason: str, now: datetime) -> None:
    cost = f"It costs {money_text(terms.cost)}, before any VAT." if terms.cost else terms.costs_note
    write_down(
        case,
        EventKind.NOTE,
        actor,
        f"The creditor asks to withdraw this case: {full_stop(reason)} {cost}",
        now=now,
        data={CONFIRMED_COST: str(terms.cost.amount) if terms.cost else None},
        withdrawal_asked_at=now,
        info_due=None,
    )
    if case.lifecycle in (Lifecycle.COLLECTING_QUOTES, Lifecycle.PENDING_QUOTE_SELECTION):
        end_request(case, Outcome.CASE_ENDED, now=now)
        move(case, Event.QUOTES_ENDED_AT_WORK, actor, "Quotes are no longer wanted.", now=now)
    if case.lifecycle == Lifecycle.ACTIVE:
        move(case, Event.PAUSED, actor, "Paused until the partner has decided about the withdrawal.", now=now)
