"""What the stand-in answers when nothing is wrong, held against the published contract."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.debitura.asking import a_body, ask, open_case, read
from tests.debitura.contract_document import faults_of, operation_of
from tests.debitura.server import FakeDebitura
from tests.desk.api import contract


def price(fake: FakeDebitura, amount: int, due: str | None = "2026-07-31", **debtor: Any) -> dict[str, Any]:
    """The result of a preview for a claim in dollars."""
    sent = {"type": "Company", "countryAlpha2": "GB", **debtor}
    body = {"amountToRecover": amount, "currencyCode": "USD", "dueDate": due, "debtor": sent}
    answer = ask(fake, "POST", "/cases/preview", body)
    assert answer.status == 200
    shown: dict[str, Any] = read(answer)["result"]
    return shown


@pytest.mark.parametrize(
    ("amount", "country", "points"),
    [
        (999, "GB", 20),
        (1_000, "DE", 9.5),
        (150_000, "FR", 6),
        (999, "AU", 30),
        (1_000, "AU", 18),
        (8_000, "AU", 15),
    ],
)
def test_prices_are_those_of_the_table(amount: int, country: str, points: float) -> None:
    result = price(FakeDebitura(), amount, countryAlpha2=country)
    assert result["pricingPreview"]["totalSuccessFeePercentage"] == points
    assert result["partnerAssignment"]["partnerName"]


@pytest.mark.parametrize(
    ("due", "points"), [("2025-11-22", 0), ("2025-11-21", 8), ("2024-11-22", 8), ("2024-11-21", 15)]
)
def test_old_claims_cost_more(due: str, points: int) -> None:
    assert price(FakeDebitura(), 5_000, due)["pricingPreview"]["ageSurchargePercentage"] == points


def test_a_claim_of_several_ages_is_blended() -> None:
    parts = {"amountToRecoverOver12Months": 30_000, "amountToRecoverOver24Months": 15_000}
    body = a_body(amountToRecover=50_000, currencyCode="USD", dueDate=None) | parts
    case = read(ask(FakeDebitura(), "POST", "/cases", body))
    assert (case["blendedAgeUpliftPoints"], case["preLegalSuccessFee"]) == (6.9, 16.4)


def test_what_stands_in_the_way_is_told_before_and_refused_or_waited_for() -> None:
    fake = FakeDebitura()
    fake.account.signed = False
    fake.account.unsigned.add("Oriel Collections Limited")
    kinds = [one["type"] for one in price(fake, 500)["requiredActions"]]
    assert kinds == ["MissingDebtCollectionContract", "MissingPowerOfAttorney"]
    assert ask(fake, "POST", "/cases", a_body()).status == 422
    case = open_case(fake, allowPendingContracts=True)
    assert case["lifecycle"] == "Pending contract signing"
    fake.sign(fake.account)
    assert read(ask(fake, "GET", f"/cases/{case['id']}"))["lifecycle"] == "Pending Verification Internal"


def test_who_must_be_known_first_cannot_wait() -> None:
    fake = FakeDebitura()
    fake.account.kyc_partners.add("Oriel Collections Limited")
    refusal = ask(fake, "POST", "/cases", a_body(allowPendingContracts=True))
    assert read(refusal)["businessErrors"][0]["type"] == "MissingKycVerification"


def test_a_country_without_a_partner_is_not_covered() -> None:
    fake = FakeDebitura()
    result = price(fake, 500, countryAlpha2="AQ")
    assert (result["isEligible"], result["partnerAssignment"], result["pricingPreview"]) == (
        False,
        None,
        None,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"currencyCode": "ABC"},
        {"amountToRecover": 0},
        {"amountToRecover": "500"},
        {"date": "2026-11-23"},
        {"dueDate": "2026-06-30"},
        {"creditorReference": "x" * 51},
        {"debtor": {"type": "Company", "name": " ", "countryAlpha2": "GB"}},
        {"debtor": {"type": "Company", "name": "Acme", "countryAlpha2": "ZZ"}},
        {"debtor": {"type": "Company", "name": "Acme", "countryAlpha2": "US"}},
        {"amountToRecoverOver12Months": 5},
    ],
)
def test_unusable_data_is_refused_by_field(changes: dict[str, Any]) -> None:
    fake = FakeDebitura()
    refusal = ask(fake, "POST", "/cases", a_body(**changes))
    assert refusal.status == 400
    assert all(isinstance(text, list) for text in read(refusal).values())
    assert fake.ledger.committed == []


def test_lists_are_paged_sorted_and_do_not_mind_unknown_sorts() -> None:
    fake = FakeDebitura()
    for number in range(3):
        open_case(fake, f"AR-{number}")
        fake.clock.advance(timedelta(seconds=1))
    fake.pay("AR-0", "1")

    def listed(query: str) -> list[str]:
        return [case["creditorReference"] for case in read(ask(fake, "GET", f"/cases?{query}"))["cases"]]

    assert listed("Sort=DateCreated:desc&PageSize=2") == ["AR-2", "AR-1"]
    assert listed("Sort=DateCreated:desc&PageSize=2&Page=2") == ["AR-0"]
    assert listed("Sort=DateUpdated:desc") == ["AR-0", "AR-2", "AR-1"]
    assert listed("Sort=Nonsense:asc") == ["AR-2", "AR-1", "AR-0"]
    fake.move("AR-1", "Active")
    assert listed("Statuses=Active&Statuses=Paused") == ["AR-1"]


def test_merged_principal_and_payments_add_up() -> None:
    fake = FakeDebitura()
    open_case(fake, "AR-1", amountToRecover=100)
    open_case(fake, "AR-2", amountToRecover=50)
    fake.charge("AR-1", interest="7.5")
    fake.merge("AR-2", into="AR-1")
    fake.pay("AR-1", "57.5")
    winner, loser = fake.case("AR-1"), fake.case("AR-2")
    assert (winner.principal, winner.remainder, loser.state) == (Decimal(150), Decimal(100), "Merged")


def test_test_cases_are_advanced_and_removed_by_tag() -> None:
    fake = FakeDebitura()
    case = open_case(fake, isTest=True, tag="t")
    path = f"/test/cases/{case['id']}/advance"
    assert read(ask(fake, "POST", path, {"to": "Closed:Paid", "amount": 500}))["advanced"] is True
    assert read(ask(fake, "GET", f"/cases/{case['id']}"))["closeCode"] == "Paid"
    assert read(ask(fake, "POST", path, {"to": "Closed:Paid", "amount": 500}))["advanced"] is False
    real = open_case(fake, "AR-2", tag="t")
    assert ask(fake, "DELETE", "/test/cases?tag=t").status == 400
    fake.delete(real["id"])
    assert ask(fake, "DELETE", "/test/cases?tag=t").status == 204
    assert ask(fake, "GET", f"/cases/{case['id']}").status == 404


def test_every_answer_keeps_to_the_contract() -> None:
    """Except that objects which are not there are null, as the real one has it."""
    if not contract.is_here():
        pytest.skip("The published contract does not lie beside the tree.")
    fake = FakeDebitura()
    fake.hooks.public_only = False
    ask(fake, "POST", "/webhooks", {"url": "https://a.example/", "events": ["case.updated"]})
    case = open_case(fake)
    fake.accept("AR-1")
    fake.pay("AR-1", "20.01")
    fake.ask_about("AR-1", "Who signed it?")
    quote = fake.quote("AR-1")
    ask(fake, "POST", f"/cases/{case['id']}/chats", {"message": "The director."})
    lead = f"quote-requests/{quote['quoteRequestId']}"
    below = "timeline chats files payments tasks validation contract-status exclusive-period quote-requests"
    paths = [f"/cases/{case['id']}/{part}" for part in [*below.split(" "), lead, f"{lead}/quotes"]]
    paths += [
        f"/cases/{case['id']}/{lead}/quotes/{quote['quoteId']}",
        f"/webhooks/events?caseId={case['id']}",
    ]
    paths += [
        "/cases",
        f"/cases/{case['id']}",
        "/cases/by-creditor-reference/AR-1",
        "/me",
        "/users",
        "/tasks",
    ]
    paths += ["/divisions", "/Payments", "/contracts/debt-collection/status", "/webhooks"]
    for path in paths:
        answer = ask(fake, "GET", path)
        operation, _ = operation_of("GET", path.partition("?")[0])
        assert operation is not None, path
        status, schema = operation.success
        assert answer.status == status, path
        assert schema is not None, path
        faults = [one.what for one in faults_of(schema, read(answer))]
        assert all("null is not of type" in fault for fault in faults), (path, faults)
