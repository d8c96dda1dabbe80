"""The automatic check of a new case, and what follows from it. The caller holds the case's row."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q

from arrears.core import verification
from arrears.core.case import Event, Lifecycle, Party
from arrears.core.debtor import DebtorType
from arrears.core.verification import Problem
from arrears.core.wording import date_text, full_stop
from arrears.core.working_time import business_days_after
from arrears.desk.actors import DESK, Actor
from arrears.desk.models import Case, DeskSettings, EventKind
from arrears.desk.moves import move, write_down
from arrears.desk.placing import choose_again, give, send_to_network


def check(case: Case, *, now: datetime, today: date) -> None:
    """Check a case that waits for it, and let it go on or say what is missing. Another case is left alone.

    A case that fails is given a grace period, in which what is missing can be attached without a word; then
    the creditor is asked. What still fails after an answer is left to an operator.
    """
    if Lifecycle(case.lifecycle) is not Lifecycle.PENDING_CHECK:
        return
    found = () if case.skip_check else verification.check(facts_of(case), today)
    problems = [problem for problem in found if problem.blocks]
    if not problems:
        notes = [problem.sentence for problem in found]
        pass_on(case, DESK, " ".join(["Passed the automatic check.", *notes]), now=now, today=today)
        return
    is_news = _write_requests(case, problems, now)
    told = " ".join(problem.sentence for problem in problems)
    if case.info_requests.filter(settled_at=None).exclude(answered_at=None).exists():
        if is_news or case.check_after is not None:
            text = f"An operator looks at what the automatic check still finds. {told}"
            write_down(case, EventKind.CHECK, DESK, text, now=now, check_after=None)
    elif case.check_after is None:
        grace = timedelta(minutes=DeskSettings.current().check_minutes)
        text = f"The automatic check found something missing. {told}"
        write_down(case, EventKind.CHECK, DESK, text, now=now, check_after=now + grace)
    elif case.check_after <= now:
        _ask(case, told, now, today)
    elif is_news:
        write_down(case, EventKind.CHECK, DESK, f"Still missing: {told}", now=now)


def pass_on(case: Case, actor: Actor, text: str, *, now: datetime, today: date) -> None:
    """A checked case goes to its partner, or to the network when it has none.

    A test case stops here: it waits for verification by nobody, until its creditor moves it on.
    """
    case.info_requests.filter(settled_at=None).filter(
        Q(party=Party.DESK.value) | Q(answered_at__isnull=False)
    ).update(settled_at=now)
    choose_again(case, today)
    if case.is_test:
        move(case, Event.CHECK_PASSED, actor, text, now=now, check_after=None, info_due=None)
    elif case.partner is not None:
        give(case, Event.CHECK_PASSED, actor, full_stop(f"{text} Given to {case.partner.name}"), now=now)
    else:
        write_down(case, EventKind.CHECK, actor, text, now=now, check_after=None)
        send_to_network(case, actor, case.routing_reason, now=now, today=today)


def facts_of(case: Case) -> verification.Facts:
    """What the check looks at."""
    return verification.Facts(
        debtor_name=case.debtor_name,
        debtor_type=DebtorType(case.debtor_type),
        street=case.debtor_street,
        city=case.debtor_city,
        zip=case.debtor_zip,
        state=case.debtor_state,
        country=case.debtor_country,
        reachable=bool(case.debtor_emails or case.debtor_phones),
        principal=case.principal,
        usd=case.principal_usd,
        issued=case.oldest_issued,
        due=case.oldest_due,
        description=case.claim_description,
        files=case.documents.count(),
        complex_claim=case.complex_claim,
    )


def _write_requests(case: Case, problems: list[Problem], now: datetime) -> bool:
    """Make the open requests of the check those that are wanted now; whether that changed anything."""
    wanted = {(problem.area.value, problem.sentence) for problem in problems}
    unanswered = case.info_requests.filter(party=Party.DESK.value, answered_at=None, settled_at=None)
    there = {(request.area, request.description): request for request in unanswered}
    for key, request in there.items():
        if key not in wanted:
            request.settled_at = now
            request.save(update_fields=["settled_at"])
    fresh = [problem for problem in problems if (problem.area.value, problem.sentence) not in there]
    for problem in fresh:
        case.info_requests.create(
            area=problem.area.value, description=problem.sentence, party=Party.DESK.value, asked_at=now
        )
    return wanted != set(there)


def _ask(case: Case, told: str, now: datetime, today: date) -> None:
    """The grace is over: now the creditor is asked, by a day."""
    due = business_days_after(today, DeskSettings.current().info_business_days)
    case.info_requests.filter(answered_at=None, settled_at=None).update(asked_at=now)
    text = f"More information is needed by {date_text(due)}. {told}"
    move(case, Event.INFO_ASKED, DESK, text, now=now, check_after=None, info_due=due)
