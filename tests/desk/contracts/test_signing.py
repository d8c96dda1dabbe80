"""Signing by link: from the reading to the signature, and the cases that waited for it."""

from __future__ import annotations

import hashlib
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from arrears.accounts.models import Organisation
from arrears.core.case import Lifecycle, Party
from arrears.desk import signed_cases
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.checking import check
from arrears.desk.contracts.publish_version import publish_version
from arrears.desk.contracts.read_signed_pdf import read_signed_pdf
from arrears.desk.contracts.read_signing import read_signing
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.contracts.sweep_signing import sweep_signing
from arrears.desk.models import Case, Partner, Signature, SigningRequest
from arrears.desk.signatures import missing, signing_link
from arrears.desk.signed_cases import let_signed_cases_go_on
from tests.desk.builders import NOON, OPERATOR, a_partner, sign_everything
from tests.desk.contracts.conftest import ATTORNEY, STANDARD, TODAY, Signer, a_creditor, a_waiting_case

pytestmark = pytest.mark.django_db


def test_signing_signs_everything_that_waiting_cases_need(signer: Signer, partner: Partner) -> None:
    other = a_partner("Agence Lyon")
    a_waiting_case(signer.creditor, partner)
    a_waiting_case(signer.creditor, other, debtor_country="FR")

    signed = signer.does_it_all()

    found = {
        (row.version.kind, row.partner) for row in Signature.objects.select_related("version", "partner")
    }
    assert found == {(STANDARD, None), (ATTORNEY, partner), (ATTORNEY, other)}
    assert len(signed.signatures) == 3
    assert missing(signer.creditor.pk, partner.pk, "GB", TODAY) == ()


def test_a_link_asks_for_the_partner_it_was_made_for(signer: Signer, partner: Partner) -> None:
    signer.gets_a_link(partner_id=partner.pk, jurisdiction="GB")

    papers = read_signing(signer.token, now=NOON, today=TODAY).papers

    assert [(paper.kind, paper.partner) for paper in papers] == [(STANDARD, None), (ATTORNEY, partner)]
    assert f"{partner.name} (the partner)" in papers[1].text
    assert "Acme Suppliers (the creditor)" in papers[1].text
    assert "{" not in papers[0].text


def test_a_signature_keeps_the_text_its_hash_and_who_signed(signer: Signer) -> None:
    signer.gets_a_link()
    shown = read_signing(signer.token, now=NOON, today=TODAY).papers[0].text

    signer.reads().signs(code=signer.asks_for_a_code(), drawn="M10 20L30 40")

    kept = Signature.objects.get()
    assert kept.text == shown
    assert kept.text_hash == hashlib.sha256(shown.encode()).hexdigest()
    assert kept.pdf_hash == hashlib.sha256(bytes(kept.pdf)).hexdigest()
    assert (kept.signer_name, kept.signer_title) == ("Dana Director", "Director")
    assert (kept.signer_email, kept.ip_address) == ("director@acme.example", "192.0.2.7")
    assert (kept.user_agent, kept.drawn) == ("A browser", "M10 20L30 40")
    assert (kept.signed_at, kept.creditor_name) == (NOON, "Acme Suppliers")


def test_cases_go_on_only_when_nothing_is_missing_for_them(signer: Signer, partner: Partner) -> None:
    ready, elsewhere = (
        a_waiting_case(signer.creditor, partner),
        a_waiting_case(a_creditor("Other", "o@o.example"), partner),
    )

    signed = signer.does_it_all()

    ready.refresh_from_db()
    elsewhere.refresh_from_db()
    assert ready.lifecycle not in (Lifecycle.PENDING_SIGNING, Lifecycle.CLOSED)
    assert elsewhere.lifecycle == Lifecycle.PENDING_SIGNING
    assert signed.cases == 1
    assert ready.events.filter(data__event="signed", party="desk").exists()


def test_a_case_opened_while_somebody_signed_goes_on_with_the_sweep(signer: Signer, partner: Partner) -> None:
    signer.does_it_all(partner_id=partner.pk)
    late = a_waiting_case(signer.creditor, partner)
    unsigned = a_waiting_case(signer.creditor, a_partner("Agence Lyon"), debtor_country="FR")

    assert sweep_signing(now=NOON, today=TODAY) == 1

    late.refresh_from_db()
    unsigned.refresh_from_db()
    assert late.lifecycle != Lifecycle.PENDING_SIGNING
    assert unsigned.lifecycle == Lifecycle.PENDING_SIGNING


