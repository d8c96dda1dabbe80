"""What every Collector promises, as tests. An implementation inherits the class and says how to set it up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from arrears.core.claim import Claim
from arrears.ports import Answer, Case, Collector, Opened, Remedy
from tests.builders import TODAY, a_claim, a_debtor, an_address, an_invoice, money

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

_UNUSABLE = {
    "no debtor name": a_claim(debtor=a_debtor(name=" ")),
    "no country": a_claim(debtor=a_debtor(address=an_address(country=""))),
    "a country that is none": a_claim(country="ZZ"),
    "a US debtor without a state": a_claim(country="US", state=""),
    "nothing owed": a_claim(an_invoice("0 GBP")),
    "less than nothing owed": a_claim(an_invoice("-5 GBP")),
    "a currency that is none": a_claim(an_invoice("500 ABC")),
}


def without_timeline(case: Case) -> Case:
    """A list of cases may leave the timelines out."""
    return replace(case, timeline=())


class CollectorContract:
    """Inherit it in a class named `Test…` and give the fixtures and `documents_of`."""

    @pytest.fixture
    def collector(self) -> Collector:
        """A collector ready to take cases, without any so far."""
        raise NotImplementedError

    @pytest.fixture
    def other_creditors_collector(self) -> Collector:
        """The same collector as another creditor sees it."""
        raise NotImplementedError

    def documents_of(self, case: Case) -> int:
        """How many documents the collector holds for a case. The port does not tell."""
        raise NotImplementedError

    def leave_thread(self) -> None:
        """Give back what a thread holds, such as its database connection."""

    # --- preview -------------------------------------------------------------------------------------------

    def test_preview_names_the_partner_and_the_price(self, collector: Collector) -> None:
        offer = collector.preview(a_claim(), TODAY)
        assert offer.accepted
        assert offer.partner
        assert offer.reason
        assert offer.rate
        assert offer.rate > 0
        assert offer.price_source

    def test_preview_opens_nothing(self, collector: Collector) -> None:
        collector.preview(a_claim(), TODAY)
        assert list(collector.cases()) == []

    def test_preview_foretells_what_opening_does(self, collector: Collector) -> None:
        offer = collector.preview(a_claim(), TODAY)
        case = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        assert (case.partner, case.rate, case.price_source) == (offer.partner, offer.rate, offer.price_source)

    @pytest.mark.parametrize("name", _UNUSABLE)
    def test_preview_does_not_accept_unusable_data_and_says_why(
        self, collector: Collector, name: str
    ) -> None:
        offer = collector.preview(_UNUSABLE[name], TODAY)
        assert not offer.accepted
        assert offer.required

    # --- open ----------------------------------------------------------------------------------------------

    def test_an_opened_case_is_found_under_our_reference(self, collector: Collector) -> None:
        case = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        assert collector.find("AR-1") == case

    def test_a_case_says_what_was_handed_over(self, collector: Collector) -> None:
        claim = a_claim(an_invoice("100.01 GBP", number="7"), an_invoice("20 GBP", number="8"))
        case = opened(collector.open(claim, "AR-1", "key-1", TODAY))
        assert case.creditor_reference == "AR-1"
        assert case.debtor_name == "Acme Ltd"
        assert case.country == "GB"
        assert case.principal == case.outstanding == money("120.01 GBP")
        assert case.invoice_numbers == ("7", "8")
        assert case.test is collector.test
        assert case.reference
        assert case.timeline

    @pytest.mark.parametrize(
        "amount", ["100.01 GBP", "1234567.89 EUR", "123456 JPY", "1234.567 KWD", "999999999999.99 USD"]
    )
    def test_amounts_are_kept_exactly(self, collector: Collector, amount: str) -> None:
        opened(collector.open(a_claim(an_invoice(amount)), "AR-1", "key-1", TODAY))
        found = collector.find("AR-1")
        assert found is not None
        assert found.principal == found.outstanding == money(amount)
        assert str(found.principal) == amount

    def test_pennies_add_up_exactly(self, collector: Collector) -> None:
        claim = a_claim(*(an_invoice("100.10 GBP", number=str(number)) for number in range(30)))
        opened(collector.open(claim, "AR-1", "key-1", TODAY))
        found = collector.find("AR-1")
        assert found is not None
        assert found.principal == money("3003.00 GBP")

    @pytest.mark.parametrize("name", _UNUSABLE)
    def test_unusable_data_is_refused_with_reasons(self, collector: Collector, name: str) -> None:
        answer = collector.open(_UNUSABLE[name], "AR-1", "key-1", TODAY)
        assert answer.answer is Answer.REFUSED
        assert answer.messages
        assert collector.find("AR-1") is None

    # --- exactly once --------------------------------------------------------------------------------------

    def test_asking_twice_opens_one_case(self, collector: Collector) -> None:
        first = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        again = collector.open(a_claim(), "AR-1", "key-1", TODAY)
        assert again.answer is Answer.DUPLICATE or opened(again).id == first.id
        assert [case.id for case in collector.cases()] == [first.id]

    @pytest.mark.parametrize("key", ["key-1", "key-2"])
    def test_a_taken_reference_is_a_duplicate_whatever_else_is_sent(
        self, collector: Collector, key: str
    ) -> None:
        first = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        again = collector.open(a_claim(an_invoice("777 GBP")), "AR-1", key, TODAY)
        assert again.answer is Answer.DUPLICATE
        assert [without_timeline(case) for case in collector.cases()] == [without_timeline(first)]

    def test_a_race_opens_one_case(self, collector: Collector) -> None:
        runners = 8
        start = Barrier(runners)

        def run(_: int) -> Opened:
            try:
                start.wait(timeout=30)
                return collector.open(a_claim(), "AR-1", "key-1", TODAY)
            finally:
                self.leave_thread()

        with ThreadPoolExecutor(runners) as pool:
            answers = list(pool.map(run, range(runners)))
        cases = list(collector.cases())
        assert len(cases) == 1
        assert {answer.answer for answer in answers} <= {Answer.OPENED, Answer.DUPLICATE}
        assert {answer.case.id for answer in answers if answer.case} == {cases[0].id}

    def test_different_references_open_different_cases(self, collector: Collector) -> None:
        open_several(collector, "AR-1", "AR-2", "AR-3")
        cases = list(collector.cases())
        assert len({case.id for case in cases}) == len({case.reference for case in cases}) == 3

    # --- read ----------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("reference", ["AR-9", "", "AR-1\0", "\ud800", "'; --", "x" * 500])
    def test_an_unknown_reference_finds_nothing(self, collector: Collector, reference: str) -> None:
        open_several(collector, "AR-1")
        assert collector.find(reference) is None

    def test_cases_come_newest_first(self, collector: Collector) -> None:
        open_several(collector, "AR-2", "AR-1", "AR-3")
        assert [case.creditor_reference for case in collector.cases()] == ["AR-3", "AR-1", "AR-2"]

    def test_listed_cases_are_the_ones_found(self, collector: Collector) -> None:
        open_several(collector, "AR-1", "AR-2")
        found = [collector.find(reference) for reference in ("AR-2", "AR-1")]
        assert [without_timeline(case) for case in collector.cases()] == [
            without_timeline(case) for case in found if case
        ]

    # --- tenancy -------------------------------------------------------------------------------------------

    def test_another_creditors_cases_are_not_there(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        open_several(collector, "AR-1")
        assert other_creditors_collector.find("AR-1") is None
        assert list(other_creditors_collector.cases()) == []

    def test_two_creditors_may_use_the_same_reference(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        mine = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        theirs = opened(other_creditors_collector.open(a_claim(), "AR-1", "key-1", TODAY))
        assert mine.id != theirs.id
        assert collector.find("AR-1") == mine

    def test_nothing_can_be_attached_to_another_creditors_case(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        case = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        with pytest.raises(Remedy) as not_mine:
            other_creditors_collector.attach(case.id, "invoice.pdf", PDF)
        with pytest.raises(Remedy) as not_there:
            other_creditors_collector.attach("999999", "invoice.pdf", PDF)
        assert str(not_mine.value) == str(not_there.value)
        assert self.documents_of(case) == 0

    # --- attach --------------------------------------------------------------------------------------------

    def test_the_same_file_attached_twice_counts_once(self, collector: Collector) -> None:
        case = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        collector.attach(case.id, "invoice.pdf", PDF)
        collector.attach(case.id, "invoice.pdf", PDF)
        assert self.documents_of(case) == 1

    def test_two_different_files_are_both_kept(self, collector: Collector) -> None:
        case = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        collector.attach(case.id, "invoice 7.pdf", PDF)
        collector.attach(case.id, "invoice 8.pdf", PDF + b"\n")
        assert self.documents_of(case) == 2

    @pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"\x89PNG\r\n"])
    def test_what_is_not_a_pdf_is_not_attached(self, collector: Collector, content: bytes) -> None:
        case = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        with pytest.raises(Remedy):
            collector.attach(case.id, "invoice.pdf", content)
        assert self.documents_of(case) == 0

    # --- identity ------------------------------------------------------------------------------------------

    def test_it_says_who_and_where_it_is(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        assert collector.name
        assert collector.host
        assert collector.host == other_creditors_collector.host
        assert collector.creditor != other_creditors_collector.creditor


def opened(answer: Opened) -> Case:
    """The case of an answer that must be OPENED."""
    assert answer.answer is Answer.OPENED, answer.messages
    assert answer.case is not None
    return answer.case


def open_several(collector: Collector, *references: str, claim: Claim | None = None) -> list[Case]:
    """One case under each reference, in this order."""
    return [
        opened(collector.open(claim or a_claim(), reference, f"key of {reference}", TODAY))
        for reference in references
    ]
