"""What a partner does with a case: every form works, says what was done, and shows why it cannot be."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.core.case import CloseCode, Lifecycle
from arrears.core.payment import Recipient
from arrears.desk.models import Case, Complaint, Document, Payment
from arrears.desk.money.settle_payment import settle_payment
from tests.desk.builders import NOON
from tests.web.portal.conftest import TODAY, Portal

PDF = b"%PDF-1.4\n%%EOF\n"


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def url(case: Case, act: str) -> str:
    return f"/partner/cases/{case.reference}/{act}/"


def test_a_new_case_is_accepted_with_fees_reference_and_welcome(portal: Portal) -> None:
    case = portal.case(Lifecycle.PENDING_VERIFICATION, phase="")
    form = {"interest_fees": "1,012.50", "partner_reference": "N-77", "welcome": "Good day."}

    page = portal.send(url(case, "accept"), **form)

    kept = fresh(case)
    assert (kept.lifecycle, kept.interest_fees, kept.partner_reference) == (
        "active",
        Decimal("1012.5"),
        "N-77",
    )
    assert "You have accepted the case." in page
    assert "Good day." in page


def test_a_refused_form_says_why_and_keeps_what_was_typed(portal: Portal) -> None:
    case = portal.case(Lifecycle.ACTIVE)

    page = portal.send(url(case, "accept"), 422, welcome="Good day, all.")

    assert "This cannot happen to a case that is active" in page
    assert "Good day, all." in page


@pytest.mark.parametrize("typed", ["12,5", "ten", "-5", "1.2.3", "NaN", "1e5"])
def test_an_amount_that_is_none_is_told_beside_its_field(portal: Portal, typed: str) -> None:
    case = portal.case(Lifecycle.PENDING_VERIFICATION)

    page = portal.send(url(case, "accept"), 422, interest_fees=typed)

    assert "Enter “Interest added” as a number" in page
    assert 'aria-invalid="true"' in page
    assert fresh(case).lifecycle == "pending verification"


def test_a_declined_case_is_gone_for_the_partner(portal: Portal) -> None:
    case = portal.case(Lifecycle.PENDING_VERIFICATION)

    page = portal.send(url(case, "decline"), reason="Too small for us.")

    assert f"You have declined case {case.reference}." in page
    portal.page(f"/partner/cases/{case.reference}/", 404)


def test_a_decline_wants_a_reason(portal: Portal) -> None:
    case = portal.case(Lifecycle.PENDING_VERIFICATION)
    assert "Enter a reason." in portal.send(url(case, "decline"), 422, reason=" ")


def test_the_creditor_is_asked_for_several_things(portal: Portal) -> None:
    case = portal.case(Lifecycle.PENDING_VERIFICATION)
    form = {"area_1": "Debtor", "text_1": "Which company?", "area_2": "Dates", "text_2": "When was it due?"}

    portal.send(url(case, "ask"), **form)

    assert [one.description for one in fresh(case).info_requests.all()] == [
        "Which company?",
        "When was it due?",
    ]


def test_a_question_without_an_area_is_not_lost_silently(portal: Portal) -> None:
    case = portal.case(Lifecycle.PENDING_VERIFICATION)
    form = {"area_1": "Debtor", "text_1": "Which company?", "text_2": "When was it due?"}
    assert "Choose what it is about." in portal.send(url(case, "ask"), 422, **form)


def test_a_message_is_sent_from_the_case(portal: Portal) -> None:
    case = portal.case()
    assert "We have called them." in portal.send(url(case, "message"), text="We have called them.")


def test_a_document_is_attached_and_comes_back_as_a_download_only(portal: Portal) -> None:
    case = portal.case()
    file = SimpleUploadedFile("letter.pdf", PDF)
    page = portal.send(url(case, "attach"), file=file, kind="DemandLetter", description="First letter")

    document = Document.objects.get(case=case)
    assert "letter.pdf is attached." in page
    answer = portal.client.get(f"/partner/cases/{case.reference}/documents/{document.public_id}/")
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert case.disclosures.count() == 1


def test_a_file_that_is_not_taken_says_why(portal: Portal) -> None:
    file = SimpleUploadedFile("page.pdf", b"<html>")
    page = portal.send(url(portal.case(), "attach"), 422, file=file, kind="Miscellaneous")
    assert "is not a PDF file inside" in page


WORKING: list[tuple[str, Lifecycle, dict[str, Any], str]] = [
    (
        "update",
        Lifecycle.ACTIVE,
        {"actions": "Called twice.", "recommendation": "Stay"},
        "The update is posted.",
    ),
    (
        "promise",
        Lifecycle.ACTIVE,
        {"kind": "PromiseToPay", "event_date": "2026-11-20", "amount": "200"},
        "The promise is recorded.",
    ),
    ("pause", Lifecycle.ACTIVE, {"reason": "Wait for the court."}, "The case is paused."),
    ("resume", Lifecycle.PAUSED, {"reason": "It has decided."}, "The case is active again."),
    ("close", Lifecycle.ACTIVE, {"code": "Debtor Untraceable", "reason": "Gone."}, "The case is closed."),
    ("reopen", Lifecycle.CLOSED, {"reason": "Found them."}, "The case is open again."),
    (
        "own-terms",
        Lifecycle.ACTIVE,
        {"phase": "Legal", "text": "Only a court helps."},
        "Now enter your offer.",
    ),
]


@pytest.mark.parametrize(("act", "lifecycle", "form", "said"), WORKING)
def test_a_case_is_worked(
    portal: Portal, act: str, lifecycle: Lifecycle, form: dict[str, Any], said: str
) -> None:
    close_code = CloseCode.OTHER.value if lifecycle is Lifecycle.CLOSED else ""
    case = portal.case(lifecycle, close_code=close_code)

    assert url(case, act) in portal.page(f"/partner/cases/{case.reference}/")
    portal.page(url(case, act))
    assert said in portal.send(url(case, act), **form)


def test_the_next_phase_wants_an_accepted_quote(portal: Portal) -> None:
    page = portal.send(url(portal.case(), "phase"), 422, phase="Legal")
    assert "The creditor has not accepted a quote for the legal phase." in page


@pytest.mark.parametrize(("decision", "stands"), [("agree", "closed"), ("refuse", "active")])
def test_a_withdrawal_is_decided(portal: Portal, decision: str, stands: str) -> None:
    case = portal.case(Lifecycle.PAUSED, withdrawal_asked_at=NOON)
    portal.send(url(case, "withdrawal"), decision=decision, reason="As agreed.")
    assert fresh(case).lifecycle == stands


def a_complaint(case: Case, state: str = "Awaiting Response") -> Complaint:
    return Complaint.objects.create(
        number=f"C-2026-{case.pk:06}",
        case=case,
        subject="No news",
        text="Nobody answers.",
        state=state,
        answer_due=TODAY + timedelta(days=3),
        raised_by="Carol",
        raised_at=NOON,
        updated_at=NOON,
    )


def test_a_complaint_is_answered_once(portal: Portal) -> None:
    complaint = a_complaint(portal.case())
    path = url(complaint.case, f"respond/{complaint.number}")

    assert "Nobody answers." in portal.page(path)
    portal.send(path, response="We wrote on Monday.")

    complaint.refresh_from_db()
    assert complaint.response == "We wrote on Monday."
    assert portal.client.get(path).status_code == 302


def payment_form(**changes: str) -> dict[str, str]:
    known = {
        "amount": "500.00",
        "paid_on": "2026-11-20",
        "recipient": "CollectionPartner",
        "method": "BankTransfer",
    }
    return known | changes


def shown(page: str) -> str:
    return page.split('name="shown" value="')[1].split('"')[0]


def test_a_payment_is_recorded_only_after_its_split_was_shown(portal: Portal) -> None:
    case = portal.case()

    page = portal.send(url(case, "payment"), 200, **payment_form())

    assert "Of £500.00: £452.50 to the creditor by" in page
    assert "£47.50 success fee (9.5%)" in page
    assert not Payment.objects.exists()
    assert fresh(case).outstanding == 500

    done = portal.send(url(case, "payment"), **payment_form(step="confirm", shown=shown(page), close="on"))

    payment = Payment.objects.get()
    assert (payment.creditor_share, payment.fee) == (Decimal("452.5"), Decimal("47.5"))
    assert "£500.00 is recorded." in done
    assert fresh(case).close_code == "Paid"


def test_a_split_that_was_not_the_one_shown_is_shown_again(portal: Portal) -> None:
    case = portal.case()
    page = portal.send(url(case, "payment"), 200, **payment_form(amount="100"))

    again = portal.send(
        url(case, "payment"), 200, **payment_form(amount="200", step="confirm", shown=shown(page))
    )

    assert "so has the outcome" in again
    assert not Payment.objects.exists()


def test_what_was_typed_can_be_changed_after_the_preview(portal: Portal) -> None:
    page = portal.send(url(portal.case(), "payment"), 200, **payment_form(amount="123.45", step="edit"))
    assert 'value="123.45"' in page
    assert "What this comes to" not in page


def test_more_than_is_owed_is_refused_before_the_preview(portal: Portal) -> None:
    page = portal.send(url(portal.case(), "payment"), 422, **payment_form(amount="501"))
    assert "is more than the GBP 500.00 still owed" in page


def test_a_payment_is_reversed_for_a_reason(portal: Portal) -> None:
    payment = portal.paid(portal.case())
    path = f"/partner/payments/{payment.public_id}/reverse/"

    assert "£100.00" in portal.page(path)
    portal.send(path, reason="It bounced.")

    payment.refresh_from_db()
    assert payment.reversed_because == "It bounced."


def test_money_is_marked_as_passed_on_and_leaves_the_list(portal: Portal) -> None:
    payment = portal.paid(portal.case())
    assert payment.case.reference in portal.page("/partner/payments/")

    page = portal.send(f"/partner/payments/{payment.public_id}/settled/", settled_on="2026-11-22", note="T-9")

    assert "passed on" in page
    assert "Nothing to pass on" in page


def test_a_day_before_the_payment_is_refused(portal: Portal) -> None:
    payment = portal.paid(portal.case())
    page = portal.send(f"/partner/payments/{payment.public_id}/settled/", 422, settled_on="2026-11-01")
    assert "The debtor paid only on" in page


def test_a_direct_payment_is_owed_by_the_creditor_and_a_reversed_one_back_to_it(portal: Portal) -> None:
    case = portal.case()
    direct = portal.paid(case, recipient=Recipient.CREDITOR)
    assert case.reference in portal.page("/partner/payments/?show=due")
    assert "Nothing to pass on" in portal.page("/partner/payments/")

    settle_payment(portal.actor(case), direct.public_id, TODAY, now=NOON, today=TODAY)
    portal.send(f"/partner/payments/{direct.public_id}/reverse/", reason="A mistake.")

    assert case.reference in portal.page("/partner/payments/")
    assert "No creditor owes you anything" in portal.page("/partner/payments/?show=due")
