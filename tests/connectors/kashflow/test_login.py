"""The two steps of the login, without a network."""

from __future__ import annotations

import json

import pytest
from pydantic import SecretStr

from arrears.connectors.kashflow.login import (
    Credentials,
    logout_request,
    password_request,
    read_challenge,
    read_session,
    word_request,
)
from arrears.connectors.retry import Overloaded
from arrears.ports import NeedsAttention, OutcomeUnknown, TryAgainLater
from tests.connectors.kashflow.sample import answer

TEMPORARY = "00000000-0000-4000-8000-000000000002"
TOKEN = "00000000-0000-4000-8000-000000000001"
WORD = SecretStr("Calderdale")


def challenge(*positions: int) -> dict[str, object]:
    asked = [{"Position": position, "Value": ""} for position in positions]
    return {"TemporaryToken": TEMPORARY, "MemorableWordList": asked}


def told(caught: pytest.ExceptionInfo[NeedsAttention]) -> str:
    return caught.value.code


def test_q33_positions_out_of_order_keep_their_letters() -> None:
    request = word_request(read_challenge(answer(challenge(7, 2, 5), 201)), WORD)
    sent = json.loads(request.body)
    assert sent["MemorableWordList"] == [
        {"Position": 7, "Value": "d"},
        {"Position": 2, "Value": "a"},
        {"Position": 5, "Value": "e"},
    ]
    assert sent["TemporaryToken"] == TEMPORARY


def test_a_position_asked_twice_is_answered_twice() -> None:
    request = word_request(read_challenge(answer(challenge(1, 1, 10))), WORD)
    assert [entry["Value"] for entry in json.loads(request.body)["MemorableWordList"]] == ["C", "C", "e"]


def test_a_position_beyond_the_word_sends_nothing() -> None:
    asked = read_challenge(answer(challenge(3, 11, 1)))
    with pytest.raises(NeedsAttention) as caught:
        word_request(asked, WORD)
    assert told(caught) == "memorable_word_too_short"


def test_letters_outside_ascii_count_as_one_each() -> None:
    request = word_request(read_challenge(answer(challenge(2, 4, 1))), SecretStr("çaćé"))
    assert [entry["Value"] for entry in json.loads(request.body)["MemorableWordList"]] == ["a", "é", "ç"]


@pytest.mark.parametrize("positions", [(0, 1, 2), (-1, 1, 2), (1, 2, 3, 4)])
def test_an_undocumented_challenge_is_not_answered(positions: tuple[int, ...]) -> None:
    with pytest.raises(TryAgainLater):
        read_challenge(answer(challenge(*positions)))


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "null", '{"TemporaryToken":"x"}', '{"MemorableWordList":[]}']
)
def test_an_answer_that_makes_no_sense_judges_nothing(body: str) -> None:
    with pytest.raises(OutcomeUnknown):
        read_challenge(answer(body))
    with pytest.raises(OutcomeUnknown):
        read_session(answer(body))


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        ("SubscriptionExpired", "subscription_expired"),
        ("HasTemporaryPassword", "temporary_password"),
        ("IsLockedOut", "account_locked"),
        ("Disabled", "user_disabled"),
    ],
)
def test_q32_a_login_that_succeeds_for_an_unusable_account(flag: str, code: str) -> None:
    with pytest.raises(NeedsAttention) as first:
        read_challenge(answer(challenge(1, 2, 3) | {flag: True}))
    with pytest.raises(NeedsAttention) as second:
        read_session(answer({"SessionToken": TOKEN, flag: True}))
    assert told(first) == told(second) == code
    assert read_session(answer({"SessionToken": TOKEN, flag: False})).token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("status", "error", "step_one", "step_two"),
    [
        (400, "InvalidCredentials", "wrong_credentials", "wrong_memorable_word"),
        (401, "SomethingNew", "wrong_credentials", "wrong_memorable_word"),
        (401, "AccountLocked", "account_locked", "account_locked"),
        (400, "AccountLocked", "account_locked", "account_locked"),
        (400, "PasswordExpired", "password_expired", "password_expired"),
        (401, "APIDisabled", "api_switched_off", "api_switched_off"),
        (403, "IPAddressNotAllowed", "ip_restricted", "ip_restricted"),
        (403, "SubscriptionExpired", "subscription_expired", "subscription_expired"),
        (401, "UserDisabled", "user_disabled", "user_disabled"),
    ],
)
def test_every_refusal_has_its_own_code_and_remedy(
    status: int, error: str, step_one: str, step_two: str
) -> None:
    refused = answer({"Error": error, "Message": "No."}, status)
    with pytest.raises(NeedsAttention) as first:
        read_challenge(refused)
    with pytest.raises(NeedsAttention) as second:
        read_session(refused)
    assert (told(first), told(second)) == (step_one, step_two)
    assert first.value.action.endswith(".")
    assert first.value.url.startswith("https://")


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_of_kashflows_judges_nobody(status: int) -> None:
    with pytest.raises(TryAgainLater):
        read_challenge(answer("<html>down</html>", status))


