"""The texts of agreements, and which signatures count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrears.accounts.models import Organisation
from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.agreement_text import BlockKind, blocks, fill_in, in_force, price_lines
from arrears.desk.contracts.contract_status import contract_status
from arrears.desk.contracts.invalidate_signatures import invalidate_signatures
from arrears.desk.contracts.publish_version import publish_version
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import AgreementKind, AgreementVersion, GridBracket, Partner, PriceGrid, Signature
from arrears.desk.signatures import InvalidationReason, Needed, Signatures, missing
from tests.desk.builders import NOON, OPERATOR, a_partner
from tests.desk.contracts.conftest import (
    APPENDIX,
    ATTORNEY,
    STANDARD,
    TODAY,
    Signer,
    a_creditor,
    a_waiting_case,
)

pytestmark = pytest.mark.django_db


def publish(kind: str = STANDARD, version: str = "2", **changes: Any) -> AgreementVersion:
    known: dict[str, Any] = {"text": "# New\n", "since": TODAY, "must_be_signed_again": True, "today": TODAY}
    return publish_version(OPERATOR, kind, version, **known | changes)


def prices(jurisdiction: str, since: date = TODAY, **scope: Any) -> PriceGrid:
    grid = PriceGrid.objects.create(name="Own prices", jurisdiction=jurisdiction, since=since, **scope)
    for zone, points in (("europe", "12.5"), ("world", "25")):
        GridBracket.objects.create(grid=grid, zone=zone, from_usd=Decimal(500), points=Decimal(points))
    return grid


def test_the_built_in_texts_are_there_once_and_an_operators_stay() -> None:
    assert seed_agreements() == 3
    AgreementVersion.objects.filter(kind=STANDARD).update(text="# Mine")

    assert seed_agreements() == 0
    assert AgreementVersion.objects.get(kind=STANDARD).text == "# Mine"
    assert set(AgreementVersion.objects.values_list("kind", flat=True)) == set(AgreementKind.values)


def test_a_built_in_text_has_nothing_left_to_fill_in(creditor: Organisation, partner: Partner) -> None:
    prices("GB")
    for kind in AgreementKind:
        version = in_force(kind, TODAY)
        assert version is not None
        text = fill_in(version, creditor, partner, "GB", TODAY)
        assert "{" not in text, kind
        assert blocks(text)[0].kind is BlockKind.TITLE


def test_what_a_name_says_is_never_taken_for_a_place_or_a_new_line() -> None:
    version = AgreementVersion(text="With {creditor}.\n")
    creditor = Organisation(name="{prices}\n# Evil {partner}", registration_number="12", country="GB")

    text = fill_in(version, creditor, None, "", TODAY)

    assert text == "With {prices} # Evil {partner} (registration number 12).\n"


def test_a_text_is_read_in_pieces() -> None:
    text = "# Title\n\nOne\nline.\n\n## Part\n1. First\nclause.\n2. Second\n- dot\n"

    assert [(block.kind, block.number, block.text) for block in blocks(text)] == [
        (BlockKind.TITLE, "", "Title"),
        (BlockKind.PARAGRAPH, "", "One line."),
        (BlockKind.HEADING, "", "Part"),
        (BlockKind.NUMBERED, "1", "First clause."),
        (BlockKind.NUMBERED, "2", "Second"),
        (BlockKind.BULLET, "", "dot"),
    ]


def test_prices_are_the_latest_of_their_scope() -> None:
    assert price_lines("", TODAY)[0] == (
        "20% on claims from USD 100 to below USD 1,000 against debtors in Europe."
    )
    prices("", TODAY)
    prices("FR", TODAY + timedelta(days=1))

    assert price_lines("", TODAY) == [
        "12.5% on claims of USD 500 or more against debtors in Europe.",
        "25% on claims of USD 500 or more against debtors outside Europe.",
    ]
    assert price_lines("FR", TODAY + timedelta(days=1)) == [
        "12.5% on claims of USD 500 or more against debtors in Europe."
    ]
    assert price_lines("FR", TODAY) == ["No prices are in force."]


def test_without_texts_nothing_has_to_be_signed(partner: Partner) -> None:
    assert missing(a_creditor().pk, partner.pk, "GB", TODAY) == ()


def test_a_case_without_a_partner_needs_no_power_of_attorney(
    creditor: Organisation, partner: Partner
) -> None:
    assert missing(creditor.pk, None, "GB", TODAY) == (Needed(STANDARD),)
    assert missing(creditor.pk, partner.pk, "GB", TODAY) == (
        Needed(STANDARD),
        Needed(ATTORNEY, partner=partner.pk),
    )


def test_the_standard_agreement_is_signed_once_and_a_power_once_for_each_partner(
    signer: Signer, partner: Partner
) -> None:
    signer.does_it_all(partner_id=partner.pk)
    other = a_partner()

    assert missing(signer.creditor.pk, partner.pk, "FR", TODAY) == ()
    assert missing(signer.creditor.pk, other.pk, "GB", TODAY) == (Needed(ATTORNEY, partner=other.pk),)
    assert missing(a_creditor("Else", "e@e.example").pk, partner.pk, "GB", TODAY) != ()


def test_a_jurisdiction_with_its_own_prices_needs_an_appendix(signer: Signer) -> None:
    prices("FR")
    prices("", creditor=signer.creditor)
    assert APPENDIX not in {need.kind for need in missing(signer.creditor.pk, None, "GB", TODAY)}

    signer.does_it_all(jurisdiction="FR")

    assert missing(signer.creditor.pk, None, "FR", TODAY) == ()
    appendix = Signature.objects.get(version__kind=APPENDIX)
    assert "France" in appendix.text
    assert "12.5% on claims of USD 500 or more" in appendix.text


def test_new_prices_of_a_jurisdiction_have_to_be_signed(signer: Signer) -> None:
    prices("FR")
    signer.does_it_all(jurisdiction="FR")
    tomorrow = TODAY + timedelta(days=1)
    prices("FR", tomorrow)

    assert missing(signer.creditor.pk, None, "FR", TODAY) == ()
    assert missing(signer.creditor.pk, None, "FR", tomorrow) == (
        Needed(APPENDIX, jurisdiction="FR", reason=InvalidationReason.NEW_VERSION),
    )


@pytest.mark.parametrize("again", [True, False])
def test_a_new_version_is_signed_again_if_it_says_so(signer: Signer, again: bool) -> None:
    signer.does_it_all()
    tomorrow = TODAY + timedelta(days=1)
    publish(since=tomorrow, must_be_signed_again=again)

    before = Signatures(signer.creditor.pk, TODAY).status(STANDARD)
    after = Signatures(signer.creditor.pk, tomorrow).status(STANDARD)

    assert before.valid
    assert (after.signed, after.requires_resigning) == (True, again)
    assert after.reason is (InvalidationReason.NEW_VERSION if again else InvalidationReason.NONE)


def test_a_version_between_that_has_to_be_signed_again_counts(signer: Signer) -> None:
    signer.does_it_all()
    publish(version="2", must_be_signed_again=True)
    publish(version="3", must_be_signed_again=False)
    assert Signatures(signer.creditor.pk, TODAY).status(STANDARD).reason is InvalidationReason.NEW_VERSION

    signer.does_it_all()

    assert Signatures(signer.creditor.pk, TODAY).status(STANDARD).valid
    assert Signature.objects.latest("pk").version.version == "3"


def test_a_creditor_that_changed_its_name_signs_again(signer: Signer) -> None:
    signer.does_it_all()
    Organisation.objects.filter(pk=signer.creditor.pk).update(name="Acme Supplies Ltd")

    needed = missing(signer.creditor.pk, None, "", TODAY)

    assert needed == (Needed(STANDARD, reason=InvalidationReason.CREDITOR_NAME_CHANGED),)


def test_an_operator_declares_signatures_void_with_a_reason(signer: Signer) -> None:
    signatures = signer.does_it_all().signatures

    assert invalidate_signatures(OPERATOR, signatures, reason=InvalidationReason.OTHER, now=NOON) == 1
    assert invalidate_signatures(OPERATOR, signatures, now=NOON) == 0

    status = Signatures(signer.creditor.pk, TODAY).status(STANDARD)
    assert (status.signed, status.valid, status.reason) == (True, False, InvalidationReason.OTHER)


def test_voiding_is_for_operators_and_for_signatures_that_exist(signer: Signer, partner: Partner) -> None:
    signatures = signer.does_it_all().signatures
    creditor = Actor(Party.CREDITOR, "Dana", organisation=signer.creditor.pk)

    with pytest.raises(NotThere):
        invalidate_signatures(creditor, signatures, now=NOON)
    with pytest.raises(NotThere):
        invalidate_signatures(OPERATOR, [*signatures, partner.public_id], now=NOON)
    with pytest.raises(Refused):
        invalidate_signatures(OPERATOR, signatures, reason=InvalidationReason.NEW_VERSION, now=NOON)
    assert Signatures(signer.creditor.pk, TODAY).status(STANDARD).valid


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "letter"},
        {"version": ""},
        {"version": "x" * 21},
        {"text": "  "},
        {"text": "For {nobody}."},
        {"since": TODAY - timedelta(days=1)},
        {"version": "1"},
    ],
)
def test_a_text_that_cannot_be_published_is_refused(creditor: Organisation, wrong: dict[str, Any]) -> None:
    before = AgreementVersion.objects.count()

    with pytest.raises(Refused):
        publish(**wrong)
    assert AgreementVersion.objects.count() == before


def test_only_an_operator_publishes(creditor: Organisation) -> None:
    actor = Actor(Party.CREDITOR, "Dana", organisation=creditor.pk)
    with pytest.raises(NotThere):
        publish_version(actor, STANDARD, "2", "# New", TODAY, must_be_signed_again=True, today=TODAY)


def test_the_partners_signed_for_take_the_same_few_queries_however_many(signer: Signer) -> None:
    partners = [a_partner() for _ in range(6)]
    for partner in partners:
        a_waiting_case(signer.creditor, partner)
    signer.does_it_all()

    with CaptureQueriesContext(connection) as asked:
        signatures = Signatures(signer.creditor.pk, TODAY)
        valid = {
            partner for kind, partner, _ in signatures.signed() if signatures.status(kind, partner).valid
        }

    assert valid - {None} == {partner.pk for partner in partners}
    assert len(asked) <= 4


def test_the_status_names_what_is_signed_and_what_is_wanted(signer: Signer, partner: Partner) -> None:
    signer.does_it_all()
    a_waiting_case(signer.creditor, partner)
    mine = Actor(Party.CREDITOR, "Dana", organisation=signer.creditor.pk)

    status = contract_status(mine, signer.creditor.pk, today=TODAY)

    assert [(line.kind, line.about, line.wanted) for line in status.lines] == [
        (STANDARD, "", False),
        (ATTORNEY, partner.name, True),
    ]
    assert (status.waiting_cases, status.something_to_sign) == (1, True)
    assert (status.lines[0].signer, status.lines[0].version) == ("Dana Director", "1")
    with pytest.raises(NotThere):
        contract_status(mine, a_creditor("Else", "e@e.example").pk, today=TODAY)
