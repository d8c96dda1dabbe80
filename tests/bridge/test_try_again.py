"""What only a person can put right: accounts that cannot be used, and logins that open other books."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection as database

from arrears.bridge.models import Connection, ConnectionState
from arrears.bridge.try_again import try_again
from arrears.ports import NeedsAttention, Remedy, TryAgainLater
from tests.bridge.account import Account, restart

# --- An account that cannot be used -------------------------------------------------------------------------

STATES = [
    ("locked", "account_locked", "locked this user"),
    ("locked_flag", "account_locked", "locked this user"),
    ("disabled", "user_disabled", "has been disabled"),
    ("subscription_expired", "subscription_expired", "subscription has expired"),
    ("temporary_password", "temporary_password", "is a temporary one"),
    ("password_expired", "password_expired", "password has expired"),
    ("api_off", "api_switched_off", "API access is switched off"),
    ("ip_blocked", "ip_restricted", "only accepts API requests from listed IP addresses"),
]


@pytest.mark.parametrize(("state", "code", "text"), STATES)
def test_an_unusable_account_says_why_and_works_again_after_the_cause_is_gone(
    account: Account, state: str, code: str, text: str
) -> None:
    account.sandbox.set_account(state)
    reason = account.refused()
    assert reason.code == code
    assert text in str(reason)
    marked = account.only()
    assert (marked.state, marked.attention_code) == (ConnectionState.NEEDS_ATTENTION, code)
    assert text in marked.attention_text
    assert marked.attention_action == reason.action
    asked = account.asked()
    with pytest.raises(NeedsAttention):
        account.preview()
    restart()
    with pytest.raises(NeedsAttention):
        account.preview()
    assert account.asked() == asked

    account.sandbox.set_account("active")
    repaired = try_again(marked)

    assert repaired.pk == marked.pk
    assert (repaired.state, repaired.attention_code) == (ConnectionState.OK, "")
    assert (repaired.account, repaired.company_name) == ("50417", "Pennine Fasteners Ltd")
    assert account.preview()


def test_typing_the_details_again_after_unlocking_is_trying_again(account: Account) -> None:
    account.sandbox.set_account("locked")
    account.refused()
    account.sandbox.set_account("active")

    assert account.connect().company_name == "Pennine Fasteners Ltd"


def test_trying_again_too_early_is_one_attempt_each_time(account: Account) -> None:
    account.sandbox.set_account("locked")
    account.refused()
    asked = account.asked()

    with pytest.raises(NeedsAttention) as told:
        try_again(account.only())

    assert told.value.code == "account_locked"
    assert account.asked() == asked + 1
    with pytest.raises(NeedsAttention):
        account.preview()
    assert account.asked() == asked + 1


def test_trying_again_while_kashflow_is_down_changes_nothing_for_good(account: Account) -> None:
    account.sandbox.set_account("locked")
    account.refused()
    account.sandbox.set_account("active")
    account.sandbox.fault("http-500", path="/sessiontoken", times=None)
    with pytest.raises(TryAgainLater):
        try_again(account.only())
    account.sandbox.clear_faults()

    assert account.only().state == ConnectionState.NEEDS_ATTENTION
    assert try_again(account.only()).company_name == "Pennine Fasteners Ltd"


# --- The wrong company --------------------------------------------------------------------------------------


def test_an_edit_that_opens_another_company_is_refused_and_never_used(account: Account) -> None:
    first = account.connect()
    account.sandbox.set_company(60_001, "Another Company Ltd")
    other: dict[str, Any] = {"username": "books@another.example", "password": "Another-1"}
    account.sandbox.set_credentials(**other)

    reason = account.refused(first, **other)

    assert reason.code == "other_company"
    assert "Another Company Ltd" in str(reason)
    assert "Pennine Fasteners Ltd" in str(reason)
    kept = account.only()
    assert (kept.account, kept.company_name) == ("50417", "Pennine Fasteners Ltd")
    assert kept.attention_code == "other_company"
    asked = account.asked()
    for _ in range(2):
        with pytest.raises(NeedsAttention):
            account.preview()
        with pytest.raises(NeedsAttention):
            try_again(account.only())
        restart()
    assert account.asked() == asked

    account.sandbox.set_company(50_417, "Pennine Fasteners Ltd")
    account.sandbox.set_credentials(**account.sandbox.credentials)
    repaired = account.connect(first)
    assert (repaired.pk, repaired.state) == (first.pk, ConnectionState.OK)
    assert account.preview()


def test_a_login_that_moved_to_another_company_is_never_used_for_this_one(account: Account) -> None:
    account.connect()
    account.sandbox.set_account("locked")
    account.sandbox.expire_sessions()
    with pytest.raises(NeedsAttention):
        account.preview()
    account.sandbox.set_account("active")
    account.sandbox.set_company(60_001, "Another Company Ltd")

    with pytest.raises(NeedsAttention) as told:
        try_again(account.only())

    assert told.value.code == "other_company"
    asked = account.asked()
    with pytest.raises(NeedsAttention):
        account.preview()
    assert account.asked() == asked
    assert account.only().company_name == "Pennine Fasteners Ltd"


def test_a_company_is_connected_once(account: Account) -> None:
    first = account.connect()
    account.sandbox.set_credentials(username="second@pennine.example")

    reason = account.refused(username="second@pennine.example")

    assert reason.code == "already_connected"
    second = Connection.objects.exclude(pk=first.pk).get()
    assert (second.account, second.attention_code) == ("", "already_connected")
    asked = account.asked()
    with pytest.raises(NeedsAttention):
        account.preview(second)
    assert account.asked() == asked


def test_two_people_connecting_one_company_at_once_make_one_connection_that_works(account: Account) -> None:
    account.sandbox.fault("slow", path="/settings/companydetails", seconds=0.5, times=None)
    outcomes: list[object] = []

    def start(keep_word: bool) -> None:
        try:
            outcomes.append(account.connect(keep_word=keep_word).company_name)
        except Remedy as reason:
            outcomes.append(reason)
        finally:
            database.close()

    people = [threading.Thread(target=start, args=(keep,)) for keep in (True, False)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert "Pennine Fasteners Ltd" in outcomes
    assert account.only().company_name == "Pennine Fasteners Ltd"
