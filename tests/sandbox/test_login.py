"""Login in two steps: what opens a session, what closes it, and what the account's state does to it."""

import pytest

from arrears.sandbox.client import Sandbox
from tests.sandbox.caller import Caller


def test_the_right_password_and_characters_open_a_session(outsider: Caller) -> None:
    first = outsider.first_step()
    second = outsider.second_step(first.json)
    outsider.token = second.json["SessionToken"]

    assert (first.status, second.status) == (201, 200)
    assert second.json["CompanyName"] == "Pennine Fasteners Ltd"
    assert outsider.get("/settings/companydetails").json["CompanyId"] == second.json["CompanyId"]


def test_three_positions_from_one_are_asked_out_of_order_and_afresh_each_time(outsider: Caller) -> None:
    word = outsider.sandbox.credentials["memorable_word"]
    asked = []
    for _ in range(12):
        listed = outsider.first_step().json["MemorableWordList"]
        asked.append(tuple(entry["Position"] for entry in listed))
        assert [entry["Value"] for entry in listed] == ["", "", ""]

    assert len(set(asked)) > 1
    for positions in asked:
        assert len(set(positions)) == 3
        assert all(1 <= position <= len(word) for position in positions)
        assert list(positions) != sorted(positions)


def test_the_case_of_the_characters_does_not_matter(outsider: Caller) -> None:
    word = outsider.sandbox.credentials["memorable_word"]

    for changed in (word.upper(), word.lower()):
        assert outsider.second_step(outsider.first_step().json, changed).status == 200


def test_property_names_of_the_request_bind_in_any_case(outsider: Caller) -> None:
    known = outsider.sandbox.credentials
    body = {"username": known["username"], "PASSWORD": known["password"]}

    assert outsider.call("POST", "/sessiontoken", body).status == 201


def test_a_wrong_password_is_refused_and_counted(outsider: Caller) -> None:
    refused = outsider.first_step("wrong")

    assert (refused.status, refused.code) == (400, "InvalidCredentials")
    assert [(entry["step"], entry["right"]) for entry in outsider.sandbox.logins()] == [("password", False)]


def test_wrong_characters_are_refused_and_counted(outsider: Caller) -> None:
    refused = outsider.second_step(outsider.first_step().json, "zzzzzzzzzzzz")

    assert (refused.status, refused.code) == (400, "InvalidCredentials")
    assert [entry["right"] for entry in outsider.sandbox.logins()] == [True, False]


def test_a_character_under_another_position_is_wrong(outsider: Caller) -> None:
    outsider.sandbox.set_credentials(memorable_word="abcdefgh")
    first = outsider.first_step().json
    asked = [entry["Position"] for entry in first["MemorableWordList"]]
    first["MemorableWordList"] = [
        {"Position": position, "Value": "abcdefgh"[other - 1]}
        for position, other in zip(asked, asked[1:] + asked[:1], strict=True)
    ]

    assert outsider.call("PUT", "/sessiontoken", first).status == 400


def test_a_temporary_token_serves_once(outsider: Caller) -> None:
    first = outsider.first_step().json
    outsider.second_step(first)

    assert outsider.second_step(first).code == "InvalidSessionToken"


def test_a_temporary_token_lapses_after_minutes(outsider: Caller) -> None:
    first = outsider.first_step().json
    outsider.sandbox.advance_clock(6)

    assert outsider.second_step(first).code == "InvalidSessionToken"


def test_a_session_lives_sixty_minutes_from_its_last_use(caller: Caller) -> None:
    caller.sandbox.advance_clock(50)
    assert caller.get("/currencies").status == 200
    caller.sandbox.advance_clock(50)
    assert caller.get("/currencies").status == 200
    caller.sandbox.advance_clock(60)
    late = caller.get("/currencies")

    assert (late.status, late.code) == (401, "InvalidSessionToken")


def test_expired_sessions_and_no_session_look_the_same(caller: Caller) -> None:
    caller.sandbox.expire_sessions()
    expired = caller.get("/invoices")
    caller.token = None
    missing = caller.get("/invoices")

    assert (expired.status, expired.code) == (missing.status, missing.code) == (401, "InvalidSessionToken")


