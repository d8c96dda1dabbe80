"""The worklist, the cases, the workbench and complaints: shown with rich data, and only to operators."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from arrears.accounts.models import User
from arrears.core.case import Lifecycle
from arrears.desk.models import Complaint, Document, Payment, QuoteRequest
from tests.desk.builders import a_case, an_organisation
from tests.web.conftest import PASSWORD
from tests.web.conftest import an_organisation as an_organisation_with
from tests.web.desk.case_world import (
    PDF,
    a_case_with_quotes,
    a_closed_case,
    a_worked_case,
    cases_in_every_state,
)


def page_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def every_page() -> list[str]:
    """The address of every page, on a desk where each has something to show."""
    made = cases_in_every_state()
    request = QuoteRequest.objects.filter(case=made["pending quote selection"]).get()
    payment = Payment.objects.filter(case=made["active"]).first()
    assert payment is not None
    quotes = f"/desk/cases/{request.case.reference}/quotes/{request.public_id}/"
    return [
        "/desk/",
        "/desk/?party=partner&kind=VerifyCase",
        "/desk/cases/",
        "/desk/cases/?test=all&q=debtor",
        "/desk/complaints/",
        "/desk/complaints/?state=all",
        f"/desk/complaints/{Complaint.objects.get().number}/",
        quotes,
        f"{quotes}?recovered=0",
        f"/desk/cases/{payment.case.reference}/payments/{payment.public_id}/",
        f"/desk/cases/{a_closed_case().reference}/erase/",
        *(f"/desk/cases/{case.reference}/" for case in made.values()),
    ]


def test_every_page_is_sound(operator: Client) -> None:
    for path in every_page():
        page = page_of(operator, path)

        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path
        assert page.count("<h1") == 1, path
        assert re.search(r"<title>\s*\S", page), path
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), (path, [one for one in ids if ids.count(one) > 1])
        for field in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
            name = re.search(r'\bid="([^"]+)"', field)
            assert 'type="hidden"' in field or (name and f'for="{name[1]}"' in page), (path, field)


def test_only_operators_see_them(operator: Client) -> None:
    owner = User.objects.create_user("owner@elsewhere.example", PASSWORD)
    an_organisation_with("Elsewhere", owner)
    stranger, creditor = Client(), Client()
    creditor.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    case = a_case()

    for path in ("/desk/", "/desk/cases/", f"/desk/cases/{case.reference}/", "/desk/complaints/"):
        assert creditor.get(path).status_code == 403
        assert stranger.get(path).status_code == 302
    for path in (f"/desk/cases/{case.reference}/pause/", f"/desk/cases/{case.reference}/export/"):
        assert creditor.post(path, {"reason": "Mine now."}).status_code == 403
        assert stranger.post(path).status_code == 302
    case.refresh_from_db()
    assert case.lifecycle == Lifecycle.ACTIVE


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases/NOBODYS1/",
        "/desk/cases/%00/",
        "/desk/cases/NOBODYS1/erase/",
        "/desk/complaints/C-2026-999999/",
        "/desk/complaints/%00/",
    ],
)
def test_what_does_not_exist_is_a_page_of_ours(operator: Client, path: str) -> None:
    assert "There is nothing here" in page_of(operator, path, status=404)


def test_the_worklist_tells_an_operators_tasks_and_who_is_late(operator: Client) -> None:
    made = cases_in_every_state()
    page = page_of(operator, "/desk/")

    yours, late = page.split('id="late"')
    assert made["pending verification internal"].reference in yours
    assert made["collecting quotes"].reference in yours
    assert Complaint.objects.get().number in yours
    assert made["late"].reference in late
    assert made["late"].reference not in yours
    assert "Late: 6 Oct 2026" in late
    # Not due yet, so nobody is late with it.
    assert made["more info required"].reference not in late


def test_the_worklist_can_be_narrowed(operator: Client) -> None:
    made = cases_in_every_state()

    creditors = page_of(operator, "/desk/?party=creditor")
    reviews = page_of(operator, "/desk/?kind=ReviewCase")

    assert made["late"].reference not in creditors
    assert made["pending verification internal"].reference in reviews
    assert made["collecting quotes"].reference not in reviews


def test_an_empty_worklist_says_so(operator: Client) -> None:
    page = page_of(operator, "/desk/")

    assert "Nothing waits for you" in page
    assert "Nobody is late" in page


def test_tiles_count_real_cases_by_state(operator: Client) -> None:
    for _ in range(2):
        a_case(Lifecycle.PAUSED)
    a_case(Lifecycle.PAUSED, is_test=True)

    page = page_of(operator, "/desk/")

    assert re.search(r'state=paused"><span class="state-count num">2<', page)
    assert re.search(r'state=active"><span class="state-count num">0<', page)


@pytest.mark.parametrize(
    "query",
    ["q=wanted", "q=WANTED+inv-55", "q=inv-55", "q=REF-9", "state=paused", "country=FR", "partner={partner}"],
)
def test_cases_are_found_by_what_is_asked(operator: Client, query: str) -> None:
    wanted = a_case(
        Lifecycle.PAUSED,
        debtor_name="Wanted Ltd",
        debtor_country="FR",
        creditor_reference="REF-9",
        invoice_numbers=["INV-5512"],
    )
    other = a_case(debtor_name="Other Ltd", invoice_numbers=["INV-1"])
    assert wanted.partner is not None

    page = page_of(operator, f"/desk/cases/?{query.format(partner=wanted.partner.public_id)}")

    assert wanted.reference in page
    assert other.reference not in page


def test_cases_of_one_creditor_and_test_cases_are_told_apart(operator: Client) -> None:
    mine, theirs = an_organisation("Mine Ltd"), an_organisation("Theirs Ltd")
    real, test = a_case(creditor=mine), a_case(creditor=mine, is_test=True)
    foreign = a_case(creditor=theirs)

    shown = page_of(operator, f"/desk/cases/?creditor={mine.public_id}")
    tests = page_of(operator, "/desk/cases/?test=only")

    assert real.reference in shown
    assert test.reference not in shown
    assert foreign.reference not in shown
    assert test.reference in tests
    assert real.reference not in tests


def test_totals_are_those_of_everything_found_by_currency(operator: Client) -> None:
    for number in range(60):
        a_case(debtor_name=f"Debtor {number}", partner=None)
    a_case(debtor_name="Dollar Inc", currency="USD", principal=40, outstanding=25)

    page = page_of(operator, "/desk/cases/")

    assert "60 cases in GBP" in page
    assert "£30,000.00" in page
    assert "1 case in USD" in page
    assert "US$25.00" in page
    assert page.count('<tr>\n        <td data-label="Case">') == 50
    assert "page=2" in page


def test_an_unreadable_filter_is_left_out(operator: Client) -> None:
    case = a_case()

    page = page_of(operator, "/desk/cases/?partner=x&creditor=%00&country=Narnia&state=?&q=%00&page=no")

    assert case.reference in page


def test_the_workbench_tells_everything_about_a_case(operator: Client) -> None:
    case = a_worked_case()
    page = page_of(operator, f"/desk/cases/{case.reference}/")

    for told in (
        "Quayside Hotels Ltd",
        "accounts@quayside.example",
        "INV-1001, INV-1002",
        "£12,400.50",
        "£10,410.25",  # what is left: 12,400.50 + 160.00 - 2,150.25
        "11.5%",
        "For age: 2% more",
        "Standard price list 2026",
        "Coverage rule",
        "OR-556",
        "invoice 1001.pdf",
        "They rang us.",
        "Two letters, one call.",
        "Nobody called back",
        "Promise to pay of 22 November 2026",
        "The document invoice 1001.pdf.",
        "Harbour Joinery Ltd",
    ):
        assert told in page, told


def test_each_state_says_what_happens_next(operator: Client) -> None:
    said = {
        "pending contract signing": "The creditor signs: Standard Debt Collection Agreement",
        "pending verification internal": "An operator looks at what the check still finds",
        "pending verification": "accepts or declines the case",
        "more info required": "The creditor answers by 7 December 2026.",
        "collecting quotes": "Invite a partner to quote",
        "pending quote selection": "The creditor chooses a quote, or none.",
        "active": "collects. No update is due now.",
        "paused": "looks at the case again",
        "closed": "Nothing more happens",
        "withdrawal asked": "The creditor asks to withdraw the case.",
        "test": "A test case goes no further by itself.",
    }
    made = cases_in_every_state()

    for name, sentence in said.items():
        assert sentence in page_of(operator, f"/desk/cases/{made[name].reference}/"), name


def test_a_document_is_a_download_that_no_browser_shows(operator: Client) -> None:
    case = a_worked_case()
    document = Document.objects.get(case=case)

    answer = operator.get(f"/desk/cases/{case.reference}/documents/{document.public_id}/")
    elsewhere = operator.get(f"/desk/cases/{a_case().reference}/documents/{document.public_id}/")

    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invoice 1001.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert elsewhere.status_code == 404


def test_offers_are_compared_on_the_terms_that_are_asked_for(operator: Client) -> None:
    case, request = a_case_with_quotes()
    path = f"/desk/cases/{case.reference}/quotes/{request.public_id}/"

    everything, nothing = page_of(operator, path), page_of(operator, f"{path}?recovered=0")

    # 4 hours at £180, 5% of £8,000 and £410 court costs; without a recovery the 5% costs nothing.
    assert "£1,530.00" in everything
    assert "£1,130.00" in nothing
    without = nothing.replace("GBP 8,000.00", "£8,000.00")
    assert "Nothing of the principal of £8,000.00 is recovered" in without


def test_complaints_are_listed_by_state(operator: Client) -> None:
    a_worked_case()
    complaint = Complaint.objects.get()

    assert complaint.number in page_of(operator, "/desk/complaints/")
    assert complaint.number in page_of(operator, "/desk/complaints/?state=Submitted")
    assert complaint.number not in page_of(operator, "/desk/complaints/?state=Upheld")
