"""Who may call, how often, and what a request twice under one key does."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from arrears.accounts.api_keys import make_key, revoke_key
from arrears.accounts.models import ApiKey
from arrears.desk.api.purge import purge
from arrears.desk.models import Case, Division, RequestCount, StoredAnswer
from tests.desk.api.world import Adapters, Answered, Program, a_case_body, a_program, covering
from tests.desk.builders import NOON, an_organisation


def test_unknown_revoked_and_foreign_keys_get_one_and_the_same_answer(program: Program) -> None:
    partner = an_organisation("Agency", kind="partner")
    _, theirs = make_key(partner, "k", "t", NOON)
    mine = ApiKey.objects.get(organisation=program.creditor)
    revoke_key(program.creditor.pk, mine.pk, NOON)
    keys = [program.key, theirs.get_secret_value(), "arr_unknown", "", "x" * 5000]
    answers = {program.ask("GET", "/me", key=key).content for key in keys}
    assert len(answers) == 1
    assert program.ask("GET", "/cases").status == 401
    assert program.ask("GET", "/nowhere").status == 401


def test_a_session_is_no_key_and_a_post_needs_no_token_of_a_form(program: Program) -> None:
    program.client.force_login(program.creditor.members.get())
    assert program.ask("GET", "/me", key="").status == 401
    program.client.handler.enforce_csrf_checks = True
    assert program.open()["id"]
    assert not program.client.cookies.get("csrftoken")


def test_an_address_that_is_not_there_is_answered_like_an_id_that_is_not(program: Program) -> None:
    assert program.get("/nowhere", 404)["businessErrors"][0]["type"] == "NotFound"


def test_a_fault_of_ours_says_nothing_about_itself(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("arrears.desk.api.routes_open.open_case", broken)
    answer = program.ask("POST", "/cases", a_case_body(), headers={"Idempotency-Key": "k"})
    assert answer.status == 500
    assert b"secret" not in answer.content
    assert not StoredAnswer.objects.exists()


def test_a_body_that_is_too_large_is_refused(program: Program, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert program.ask("POST", "/cases", a_case_body(comments="x" * 2000)).status == 413


# --- Idempotency --------------------------------------------------------------------------------------------


def twice(program: Program, path: str, body: object, key: str = "k-1") -> tuple[Answered, Answered]:
    first, second = (program.ask("POST", path, body, headers={"Idempotency-Key": key}) for _ in range(2))
    return first, second


def test_the_same_request_under_one_key_opens_one_case_and_gets_the_same_bytes(program: Program) -> None:
    body = a_case_body(creditorReference=None)
    first, second = twice(program, "/cases", body)
    assert first.status == second.status == 200
    assert first.content == second.content
    assert Case.objects.count() == 1
    program.post("/cases", body)
    assert Case.objects.count() == 2


def test_another_request_under_a_used_key_is_a_conflict(program: Program) -> None:
    key = {"Idempotency-Key": "k-1"}
    program.post("/cases", a_case_body(), headers=key)
    other = program.post("/cases", a_case_body(creditorReference="2"), headers=key, status=422)
    assert other["businessErrors"][0]["type"] == "IdempotencyConflict"
    assert Case.objects.count() == 1


def test_keys_of_two_creditors_and_two_operations_do_not_meet(program: Program) -> None:
    key = {"Idempotency-Key": "k-1"}
    program.post("/cases", a_case_body(), headers=key)
    a_program("Other Ltd").post("/cases", a_case_body(comments="other"), headers=key)
    program.post(
        "/divisions", {"companyName": "North", "city": "Leeds", "countryCode": "GB"}, 201, headers=key
    )
    assert Case.objects.count() == 2


def test_field_errors_are_not_stored_and_the_key_stays_free(program: Program) -> None:
    key = {"Idempotency-Key": "k-1"}
    program.post("/cases", a_case_body(amountToRecover=0), headers=key, status=400)
    assert not StoredAnswer.objects.exists()
    program.post("/cases", a_case_body(), headers=key)


def test_nothing_but_successes_and_refusals_is_stored(program: Program) -> None:
    chat = {"message": "Hello", "userEmail": "nobody@acme.example"}
    missing, _ = twice(program, f"/cases/{uuid.uuid4()}/chats", chat)
    unknown, _ = twice(program, f"/cases/{program.open()['id']}/chats", chat)
    assert (missing.status, unknown.status) == (404, 400)
    assert not StoredAnswer.objects.exists()


def test_a_refusal_is_stored_and_told_again_even_when_it_would_not_be_now(program: Program) -> None:
    body = a_case_body(debtor={"countryAlpha2": "FR"})
    first, second = twice(program, "/cases", body)
    assert (first.status, first.content) == (422, second.content)
    covering("FR")
    again = program.ask("POST", "/cases", body, headers={"Idempotency-Key": "k-1"})
    assert again.content == first.content
    assert not Case.objects.exists()


def test_a_key_that_is_too_long_is_refused(program: Program) -> None:
    long = {"Idempotency-Key": "k" * 256}
    assert "Idempotency-Key" in program.post("/cases", a_case_body(), headers=long, status=400)
    program.post("/cases", a_case_body(), headers={"Idempotency-Key": "k" * 255})


def test_divisions_and_messages_are_made_once_too(program: Program) -> None:
    first, second = twice(program, "/divisions", {"companyName": "N", "city": "Leeds", "countryCode": "GB"})
    assert (first.status, first.content) == (201, second.content)
    assert Division.objects.count() == 1
    case = program.open()
    chat = {"message": "Hello", "userEmail": "carol@acme.example"}
    told, again = twice(program, f"/cases/{case['id']}/chats", chat)
    assert told.content == again.content
    assert len(program.get(f"/cases/{case['id']}/chats")) == 1


@pytest.mark.django_db(transaction=True)
def test_twins_that_arrive_together_open_one_case() -> None:
    covering("GB")
    program = a_program()
    body, answers = a_case_body(creditorReference=None), []

    def ask() -> None:
        twin = Program(program.creditor, program.key)
        answers.append(twin.ask("POST", "/cases", body, headers={"Idempotency-Key": "together"}))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_twin_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arrears.desk.api.idempotency._LONGEST_WAIT", "50ms")
    covering("GB")
    program = a_program()
    got = []

    def ask() -> None:
        got.append(program.ask("POST", "/cases", a_case_body(), headers={"Idempotency-Key": "slow"}))
        connection.close()

    with transaction.atomic():
        StoredAnswer.objects.create(
            organisation=program.creditor, operation="POST /cases", key="slow", answered_at=NOON
        )
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(60)
    assert got[0].status == 409
    assert got[0].body["businessErrors"][0]["type"] == "IdempotencyInFlight"
    assert not Case.objects.exists()


def test_stored_answers_and_counts_go_after_their_time(program: Program) -> None:
    program.post("/cases", a_case_body(), headers={"Idempotency-Key": "k-1"})
    now = Adapters.clock.now()
    purge(now=now + timedelta(days=29))
    assert StoredAnswer.objects.exists()
    assert not RequestCount.objects.exists()
    purge(now=now + timedelta(days=31))
    assert not StoredAnswer.objects.exists()


# --- Limits -------------------------------------------------------------------------------------------------


def test_a_minute_holds_so_many_requests_and_slides(program: Program, settings: Settings) -> None:
    settings.ARREARS_API_PER_MINUTE = 4
    for _ in range(2):
        program.get("/me")
    Adapters.clock.advance(timedelta(seconds=30))
    for _ in range(2):
        program.get("/me")
    refused = program.ask("GET", "/me")
    assert refused.status == 429
    assert refused.body["error"] == "rate_limit_exceeded"
    assert refused.body["retryAfter"] == 30
    assert refused.headers["Retry-After"] == "30"
    Adapters.clock.advance(timedelta(seconds=31))
    for _ in range(2):
        program.get("/me")
    assert program.ask("GET", "/me").status == 429


@pytest.mark.parametrize(("setting", "wait"), [("HOUR", 3600), ("DAY", 12 * 3600)])
def test_an_hour_and_a_day_have_their_limits_too(
    program: Program, settings: Settings, setting: str, wait: int
) -> None:
    setattr(settings, f"ARREARS_API_PER_{setting}", 2)
    for _ in range(2):
        program.get("/me")
    refused = program.ask("GET", "/me")
    assert (refused.status, refused.body["retryAfter"]) == (429, wait)
    Adapters.clock.advance(timedelta(seconds=wait))
    program.get("/me")


def test_refused_requests_do_not_count(program: Program, settings: Settings) -> None:
    settings.ARREARS_API_PER_HOUR = 1
    for _ in range(5):
        program.ask("GET", "/me")
    assert set(RequestCount.objects.values_list("requests", flat=True)) == {1}


def test_one_keys_requests_are_not_anothers(program: Program, settings: Settings) -> None:
    settings.ARREARS_API_PER_MINUTE = 1
    program.get("/me")
    a_program("Other Ltd").get("/me")
    assert program.ask("GET", f"/cases/{uuid.uuid4()}").status == 429