def test_many_cases_go_on_in_small_transactions(signer: Signer, partner: Partner) -> None:
    unsigned = a_waiting_case(signer.creditor, a_partner(), debtor_country="FR")
    waiting = Case.objects.filter(lifecycle=Lifecycle.PENDING_SIGNING)
    sign_everything(signer.creditor)
    Signature.objects.filter(partner=unsigned.partner).delete()
    for _ in range(5):
        a_waiting_case(signer.creditor, None)

    assert let_signed_cases_go_on(signer.creditor.pk, now=NOON, today=TODAY, at_most=2) == 2
    assert sweep_signing(now=NOON, today=TODAY) == 3
    assert list(waiting) == [unsigned]


def test_a_case_that_fails_stops_no_other_one(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_everything(signer.creditor)
    broken, *sound = [a_waiting_case(signer.creditor, None) for _ in range(4)]

    def check_or_fail(case: Case, **when: Any) -> None:
        if case.pk == broken.pk:
            raise RuntimeError("The network cannot be asked.")
        check(case, **when)

    monkeypatch.setattr(signed_cases, "check", check_or_fail)

    assert let_signed_cases_go_on(signer.creditor.pk, now=NOON, today=TODAY, at_most=1) == 1
    assert sweep_signing(now=NOON, today=TODAY) == 2
    assert list(Case.objects.filter(lifecycle=Lifecycle.PENDING_SIGNING)) == [broken]
    assert not broken.events.exists()
    for case in sound:
        case.refresh_from_db()
        assert case.lifecycle == Lifecycle.COLLECTING_QUOTES


def test_signing_twice_with_one_link_changes_nothing_and_answers_the_same(signer: Signer) -> None:
    signer.gets_a_link().reads()
    code = signer.asks_for_a_code()

    first, second = signer.signs(code=code), signer.signs(code=code)

    assert first.signatures == second.signatures
    assert Signature.objects.count() == 1


def test_a_used_link_shows_nothing_more(signer: Signer) -> None:
    signer.does_it_all()

    with pytest.raises(NotThere):
        read_signing(signer.token, now=NOON, today=TODAY)
    with pytest.raises(NotThere):
        signer.signs(code="000000")
    signer.waits(minutes=11)
    with pytest.raises(NotThere):
        signer.signs(code="000000")


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "\0", "é"])
def test_an_unknown_link_is_not_there(creditor: Organisation, token: str) -> None:
    with pytest.raises(NotThere):
        read_signing(token, now=NOON, today=TODAY)


def test_a_link_ends_after_fourteen_days(signer: Signer) -> None:
    signer.gets_a_link()
    assert read_signing(signer.token, now=NOON + timedelta(days=14, seconds=-1), today=TODAY).papers

    with pytest.raises(NotThere):
        read_signing(signer.token, now=NOON + timedelta(days=14), today=TODAY)


def test_a_link_with_nothing_left_to_sign_is_not_there(signer: Signer) -> None:
    signer.does_it_all()
    signer.gets_a_link()

    with pytest.raises(NotThere):
        read_signing(signer.token, now=NOON, today=TODAY)


def test_only_the_hash_of_a_link_and_of_a_code_is_kept(signer: Signer) -> None:
    signer.gets_a_link()
    code = signer.asks_for_a_code()

    row = SigningRequest.objects.values().get()

    assert signer.token not in str(row)
    assert code not in str(row)
    assert len(signer.token) >= 43  # 32 bytes in base 64


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://app.example/back?x=1", True),
        ("http://app.example/", True),
        ("javascript:alert(1)", False),
        ("/relative", False),
        ("//app.example/", False),
        ("https://", False),
        ("https://[broken", False),
        ("https://app.example/a b", False),
        ("https://app.example/" + "x" * 2048, False),
        ("", False),
    ],
)
def test_an_address_to_return_to_is_kept_only_if_a_browser_could_follow_it(
    creditor: Organisation, url: str, kept: bool
) -> None:
    signing_link(creditor.pk, url, now=NOON)

    assert SigningRequest.objects.get().return_url == (url if kept else "")


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("Dana Director", True),
        ("  dana   director ", True),
        ("Dana Directer", False),
        ("", False),
    ],
)
def test_the_typed_signature_has_to_be_the_name(signer: Signer, typed: str, accepted: bool) -> None:
    code = signer.gets_a_link().reads().asks_for_a_code()

    if accepted:
        assert signer.signs(code=code, typed=typed).signatures
        return
    with pytest.raises(Refused, match="typed signature"):
        signer.signs(code=code, typed=typed)


