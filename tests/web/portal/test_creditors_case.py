"""The creditor's page of a case at our own desk: what it tells, and what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arrears.core.case import Lifecycle
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import Case, Complaint, Document, Payment
from tests.desk.builders import an_organisation, sign_everything
from tests.web.conftest import outside  # noqa: F401 # a fixture
from tests.web.portal.conftest import Portal, somebody
from tests.web.portal.test_acts import PDF
from tests.web.portal.test_pages import an_offer, rich


@pytest.fixture
def places(portal: Portal, outside: object) -> Callable[[str], str]:  # noqa: F811
    return rich(portal)


def creditor(case: Case) -> Portal:
    """A browser signed in for the case's creditor."""
    user, client = somebody("carol@acme.example", case.creditor)
    return Portal(client, partner=case.partner, user=user)  # type: ignore[arg-type] # creditors have none


def named(places: Callable[[str], str]) -> Case:
    return Case.objects.get(reference=places("{case}"))


def test_the_page_tells_payments_documents_messages_and_updates(places: Callable[[str], str]) -> None:
    case = named(places)
    page = creditor(case).page(f"/cases/{case.reference}/")

    for words in ("£905.00", "order.pdf", "Did they?", "Called twice.", "Exclusive period", "Withdraw it"):
        assert words in page, words
    assert page.count("<h1") == 1


def test_questions_are_answered(places: Callable[[str], str]) -> None:
    case = Case.objects.get(debtor_name="Oakfield Timber")
    carol = creditor(case)
    assert "When was it delivered?" in carol.page(f"/cases/{case.reference}/")

    carol.send(f"/cases/{case.reference}/answer/", text="On 3 June.")

    assert case.info_requests.get().answer == "On 3 June."


def test_messages_documents_and_complaints_are_sent(places: Callable[[str], str]) -> None:
    case = named(places)
    carol, base = creditor(case), f"/cases/{case.reference}/"

    assert "Please hurry." in carol.send(base + "message/", text="Please hurry.")
    file = SimpleUploadedFile("more.pdf", PDF + b" ")
    assert "more.pdf is attached." in carol.send(base + "attach/", file=file, kind="CreditorDocuments")
    assert "C-2026-" in carol.send(base + "complaint/", subject="Slow", text="Nothing happens.")
    document = Document.objects.get(name="more.pdf")
    answer = carol.client.get(f"{base}documents/{document.public_id}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    complaint = Complaint.objects.get(subject="Slow")
    carol.send(f"{base}withdraw-complaint/{complaint.number}/")
    complaint.refresh_from_db()
    assert complaint.state == "Withdrawn"


def shown(page: str) -> str:
    return page.split('name="shown" value="')[1].split('"')[0]


def test_a_direct_payment_is_reported_after_what_follows_was_shown(places: Callable[[str], str]) -> None:
    case = named(places)
    carol, path = creditor(case), f"/cases/{case.reference}/payment/"
    form = {"amount": "200", "paid_on": "2026-11-21", "method": "Cheque"}

    page = carol.send(path, 200, **form)
    assert "You owe the partner £19.00" in page
    assert Payment.objects.count() == 1
    carol.send(path, **form, step="confirm", shown=shown(page))

    assert Payment.objects.filter(recipient="Creditor", amount=200).exists()


def test_a_case_is_withdrawn_only_on_the_terms_that_were_shown(places: Callable[[str], str]) -> None:
    case = named(places)
    carol, path = creditor(case), f"/cases/{case.reference}/withdraw/"

    page = carol.send(path, 200, reason="We have settled.")
    assert "£304.05" in page  # 9.5% of the £3,200.50 of principal that is left
    Case.objects.filter(pk=case.pk).update(rate=Decimal(20))
    again = carol.send(path, 200, reason="We have settled.", step="confirm", shown=shown(page))
    assert "so has the outcome" in again
    assert Case.objects.get(pk=case.pk).withdrawal_asked_at is None

    page = carol.send(path, reason="We have settled.", step="confirm", shown=shown(again))

    assert "The partner has not answered yet." in page
    assert Case.objects.get(pk=case.pk).lifecycle == Lifecycle.PAUSED


def test_quotes_are_compared_and_one_is_accepted(portal: Portal, places: Callable[[str], str]) -> None:
    seed_agreements()
    an_offer(portal, places)
    case = Case.objects.get(debtor_name="Secret Debtor Ltd")
    carol, quote = creditor(case), portal.partner.quotes.get()
    assert "Northgate Agency" in carol.page(f"/cases/{case.reference}/")
    path = f"/cases/{case.reference}/accept-quote/{quote.public_id}/"

    assert "has to be signed first" in carol.send(path, 422)
    sign_everything(case.creditor)
    assert "The quote is accepted." in carol.send(path)

    assert Case.objects.get(pk=case.pk).partner == portal.partner
    assert "Secret Debtor Ltd" in portal.page(f"/partner/cases/{case.reference}/")


def test_quotes_are_turned_down(portal: Portal, places: Callable[[str], str]) -> None:
    an_offer(portal, places)
    case = Case.objects.get(debtor_name="Secret Debtor Ltd")
    request = places("{request}")
    creditor(case).send(f"/cases/{case.reference}/decline-quotes/{request}/", reason="Too dear.")
    assert Case.objects.get(pk=case.pk).lifecycle == Lifecycle.CLOSED


@pytest.mark.parametrize("path", ["", "message/", "withdraw/", "payment/", "documents/{document}/"])
def test_another_creditor_finds_nothing(places: Callable[[str], str], path: str) -> None:
    _, mallory = somebody("mallory@elsewhere.example", an_organisation("Elsewhere"))
    theirs = mallory.get(places("/cases/{case}/" + path))
    absent = mallory.get(places("/cases/AAAA0000/" + path))
    assert (theirs.status_code, theirs.content) == (404, absent.content)


def test_a_calm_page_has_no_empty_sections(portal: Portal, outside: object) -> None:  # noqa: F811
    case = portal.case(Lifecycle.PENDING_VERIFICATION)
    page = creditor(case).page(f"/cases/{case.reference}/")
    for head in ("Payments", "Quotes", "Your complaint", "updates", "is needed", "Complain"):
        assert head not in page, head