def test_a_gateway_that_gave_up_waiting_may_have_passed_the_login_on() -> None:
    with pytest.raises(OutcomeUnknown):
        read_session(answer("<html>timeout</html>", 504))


def test_an_sql_timeout_at_the_login_judges_nobody() -> None:
    with pytest.raises(Overloaded):
        read_challenge(answer({"Error": "-2146232060", "Message": "Execution Timeout Expired."}, 400))


def test_a_lapsed_challenge_judges_nobody() -> None:
    with pytest.raises(TryAgainLater):
        read_session(answer({"Error": "InvalidSessionToken", "Message": ""}, 401))


def test_a_refusal_without_a_code_may_have_counted() -> None:
    with pytest.raises(OutcomeUnknown):
        read_challenge(answer("<html>Forbidden</html>", 403))


@pytest.mark.parametrize("token", [TOKEN, TOKEN.replace("-", "")])
def test_a_token_is_read_with_and_without_dashes(token: str) -> None:
    opened = read_session(answer({"SessionToken": token, "CompanyName": " Pennine ", "CompanyId": 50417}))
    assert (opened.token.get_secret_value(), opened.company_name, opened.company_id) == (
        TOKEN,
        "Pennine",
        "50417",
    )


@pytest.mark.parametrize("token", ["", "short", "x" * 36, f"{TOKEN}\r\nX-Evil: 1", None, 7])
def test_what_is_no_token_never_becomes_a_header(token: object) -> None:
    with pytest.raises(OutcomeUnknown):
        read_session(answer({"SessionToken": token}))


def test_no_request_shows_a_secret() -> None:
    asked = read_challenge(answer(challenge(1, 2, 3)))
    opened = read_session(answer({"SessionToken": TOKEN}))
    credentials = Credentials("jo@firm.example", SecretStr("Hunter2!"), WORD)
    shown = repr(
        [
            password_request("jo@firm.example", SecretStr("Hunter2!")),
            word_request(asked, WORD),
            logout_request(opened.token),
            asked,
            opened,
            credentials,
        ]
    )
    for secret in ("Hunter2!", "Calderdale", TOKEN, TEMPORARY, "jo@firm.example"):
        assert secret not in shown


def test_secrets_can_be_fetched_at_the_moment_of_the_login() -> None:
    credentials = Credentials("jo", lambda: SecretStr("Hunter2!"), lambda: SecretStr(" Calderdale\n"))
    password, word = credentials.secrets()
    assert (password.get_secret_value(), word.get_secret_value()) == ("Hunter2!", "Calderdale")


@pytest.mark.parametrize("word", [None, SecretStr("  "), lambda: None])
def test_a_missing_memorable_word_is_asked_for(word: None) -> None:
    with pytest.raises(NeedsAttention) as caught:
        Credentials("jo", SecretStr("Hunter2!"), word).secrets()
    assert told(caught) == "memorable_word_needed"