@pytest.mark.parametrize("change", [{"name": ""}, {"title": " "}, {"title": "x" * 201}, {"name": "D\nD"}])
def test_name_and_title_have_to_be_there(signer: Signer, change: dict[str, str]) -> None:
    code = signer.gets_a_link().reads().asks_for_a_code()

    with pytest.raises(Refused, match="Enter your"):
        signer.signs(code=code, typed=change.get("name", "Dana Director"), **change)


@pytest.mark.parametrize(
    "drawn",
    [
        "L1 2",
        "M1 2L3",
        "M601 2",
        "M1 161",
        "M1 2 L3 4",
        "M1.5 2",
        "M-1 2",
        "M1 2Z",
        "M1 2\n",
        '"/><script>',
        "M1 2" + "L3 4" * 5000,
    ],
)
def test_a_drawing_that_is_no_drawing_is_refused(signer: Signer, drawn: str) -> None:
    code = signer.gets_a_link().reads().asks_for_a_code()

    with pytest.raises(Refused, match="drawn signature"):
        signer.signs(code=code, drawn=drawn)


def test_a_text_that_changed_after_reading_is_not_signed(signer: Signer) -> None:
    code = signer.gets_a_link().reads().asks_for_a_code()
    publish_version(
        OPERATOR, STANDARD, "2", "# New\n\nNew for {creditor}.", TODAY, must_be_signed_again=True, today=TODAY
    )

    with pytest.raises(Refused, match="has changed"):
        signer.signs(code=code)
    assert Signature.objects.count() == 0
    signer.reads().signs(code=code)
    assert Signature.objects.get().text == "# New\n\nNew for Acme Suppliers.\n"


def test_a_copy_is_for_its_creditor_and_for_operators(signer: Signer, partner: Partner) -> None:
    signature = signer.does_it_all().signatures[0]
    mine = Actor(Party.CREDITOR, "Dana", organisation=signer.creditor.pk)

    assert read_signed_pdf(mine, signature).content.startswith(b"%PDF-")
    assert read_signed_pdf(OPERATOR, signature).name == "standard-agreement-2026-11-22.pdf"
    for stranger in (
        replace(mine, organisation=a_creditor("Else", "e@e.example").pk),
        Actor(Party.PARTNER, "Paul", partner=partner.pk),
    ):
        with pytest.raises(NotThere):
            read_signed_pdf(stranger, signature)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("links", [1, 2])
def test_of_several_who_sign_at_once_one_signs(settings: Settings, links: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    seed_agreements()
    creditor, partner = a_creditor(), a_partner()
    a_waiting_case(creditor, partner)
    signers = [Signer(creditor).gets_a_link().reads() for _ in range(links)]
    codes = [signer.asks_for_a_code() for signer in signers]

    def attempt(number: int) -> int:
        try:
            return signers[number % links].signs(code=codes[number % links]).cases
        except Refused as problem:
            assert problem.code == "texts_changed"  # noqa: PT017 # another outcome is the other signer's
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        moved = list(pool.map(attempt, range(4)))

    assert sorted(moved) == [0, 0, 0, 1]
    assert sorted(Signature.objects.values_list("version__kind", flat=True)) == [ATTORNEY, STANDARD]


def test_the_copy_holds_the_exact_text_and_every_letter_of_a_name(
    signer: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    name = "Żółć Ωνάσης Жуков"
    signer.gets_a_link().reads()
    with caplog.at_level("WARNING", "fpdf"):
        signer.signs(code=signer.asks_for_a_code(), name=name, typed=name, drawn="M10 20L300 140M5 5")

    kept = Signature.objects.get()
    streams = _streams(bytes(kept.pdf))
    letters = {
        int(code, 16) for one in streams for code in re.findall(rb"<[0-9A-Fa-f]{4}> <([0-9A-Fa-f]{4})>", one)
    }
    assert kept.text.encode() in streams
    assert {ord(letter) for letter in name} <= letters
    assert "missing" not in caplog.text


def _streams(pdf: bytes) -> list[bytes]:
    """What lies in a PDF, unpacked."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(packed))
        except zlib.error:  # not every stream is packed
            found.append(packed)
    return found
