"""The list of cases and one case."""

from __future__ import annotations

from typing import NoReturn

import pytest

from arrears.desk.case_index import DeskCaseIndex
from arrears.ports import TryAgainLater
from tests.fakes import FakeAdapters, UnreliableCollector
from tests.web.conftest import Site


@pytest.fixture
def reference(site: Site) -> str:
    """Two cases, in pounds and in yen; the reference of the first."""
    site.books.add("1001", "1000 GBP")
    site.books.add("1002", "250000 JPY", code="KITA")
    run = site.open_cases("1001", "1002")
    site.work(run)
    return str(run.submissions.get(invoice_numbers=["1001"]).case_reference)


def test_without_cases_the_page_says_how_to_get_one(site: Site) -> None:
    assert "No cases yet" in site.page("/cases/")


def test_cases_are_listed_with_a_total_for_each_currency(site: Site, reference: str) -> None:
    page = site.page("/cases/")

    assert f"/cases/{reference}/" in page
    assert "1 case in GBP" in page
    assert "1 case in JPY" in page
    assert "£1,000.00" in page
    assert "¥250,000" in page
    assert "£1,000.00" in site.page("/")


@pytest.mark.parametrize("sought", ["{reference}", "1001", "acme", "ACME LTD"])
def test_a_case_is_found_by_reference_invoice_or_debtor(site: Site, reference: str, sought: str) -> None:
    page = site.page("/cases/?q=" + sought.format(reference=reference).replace(" ", "+"))
    assert "Acme Ltd" in page
    assert "Kita Ltd" not in page


def test_a_search_without_result_says_so(site: Site, reference: str) -> None:
    assert "No case matches" in site.page("/cases/?q=nobody")


def test_what_was_searched_for_cannot_become_markup(site: Site, reference: str) -> None:
    assert "<script>alert" not in site.page("/cases/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")


def test_a_case_shows_money_partner_fee_and_timeline(site: Site, reference: str) -> None:
    page = site.page(f"/cases/{reference}/")

    for words in (
        "Acme Ltd",
        "£1,000.00",
        "9.5%",
        "United Kingdom",
        "Timeline",
        "Pending verification",
        "1001",
    ):
        assert words in page, words
    assert "Attached" in page


def test_a_case_is_found_under_our_own_reference_too(site: Site, reference: str) -> None:
    ours = site.connection.organisation.submissions.get(invoice_numbers=["1001"]).reference
    assert reference in site.page(f"/cases/{ours}/")


class SilentIndex(DeskCaseIndex):
    """An index that does not answer."""

    def version(self) -> NoReturn:
        raise TryAgainLater("The collector does not answer.")


@pytest.mark.parametrize("path", ["/cases/", "/"])
def test_a_collector_that_does_not_answer_is_told_and_breaks_nothing(
    site: Site, reference: str, path: str
) -> None:
    FakeAdapters.desk_index = SilentIndex(site.organisation.pk)
    assert "The collector does not answer." in site.page(path)


def test_a_case_that_cannot_be_read_now_is_not_called_missing(site: Site, reference: str) -> None:
    FakeAdapters.wrapped = UnreliableCollector(
        FakeAdapters().collector(site.organisation.pk, None), find_fails=1
    )
    assert "could not be read" in site.page(f"/cases/{reference}/", status=503)
