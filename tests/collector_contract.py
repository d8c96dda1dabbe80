"""What every Collector promises, as tests. An implementation inherits the class and says how to set it up.

What is around a case (messages, files, how one stands) is in case_file_contract, which belongs to it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest

from arrears.core.case import Lifecycle
from arrears.ports import Answer, Case, Collector, NeedsAttention, Opened
from tests.builders import TODAY, a_claim, a_debtor, an_address, an_invoice, money
from tests.case_file_contract import HOSTILE, NOBODYS, CaseFileContract
from tests.opened_cases import open_several, opened

_UNUSABLE = {
    "no debtor name": a_claim(debtor=a_debtor(name=" ")),
    "no country": a_claim(debtor=a_debtor(address=an_address(country=""))),
    "a country that is none": a_claim(country="ZZ"),
    "a US debtor without a state": a_claim(country="US", state=""),
    "nothing owed": a_claim(an_invoice("0 GBP")),
    "less than nothing owed": a_claim(an_invoice("-5 GBP")),
    "a currency that is none": a_claim(an_invoice("500 ABC")),
}


def as_read(case: Case) -> Case:
    """A case without what may be told only as it is opened, or not at all once it is."""
    return replace(case, routing_reason="", price_source="", signing_url="")


class CollectorContract(CaseFileContract):
    """Inherit it in a class named `Test…` and give the fixtures and `later`.

    `collector` takes cases and has none so far; `other_creditors_collector` is the same collector as another
    creditor sees it; both creditors have signed everything. `unsigned_collector` is that of a creditor who
    has signed nothing.
    """

    @pytest.fixture
    def unsigned_collector(self) -> Collector:
        """The same collector for a creditor who has signed nothing."""
        raise NotImplementedError

    def happen_to(self, collector: Collector, case: Case) -> None:
        """Let something happen to a case that counts as a change of it."""
        collector.say(case.id, "They have moved.", "say-1")

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
        assert (case.partner, case.rate) == (offer.partner, offer.rate)
        assert case.price_source in (offer.price_source, "")

    def test_preview_tells_how_much_of_the_rate_is_for_age(self, collector: Collector) -> None:
        fresh = collector.preview(a_claim(), TODAY)
        old_invoice = an_invoice(issued=date(2024, 6, 1), due=date(2024, 7, 1))
        old = collector.preview(a_claim(old_invoice), TODAY)
        assert fresh.rate is not None
        assert old.rate is not None
        assert fresh.uplift == 0
        assert old.uplift > 0
        assert old.rate - old.uplift == fresh.rate

    @pytest.mark.parametrize("name", _UNUSABLE)
    def test_preview_does_not_accept_unusable_data_and_says_why(
        self, collector: Collector, name: str
    ) -> None:
        offer = collector.preview(_UNUSABLE[name], TODAY)
        assert not offer.accepted
        assert all(one.kind and one.text for one in offer.required)
        assert any(one.blocking for one in offer.required)

    # --- what has to be signed -----------------------------------------------------------------------------

    def test_preview_says_what_has_to_be_signed_and_where(self, unsigned_collector: Collector) -> None:
        offer = unsigned_collector.preview(a_claim(), TODAY)
        assert offer.accepted
        assert "MissingDebtCollectionContract" in {one.kind for one in offer.required}
        assert all(one.text and one.url.startswith("http") for one in offer.required)
        assert not any(one.blocking for one in offer.required)
        assert offer.signing_url.startswith("http")

    def test_nothing_is_required_of_who_has_signed(self, collector: Collector) -> None:
        offer = collector.preview(a_claim(), TODAY)
        assert offer.required == ()
        assert offer.signing_url == ""

    def test_an_unsigned_case_waits_or_is_refused_with_what_to_sign(
        self, unsigned_collector: Collector
    ) -> None:
        answer = unsigned_collector.open(a_claim(), "AR-1", "key-1", TODAY)
        if answer.answer is Answer.MUST_ACT:
            assert unsigned_collector.find("AR-1") is None
            waits_for = answer.required
            assert answer.signing_url.startswith("http")
            assert answer.messages
        else:
            case = opened(answer)
            assert case.lifecycle is Lifecycle.PENDING_SIGNING
            waits_for = unsigned_collector.case_file(case.id).agreements
        assert "MissingDebtCollectionContract" in {one.kind for one in waits_for}
        assert all(one.text and one.url.startswith("http") for one in waits_for)

    # --- open ----------------------------------------------------------------------------------------------

    def test_an_opened_case_is_found_under_our_reference(self, collector: Collector) -> None:
        case = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        found = collector.find("AR-1")
        assert found is not None
        assert as_read(found) == as_read(case)

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
        assert case.updated_at is not None
        assert case.updated_at.utcoffset() is not None
        assert case.opened_at.utcoffset() is not None
        assert not case.needs_info
        assert case.close_code == ""
        assert case.paid == money("0 GBP")

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
        assert [as_read(case) for case in collector.cases()] == [as_read(first)]

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

    def test_an_unknown_reference_finds_nothing(self, collector: Collector) -> None:
        open_several(collector, "AR-1")
        assert [collector.find(reference) for reference in ("AR-9", *HOSTILE)] == [None] * (1 + len(HOSTILE))

    def test_cases_come_newest_first(self, collector: Collector) -> None:
        open_several(collector, "AR-2", "AR-1", "AR-3")
        assert [case.creditor_reference for case in collector.cases()] == ["AR-3", "AR-1", "AR-2"]

    def test_listed_cases_are_the_ones_found(self, collector: Collector) -> None:
        open_several(collector, "AR-1", "AR-2")
        found = [collector.find(reference) for reference in ("AR-2", "AR-1")]
        assert [as_read(case) for case in collector.cases()] == [as_read(case) for case in found if case]

    def test_a_case_is_read_by_its_id(self, collector: Collector) -> None:
        first, second = open_several(collector, "AR-1", "AR-2")
        assert [one and as_read(one) for one in map(collector.read, (second.id, first.id))] == [
            as_read(second),
            as_read(first),
        ]

    def test_an_unknown_id_reads_nothing(self, collector: Collector) -> None:
        open_several(collector, "AR-1")
        assert [collector.read(case_id) for case_id in (NOBODYS, *HOSTILE)] == [None] * (1 + len(HOSTILE))

    def test_the_last_changed_case_comes_first(self, collector: Collector) -> None:
        first, second, third = open_several(collector, "AR-1", "AR-2", "AR-3")
        before = {case.id: case.updated_at for case in collector.changed()}
        self.later()
        self.happen_to(collector, second)
        changed = list(collector.changed())
        assert changed[0].id == second.id
        assert sorted(case.id for case in changed) == sorted((first.id, second.id, third.id))
        assert changed[0].updated_at != before[second.id]
        assert [case.updated_at for case in changed[1:]] == [before[case.id] for case in changed[1:]]

    # --- taken back ----------------------------------------------------------------------------------------

    def test_a_case_that_no_partner_has_taken_can_be_closed_again(self, collector: Collector) -> None:
        case, other = open_several(collector, "AR-1", "AR-2")
        assert case.may_be_taken_back is collector.takes_back
        if not collector.takes_back:
            with pytest.raises(NeedsAttention) as refused:
                collector.take_back(case.id)
            assert refused.value.action
            assert refused.value.url == case.url
            return
        for _ in range(2):  # the second time changes nothing
            collector.take_back(case.id)
        closed = collector.read(case.id)
        assert closed is not None
        assert closed.lifecycle is Lifecycle.CLOSED
        assert not closed.may_be_taken_back
        assert collector.read(other.id) == other

    def test_after_a_case_was_taken_back_its_claim_can_be_handed_over_again(
        self, collector: Collector
    ) -> None:
        if not collector.takes_back:
            return
        (case,) = open_several(collector, "AR-1")
        collector.take_back(case.id)
        assert opened(collector.open(a_claim(), "AR-1-G2", "key-2", TODAY)).id != case.id

    def test_a_case_that_is_not_there_cannot_be_taken_back(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        (case,) = open_several(collector, "AR-1")
        for case_id in (NOBODYS, *HOSTILE):
            with pytest.raises(NeedsAttention):
                collector.take_back(case_id)
        with pytest.raises(NeedsAttention):
            other_creditors_collector.take_back(case.id)
        found = collector.read(case.id)
        assert found is not None
        assert found.lifecycle is case.lifecycle

    # --- tenancy -------------------------------------------------------------------------------------------

    def test_another_creditors_cases_are_not_there(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        (case,) = open_several(collector, "AR-1")
        assert other_creditors_collector.find("AR-1") is None
        assert other_creditors_collector.read(case.id) is None
        assert list(other_creditors_collector.cases()) == []
        assert list(other_creditors_collector.changed()) == []

    def test_two_creditors_may_use_the_same_reference(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        mine = opened(collector.open(a_claim(), "AR-1", "key-1", TODAY))
        theirs = opened(other_creditors_collector.open(a_claim(), "AR-1", "key-1", TODAY))
        assert mine.id != theirs.id
        found = collector.find("AR-1")
        assert found is not None
        assert found.id == mine.id

    # --- identity ------------------------------------------------------------------------------------------

    def test_it_says_who_and_where_it_is(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        assert collector.name
        assert collector.host
        assert collector.host == other_creditors_collector.host
        assert collector.creditor != other_creditors_collector.creditor
