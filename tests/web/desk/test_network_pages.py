"""The operator's pages about partners and coverage; and what holds for all pages of network and money."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arrears.accounts.models import Membership, User
from arrears.core.vetting import VettingItem
from arrears.desk.models import (
    CoverageRule,
    Partner,
    PartnerOverride,
    PriceGrid,
    VettingCheck,
)
from tests.desk.builders import a_partner
from tests.web.conftest import PASSWORD
from tests.web.desk.network_world import BACKEND, NOON, Desk

PAGES = [
    "/partners/",
    "/partners/?words=oak&kind=agency&country=GB&state=active",
    "/partners/new/",
    "/partners/import/",
    "/partners/{partner}/",
    "/partners/{partner}/suspend/",
    "/coverage/",
    "/coverage/?gaps=yes&letter=A&q=al",
    "/coverage/what-if/",
    "/coverage/what-if/?amount=3000&currency=EUR&debtor=company&country=ES&state=&due=2026-01-05&creditor=",
    "/prices/",
    "/prices/new/",
    "/prices/import/",
    "/prices/{grid}/remove/",
    "/contracts/",
    "/contracts/publish/",
    "/contracts/texts/{text}/",
    "/contracts/signatures/",
    "/contracts/signatures/{signature}/void/",
    "/payments/",
    "/payments/statement/",
    "/payments/statement/?first=2026-11-01&last=2026-11-30&creditor=&partner=",
    "/payments/{payment}/settle/",
    "/payments/{payment}/reverse/",
    "/settings/",
    "/settings/keys/",
    "/settings/keys/{key}/revoke/",
    "/settings/people/",
]
POSTS = [
    "/partners/new/",
    "/partners/import/",
    "/partners/{partner}/profile/",
    "/partners/{partner}/rules/",
    "/partners/{partner}/vetting/insurance/",
    "/partners/{partner}/suspend/",
    "/partners/{partner}/activate/",
    "/partners/{partner}/access/",
    "/partners/{partner}/choices/",
    "/prices/new/",
    "/prices/import/",
    "/prices/{grid}/remove/",
    "/contracts/publish/",
    "/contracts/signatures/{signature}/void/",
    "/payments/{payment}/settle/",
    "/payments/{payment}/reverse/",
    "/settings/",
    "/settings/keys/",
    "/settings/keys/{key}/revoke/",
    "/settings/people/",
]
DOWNLOADS = ["/partners.csv", "/partners.yaml", "/prices.csv", "/contracts/signatures/{signature}.pdf"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_labels_and_nothing_inline(desk: Desk, path: str) -> None:
    page = desk.page(path)

    assert page.count("<h1") == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    for control in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
        name = re.search(r'\bid="([^"]+)"', control)
        assert 'type="hidden"' in control or (name and f'for="{name[1]}"' in page), control


@pytest.mark.parametrize("path", [*PAGES, *POSTS, *DOWNLOADS])
def test_only_operators_see_it(desk: Desk, path: str) -> None:
    creditor = User.objects.create_user("carol@pennine.example", PASSWORD)
    Membership.objects.create(organisation=desk.creditor, user=creditor)
    client = Client()
    ask = client.post if path in POSTS else client.get

    assert ask(desk.at(path)).headers["Location"].startswith("/accounts/login/")
    client.force_login(creditor, backend=BACKEND)
    assert ask(desk.at(path)).status_code == 403


@pytest.mark.parametrize("path", [path for path in [*PAGES, *POSTS, *DOWNLOADS] if "{" in path])
def test_what_is_not_there_is_a_page_of_ours(desk: Desk, path: str) -> None:
    nowhere, none = uuid4(), 999_999
    found = "/desk" + path.format(
        partner=nowhere, signature=nowhere, payment=nowhere, grid=none, text=none, key=none
    )
    forms = {
        "profile": PROFILE,
        "rules": {"rows": "0"},
        "vetting": CHECK,
        "access": {"email": "pat@oak.example"},
        "choices": {"creditor": str(desk.creditor.public_id), "place": ""},
    }
    form = next((form for part, form in forms.items() if f"/{part}/" in found), {})
    answer = desk.client.post(found, form) if path in POSTS else desk.client.get(found)

    assert answer.status_code == 404


@pytest.mark.parametrize("path", DOWNLOADS)
def test_a_file_can_be_kept(desk: Desk, path: str) -> None:
    answer = desk.client.get(desk.at(path))

    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


PROFILE = {
    "name": "Elm Law",
    "kind": "law firm",
    "country": "ES",
    "email": "office@elm.example",
    "phone": "",
    "website": "https://elm.example",
    "languages": "es en",
    "exclusive": "yes",
    "capacity": "30",
    "vat_rate": "21",
    "about": "Two offices.",
}
CHECK = {"passed": "yes", "evidence": "Policy of 1 March 2026.", "expires_on": "2027-03-01"}


class TestPartners:
    def test_the_list_is_searched_by_every_filter(self, desk: Desk) -> None:
        a_partner("Fir Law", kind="law firm", country="FR", active=False)

        assert "Oak Collections" in desk.page("/partners/?words=OAK")
        for query in ("words=elm", "country=FR", "kind=law+firm", "state=suspended"):
            assert "Oak Collections" not in desk.page(f"/partners/?{query}"), query
        assert "Fir Law" in desk.page("/partners/?state=not+vetted")

    def test_a_new_partner_gets_no_cases_until_it_is_vetted(self, desk: Desk) -> None:
        page = desk.send("/partners/new/", **PROFILE)
        made = Partner.objects.get(name="Elm Law")

        assert "Elm Law was added" in page
        assert not made.active
        assert (made.languages, made.capacity, made.vat_rate) == (["es", "en"], 30, Decimal(21))
        desk.partner = made
        assert "is not vetted" in desk.send("/partners/{partner}/activate/")
        for item in VettingItem:
            desk.send(f"/partners/{{partner}}/vetting/{item.name.lower()}/", **CHECK)
        desk.send("/partners/{partner}/activate/")
        assert Partner.objects.get(pk=made.pk).active

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"name": "Oak Collections"}, "There is a partner named “Oak Collections” already."),
            ({"country": ""}, "Choose one from the list."),
            ({"email": "nobody"}, "is not an address such as name@firm.example"),
            ({"vat_rate": "121"}, "a rate is from 0 to 100 per cent"),
            ({"capacity": "many"}, "is not a whole number"),
            ({"languages": "Spanish"}, "is not a two-letter language code"),
        ],
    )
    def test_a_profile_that_cannot_be_used_comes_back_with_a_sentence(
        self, desk: Desk, changes: dict[str, str], sentence: str
    ) -> None:
        page = desk.send("/partners/new/", 422, **PROFILE | changes)

        assert sentence in page
        assert "Two offices." in page
        assert not Partner.objects.filter(name="Elm Law").exists()
        kept = desk.send(
            "/partners/{partner}/profile/", 422, **PROFILE | {"name": "Oak"} | changes | {"website": "x"}
        )
        assert "Two offices." in kept

    def test_saving_the_profile_leaves_the_rules(self, desk: Desk) -> None:
        desk.send("/partners/{partner}/profile/", **PROFILE)
        partner = Partner.objects.get(pk=desk.partner.pk)

        assert (partner.name, partner.about, partner.rules.count()) == ("Elm Law", "Two offices.", 1)

    def test_rows_of_rules_are_added_and_removed_and_saved_only_when_told(self, desk: Desk) -> None:
        row = {"jurisdiction-0": "ES", "debtor_type-0": "company", "currency-0": "", "priority-0": "10"}
        added = desk.send("/partners/{partner}/rules/", 200, rows="1", add="yes", **row)
        assert "Not saved yet" in added
        assert 'id="jurisdiction-1"' in added
        second = {"jurisdiction-1": "US-CA", "minimum_usd-1": "1000", "priority-1": "20"}
        assert "US-CA" in desk.send("/partners/{partner}/rules/", 200, rows="2", remove="0", **row, **second)
        assert list(desk.partner.rules.values_list("jurisdiction", "debtor_type")) == [("ES", "")]

        desk.send("/partners/{partner}/rules/", rows="2", save="yes", **row, **second)

        saved = desk.partner.rules.order_by("priority").values_list(
            "jurisdiction", "debtor_type", "minimum_usd"
        )
        assert list(saved) == [("ES", "company", None), ("US-CA", "", Decimal(1000))]

    def test_a_rule_that_cannot_be_used_changes_nothing(self, desk: Desk) -> None:
        row = {"jurisdiction-0": "ES", "minimum_usd-0": "2000", "maximum_usd-0": "1000"}
        page = desk.send("/partners/{partner}/rules/", 422, rows="1", save="yes", **row)

        assert "Row 1, below: it must be more than the minimum." in page
        assert 'value="2000"' in page
        assert desk.partner.rules.get().minimum_usd is None

    def test_a_check_needs_evidence_and_a_day_in_the_future(self, desk: Desk) -> None:
        page = desk.send("/partners/{partner}/vetting/insurance/", 422, **CHECK | {"evidence": " "})
        assert "Say which document was seen" in page
        page = desk.send(
            "/partners/{partner}/vetting/insurance/", 422, **CHECK | {"expires_on": "2026-11-22"}
        )
        assert "A check counts until a day in the future." in page
        assert not VettingCheck.objects.filter(partner=desk.partner).exists()

        page = desk.send("/partners/{partner}/vetting/insurance/", **CHECK)
        assert "Policy of 1 March 2026." in page

    def test_a_partner_is_suspended_with_a_reason(self, desk: Desk) -> None:
        assert "Say why" in desk.send("/partners/{partner}/suspend/", 422, reason="")
        page = desk.send("/partners/{partner}/suspend/", reason="Does not answer.")
        assert "Does not answer." in page
        assert not Partner.objects.get(pk=desk.partner.pk).active

    def test_a_first_password_is_shown_once_and_works(self, desk: Desk) -> None:
        page = desk.send("/partners/{partner}/access/", 200, email="pat@oak.example")
        shown = re.search(r"shown-once\">([^<]+)<", page)
        assert shown
        user = User.objects.get(email="pat@oak.example")
        assert user.check_password(shown[1])
        assert shown[1] not in desk.page("/partners/{partner}/")
        assert "pat@oak.example" in desk.page("/partners/{partner}/")
        assert "is not an e-mail address" in desk.send("/partners/{partner}/access/", 422, email="pat")

    def test_a_creditors_choice_is_added_and_removed(self, desk: Desk) -> None:
        form = {"creditor": str(desk.creditor.public_id), "place": "US-CA"}
        assert "California, United States" in desk.send("/partners/{partner}/choices/", **form)
        assert PartnerOverride.objects.get().partner == desk.partner
        desk.send("/partners/{partner}/choices/", **form, remove="yes")
        assert not PartnerOverride.objects.exists()
        assert "Choose one from the list." in desk.send("/partners/{partner}/choices/", 422, creditor="")

    def test_few_cases_say_little_and_the_page_says_so(self, desk: Desk) -> None:
        assert "No case was given to this partner yet" in desk.page("/partners/{partner}/")
        desk.case.assignments.create(partner=desk.partner, given_at=NOON, outcome="accepted", decided_at=NOON)
        assert "0 finished cases: too few cases to say" in desk.page("/partners/{partner}/")


class TestFiles:
    def test_what_is_exported_can_be_read_back(self, desk: Desk) -> None:
        for form in ("csv", "yaml"):
            content = desk.client.get(desk.at(f"/partners.{form}")).content
            CoverageRule.objects.all().delete()
            page = desk.send("/partners/import/", file=SimpleUploadedFile(f"partners.{form}", content))
            assert "1 partner read and saved" in page
            assert CoverageRule.objects.filter(partner=desk.partner, jurisdiction="ES").exists()

    @pytest.mark.parametrize("page", ["/partners/import/", "/prices/import/"])
    def test_a_file_that_cannot_be_used_leaves_the_form_with_a_sentence(self, desk: Desk, page: str) -> None:
        before = CoverageRule.objects.count()
        for content, sentence in (
            (b"a,b\n1,2\n", "The first row must name the columns"),
            (b"\xff\xfe\x00", "not text in UTF-8"),
        ):
            shown = desk.send(page, 422, file=SimpleUploadedFile("x.csv", content))
            assert sentence in shown
            assert '<input type="file"' in shown
        assert "No file was chosen." in desk.send(page, 422)
        assert CoverageRule.objects.count() == before

    def test_price_lists_are_read_back_too(self, desk: Desk) -> None:
        content = desk.client.get(desk.at("/prices.csv")).content
        PriceGrid.objects.all().delete()
        page = desk.send("/prices/import/", file=SimpleUploadedFile("prices.csv", content))
        assert "1 price list read and saved" in page
        assert PriceGrid.objects.get().brackets.get().points == Decimal(12)


@pytest.mark.usefixtures("demo_network")
class TestCoverage:
    def test_the_counts_are_of_what_is_really_covered(self, desk: Desk) -> None:
        assert "250 countries and 300 jurisdictions" in desk.page("/coverage/")
        CoverageRule.objects.filter(jurisdiction="AL").delete()
        page = desk.page("/coverage/?gaps=yes")
        assert "249 countries and 299 jurisdictions" in page
        assert 'id="place-AL"' in page
        assert 'id="place-DE"' not in page

    def test_the_answer_names_everybody_in_order(self, desk: Desk) -> None:
        page = desk.page(
            "/coverage/what-if/?amount=3,000.00&currency=eur&debtor=company&country=ES&state=&due=&creditor="
        )
        assert "€3,000.00 in Spain" in page
        assert "Oak Collections</a> would get it" in page
        order = re.findall(r'data-label="Answer"><span[^>]*>.*?<span>([^<]+)<', page)
        assert order[0] == "Gets it"
        assert "Standard agreement" in page

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("amount=0&currency=EUR&country=ES", "Enter an amount above zero."),
            ("amount=lots&currency=EUR&country=ES", "Enter “Amount” as a number such as 1,234.50."),
            ("amount=5&currency=EURO&country=ES", "at most 3 characters"),
            ("amount=5&currency=EUX&country=ES", "Enter a currency code such as EUR."),
            ("amount=5&currency=EUR&country=US", "Choose the state."),
            ("amount=5&currency=EUR&country=", "Choose one from the list."),
        ],
    )
    def test_a_debt_that_makes_no_sense_is_explained(self, desk: Desk, query: str, sentence: str) -> None:
        assert sentence in desk.page(f"/coverage/what-if/?{query}&debtor=company&state=&due=&creditor=")
