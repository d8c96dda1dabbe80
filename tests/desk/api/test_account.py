"""The account, divisions, coverage, webhooks and test helpers over HTTP."""

from __future__ import annotations

import base64
import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from arrears.core.country import COUNTRIES, JURISDICTIONS
from arrears.desk.api.labels import place_number
from arrears.desk.models import Case, Delivery, Webhook
from arrears.ports import Reply
from tests.desk.api.world import Adapters, Program, a_case_body, a_program, covering
from tests.desk.builders import a_case

NORTH = {"companyName": "North", "city": "Leeds", "countryCode": "GB", "officeEmail": "north@acme.example"}
URL = "https://hooks.example/arrears"


def test_a_key_tells_whose_it_is(program: Program) -> None:
    assert program.get("/me")["companyName"] == "Acme Suppliers"


def test_a_team_comes_in_pages_of_fifty(program: Program) -> None:
    assert program.get("/users")["page"]["pageSize"] == 50
    program.get("/users?PageSize=101", 400)


# --- Divisions ----------------------------------------------------------------------------------------------


def test_a_division_lives_and_is_archived_for_good(program: Program) -> None:
    made = program.post("/divisions", NORTH, 201)
    path = f"/divisions/{made['id']}"
    assert program.get(path) == made
    changed = program.ask("PUT", path, NORTH | {"companyName": "South"}).body
    assert (changed["companyName"], changed["officePhone"]) == ("South", None)
    assert [one["companyName"] for one in program.get("/divisions")["divisions"]] == ["South"]
    opened = program.open(creditorDivisionId=made["id"])
    assert opened["creditorDivisionId"] == opened["creditor"]["division"]["id"] == made["id"]
    assert program.get(f"/cases?DivisionIds={made['id']}")["page"]["totalResults"] == 1
    in_use = program.ask("DELETE", path)
    assert (in_use.status, in_use.body["businessErrors"][0]["type"]) == (422, "DivisionInUse")
    assert program.post(f"{path}:archive")["isArchived"]
    assert program.ask("POST", f"{path}/archive").status == 422
    assert program.get("/divisions")["divisions"] == []
    assert len(program.get("/divisions?includeArchived=true")["divisions"]) == 1
    assert "creditorDivisionId" in program.post(
        "/cases", a_case_body(creditorDivisionId=made["id"], creditorReference="2"), 400
    )
    unused = program.post("/divisions", NORTH, 201)
    assert program.ask("DELETE", f"/divisions/{unused['id']}").status == 204
    program.get(f"/divisions/{unused['id']}", 404)


def test_another_creditors_division_is_not_there(program: Program) -> None:
    made = program.post("/divisions", NORTH, 201)
    other = a_program("Other Ltd")
    path = f"/divisions/{made['id']}"
    asks = (
        ("GET", path, None),
        ("PUT", path, NORTH),
        ("DELETE", path, None),
        ("POST", f"{path}/archive", None),
    )
    for method, address, body in asks:
        assert other.ask(method, address, body).status == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"companyName": ""}, "companyName"), ({"city": None}, "city"), ({"countryCode": "XX"}, "countryCode"),
     ({"officeEmail": "nobody"}, "officeEmail"), ({"registrationNumber": "x" * 51}, "registrationNumber")],
)  # fmt: skip
def test_a_division_needs_its_fields(program: Program, changes: dict[str, str], field: str) -> None:
    assert field in program.post("/divisions", NORTH | changes, 400)


# --- Coverage -----------------------------------------------------------------------------------------------


def test_places_have_numbers_of_their_own_that_never_change() -> None:
    codes = {*JURISDICTIONS, *COUNTRIES}
    assert len({place_number(code) for code in codes}) == len(codes)
    assert (place_number("GB"), place_number("US-CA"), place_number("DK")) == (158, 1053, 89)


@given(st.sampled_from(sorted(COUNTRIES)))
def test_a_countrys_number_says_its_letters(code: str) -> None:
    first, second = divmod(place_number(code) - 1, 26)
    assert chr(65 + first) + chr(65 + second) == code


