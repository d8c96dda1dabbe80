"""Who may do what to a case: each verb by each role, by strangers, and at the same moment by two."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from arrears.core.case import CloseCode, Lifecycle, Party, Phase
from arrears.core.exclusivity import ExtensionKind
from arrears.core.verification import CheckArea
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.change_phase import change_phase
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.cases.note_case import note_case
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.read_withdrawal_terms import read_withdrawal_terms
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.reopen_case import reopen_case
from arrears.desk.cases.resume_case import resume_case
from arrears.desk.cases.set_debtor_details import DebtorDetails, set_debtor_details
from arrears.desk.cases.withdraw_case import withdraw_case
from arrears.desk.models import Case, CaseEvent
from tests.desk.builders import NOON, OPERATOR, creditor_of, partner_of
from tests.desk.work.at_work import TODAY, a_priced_case, row, stranger, told
from tests.desk.work.test_working import accept_quote

pytestmark = pytest.mark.django_db

CREDITOR, PARTNER = Party.CREDITOR, Party.PARTNER
WORKERS = {PARTNER, Party.OPERATOR}
WHEN: dict[str, Any] = {"now": NOON, "today": TODAY}


@dataclass(frozen=True)
class Verb:
    """A verb with a case that it can be used on, and who may."""

    do: Callable[[Actor, Any], object]
    who: set[Party]
    state: Lifecycle
    columns: dict[str, Any]


VERBS = {
    "accept": Verb(lambda a, i: accept_case(a, i, **WHEN), WORKERS, Lifecycle.PENDING_VERIFICATION, {}),
    "decline": Verb(
        lambda a, i: decline_case(a, i, "No.", **WHEN), WORKERS, Lifecycle.PENDING_VERIFICATION, {}
    ),
    "ask": Verb(
        lambda a, i: ask_info(a, i, [(CheckArea.OTHER, "What?")], **WHEN), WORKERS, Lifecycle.ACTIVE, {}
    ),
    "pause": Verb(
        lambda a, i: pause_case(a, i, "Wait.", now=NOON), {*WORKERS, CREDITOR}, Lifecycle.ACTIVE, {}
    ),
    "resume": Verb(lambda a, i: resume_case(a, i, "Go.", now=NOON), WORKERS, Lifecycle.PAUSED, {}),
    "close": Verb(
        lambda a, i: close_case(a, i, CloseCode.UNTRACEABLE, "Gone.", now=NOON), WORKERS, Lifecycle.ACTIVE, {}
    ),
    "reopen": Verb(
        lambda a, i: reopen_case(a, i, "Found.", now=NOON),
        WORKERS,
        Lifecycle.CLOSED,
        {"close_code": "Other"},
    ),
    "withdraw": Verb(
        lambda a, i: withdraw_case(a, i, "Stop.", confirmed_cost=Decimal(190), **WHEN),
        {CREDITOR},
        Lifecycle.ACTIVE,
        {},
    ),
    "decide": Verb(
        lambda a, i: decide_withdrawal(a, i, True, **WHEN),
        WORKERS,
        Lifecycle.PAUSED,
        {"withdrawal_asked_at": NOON},
    ),
    "promise": Verb(
        lambda a, i: record_promise(a, i, ExtensionKind.PROMISE, TODAY, Decimal(1), **WHEN),
        WORKERS,
        Lifecycle.ACTIVE,
        {},
    ),
    "phase": Verb(lambda a, i: change_phase(a, i, Phase.LEGAL, now=NOON), WORKERS, Lifecycle.ACTIVE, {}),
    "debtor": Verb(
        lambda a, i: set_debtor_details(a, i, DebtorDetails(city="York"), **WHEN),
        {CREDITOR, Party.OPERATOR},
        Lifecycle.PENDING_VERIFICATION,
        {},
    ),
    "note": Verb(lambda a, i: note_case(a, i, "Noted.", now=NOON), WORKERS, Lifecycle.ACTIVE, {}),
    "terms": Verb(
        lambda a, i: read_withdrawal_terms(a, i, TODAY),
        {CREDITOR, PARTNER, Party.OPERATOR},
        Lifecycle.ACTIVE,
        {},
    ),
}
BOTH = {"argnames": "verb", "argvalues": VERBS.values(), "ids": VERBS.keys()}


def actor_of(party: Party, case: Case) -> Actor:
    if party is CREDITOR:
        return creditor_of(case)
    return partner_of(case) if party is PARTNER else OPERATOR


def a_case_for(verb: Verb) -> Case:
    case = a_priced_case(verb.state, **verb.columns)
    accept_quote(case, Phase.LEGAL)
    return case


@pytest.mark.parametrize(**BOTH)  # type: ignore[arg-type]
def test_those_who_may_can_and_the_others_change_nothing(verb: Verb) -> None:
    for party in (CREDITOR, PARTNER, Party.OPERATOR):
        case = a_case_for(verb)
        before = Case.objects.filter(pk=case.pk).values().get()
        if party in verb.who:
            verb.do(actor_of(party, case), case.public_id)
            continue
        with pytest.raises(Refused):
            verb.do(actor_of(party, case), case.public_id)
        assert Case.objects.filter(pk=case.pk).values().get() == before
        assert told(case) == []


@pytest.mark.parametrize(**BOTH)  # type: ignore[arg-type]
def test_somebody_elses_case_looks_like_none(verb: Verb) -> None:
    case = a_case_for(verb)
    for party in verb.who & {CREDITOR, PARTNER}:
        somebody = stranger(party, case)
        with pytest.raises(NotThere):
            verb.do(somebody, case.public_id)
        with pytest.raises(NotThere):
            verb.do(somebody, "no such case")
    assert told(case) == []


@pytest.mark.parametrize("state", [Lifecycle.PENDING_SIGNING, Lifecycle.PENDING_CHECK])
def test_a_partner_does_not_see_its_case_before_it_is_complete(state: Lifecycle) -> None:
    case = a_priced_case(state)
    with pytest.raises(NotThere):
        note_case(partner_of(case), case.public_id, "Noted.", now=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_the_same_moment_accept_once() -> None:
    case = a_priced_case(Lifecycle.PENDING_VERIFICATION)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def accept() -> None:
        together.wait()
        try:
            accept_case(OPERATOR, case.public_id, interest_fees=Decimal(10), **WHEN)
            outcomes.append("accepted")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "refused"]
    assert row(case).outstanding == 2010
    assert CaseEvent.objects.filter(case=case).count() == 1
