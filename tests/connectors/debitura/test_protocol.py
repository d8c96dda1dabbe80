"""Reading cases, previews and sent messages."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from arrears import ports
from arrears.connectors.debitura import protocol
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.ports import NeedsAttention, OutcomeUnknown, Remedy, TryAgainLater
from tests.connectors.debitura.scripted import CASE_ID, a_case, a_preview, answer, paged


def test_a_case_in_full() -> None:
    shown = a_case(
        lifecycle="Merged",
        closeCode="Paid",
        currentEngagementPhase="Legal",
        totalAddedFees=Decimal("12.50"),
        remainder=Decimal("412.50"),
        validation={"needsInfo": True},
        solutionUrl="https://sign.example/old",
        surprise={"new": "field"},
    )
    case = protocol.read_case(answer(shown))
    assert case == ports.Case(
        id=CASE_ID,
        reference="Q8OAXF3W",
        creditor_reference="AR-1",
        invoice_numbers=("1001",),
        debtor_name="Acme Ltd",
        country="GB",
        principal=Money.parse("500.00 GBP"),
        outstanding=Money.parse("412.50 GBP"),
        lifecycle=Lifecycle.CLOSED,
        partner="Oriel Collections Limited",
        routing_reason="",
        rate=Decimal("9.5"),
        price_source="",
        opened_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        added=Money.parse("12.50 GBP"),
        stated="Merged",
        phase="Legal",
        close_code="Paid",
        updated_at=datetime(2026, 11, 22, 12, 30, tzinfo=UTC),
        needs_info=True,
        signing_url="https://sign.example/old",
    )
    assert str(case.paid) == "100.00 GBP"


def test_one_unreadable_row_costs_only_itself() -> None:
    rows = [a_case(), None, "text", a_case(id=None), a_case(id="2", debtor=None, lifecycle=None), {}]
    page = protocol.read_cases(answer(paged("cases", rows, 3)))
    assert [case.id for case in page.rows] == [CASE_ID, "2"]
    assert (page.skipped, page.total_pages) == (4, 3)


def test_a_country_may_be_told_by_name() -> None:
    case = protocol.read_case(answer(a_case(debtor={"name": "A", "country": "United Kingdom"})))
    assert case is not None
    assert case.country == "GB"


def test_a_missing_case_is_none_and_an_unreadable_one_may_be_readable_later() -> None:
    assert protocol.read_case(answer({}, 404)) is None
    for body in ({}, a_case(grossAmount=None), [a_case()], b"<html>"):
        with pytest.raises(TryAgainLater):
            protocol.read_case(answer(body))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "key_rejected"),
        (403, "key_not_permitted"),
        (404, "not_there"),
        (302, "redirected"),
        (400, "refused"),
        (410, "refused"),
        (422, "refused"),
    ],
)
def test_a_refused_read_says_what_helps(status: int, code: str) -> None:
    with pytest.raises(NeedsAttention) as caught:
        protocol.read_cases(answer({"message": "Acme Ltd owes"}, status))
    assert caught.value.code == code
    assert caught.value.action
    assert "Acme" not in str(caught.value)


def test_a_refusal_tells_debituras_code_and_none_of_its_words() -> None:
    body = {"businessErrors": [{"type": "UnsupportedSort", "message": "Acme Ltd needle"}]}
    with pytest.raises(NeedsAttention, match=r"HTTP 400, UnsupportedSort\)\.$"):
        protocol.read_cases(answer(body, 400))
    with pytest.raises(NeedsAttention, match=r"HTTP 400\)\.$"):
        protocol.read_cases(answer({"businessErrors": [{"type": "Acme Ltd 7"}]}, 400))


def test_a_preview_in_full() -> None:
    actions = [
        {
            "type": "MissingPowerOfAttorney",
            "message": "Sign.",
            "solutionUrl": "https://s.example/",
            "isBlocking": True,
        }
    ]
    handoff = {"combinedSigningUrl": "https://s.example/all"}
    body = a_preview(
        requiredActions=actions, signingHandoff=handoff, requiresKycVerification=True, hasKycOnFile=False
    )
    offer = protocol.read_preview(answer(body))
    assert offer == ports.Offer(
        accepted=True,
        partner="Oriel Collections Limited",
        reason="Oriel Collections Limited works such cases in United Kingdom.",
        rate=Decimal("17.5"),
        uplift=Decimal(8),
        price_source="Standard agreement",
        required=(
            ports.Required("MissingPowerOfAttorney", "Sign.", "https://s.example/", blocking=False),
            ports.Required(
                "MissingKycVerification",
                "The partner has to verify the identity of a director of your company first.",
                "https://s.example/all",
                blocking=True,
            ),
        ),
        signing_url="https://s.example/all",
    )


def test_nobody_for_the_debtor() -> None:
    body = a_preview(
        isEligible=False, ineligibilityReason="No partner there", partnerAssignment=None, pricingPreview=None
    )
    offer = protocol.read_preview(answer(body))
    assert (offer.accepted, offer.partner, offer.reason, offer.rate) == (False, "", "No partner there.", None)


def test_a_preview_without_its_wrapper_is_read_too() -> None:
    assert protocol.read_preview(answer(a_preview()["result"])).rate == Decimal("17.5")


def test_a_preview_that_finds_fault_is_no_error() -> None:
    offer = protocol.read_preview(answer({"debtor.countryAlpha2": ["No such country."]}, 400))
    assert not offer.accepted
    assert [one.text for one in offer.required] == ["debtor.countryAlpha2: No such country."]


def test_half_a_preview_may_be_whole_later() -> None:
    bodies: list[Any] = [{}, {"result": None}, {"result": {}}, []]
    for body in bodies:
        with pytest.raises(TryAgainLater):
            protocol.read_preview(answer(body))


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 200, OutcomeUnknown),
        ({"id": None}, 200, OutcomeUnknown),
        ({}, 500, OutcomeUnknown),
        ({}, 408, OutcomeUnknown),
        ({"businessErrors": [{"type": "IdempotencyConflict"}]}, 422, OutcomeUnknown),
        ({}, 409, TryAgainLater),
        ({"error": "MissingUserIdentifier"}, 400, NeedsAttention),
        ({"message": ["Too long."]}, 400, NeedsAttention),
        ({}, 404, NeedsAttention),
        ({}, 401, NeedsAttention),
        ({}, 302, NeedsAttention),
    ],
)
def test_what_an_answer_to_a_message_means(body: Any, status: int, error: type[Remedy]) -> None:
    with pytest.raises(Remedy) as caught:
        protocol.read_sent(answer(body, status))
    assert type(caught.value) is error