def test_two_sessions_live_side_by_side(caller: Caller) -> None:
    first = caller.token
    caller.log_in()
    assert caller.get("/currencies").status == 200
    caller.token = first

    assert caller.get("/currencies").status == 200


def test_logging_out_by_path_ends_the_session(caller: Caller) -> None:
    gone = caller.call("DELETE", f"/sessiontoken/{caller.token}")

    assert (gone.status, gone.body) == (200, b"")
    assert caller.get("/currencies").code == "InvalidSessionToken"


def test_logging_out_without_a_path_is_not_allowed(caller: Caller) -> None:
    assert caller.call("DELETE", "/sessiontoken").status == 405


def test_an_external_token_is_not_accepted(outsider: Caller) -> None:
    refused = outsider.get("/sessiontoken?externalToken=00000000-0000-4000-8000-000000000001&uid=1")

    assert refused.status == 400
    assert set(refused.json) == {"Error", "Message"}


def test_the_fifth_wrong_attempt_locks_the_user_out(outsider: Caller) -> None:
    for _ in range(5):
        assert outsider.first_step("wrong").code == "InvalidCredentials"
    locked = outsider.first_step()

    assert (locked.status, locked.code) == (401, "AccountLocked")


def test_a_profile_can_lock_sooner_and_say_so_with_400(outsider: Caller) -> None:
    outsider.sandbox.set_profile("compact,lock_after=1")
    outsider.first_step("wrong")
    locked = outsider.first_step()

    assert (locked.status, locked.code) == (400, "AccountLocked")


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("locked", 401, "AccountLocked"),
        ("password_expired", 400, "PasswordExpired"),
        ("api_off", 401, "APIDisabled"),
        ("ip_blocked", 403, "IPAddressNotAllowed"),
    ],
)
def test_these_account_states_refuse_the_login(outsider: Caller, state: str, status: int, code: str) -> None:
    outsider.sandbox.set_account(state)
    refused = outsider.first_step()

    assert (refused.status, refused.code) == (status, code)


@pytest.mark.parametrize(
    ("state", "flag"),
    [
        ("subscription_expired", "SubscriptionExpired"),
        ("disabled", "Disabled"),
        ("locked_flag", "IsLockedOut"),
        ("temporary_password", "HasTemporaryPassword"),
    ],
)
def test_q32_these_account_states_hide_in_a_successful_login(outsider: Caller, state: str, flag: str) -> None:
    outsider.sandbox.set_account(state)
    flags = ("SubscriptionExpired", "Disabled", "IsLockedOut", "HasTemporaryPassword")
    first = outsider.first_step().json
    second = outsider.second_step(first).json

    assert [name for name in flags if first[name]] == [name for name in flags if second[name]] == [flag]


def test_an_expired_subscription_blocks_the_books(outsider: Caller) -> None:
    outsider.sandbox.set_account("subscription_expired")
    outsider.log_in()

    assert outsider.get("/invoices").status == 401


def test_a_role_without_invoices_sees_customers_but_no_invoices(caller: Caller) -> None:
    caller.sandbox.set_account("no_invoice_permission")
    refused = caller.get("/invoices")
    caller.log_in()

    assert (refused.status, refused.code) == (401, "Unauthorized")
    assert caller.get("/invoices").status == 401
    assert caller.get("/customers").status == 200


def test_new_credentials_replace_the_old(outsider: Caller) -> None:
    outsider.sandbox.set_credentials(password="New-Password-1")

    assert outsider.first_step().status == 400
    assert outsider.first_step("New-Password-1").status == 201


def test_the_record_of_requests_holds_no_token_and_no_secret(caller: Caller, sandbox: Sandbox) -> None:
    number = sandbox.invoices()[0].number
    link = caller.get(f"/invoices/{number}").json["Permalink"]
    caller.get(link.removeprefix("/v2"))
    caller.get(f"/sessiontoken?externalToken={caller.token}&uid=1")
    caller.call("DELETE", f"/sessiontoken/{caller.token}")
    record = repr(sandbox.requests()) + repr(sandbox.logins())

    assert len(sandbox.requests()) == 6
    secrets = (caller.token, sandbox.credentials["password"], sandbox.credentials["memorable_word"], link)
    assert not [secret for secret in secrets if str(secret) in record]
    assert link.rpartition("/")[2] not in record
