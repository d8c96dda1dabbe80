"""What each answer to a new case means: the table, row by row."""

from __future__ import annotations

from typing import Any

import pytest

from arrears.connectors.debitura.opened import read_opened
from arrears.connectors.message import Response
from arrears.ports import (
    Answer,
    NeedsAttention,
    Opened,
    OutcomeUnknown,
    Required,
)
from tests.connectors.debitura.scripted import a_case, answer

ENVELOPE = {"error": "Bad", "message": "No."}


def read(response: Response, *, test: bool = False) -> Opened:
    return read_opened(response, "AR-1", test=test)


@pytest.mark.parametrize("status", [200, 201])
def test_a_case_with_our_reference_is_opened(status: int) -> None:
    opened = read(answer(a_case(signingHandoff={"combinedSigningUrl": "https://sign.example/1"}), status))
    assert opened.answer is Answer.OPENED
    assert opened.case is not None
    assert opened.case.signing_url == "https://sign.example/1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>ok</html>",
        b'{"id": "1", "credit',
        b"null",
        b"[]",
        {},
        a_case(id=None),
        a_case(id="../evil"),
        a_case(grossAmount=None),
        a_case(remainder="much"),
        a_case(dateCreated=None, dateUpdated=None),
        a_case(currency="?"),
        a_case(creditorReference="AR-2"),
        a_case(creditorReference="ar-1"),
        a_case(creditorReference=None),
        a_case(isTestCase=True),
    ],
)
def test_a_success_that_is_unreadable_partial_or_foreign_is_not_known(body: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        read(answer(body))


def test_a_real_case_for_a_test_is_not_known() -> None:
    with pytest.raises(OutcomeUnknown):
        read(answer(a_case()), test=True)
    assert read(answer(a_case(isTestCase=True)), test=True).answer is Answer.OPENED


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({"debtor.type": ["Must be Company or Private."]}, ("debtor.type: Must be Company or Private.",)),
        ({"date": ["In the future.", "Too old."]}, ("date: In the future.", "date: Too old.")),
        (
            {"type": "https://x", "title": "Bad", "status": 400, "errors": {"$.date": ["Not a date."]}},
            ("$.date: Not a date.",),
        ),
        ({"businessErrors": [{"type": "UnknownCurrency", "message": "No such money."}]}, ("No such money.",)),
        (
            {"error": "Bad request", "message": "The amount is not positive."},
            ("The amount is not positive.",),
        ),
        (
            {"title": "One or more validation errors occurred.", "status": 400},
            ("One or more validation errors occurred.",),
        ),
    ],
)
def test_400_is_refused_with_the_reasons(body: Any, messages: tuple[str, ...]) -> None:
    opened = read(answer(body, 400))
    assert (opened.answer, opened.messages) == (Answer.REFUSED, messages)


@pytest.mark.parametrize("body", [b"", b"<html>", {}, [], 7, {"errors": 3}, {"businessErrors": "x"}])
@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_a_refusal_without_a_reason_still_gets_a_sentence(body: Any, status: int) -> None:
    opened = read(answer(body, status))
    assert opened.answer is (Answer.MUST_ACT if status == 422 else Answer.REFUSED)
    assert len(opened.messages) == 1
    assert f"HTTP {status}" in opened.messages[0]


@pytest.mark.parametrize("status", [400, 409, 422])
@pytest.mark.parametrize(
    "code",
    [
        "DuplicateReference",
        "DuplicateCreditorReference",
        "duplicate_creditor_reference",
        "IdempotencyConflict",
    ],
)
@pytest.mark.parametrize("shape", ["envelope", "legacy", "field"])
def test_a_taken_reference_in_any_spelling_is_a_duplicate(status: int, code: str, shape: str) -> None:
    shapes: dict[str, dict[str, Any]] = {
        "envelope": {"businessErrors": [{"type": "Other"}, {"type": code, "message": "Taken."}]},
        "legacy": {"error": code, "message": "Taken."},
        "field": {code: ["Taken."]},
    }
    assert read(answer(shapes[shape], status)).answer is Answer.DUPLICATE


def test_other_422_says_what_to_do_first_and_where() -> None:
    errors = [
        {"type": "MissingPowerOfAttorney", "message": "Sign it.", "solutionUrl": "https://sign.example/poa"},
        {"type": "MissingKycVerification", "message": "Who are you?", "solutionUrl": "javascript:alert(1)"},
        {"type": "CreditorBlocked", "message": None, "solutionUrl": None},
    ]
    handoff = {"combinedSigningUrl": "https://sign.example/all"}
    opened = read(answer({"businessErrors": errors, "signingHandoff": handoff}, 422))
    assert opened.answer is Answer.MUST_ACT
    assert opened.required == (
        Required("MissingPowerOfAttorney", "Sign it.", "https://sign.example/poa", blocking=False),
        Required("MissingKycVerification", "Who are you?", "", blocking=True),
        Required(
            "CreditorBlocked", "Debitura asks for something first (CreditorBlocked).", "", blocking=True
        ),
    )
    assert opened.messages == ("Sign it.", "Who are you?")
    assert opened.signing_url == "https://sign.example/all"


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "key_rejected"), (403, "key_not_permitted"), (301, "redirected"), (307, "redirected")],
)
def test_what_stops_the_connection(status: int, code: str) -> None:
    with pytest.raises(NeedsAttention) as caught:
        read(answer(ENVELOPE, status))
    assert caught.value.code == code


def test_after_409_nobody_knows_what_the_twin_at_work_comes_to() -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        read(answer({"error": "IdempotencyInFlight"}, 409))
    assert not caught.value.answered  # the next answer may well be another one


@pytest.mark.parametrize("status", [413, 415])
def test_too_large_or_of_the_wrong_type_is_refused(status: int) -> None:
    assert read(answer(ENVELOPE, status)).answer is Answer.REFUSED


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 404, 405, 410, 418])
def test_anything_else_is_not_known_though_there_was_an_answer(status: int) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        read(answer(ENVELOPE, status))
    assert caught.value.answered


def test_a_flood_of_messages_is_cut() -> None:
    body = {f"field{number}": ["x" * 5000] for number in range(500)}
    opened = read(answer(body, 400))
    assert len(opened.messages) == 20
    assert all(len(message) <= 500 for message in opened.messages)
