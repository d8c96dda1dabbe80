"""What an operator does beside a case's steps: files, quotes, complaints and the debtor's data."""

from __future__ import annotations

import json
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arrears.desk.models import Complaint, Disclosure, Document, Quote
from tests.desk.builders import a_case, a_partner
from tests.web.desk.case_world import PDF, a_case_with_quotes, a_closed_case, a_worked_case
from tests.web.desk.posting import done, now_of, of, refused


def test_a_document_is_attached_or_refused_for_what_is_in_it(operator: Client) -> None:
    case = a_case()
    form = {"kind": "DemandLetter", "description": "Sent by post."}

    done(operator, of(case, "attach"), form | {"file": SimpleUploadedFile("letter.pdf", PDF)})
    page = refused(
        operator, of(case, "attach"), form | {"file": SimpleUploadedFile("x.pdf", b"MZ not a PDF")}
    )
    refused(operator, of(case, "attach"), form)

    document = Document.objects.get(case=case)
    assert (document.name, document.kind, document.description) == (
        "letter.pdf",
        "DemandLetter",
        "Sent by post.",
    )
    assert "is not a PDF file inside" in page


def test_partners_are_invited_and_their_offers_entered_and_taken_back(operator: Client) -> None:
    case, request = a_case_with_quotes()
    partner = a_partner("Late Lawyers")
    path = f"/desk/cases/{case.reference}/quotes/{request.public_id}/"
    offer = {
        "partner": str(partner.public_id),
        "agreement": "Flat Fee",
        "flat_fee": "1,200",
        "phase": "Legal",
        "nature": "Required",
        "valid_until": "2026-12-24",
        "solution": "A claim form.",
    }

    refused(operator, f"{path}offer/", offer)
    done(operator, f"{path}invite/", {"partner": str(partner.public_id)})
    wrong = refused(operator, f"{path}offer/", offer | {"success_fee": "5"})
    assert "Offer it as “Hybrid”" in wrong
    assert 'value="1,200"' in wrong
    assert "a flat fee of GBP 1200.00" in done(operator, f"{path}offer/", offer).replace("1,200", "1200")
    quote = Quote.objects.get(request=request, partner=partner)
    assert quote.flat_fee == Decimal(1200)
    done(operator, f"{path}take-back/", {"quote": str(quote.public_id), "reason": "A slip."})
    quote.refresh_from_db()
    assert quote.state == "Withdrawn"


def test_a_complaint_goes_from_review_to_its_decision(operator: Client) -> None:
    a_worked_case()
    number = Complaint.objects.get().number
    path = f"/desk/complaints/{number}/"

    refused(operator, f"{path}decide/", {"upheld": "yes", "decision": "Too early."})
    done(operator, f"{path}review/", {})
    assert "2 Dec 2026" in done(operator, f"{path}ask/", {})
    assert "We rang twice." in done(operator, f"{path}respond/", {"response": "We rang twice."})
    empty = refused(operator, f"{path}decide/", {"upheld": "yes", "decision": ""})
    assert "Give the reasons." in empty
    assert '<option value="yes" selected>' in empty
    page = done(operator, f"{path}decide/", {"upheld": "yes", "decision": "Nobody rang back."})

    assert "Nobody rang back." in page
    assert "the complaint is settled" in page
    assert Complaint.objects.get().state == "Upheld"


def test_the_debtors_data_is_exported_and_that_is_written_down(operator: Client) -> None:
    case = a_worked_case()
    before = Disclosure.objects.filter(case=case).count()

    answer = operator.post(of(case, "export"))

    told = json.loads(answer.content)
    assert told["case"]["debtor_name"] == "Quayside Hotels Ltd"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="debtor-{case.reference}.json"'
    assert Disclosure.objects.filter(case=case).count() == before + 1
    assert operator.get(of(case, "export")).status_code == 405


def test_a_disclosure_is_recorded(operator: Client) -> None:
    case = a_case()

    page = done(
        operator, of(case, "disclosure"), {"to": "The court", "what": "The address.", "why": "A claim."}
    )

    assert "The court" in page
    assert Disclosure.objects.get(case=case).why == "A claim."


def test_data_is_erased_only_once_the_case_is_over_and_only_on_confirmation(operator: Client) -> None:
    running, over = a_case(debtor_name="Still Owing Ltd"), a_closed_case()

    page = operator.post(of(running, "erase")).content.decode()
    assert "The case is still open." in page
    assert now_of(running).debtor_name == "Still Owing Ltd"
    assert "Erase for good" in operator.get(of(over, "erase")).content.decode()
    assert now_of(over).debtor_erased_at is None
    shown = done(operator, of(over, "erase"), {})
    assert "was erased" in shown
    assert now_of(over).debtor_name == "Erased"
    for action in ("message", "attach", "note", "reopen"):
        assert f'id="do-{action}"' not in shown