def test_coverage_is_told_place_by_place(program: Program) -> None:
    covering("US-CA", name="Golden Agency")
    items = {item["jurisdictionId"]: item for item in program.get("/coverage")}
    assert len(items) == len(JURISDICTIONS)
    (oriel,) = items[158]["partners"]
    assert (oriel["partnerName"], oriel["conditions"], oriel["signed"]) == ("Oriel Agency", "All cases", True)
    (golden,) = items[1053]["partners"]
    assert not golden["signed"]
    assert golden["solutionUrl"]
    one = program.get("/coverage/1053")
    assert (one["jurisdiction"], one["usStateAlpha2"]) == ("United States - California", "CA")
    program.get("/coverage/999999", 404)


def test_eligibility_is_whether_a_partner_takes_it(program: Program) -> None:
    body = {"countryAlpha2": "GB", "debtorType": "Private", "amount": 250.5, "currencyCode": "EUR"}
    told = program.post("/coverage/check-eligibility", body)
    assert told["isEligible"]
    assert told["partner"]["name"] == "Oriel Agency"
    assert told["powerOfAttorneyStatus"]["signed"]
    nobody = program.post("/coverage/check-eligibility", body | {"countryAlpha2": "US", "stateAlpha2": "CA"})
    assert not nobody["isEligible"]
    assert nobody["errorMessage"]
    for wrong in ({"amount": 0}, {"debtorType": "Dog"}, {"currencyCode": "?"}, {"countryAlpha2": "US"}):
        program.post("/coverage/check-eligibility", body | wrong, 400)


def test_a_signed_agreement_can_be_fetched(program: Program) -> None:
    status = program.get("/contracts/debt-collection/status")
    assert (status["signed"], status["requiresResigning"], status["solutionUrl"]) == (True, False, None)
    pdf = program.client.get(status["termsUrl"].removeprefix("https://desk.example"))
    assert pdf.content == b"%PDF-"


# --- Webhooks -----------------------------------------------------------------------------------------------


def test_a_subscription_tells_its_secret_once(program: Program) -> None:
    made = program.post("/webhooks", {"url": URL, "events": ["case.created"]}, 201)
    assert len(base64.b64decode(made["secret"])) == 32
    path = f"/webhooks/{made['id']}"
    assert program.get(path)["secret"] is None
    assert [one["secret"] for one in program.get("/webhooks")] == [None]
    anew = program.ask("PATCH", path, {"regenerateSecret": True}).body["secret"]
    assert anew not in (None, made["secret"])
    off = program.ask("PATCH", path, {"isActive": False, "isTestMode": True}).body
    assert (off["isActive"], off["isTestMode"], off["url"]) == (False, True, URL)
    assert program.ask("PATCH", path, {"events": ["case.closed"]}).status == 400
    assert program.ask("DELETE", path).status == 204
    program.get(path, 404)


def test_a_subscription_needs_a_public_https_address_and_known_events(program: Program) -> None:
    for body, status in (
        ({"url": "http://hooks.example", "events": ["case.created"]}, 400),
        ({"url": "https://10.0.0.1/", "events": ["case.created"]}, 422),
        ({"url": URL, "events": []}, 400),
        ({"url": URL, "events": ["case.dreamt"]}, 422),
        ({"url": URL, "events": "case.created"}, 400),
    ):
        program.post("/webhooks", body, status)
    assert not Webhook.objects.exists()


def test_where_every_server_may_be_told_an_address_without_encryption_will_do(
    program: Program, settings: Settings
) -> None:
    settings.ARREARS_WEBHOOKS_TO = "anywhere"
    made = program.post("/webhooks", {"url": "http://hooks.example", "events": ["case.created"]}, 201)
    assert made["url"] == "http://hooks.example"


