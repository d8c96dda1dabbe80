"""What nobody means well by: broken forms, made-up codecs, figures beyond all bounds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.api.world import Program, a_case_body

_FORM = "multipart/form-data; boundary=x"
_NOTE = b'--x\r\nContent-Disposition: form-data; name="File"; filename="note.txt"\r\n\r\nA note.\r\n--x--\r\n'
_BASE64 = _NOTE.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!", 1)
_FIELD = b'--x\r\nContent-Disposition: form-data; name="Description"\r\n\r\nagain\r\n'
_FILE = b'--x\r\nContent-Disposition: form-data; name="Other"; filename="other.txt"\r\n\r\nagain\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", _NOTE),
        ("multipart/form-data; boundary=", _NOTE),
        (_FORM, _BASE64),
        (_FORM, _FIELD * 1500 + _NOTE),
        (_FORM, _FILE * 150 + _NOTE),
    ],
    ids=["no boundary", "empty boundary", "not base64", "too many fields", "too many files"],
)
def test_a_form_that_cannot_be_read_is_the_callers_problem(
    program: Program, content_type: str, body: bytes
) -> None:
    case = program.open()
    answer = program.ask("POST", f"/cases/{case['id']}/files", body, content_type=content_type)
    assert answer.status == 400
    assert list(answer.body["errors"]) == ["$"]


@pytest.mark.parametrize("codec", ["hex", "rot13", "idna", "undefined", "no-such-codec"])
def test_a_form_is_read_as_utf_8_whatever_it_claims(program: Program, codec: str) -> None:
    case = program.open()
    body = _FIELD.replace(b"again", "für später".encode()) + _NOTE
    answer = program.ask("POST", f"/cases/{case['id']}/files", body, content_type=f"{_FORM}; charset={codec}")
    assert (answer.status, answer.body["description"]) == (200, "für später")


def test_a_figure_that_is_too_large_is_told_the_limit_it_broke(program: Program) -> None:
    said = program.post("/cases", a_case_body(amountToRecover=1e15), 400)
    assert said == {
        "amountToRecover": ["The amount to recover must be more than 0, and less than 1,000,000,000,000,000."]
    }
    body = {"countryAlpha2": "GB", "debtorType": "Company", "amount": 1e15, "currencyCode": "GBP"}
    said = program.post("/coverage/check-eligibility", body, 400)
    assert said == {"amount": ["The amount must be from 0.01 to less than 1,000,000,000,000,000."]}
    assert program.get("/cases?Page=1000001", 400) == {"page": ["Page must be from 1 to 1,000,000."]}


def test_no_answer_is_cached_framed_guessed_at_or_told_to_other_sites(program: Program) -> None:
    case = program.open()
    url = program.upload(case["id"], "note.txt", b"A note.").body["url"]
    origin = {"Origin": "https://elsewhere.example"}
    answers: list[Any] = [
        program.client.get(url.removeprefix("https://desk.example"), headers=origin),
        program.ask("GET", f"/cases/{case['id']}", headers=origin),
        program.ask("GET", "/cases?Page=0", headers=origin),
        program.ask("GET", "/me", headers=origin, key="arr_unknown"),
        program.client.options("/api/customer/cases", headers=origin),
    ]
    for answer in answers:
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
