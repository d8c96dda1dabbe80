"""What every Collector promises about the things around a case. Part of the Collector's contract."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arrears.core.case import Party
from arrears.ports import Collector, DocumentKind, NeedsAttention
from tests.opened_cases import open_one

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
TOO_LARGE = 25 * 1024 * 1024 + 1

#: An id that no case has.
NOBODYS = "3f0c2a1e-0000-4000-8000-000000000000"

#: Ids and references that nobody has, and that somebody may send all the same.
HOSTILE = (
    "999999",
    "",
    " ",
    ".",
    "..",
    "../cases",
    "a/b?c=d#e",
    "%2e%2e%2f",
    "AR-1\0",
    "AR-1\r\nX: y",
    "\ud800",
    "'; --",
    "x" * 500,
)

#: What can be done to a case by its id.
_ACTS: dict[str, Callable[[Collector, str], object]] = {
    "reading its file": lambda collector, case_id: collector.case_file(case_id),
    "saying something": lambda collector, case_id: collector.say(case_id, "Any news?", "say-1"),
    "attaching a file": lambda collector, case_id: collector.attach(case_id, "invoice.pdf", PDF),
}
_each_act = pytest.mark.parametrize("act", _ACTS.values(), ids=_ACTS)


class CaseFileContract:
    """Messages, files and how one stands. Inherit CollectorContract, not this."""

    #: What the company of `collector` is called.
    company = "Acme Suppliers"

    #: Endings that this collector does not take, beside those that none takes.
    also_not_taken: tuple[str, ...] = ()

    @pytest.fixture
    def collector(self) -> Collector:
        """A collector ready to take cases, without any so far."""
        raise NotImplementedError

    @pytest.fixture
    def other_creditors_collector(self) -> Collector:
        """The same collector as another creditor sees it."""
        raise NotImplementedError

    def later(self) -> None:
        """Let a little time pass for the collector of the test."""
        raise NotImplementedError

    # --- the case file -------------------------------------------------------------------------------------

    def test_a_case_file_tells_what_has_happened(self, collector: Collector) -> None:
        file = collector.case_file(open_one(collector).id)
        assert file.timeline
        assert all(event.text and event.at.utcoffset() is not None for event in file.timeline)
        assert file.unread == ()

    def test_a_new_case_has_nothing_else_in_its_file(self, collector: Collector) -> None:
        file = collector.case_file(open_one(collector).id)
        assert (file.messages, file.documents, file.payments, file.quotes) == ((), (), (), ())
        assert (file.questions, file.period, file.agreements) == ((), None, ())

    @_each_act
    def test_nothing_can_be_done_to_a_case_that_is_not_there(
        self, collector: Collector, act: Callable[[Collector, str], object]
    ) -> None:
        case = open_one(collector)
        for case_id in (NOBODYS, *HOSTILE):
            with pytest.raises(NeedsAttention) as refused:
                act(collector, case_id)
            assert str(refused.value), case_id
        file = collector.case_file(case.id)
        assert (file.messages, file.documents) == ((), ())

    @_each_act
    def test_a_case_of_another_creditor_looks_like_none(
        self,
        collector: Collector,
        other_creditors_collector: Collector,
        act: Callable[[Collector, str], object],
    ) -> None:
        case = open_one(collector)
        with pytest.raises(NeedsAttention) as not_mine:
            act(other_creditors_collector, case.id)
        with pytest.raises(NeedsAttention) as not_there:
            act(other_creditors_collector, NOBODYS)
        assert str(not_mine.value) == str(not_there.value)
        assert (not_mine.value.code, not_mine.value.action) == (not_there.value.code, not_there.value.action)
        file = collector.case_file(case.id)
        assert (file.messages, file.documents) == ((), ())

    # --- messages ------------------------------------------------------------------------------------------

    def test_what_we_say_is_in_the_file_as_ours(self, collector: Collector) -> None:
        case = open_one(collector)
        said = collector.say(case.id, "They have moved to Leeds – £5 was paid.", "say-1")
        assert said.text == "They have moved to Leeds – £5 was paid."
        assert said.party is Party.CREDITOR
        assert said.id
        assert said.at.utcoffset() is not None
        assert collector.case_file(case.id).messages == (said,)

    def test_messages_come_in_the_order_they_were_said(self, collector: Collector) -> None:
        case = open_one(collector)
        for number in range(3):
            collector.say(case.id, f"Message {number}.", f"say-{number}")
            self.later()
        messages = collector.case_file(case.id).messages
        assert [one.text for one in messages] == ["Message 0.", "Message 1.", "Message 2."]

    def test_a_message_is_said_once_under_its_key(self, collector: Collector) -> None:
        case = open_one(collector)
        first = collector.say(case.id, "Any news?", "say-1")
        self.later()
        assert collector.say(case.id, "Any news?", "say-1") == first
        assert collector.case_file(case.id).messages == (first,)

    def test_the_same_words_under_two_keys_are_two_messages(self, collector: Collector) -> None:
        case = open_one(collector)
        first, second = (collector.say(case.id, "Any news?", key) for key in ("say-1", "say-2"))
        assert first.id != second.id
        assert len(collector.case_file(case.id).messages) == 2

    @pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001], ids=["empty", "blank", "too long"])
    def test_nothing_and_too_much_cannot_be_said(self, collector: Collector, text: str) -> None:
        case = open_one(collector)
        with pytest.raises(NeedsAttention) as refused:
            collector.say(case.id, text, "say-1")
        assert str(refused.value)
        assert collector.case_file(case.id).messages == ()

    # --- files ---------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("kind", [DocumentKind.INVOICE, DocumentKind.DEMAND_LETTER, DocumentKind.OTHER])
    def test_a_file_is_kept_by_name_and_kind(self, collector: Collector, kind: DocumentKind) -> None:
        case = open_one(collector)
        collector.attach(case.id, "Rechnung 7 – März.pdf", PDF, kind)
        (document,) = collector.case_file(case.id).documents
        assert (document.name, document.kind) == ("Rechnung 7 – März.pdf", kind)
        assert document.id
        assert document.at.utcoffset() is not None
        assert document.url.startswith("http")

    def test_a_file_is_an_invoice_unless_said_otherwise(self, collector: Collector) -> None:
        case = open_one(collector)
        collector.attach(case.id, "invoice.pdf", PDF)
        assert [one.kind for one in collector.case_file(case.id).documents] == [DocumentKind.INVOICE]

    def test_the_same_file_attached_twice_counts_once(self, collector: Collector) -> None:
        case = open_one(collector)
        collector.attach(case.id, "invoice.pdf", PDF)
        collector.attach(case.id, "invoice.pdf", PDF)
        assert len(collector.case_file(case.id).documents) == 1

    def test_two_different_files_are_both_kept(self, collector: Collector) -> None:
        case = open_one(collector)
        collector.attach(case.id, "invoice 7.pdf", PDF)
        collector.attach(case.id, "invoice 8.pdf", PDF + b"\n")
        assert len(collector.case_file(case.id).documents) == 2

    @pytest.mark.parametrize(
        "content",
        [b"", b"<html>not found</html>", b"\x89PNG\r\n", PDF + b" " * TOO_LARGE],
        ids=["empty", "a page", "a picture", "too large"],
    )
    def test_what_is_not_a_pdf_of_25_mb_is_not_attached_as_one(
        self, collector: Collector, content: bytes
    ) -> None:
        case = open_one(collector)
        with pytest.raises(NeedsAttention) as refused:
            collector.attach(case.id, "invoice.pdf", content)
        assert str(refused.value)
        assert refused.value.action
        assert collector.case_file(case.id).documents == ()

    def test_a_type_that_is_not_taken_is_refused_with_what_to_do(self, collector: Collector) -> None:
        case = open_one(collector)
        for ending in ("zip", "exe", "html", *self.also_not_taken):
            with pytest.raises(NeedsAttention) as refused:
                collector.attach(case.id, f"papers.{ending}", b"PK\x03\x04 or anything else")
            assert ending in str(refused.value).lower()
            assert "pdf" in f"{refused.value} {refused.value.action}".lower()
            assert refused.value.action
        assert collector.case_file(case.id).documents == ()

    # --- how we stand --------------------------------------------------------------------------------------

    def test_standing_says_who_we_are(
        self, collector: Collector, other_creditors_collector: Collector
    ) -> None:
        standing = collector.standing()
        assert standing.company_name == self.company
        assert standing.id
        assert standing.id == collector.standing().id
        assert standing.id != other_creditors_collector.standing().id
        assert standing.agreements == ()