def test_events_are_listed_and_replayed(program: Program) -> None:
    program.post("/webhooks", {"url": URL, "events": ["case.created"]}, 201)
    opened = program.open()
    (event,) = program.get(f"/webhooks/events?caseId={opened['id']}")
    assert (event["eventType"], event["deliveredAt"]) == ("case.created", None)
    replayed = program.post(f"/webhooks/events/{event['id']}/replay")
    assert replayed["eventId"] == event["id"]
    assert Delivery.objects.filter(is_replay=True).count() == 1
    assert program.get(f"/webhooks/events?caseId={opened['id']}&since=2026-11-23T00:00:00Z") == []
    program.get("/webhooks/events", 400)
    other = a_program("Other Ltd")
    assert other.get(f"/webhooks/events?caseId={opened['id']}") == []
    assert other.ask("POST", f"/webhooks/events/{event['id']}/replay").status == 404


@pytest.mark.parametrize("verb", ["/test", ":test"])
def test_a_subscription_can_be_tried(program: Program, verb: str) -> None:
    made = program.post("/webhooks", {"url": URL, "events": ["case.created"]}, 201)
    good = program.post(f"/webhooks/{made['id']}{verb}")
    assert (good["success"], good["httpStatusCode"], good["durationMs"]) == (True, 200, 12)
    assert good["testPayload"]["event"] == "case.created"
    Adapters.webhooks.reply = Reply(None, "The server did not answer in time.", "timeout")
    bad = program.post(f"/webhooks/{made['id']}{verb}")
    assert (bad["success"], bad["errorCategory"]) == (False, "TimeoutError")


# --- Test helpers -------------------------------------------------------------------------------------------


def test_a_test_case_is_moved_along_and_removed(program: Program) -> None:
    program.post(
        "/webhooks", {"url": URL, "events": ["case.updated", "case.closed"], "isTestMode": True}, 201
    )
    opened = program.open(isTest=True, tag="run-1")
    path = f"/test/cases/{opened['id']}"
    assert opened["isTestCase"]
    assert program.post(f"{path}/advance", {"to": "Active"}) == {"advanced": True, "state": "Active"}
    assert program.post(f"{path}/advance", {"to": "Active"}) == {"advanced": False, "state": "Active"}
    assert "amount" in program.post(f"{path}/advance", {"to": "Closed:Paid"}, 400)
    paid = {"to": "Closed:Paid", "amount": 1200.5}
    assert program.post(f"{path}/advance", paid) == {"advanced": True, "state": "Closed:Paid"}
    program.post(f"{path}/advance", {"to": "Closed:NoPayment"}, 400)
    program.post(f"{path}/advance", {"to": "Nirvana"}, 400)
    case = program.get(f"/cases/{opened['id']}")
    assert (case["closeCode"], case["remainder"]) == ("Paid", Decimal("0.00"))
    fired = program.post("/test/webhooks/fire", {"caseId": opened["id"], "event": "case.closed"})
    assert fired["enqueuedCount"] == 1
    chat = {"caseId": opened["id"], "event": "chat.created"}
    program.post("/test/webhooks/fire", chat, 422)
    program.post("/test/webhooks/fire", chat | {"event": "x"}, 400)
    program.post("/test/webhooks/fire", chat | {"caseId": str(uuid.uuid4())}, 404)
    program.post(
        "/test/webhooks/fire", chat | {"event": "case.closed", "subscriptionId": str(uuid.uuid4())}, 400
    )
    assert program.ask("DELETE", path).status == 204
    assert program.ask("DELETE", path).status == 204
    assert not Case.objects.exists()


def test_test_cases_are_removed_by_tag_all_or_none(program: Program) -> None:
    program.open(isTest=True, tag="run-1")
    real = a_case(creditor=program.creditor, tag="run-1")
    assert program.ask("DELETE", "/test/cases?tag=run-1").status == 400
    assert program.ask("DELETE", f"/test/cases/{real.public_id}").status == 400
    assert Case.objects.count() == 2
    Case.objects.filter(pk=real.pk).update(tag="")
    assert program.ask("DELETE", "/test/cases?tag=run-1").status == 204
    assert program.ask("DELETE", "/test/cases").status == 400
    assert program.post(f"/test/cases/{real.public_id}/advance", {"to": "Active"}, 400)
    assert list(Case.objects.all()) == [real]
