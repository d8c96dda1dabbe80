"""Every form of the operator's pages: it does what it says, and a refusal keeps what was typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from arrears.core.case import CloseCode, Lifecycle
from arrears.desk.models import Case, Payment
from arrears.web.desk.case import CASE_ACTIONS
from arrears.web.desk.case_steps import CaseAction
from tests.desk.builders import a_case
from tests.web.desk.case_world import (
    a_closed_case,
    a_worked_case,
    cases_in_every_state,
)
from tests.web.desk.posting import done, now_of, of, refused

STEPS = [
    (
        "pending verification internal",
        "pass",
        {"reason": "The partner knows it."},
        "pending verification",
    ),
    (
        "pending verification internal",
        "ask",
        {"area": "Address", "question": "Where?"},
        "more info required",
    ),
    ("pending verification", "accept", {"interest_fees": "12.50"}, "active"),
    ("pending verification", "ask", {"area": "Claim", "question": "What was sold?"}, "more info required"),
    ("active", "pause", {"reason": "Holiday."}, "paused"),
    ("active", "request_quotes", {"phase": "Legal", "scenario": "Exclusive"}, "collecting quotes"),
    ("paused", "resume", {"reason": "Back."}, "active"),
    ("withdrawal asked", "withdrawal", {"decision": "yes"}, "closed"),
    ("withdrawal asked", "withdrawal", {"decision": "no", "reason": "It is nearly paid."}, "active"),
    ("collecting quotes", "close", {"code": "Uneconomical to Pursue", "reason": "Too far away."}, "closed"),
]


@pytest.mark.parametrize(("state", "action", "form", "after"), STEPS)
def test_a_step_takes_a_case_where_it_says(
    operator: Client, state: str, action: str, form: dict[str, str], after: str
) -> None:
    case = cases_in_every_state()[state]

    done(operator, of(case, action.replace("_", "-")), form)

    assert now_of(case).lifecycle == after


def test_declining_gives_the_case_to_nobody_else_here_and_says_why(operator: Client) -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION)

    page = done(operator, of(case, "decline"), {"reason": "Too small for us."})

    assert "Too small for us." in page
    assert now_of(case).partner != case.partner or now_of(case).lifecycle != Lifecycle.PENDING_VERIFICATION


def test_an_answer_for_the_creditor_lets_the_case_go_on(operator: Client) -> None:
    case = cases_in_every_state()["more info required"]

    page = done(operator, of(case, "answer"), {"answer": "The second delivery."})

    assert "The second delivery." in page
    assert now_of(case).lifecycle != Lifecycle.MORE_INFO


def test_reopening_works_the_case_again(operator: Client) -> None:
    case = a_closed_case(CloseCode.OTHER)

    done(operator, of(case, "reopen"), {"reason": "They wrote after all."})

    assert now_of(case).lifecycle == Lifecycle.ACTIVE


def test_a_payment_is_recorded_and_split(operator: Client) -> None:
    case = a_case(rate=Decimal(10))
    form = {
        "amount": "100.50",
        "paid_on": "2026-11-20",
        "recipient": "CollectionPartner",
        "method": "Card",
        "costs": "2.50",
        "note": "By card.",
    }

    page = done(operator, of(case, "record-payment"), form)

    payment = Payment.objects.get(case=case)
    assert (payment.amount, payment.method, payment.paid_on) == (
        Decimal("100.50"),
        "Card",
        date(2026, 11, 20),
    )
    assert payment.partner_share == Decimal("2.50")
    assert "£399.50" in page
    assert "£10.05" in page


def test_a_payment_that_pays_all_can_close_the_case(operator: Client) -> None:
    case = a_case(rate=Decimal(10))
    form = {"amount": "500", "paid_on": "2026-11-20", "recipient": "CollectionPartner", "method": "Cash"}

    done(operator, of(case, "record-payment"), form | {"close": "on"})

    assert now_of(case).close_code == CloseCode.PAID


def test_a_refused_payment_keeps_what_was_typed_and_records_nothing(operator: Client) -> None:
    case = a_case()
    form = {
        "amount": "900",
        "paid_on": "2026-11-20",
        "recipient": "Creditor",
        "method": "Cheque",
        "note": "Odd.",
    }

    page = refused(operator, of(case, "record-payment"), form)

    assert "is more than the" in page
    assert 'value="900"' in page
    assert "Odd.</textarea>" in page
    assert '<option value="Cheque" selected>' in page
    assert '<details class="action" open id="do-record_payment">' in page
    assert not Payment.objects.filter(case=case).exists()


@pytest.mark.parametrize("typed", ["", "lots", "-5", "NaN", "1e40", "£", "1,5", "12,34.50"])
def test_what_is_no_amount_is_told_at_its_field(operator: Client, typed: str) -> None:
    case = a_case()
    form = {"amount": typed, "paid_on": "2026-11-20", "recipient": "Creditor", "method": "Cash"}

    page = refused(operator, of(case, "record-payment"), form)

    assert 'id="record_payment_amount_error"' in page
    assert 'aria-invalid="true"' in page


def test_a_payment_is_settled_and_reversed_on_its_own_page(operator: Client) -> None:
    case = a_worked_case()
    payment = Payment.objects.filter(case=case, recipient="CollectionPartner").get()
    path = f"/desk/cases/{case.reference}/payments/{payment.public_id}/"

    early = refused(operator, f"{path}settle/", {"settled_on": "2026-11-01", "note": "BACS 7"})
    settled = done(operator, f"{path}settle/", {"settled_on": "2026-11-21", "note": "BACS 7"})
    back = done(operator, f"{path}reverse/", {"reason": "The cheque bounced."})

    assert "The debtor paid only on 18 November 2026." in early
    assert 'value="BACS 7"' in early
    assert "Settled on 21 November 2026." in settled
    assert "goes back to the partner" in back
    assert now_of(case).outstanding == case.outstanding + payment.amount


def test_a_payment_of_another_case_is_not_there(operator: Client) -> None:
    payment = Payment.objects.filter(case=a_worked_case()).first()
    assert payment is not None
    path = f"/desk/cases/{a_case().reference}/payments/{payment.public_id}/"

    assert operator.get(path).status_code == 404
    assert operator.post(f"{path}reverse/", {"reason": "Mine."}).status_code == 404


def test_promises_notes_messages_updates_and_phases_are_written_down(operator: Client) -> None:
    case = a_case(phase="Pre-legal", period_start=date(2026, 11, 2))
    promise = {"kind": "PromiseToPay", "event_date": "2026-11-20", "amount": "50", "note": "By post."}

    page = done(operator, of(case, "promise"), promise)
    assert "Promise to pay of 20 November 2026" in page
    assert "until 20 November 2027" in page
    assert "A &lt;b&gt;note&lt;/b&gt;." in done(operator, of(case, "note"), {"text": "A <b>note</b>."})
    assert "Please ring." in done(operator, of(case, "message"), {"text": "Please ring."})
    update = {"actions": "One visit.", "recommendation": "Pause"}
    assert "One visit." in done(operator, of(case, "update"), update)
    assert "already there" in refused(operator, of(case, "update"), update)
    done(operator, of(case, "phase"), {"phase": "Legal", "note": ""})
    assert now_of(case).phase == "Legal"


def test_an_update_is_wanted_once_a_month(operator: Client) -> None:
    case = a_case()
    update = {"actions": "One visit.", "recommendation": "Stay"}
    done(operator, of(case, "update"), update)

    refused(operator, of(case, "update"), update)

    assert case.updates.count() == 1


def test_debtors_details_are_corrected_while_nobody_works_the_case(operator: Client) -> None:
    case = a_case(Lifecycle.PENDING_VERIFICATION, debtor_emails=["old@debtor.example"])
    form = {
        "street": "9 New Street",
        "city": "York",
        "zip": "YO1 7HH",
        "emails": "a@debtor.example b@debtor.example",
        "phones": "+44 1904 550000, 01904 550001",
        "contact": "",
    }

    done(operator, of(case, "debtor"), form)
    wrong = refused(operator, of(case, "debtor"), form | {"emails": "nobody at all"})

    after = now_of(case)
    assert (after.debtor_street, after.debtor_zip) == ("9 New Street", "YO1 7HH")
    assert after.debtor_emails == ["a@debtor.example", "b@debtor.example"]
    assert after.debtor_phones == ["+44 1904 550000", "01904 550001"]
    assert "is not an e-mail address" in wrong
    assert after.debtor_name == case.debtor_name


OFFERED = {
    "pending contract signing": {"debtor", "note", "close"},
    "pending verification internal": {"pass", "ask", "debtor", "note", "close"},
    "pending verification": {"accept", "decline", "ask", "debtor", "note", "close"},
    "more info required": {"answer", "debtor", "note", "close"},
    "collecting quotes": {"record_payment", "promise", "note", "close"},
    "active": {
        *("ask", "record_payment", "promise", "update", "request_quotes", "phase", "note", "pause", "close"),
    },
    "paused": {"record_payment", "promise", "update", "phase", "note", "resume", "close"},
    "withdrawal asked": {"withdrawal", "record_payment", "promise", "update", "phase", "note", "close"},
    "closed": {"note", "reopen"},
}


@pytest.mark.parametrize("state", OFFERED)
def test_only_what_the_state_allows_is_offered(operator: Client, state: str) -> None:
    case = cases_in_every_state()[state]
    page = operator.get(f"/desk/cases/{case.reference}/").content.decode()

    offered = {key for key in CASE_ACTIONS if f'id="do-{key}"' in page}

    assert offered - {"message", "attach", "disclosure"} == OFFERED[state]


@pytest.mark.parametrize("kind", CASE_ACTIONS.values(), ids=list(CASE_ACTIONS))
def test_an_empty_form_changes_nothing(operator: Client, kind: type[CaseAction]) -> None:
    """`debtor` saves what it shows, so there is nothing in it that has to be filled in."""
    case = a_case(Lifecycle.PENDING_VERIFICATION)
    before = now_of(case).updated_at

    answer = operator.post(of(case, kind.key.replace("_", "-")), {})

    if kind.key not in ("accept", "debtor"):
        assert answer.status_code == 422
        assert now_of(case).updated_at == before


def test_a_form_that_came_too_late_says_so_with_what_was_typed(operator: Client) -> None:
    case = a_case()
    Case.objects.filter(pk=case.pk).update(lifecycle=Lifecycle.PAUSED.value)

    page = refused(operator, of(case, "pause"), {"reason": "The debtor is away."})

    assert "This cannot happen to a case that is paused" in page
    assert "The debtor is away.</textarea>" in page


def test_a_form_without_its_token_is_refused(operator: Client) -> None:
    case = a_case()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies

    answer = strict.post(of(case, "pause"), {"reason": "Forged."})

    assert answer.status_code == 403
    assert now_of(case).lifecycle == Lifecycle.ACTIVE


def test_texts_that_people_typed_are_never_markup(operator: Client) -> None:
    case = a_case(debtor_name="<script>alert(1)</script>")

    assert "<script>alert" not in operator.get(f"/desk/cases/{case.reference}/").content.decode()
