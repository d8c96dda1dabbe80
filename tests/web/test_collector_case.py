"""A case at a collector elsewhere: all that it tells, what can be done, what is shown when it is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from arrears.bridge.models import CollectorAccount, PaidElsewhere
from arrears.core.case import Lifecycle
from arrears.ports import Case, NeedsAttention, OutcomeUnknown, Required, TryAgainLater
from tests.builders import TODAY
from tests.fakes import PDF, FakeAdapters
from tests.web.conftest import Site
from tests.web.far_world import (
    FarAdapters,
    FarCollector,
    a_far_case,
    a_far_run,
    an_account,
    everything_about_it,
)


@pytest.fixture
def outside(outside: type[FakeAdapters], settings: Settings) -> type[FakeAdapters]:
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    return FarAdapters.fresh()


@pytest.fixture
def account(site: Site) -> CollectorAccount:
    return an_account(site.organisation)


@pytest.fixture
def case(account: CollectorAccount) -> Case:
    return a_far_case(account)


@pytest.fixture
def paid(site: Site, account: CollectorAccount, case: Case) -> PaidElsewhere:
    return PaidElsewhere.objects.create(
        submission=a_far_run(site.connection, account),
        amount=Decimal(120),
        in_books=Decimal(120),
        currency="EUR",
        paid_on=TODAY,
        seen_at=site.clock.now(),
        report_by=TODAY + timedelta(days=3),
    )


def say(account: CollectorAccount) -> str:
    return f"/collectors/{account.pk}/cases/id-1/say/"


def attach(account: CollectorAccount) -> str:
    return f"/collectors/{account.pk}/cases/id-1/attach/"


def test_everything_that_the_collector_tells_is_on_the_page(site: Site, case: Case) -> None:
    FarCollector.file = everything_about_it()
    page = site.page(f"/cases/{case.reference}/")

    amounts = ("€820.00", "€1,000.00", "€20.00 of interest", "€200.00", "9.5%")
    talk = ("Who signed for it?", "Their foreman did.", "Which delivery note", "Choose a quote")
    papers = ("invoice 1001.pdf", "letter.pdf", "SomethingNew", "Original invoice", "to the partner")
    quotes = ("Abogados Sol", "€950.00", "Lex Norte", "4.5", "Accept at Debitura")
    rest = ("Promise to pay", "361 days left", "Power of attorney for Cobros", "the payments of last year")
    for told in (*amounts, *talk, *papers, *quotes, *rest, "Withdraw or change the case at Debitura"):
        assert told in page, told
    assert page.index("What waits for you") < page.index("Left to recover")


def test_a_silent_collector_leaves_the_facts_with_their_time(site: Site, case: Case) -> None:
    FarCollector.going_wrong.update(read=TryAgainLater("Debitura does not answer."))

    page = site.page(f"/cases/{case.reference}/")

    assert "It did not answer. Try again in a few minutes." in page
    assert "They are not kept here" in page  # nobody waits for the rest, of which the same is to be expected
    assert "What you see is as of 22 November 2026 at 11:50" in page
    assert "€820.00" in page


def test_a_word_we_do_not_know_is_shown_as_the_collector_said_it(
    site: Site, account: CollectorAccount
) -> None:
    a_far_case(account, stated="Waiting for the moon", lifecycle=Lifecycle.PENDING_VERIFICATION)

    assert "calls it “Waiting for the moon”" in site.page("/cases/Q8OAXF3W/")
    assert "Waiting for the moon" in site.page("/cases/")


def test_agreements_that_are_signed_on_one_page_have_one_link(site: Site, case: Case) -> None:
    one, other = (
        Required(kind, f"Sign the {kind}.", "https://far.example/sign") for kind in ("master", "power")
    )
    FarCollector.file = replace(everything_about_it(), agreements=(one, other))
    together = site.page(f"/cases/{case.reference}/")
    FarCollector.file = replace(
        FarCollector.file, agreements=(one, replace(other, url="https://far.example/2"))
    )
    apart = site.page(f"/cases/{case.reference}/")

    assert (together.count("Sign now"), together.count("Sign this")) == (1, 0)
    assert (apart.count("Sign now"), apart.count("Sign this")) == (0, 2)


def test_a_message_has_plain_line_ends(site: Site, account: CollectorAccount, case: Case) -> None:
    site.client.post(say(account), {"text": "The foreman.\r\nOn Monday.", "form_id": str(uuid4())})

    assert [text for _, text in FarAdapters.far_end.said] == ["The foreman.\nOn Monday."]


def test_a_message_is_sent_once_however_often_its_form_is(
    site: Site, account: CollectorAccount, case: Case
) -> None:
    form = {"text": "The foreman.", "form_id": str(uuid4())}

    site.client.post(say(account), form)
    site.client.post(say(account), form)
    site.client.post(say(account), form | {"text": "And his deputy."})

    assert [text for _, text in FarAdapters.far_end.said] == ["The foreman.", "And his deputy."]


def test_an_unknown_outcome_shows_the_messages_afresh_and_keeps_the_words(
    site: Site, account: CollectorAccount, case: Case
) -> None:
    FarCollector.file = everything_about_it()
    FarCollector.going_wrong["say"] = OutcomeUnknown("The connection was cut.")
    form_id = str(uuid4())

    page = site.client.post(say(account), {"text": "The foreman.", "form_id": form_id}).content.decode()

    assert "It is not known whether your message arrived." in page
    assert ">The foreman.</textarea>" in page
    assert f'value="{form_id}"' in page
    assert "Their foreman did." in page


def test_a_task_is_answered_with_a_message(site: Site, account: CollectorAccount, case: Case) -> None:
    FarCollector.file = everything_about_it()
    assert "Send the answer" in site.page(f"/cases/{case.reference}/")

    answer = site.client.post(say(account), {"text": "He did.", "task": "t-1", "form_id": str(uuid4())})

    assert answer.status_code == 302
    assert FarAdapters.far_end.said == [("id-1", "He did.")]


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_a_message_without_words_or_with_too_many_is_not_sent(
    site: Site, account: CollectorAccount, case: Case, text: str
) -> None:
    assert site.client.post(say(account), {"text": text, "form_id": str(uuid4())}).status_code == 422
    assert FarAdapters.far_end.said == []


def test_a_file_is_attached_as_what_it_is(site: Site, account: CollectorAccount, case: Case) -> None:
    file = SimpleUploadedFile("note.pdf", PDF)

    site.client.post(attach(account), {"file": file, "kind": "DebtorDocuments"})

    assert FarAdapters.far_end.files == [("id-1", "note.pdf", "DebtorDocuments")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("note.exe", b"MZ", "Attach one of these kinds"),
        ("note.pdf", b"no pdf", "is not a PDF file inside"),
        ("mail.eml", b"From: a@b.example\r\nSubject: x\r\n\r\nHello", "are not taken there"),
    ],
)
def test_a_file_that_would_be_refused_never_travels(
    site: Site, account: CollectorAccount, case: Case, name: str, content: bytes, told: str
) -> None:
    file = SimpleUploadedFile(name, content)

    answer = site.client.post(attach(account), {"file": file, "kind": "Miscellaneous"})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert FarAdapters.far_end.files == []


def test_a_file_that_the_collector_refuses_is_told_with_what_helps(
    site: Site, account: CollectorAccount, case: Case
) -> None:
    FarCollector.going_wrong["attach"] = NeedsAttention(
        "The file is too large.", code="file_too_large", action="Attach a smaller one."
    )
    file = SimpleUploadedFile("note.pdf", PDF)

    page = site.client.post(attach(account), {"file": file, "kind": "Miscellaneous"}).content.decode()

    assert "The file is too large." in page
    assert "Attach a smaller one." in page


def test_a_case_that_we_do_not_know_is_never_asked_for(site: Site, account: CollectorAccount) -> None:
    path = f"/collectors/{account.pk}/cases/somebody-elses/say/"

    assert site.client.post(path, {"text": "Hello", "form_id": str(uuid4())}).status_code == 404
    assert FarAdapters.far_end.knocks == []


def test_an_address_that_no_browser_should_follow_is_no_link(site: Site, account: CollectorAccount) -> None:
    file = everything_about_it()
    task, quote = file.tasks[1], file.quotes[0]
    FarCollector.file = replace(
        file,
        tasks=(replace(task, url="javascript:alert(1)"),),
        quotes=(replace(quote, url="data:text/html,x"),),
        documents=tuple(replace(one, url="vbscript:x") for one in file.documents),
    )
    a_far_case(account, url="javascript:alert(2)", signing_url="javascript:alert(3)")

    page = site.page("/cases/Q8OAXF3W/")

    for scheme in ("javascript:", "data:text", "vbscript:"):
        assert scheme not in page


def test_money_paid_to_us_is_reported_with_one_click_and_once(site: Site, paid: PaidElsewhere) -> None:
    for path in ("/", "/cases/Q8OAXF3W/"):
        assert "Tell Debitura about €120.00 paid to you, by 25 November 2026" in site.page(path)
    form = {"text": "Please record it.", "form_id": str(uuid4()), "next": "case"}

    first = site.client.post(f"/paid-elsewhere/{paid.pk}/report/", form)
    second = site.client.post(f"/paid-elsewhere/{paid.pk}/report/", form, follow=True)

    assert first.headers["Location"] == "/cases/Q8OAXF3W/"
    assert [text for _, text in FarAdapters.far_end.said] == ["Please record it."]
    assert "has been answered already" in second.content.decode()
    assert "Tell Debitura about" not in site.page("/")


def test_a_report_whose_outcome_is_unknown_stays_and_says_so(site: Site, paid: PaidElsewhere) -> None:
    FarCollector.going_wrong["say"] = OutcomeUnknown("The connection was cut.")
    form = {"text": "Please record it.", "form_id": str(uuid4())}

    page = site.client.post(f"/paid-elsewhere/{paid.pk}/report/", form, follow=True).content.decode()

    assert "It is not known whether the message arrived." in page
    assert "Tell Debitura about" in page


def test_money_paid_to_us_can_be_dismissed_without_a_reason(site: Site, paid: PaidElsewhere) -> None:
    site.client.post(f"/paid-elsewhere/{paid.pk}/dismiss/")

    assert "Tell Debitura about" not in site.page("/")
    assert FarAdapters.far_end.said == []


def test_cases_of_several_collectors_are_told_apart_and_filtered(
    site: Site, account: CollectorAccount, case: Case
) -> None:
    site.books.add("1001")
    run = site.open_cases("1001")
    site.work(run)
    own = run.submissions.get().case_reference
    both = site.page("/cases/")
    assert "Cases elsewhere are as of 22 November 2026 at 11:50" in both
    assert own in both
    assert case.reference in both

    far_only = site.page(f"/cases/?collector={account.pk}")
    desk_only = site.page("/cases/?collector=desk")

    assert own not in far_only
    assert case.reference in far_only
    assert own in desk_only
    assert case.reference not in desk_only


def test_money_of_test_cases_is_in_no_total(site: Site) -> None:
    a_far_case(an_account(site.organisation, test=True))

    page = site.page("/cases/")

    assert "TEST MODE" in page
    assert "1 case for testing only is not in these sums" in page
    assert "left of" not in page
    assert "open case" not in site.page("/")
