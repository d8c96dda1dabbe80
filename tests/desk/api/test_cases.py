"""Opening cases over HTTP, and asking what would become of one."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal
from typing import Any

import pytest

from arrears.accounts.models import User
from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import Case, PartnerOverride, SigningRequest
from arrears.desk.signatures import token_hash
from tests.desk.api.world import Program, a_case_body, a_program, covering, stored
from tests.desk.builders import sign_everything


def test_a_case_is_opened_and_read_back(program: Program) -> None:
    opened = program.open()
    assert opened["grossAmount"] == opened["remainder"] == Decimal("1200.50")
    assert opened["lifecycle"] == "Pending Verification"
    assert opened["collectionPartner"]["name"] == "Oriel Agency"
    assert opened["debtor"]["type"] == "Company"
    assert (opened["date"], opened["dueDate"]) == ("2026-07-01T00:00:00Z", "2026-07-31T00:00:00Z")
    assert opened["dateCreated"] == "2026-11-22T12:00:00Z"
    assert opened["preLegalSuccessFee"] == Decimal("9.5")
    assert program.get(f"/cases/{opened['id']}") == opened
    assert program.get(f"/cases/case-reference/{opened['reference'].lower()}") == opened
    assert program.get("/cases/by-creditor-reference/INV-1001") == opened


def test_a_creditors_reference_may_hold_a_slash(program: Program) -> None:
    program.open(creditorReference="INV/2026/1")
    assert program.get("/cases/by-creditor-reference/INV%2F2026%2F1")["creditorReference"] == "INV/2026/1"


@pytest.mark.parametrize("amount", ["0.07", "1234.56", "9007199254740993.11", "99999999999999.99"])
def test_an_amount_is_exact_to_the_penny_there_and_back(program: Program, amount: str) -> None:
    body = a_case_body()
    del body["amountToRecover"]
    text = f'{{"amountToRecover": {amount}, {_inside(body)}}}'
    answer = program.ask("POST", "/cases", text)
    if Decimal(amount) >= Decimal("1e15"):
        assert answer.status == 400
        return
    assert f'"grossAmount":{amount}'.encode() in answer.content
    assert stored(answer.body).principal == Decimal(amount)


def _inside(body: dict[str, Any]) -> str:
    return json.dumps(body)[1:-1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"currencyCode": "XYZ"}, "currencyCode"),
        ({"currencyCode": None}, "currencyCode"),
        ({"date": "2026-11-23"}, "date"),
        ({"date": None}, "date"),
        ({"dueDate": "2026-06-30"}, "dueDate"),
        ({"dueDate": "2026-11-23"}, "dueDate"),
        ({"amountToRecover": 0}, "amountToRecover"),
        ({"amountToRecover": -5}, "amountToRecover"),
        ({"amountToRecover": None}, "amountToRecover"),
        ({"amountToRecover": 10.005}, "amountToRecover"),
        ({"currencyCode": "JPY", "amountToRecover": 10.5}, "amountToRecover"),
        ({"debtor": {"type": "Dog"}}, "debtor.type"),
        ({"debtor": {"name": " "}}, "debtor.name"),
        ({"debtor": {"countryAlpha2": "XX"}}, "debtor.countryAlpha2"),
        ({"debtor": {"countryAlpha2": None, "country": "Nowhere"}}, "debtor.country"),
        ({"debtor": {"countryAlpha2": "US", "state": "California"}}, "debtor.stateAlpha2"),
        ({"creditorReference": "x" * 51}, "creditorReference"),
        ({"claimDescription": "x" * 4001}, "claimDescription"),
        ({"comments": "x" * 4001}, "comments"),
        ({"tag": "x" * 101}, "tag"),
        ({"creditorDivisionId": str(uuid.uuid4())}, "creditorDivisionId"),
        ({"collectionPartnerId": str(uuid.uuid4())}, "collectionPartnerId"),
        ({"amountToRecoverOver12Months": 100}, "amountToRecoverOver24Months"),
        ({"amountToRecoverOver6Months": 100}, "amountToRecoverOver12Months"),
        (
            {"amountToRecoverOver12Months": 100, "amountToRecoverOver24Months": 101},
            "amountToRecoverOver24Months",
        ),
        (
            {"amountToRecoverOver12Months": 1201, "amountToRecoverOver24Months": 0},
            "amountToRecoverOver6Months",
        ),
        (
            {"amountToRecoverOver12Months": -1, "amountToRecoverOver24Months": -1},
            "amountToRecoverOver6Months",
        ),
    ],
)
def test_a_field_that_cannot_be_accepted_is_named_with_what_is_wrong(
    program: Program, changes: dict[str, Any], field: str
) -> None:
    answer = program.post("/cases", a_case_body(**changes), status=400)
    assert field in answer
    assert not Case.objects.exists()


def test_all_complaints_come_at_once(program: Program) -> None:
    answer = program.post("/cases", {"currencyCode": "no", "debtor": {}}, status=400)
    assert {"currencyCode", "amountToRecover", "date", "debtor.name", "debtor.type"} <= set(answer)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"amountToRecover": "12"}, "amountToRecover"),
        ({"amountToRecover": True}, "amountToRecover"),
        ({"date": "last week"}, "date"),
        ({"isTest": "yes"}, "isTest"),
        ({"debtor": {"name": 5}}, "debtor.name"),
        ({"collectionPartnerId": "abc"}, "collectionPartnerId"),
        ({"comments": "a\x00b"}, "comments"),
    ],
)
def test_a_value_of_the_wrong_type_is_a_problem(
    program: Program, changes: dict[str, Any], named: str
) -> None:
    answer = program.ask("POST", "/cases", a_case_body(**changes))
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert named in answer.body["errors"]


@pytest.mark.parametrize("body", ["{", "[]", "", "nonsense", '{"date": NaN}', "[" * 100_000, b"\xff"])
def test_what_is_not_json_is_a_problem(program: Program, body: str | bytes) -> None:
    answer = program.ask("POST", "/cases", body)
    assert answer.status == 400
    assert answer.body["status"] == 400


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("text/json", 200),
        ("application/json-patch+json", 200),
        ("application/vnd.acme+json; charset=utf-8", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ],
)
def test_json_is_taken_under_every_name_in_the_contract(
    program: Program, content_type: str, status: int
) -> None:
    assert program.ask("POST", "/cases", a_case_body(), content_type=content_type).status == status


def test_names_of_fields_may_be_in_any_capitals(program: Program) -> None:
    body = {name[0].upper() + name[1:]: value for name, value in a_case_body().items()}
    assert program.post("/cases", body)["creditorReference"] == "INV-1001"


@pytest.mark.parametrize(
    ("told", "shown"), [("Private", "Private"), ("person", "Private"), ("COMPANY", "Company")]
)
def test_a_private_debtor_may_be_called_person(program: Program, told: str, shown: str) -> None:
    assert program.open(debtor={"type": told})["debtor"]["type"] == shown


def test_a_second_case_under_one_reference_is_refused(program: Program) -> None:
    program.open()
    answer = program.post("/cases", a_case_body(), status=422)
    assert [error["type"] for error in answer["businessErrors"]] == ["DuplicateCreditorReference"]
    assert Case.objects.count() == 1


def test_without_a_partner_there_is_no_case(program: Program) -> None:
    answer = program.post("/cases", a_case_body(debtor={"countryAlpha2": "FR"}), status=422)
    assert [error["type"] for error in answer["businessErrors"]] == ["NoPartnerAvailable"]
    assert not Case.objects.exists()


def test_a_blocked_creditor_opens_no_case(program: Program) -> None:
    program.creditor.blocked_because = "The business review is missing."
    program.creditor.save()
    answer = program.post("/cases", a_case_body(), status=422)
    assert answer["businessErrors"][0]["type"] == "CreditorBlocked"


def test_what_must_be_signed_first_is_said_with_where_to_sign_it(db: None) -> None:
    covering("GB")
    program = a_program(signed=False)
    seed_agreements()
    answer = program.post("/cases", a_case_body(returnUrl="https://shop.example/done"), status=422)
    types = [error["type"] for error in answer["businessErrors"]]
    assert types == ["MissingDebtCollectionContract", "MissingPowerOfAttorney"]
    _leads_to_signing(program, answer["signingHandoff"]["combinedSigningUrl"])

    waiting = program.post("/cases", a_case_body(allowPendingContracts=True, returnUrl="//evil"))
    assert waiting["lifecycle"] == "Pending contract signing"
    _leads_to_signing(program, waiting["signingHandoff"]["combinedSigningUrl"])
    status = program.get(f"/cases/{waiting['id']}/contract-status")
    assert not status["sdca"]["signed"]
    assert status["sdca"]["solutionUrl"]
    assert status["needsPoaSigning"]
    assert not program.get("/contracts/debt-collection/status")["signed"]


def _leads_to_signing(program: Program, link: str) -> None:
    """Also after a refusal, which has taken back everything that was written for it."""
    path = link.removeprefix("https://desk.example")
    target = program.client.get(path).headers["Location"]
    assert target.startswith("https://desk.example/sign/")
    token = target.rstrip("/").rpartition("/")[2]
    assert SigningRequest.objects.filter(token_hash=token_hash(token)).exists()


def test_a_partner_of_ones_own_choice_gets_the_case(program: Program) -> None:
    other = covering("GB", name="Zeta Agency")
    sign_everything(program.creditor)
    opened = program.open(collectionPartnerId=str(other.public_id))
    assert opened["collectionPartner"]["name"] == "Zeta Agency"
    assert not PartnerOverride.objects.exists()


def test_a_case_can_be_given_to_a_member_of_the_team_and_to_nobody_else(program: Program) -> None:
    opened = program.open(assignedUserEmail="CAROL@acme.example")
    assert opened["assignedUser"] == {"email": "carol@acme.example", "name": "Carol Creditor"}
    User.objects.create_user("mallory@other.example")
    body = a_case_body(assignedUserEmail="mallory@other.example", creditorReference="2")
    assert program.post("/cases", body, status=422)["businessErrors"][0]["type"] == "InvalidUserEmail"


def test_age_is_told_by_amounts_or_by_the_due_date(program: Program) -> None:
    aged = program.open(
        amountToRecover=1000,
        amountToRecoverOver12Months=600,
        amountToRecoverOver24Months=300,
        dueDate=None,
    )
    # (300 × 8 + 300 × 15) / 1,000
    assert aged["blendedAgeUpliftPoints"] == Decimal("6.9")
    assert aged["preLegalSuccessFee"] == Decimal("16.4")
    old = program.open(creditorReference="2", date="2025-01-01", dueDate="2025-02-01")
    assert old["blendedAgeUpliftPoints"] is None
    assert old["preLegalSuccessFee"] == Decimal("17.5")


def test_a_preview_says_what_would_happen_and_opens_nothing(program: Program) -> None:
    body = {
        "amountToRecover": 1000,
        "currencyCode": "GBP",
        "debtor": {"type": "Company", "countryAlpha2": "GB"},
        "dueDate": "2025-01-31",
    }
    result = program.post("/cases/preview", body)["result"]
    assert result["isEligible"]
    assert result["partnerAssignment"]["partnerName"] == "Oriel Agency"
    assert result["pricingPreview"]["ageSurchargePercentage"] == Decimal(8)
    assert result["pricingPreview"]["totalSuccessFeePercentage"] == Decimal("17.5")
    assert result["requiredActions"] == []
    assert result["jurisdiction"]["name"] == "United Kingdom"
    nobody = program.post(
        "/cases/preview", body | {"debtor": {"type": "Private", "countryAlpha2": "US", "stateAlpha2": "CA"}}
    )
    assert not nobody["result"]["isEligible"]
    assert nobody["result"]["ineligibilityReason"]
    assert nobody["result"]["jurisdiction"]["name"] == "United States - California"
    both = body | {"amountToRecoverOver12Months": 1, "amountToRecoverOver24Months": 1}
    assert "dueDate" in program.post("/cases/preview", both, status=400)
    assert not Case.objects.exists()
