"""Every page of the portal: full of data, well built, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from arrears.core.case import Lifecycle
from arrears.core.quote import AgreementType, Offer
from arrears.core.task import Recommendation
from arrears.core.verification import CheckArea
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.models import Case, Partner
from arrears.desk.quotes.offer_quote import offer_quote
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.post_update import post_update
from arrears.desk.talk.send_message import send_message
from arrears.desk.task_list import reconcile_tasks
from tests.desk.builders import NOON, an_organisation, creditor_of, partner_of
from tests.web.portal.conftest import TODAY, Portal, an_invitation, somebody
from tests.web.portal.test_acts import PDF, a_complaint

PAGES = [
    "/partner/",
    "/partner/cases/",
    "/partner/cases/{case}/",
    "/partner/cases/{new}/accept/",
    "/partner/cases/{new}/decline/",
    "/partner/cases/{new}/ask/",
    "/partner/cases/{case}/payment/",
    "/partner/cases/{case}/update/",
    "/partner/cases/{case}/attach/",
    "/partner/cases/{case}/respond/{complaint}/",
    "/partner/quotes/",
    "/partner/quotes/?show=answered",
    "/partner/quotes/{request}/",
    "/partner/payments/",
    "/partner/payments/?show=all",
    "/partner/payments/statement/",
    "/partner/payments/{payment}/settled/",
    "/partner/payments/{payment}/reverse/",
    "/partner/profile/",
]
OWNED = [path for path in PAGES if "{" in path] + ["/partner/cases/{case}/documents/{document}/"]


def rich(portal: Portal) -> Callable[[str], str]:
    """Cases, quotes, payments and everything said. Fills ids of them into a path."""
    new = portal.case(Lifecycle.PENDING_VERIFICATION, phase="", debtor_name="Harbour Marine Supplies Ltd")
    case = portal.case(
        debtor_name="Brightwater Catering & Events Ltd",
        invoice_numbers=["1001", "1002"],
        principal=Decimal("4200.50"),
        outstanding=Decimal("4200.50"),
        period_start=TODAY - timedelta(days=20),
        claim_description="Catering for three events in June, as ordered.",
    )
    partner, creditor = partner_of(case), creditor_of(case)
    payment = portal.paid(case, "1000")
    document, _ = attach_document(creditor, str(case.public_id), "order.pdf", PDF, now=NOON, today=TODAY)
    send_message(creditor, case.public_id, "They promised to pay on Friday.\nDid they?", now=NOON)
    post_update(partner, case.public_id, "Called twice.", Recommendation.STAY, now=NOON, today=TODAY)
    complaint = a_complaint(case)
    asked = portal.case(debtor_name="Oakfield Timber")
    items = [(CheckArea.DATES, "When was it delivered?")]
    ask_info(partner, asked.public_id, items, now=NOON, today=TODAY)
    for one in (new, case):
        reconcile_tasks(one, now=NOON)
    bid = portal.case(
        Lifecycle.COLLECTING_QUOTES,
        partner=None,
        debtor_name="Secret Debtor Ltd",
        debtor_emails=["secret@debtor.example"],
        claim_description="Rent for a warehouse.",
    )
    request = an_invitation(bid, portal.partner)
    names = {
        "new": new.reference,
        "case": case.reference,
        "complaint": complaint.number,
        "request": request.public_id,
        "payment": payment.public_id,
        "document": document.public_id,
    }
    return lambda path: path.format(**names)


@pytest.fixture
def places(portal: Portal) -> Callable[[str], str]:
    return rich(portal)


def test_every_page_is_well_built(portal: Portal, places: Callable[[str], str]) -> None:
    for path in PAGES:
        page = portal.page(places(path))
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page), path
        assert page.count("<h1") == 1, path
        for field in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
            name = re.search(r'\bid="([^"]+)"', field)
            assert 'type="hidden"' in field or (name and f'for="{name[1]}"' in page), (path, field)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path


def test_another_partner_finds_what_does_not_exist(
    portal: Portal, other: Portal, places: Callable[[str], str]
) -> None:
    for path in OWNED:
        nowhere = path.format(
            case="AAAA0000", new="AAAA0000", complaint="C-2026-999999",
            request=uuid4(), payment=uuid4(), document=uuid4(),
        )  # fmt: skip
        foreign, absent = other.client.get(places(path)), other.client.get(nowhere)
        assert (foreign.status_code, absent.status_code) == (404, 404), path
        assert foreign.content == absent.content, path
        assert other.client.post(places(path), {"reason": "x"}).status_code in (404, 405), path


def test_another_partners_lists_are_empty(other: Portal, places: Callable[[str], str]) -> None:
    assert "Nothing waits for you" in other.page("/partner/")
    assert "No cases yet" in other.page("/partner/cases/")
    assert "Nothing waits for your offer" in other.page("/partner/quotes/")
    assert "No payments yet" in other.page("/partner/payments/?show=all")
    assert "Nothing in this period" in other.page("/partner/payments/statement/")


def test_somebody_of_a_creditor_only_is_refused_and_a_stranger_sent_to_sign_in(
    portal: Portal, places: Callable[[str], str]
) -> None:
    _, creditor = somebody("carol@acme.example", an_organisation("Acme"))
    for path in PAGES:
        assert creditor.get(places(path)).status_code == 403, path
        answer = Client().get(places(path))
        assert (answer.status_code, answer.headers["Location"][:10]) == (302, "/accounts/"), path


@pytest.mark.parametrize("lifecycle", [Lifecycle.PENDING_SIGNING, Lifecycle.PENDING_CHECK])
def test_a_case_that_is_not_complete_is_not_there(portal: Portal, lifecycle: Lifecycle) -> None:
    case = portal.case(lifecycle)
    portal.page(f"/partner/cases/{case.reference}/", 404)
    assert "No cases yet" in portal.page("/partner/cases/")


def test_the_to_do_list_has_new_cases_first_then_tasks_quotes_and_money(
    portal: Portal, places: Callable[[str], str]
) -> None:
    page = portal.page("/partner/")
    heads = ["New cases", "On your cases", "Quotes wanted", "To remit"]
    assert [head for head in re.findall(r"<h2[^>]*>([^<]+)</h2>", page) if head in heads] == heads
    for words in (
        "Accept or decline the case",
        "Reply to the message",
        "Respond to the complaint",
        "£905.00",
    ):
        assert words in page, words


def test_cases_are_searched_and_filtered(portal: Portal, places: Callable[[str], str]) -> None:
    assert "Oakfield" not in portal.page("/partner/cases/?q=brightwater+1002")
    page = portal.page("/partner/cases/?state=pending+verification")
    assert "Harbour Marine" in page
    assert "Brightwater" not in page
    assert "No case matches" in portal.page("/partner/cases/?q=%00nobody")


def test_cases_are_paged_in_the_database(portal: Portal, django_assert_max_num_queries: Callable) -> None:  # type: ignore[type-arg] # pytest-django's own
    for _ in range(52):
        portal.case()
    with django_assert_max_num_queries(25):
        page = portal.page("/partner/cases/")
    assert page.count("row-link") == 50
    assert portal.page("/partner/cases/?page=2").count("row-link") == 2


def test_the_case_tells_all_and_notes_what_was_seen(portal: Portal, places: Callable[[str], str]) -> None:
    page = portal.page(places("/partner/cases/{case}/"))
    for words in (
        "Brightwater Catering &amp; Events Ltd", "£3,200.50", "They promised to pay on Friday.", "order.pdf",
        "Called twice.", "Nobody answers.", "£905.00", "Exclusive period", "2 Low Road",
    ):  # fmt: skip
        assert words in page, words
    case = Case.objects.get(reference=places("{case}"))
    assert case.messages.filter(seen_by_partner_at=None).count() == 0


def test_a_bidder_learns_nothing_of_who_the_debtor_is(portal: Portal, places: Callable[[str], str]) -> None:
    for path in ("/partner/", "/partner/quotes/", "/partner/quotes/{request}/"):
        page = portal.page(places(path))
        assert "£500.00" in page, path
        for secret in ("Secret Debtor", "secret@debtor", "2 Low Road", "LS1 4AP", "Leeds", "Acme Suppliers"):
            assert secret not in page, (path, secret)
    assert "Rent for a warehouse." in portal.page(places("/partner/quotes/{request}/"))


def offer_form(**changes: str) -> dict[str, str]:
    known = {
        "agreement": "Hybrid",
        "hourly_rate": "100",
        "hours": "8",
        "success_fee": "10",
        "court_costs": "55.50",
        "phase": "Legal",
        "nature": "Recommendation",
        "valid_until": "2026-12-31",
    }
    return known | changes


def test_a_quote_is_sent_only_after_its_total_was_shown(portal: Portal, places: Callable[[str], str]) -> None:
    path = places("/partner/quotes/{request}/")

    page = portal.send(path, 200, **offer_form())

    assert "£905.50" in page  # 8 hours at £100, 10% of £500 and £55.50 of court costs
    assert "All that is left of the principal, GBP 500.00, is recovered." in page
    assert not portal.partner.quotes.exists()
    shown = page.split('name="shown" value="')[1].split('"')[0]
    assert "Your quote is sent." in portal.send(path, **offer_form(step="confirm", shown=shown))
    assert portal.partner.quotes.get().hours == 8
    assert "Nothing waits for your offer" in portal.page("/partner/quotes/")


def test_a_total_that_was_not_shown_is_not_sent(portal: Portal, places: Callable[[str], str]) -> None:
    path = places("/partner/quotes/{request}/")
    portal.send(path, 200, **offer_form(step="confirm", shown="1.00 GBP"))
    assert not portal.partner.quotes.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agreement": "Flat Fee"}, "needs a flat fee"),
        ({"hours": ""}, "needs both a rate for one hour and the estimated hours"),
        ({"valid_until": "2026-11-01"}, "valid"),
        ({"success_fee": "101"}, "The success fee must be a number from 0 to 100."),
        ({"hourly_rate": "lots"}, "Enter “Rate for one hour” as a number"),
    ],
)
def test_a_wrong_offer_says_why_and_keeps_the_rest(
    portal: Portal, places: Callable[[str], str], changes: dict[str, str], said: str
) -> None:
    page = portal.send(places("/partner/quotes/{request}/"), 422, **offer_form(solution="Sue.", **changes))
    assert said in page
    assert "Sue." in page


def an_offer(portal: Portal, places: Callable[[str], str]) -> None:
    offer = Offer(
        AgreementType.FLAT, "GBP", TODAY + timedelta(days=9), flat_fee=Decimal(300), solution="Sue."
    )
    actor = partner_of(Case(partner=portal.partner))
    offer_quote(actor, places("{request}"), offer, now=NOON, today=TODAY)


def test_an_offer_is_changed_from_what_it_was_and_taken_back(
    portal: Portal, places: Callable[[str], str]
) -> None:
    an_offer(portal, places)
    path = places("/partner/quotes/{request}/")
    page = portal.page(path)
    assert 'value="300"' in page
    assert "Change your offer" in page

    page = portal.send(path + "withdraw/", reason="No time.")

    assert "Your quote is withdrawn." in page
    assert portal.partner.quotes.get().state == "Withdrawn"


def test_another_bidders_offer_is_not_shown(
    portal: Portal, other: Portal, places: Callable[[str], str]
) -> None:
    an_offer(portal, places)
    Partner.invitations.through.objects.create(
        partner=other.partner, quoterequest_id=portal.partner.quotes.get().request_id
    )
    page = other.page(places("/partner/quotes/{request}/"))
    assert "300" not in page
    assert portal.partner.name not in page
    other.client.post(places("/partner/quotes/{request}/withdraw/"))
    assert portal.partner.quotes.get().state == "Offered"


def test_the_statement_is_shown_and_saved(portal: Portal, places: Callable[[str], str]) -> None:
    page = portal.page("/partner/payments/statement/?first=2026-11-01&last=2026-11-30")
    assert "£905.00" in page
    answer = portal.client.get("/partner/payments/statement/?first=2026-11-01&last=2026-11-30&as=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "1000.00" in answer.content.decode()


@pytest.mark.parametrize("days", ["first=2026-11-30&last=2026-11-01", "first=x&last=2026-11-01"])
def test_a_period_that_is_none_is_told(portal: Portal, days: str) -> None:
    assert 'role="alert"' in portal.page(f"/partner/payments/statement/?{days}", 422)


def test_the_profile_shows_coverage_vetting_and_scores(portal: Portal, places: Callable[[str], str]) -> None:
    page = portal.page("/partner/profile/")
    for words in ("Northgate Agency", "United Kingdom", "Vetting", "Missing", "Scorecard", "Gets new cases"):
        assert words in page, words
    assert "<form" not in page.split("<main")[1]
