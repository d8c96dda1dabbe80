"""Connecting a KashFlow account: proven at once, sealed, and never tried again with what was rejected."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest
from django.db import connection as database
from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.models import Organisation, Secret
from arrears.bridge.connect import connect
from arrears.bridge.models import Connection, ConnectionState, LoginAttempt
from arrears.bridge.try_again import try_again
from arrears.ports import NeedsAttention, Remedy, TryAgainLater
from tests import other_process
from tests.bridge.account import Account, restart

WRONG: dict[str, Any] = {"password": "not the password"}
WRONG_WORD: dict[str, Any] = {"memorable_word": "Xyzzyxyzzyx"}


# --- A login that works -------------------------------------------------------------------------------------


def test_a_working_login_shows_whose_books_it_opens(account: Account) -> None:
    connected = account.connect()

    assert connected.company_name == "Pennine Fasteners Ltd"
    assert (connected.account, connected.home_currency, connected.country) == ("50417", "GBP", "GB")
    assert connected.state == ConnectionState.OK
    assert account.steps() == ["password", "memorable word"]
    assert account.secrets() == {"password", "memorable_word"}
    assert account.preview()


def test_typing_the_same_company_again_changes_the_connection_that_is_there(account: Account) -> None:
    first = account.connect()
    typed = f"  {account.sandbox.credentials['username'].upper()} "

    again = account.connect(username=typed)

    assert again.pk == first.pk
    assert again.version == 2
    assert Connection.objects.count() == 1


def test_another_organisation_may_connect_the_same_company(account: Account) -> None:
    account.connect()
    other = Organisation.objects.create(name="Other", created_at=account.only().created_at).pk

    connected = connect(other, account.login())

    assert connected.company_name == "Pennine Fasteners Ltd"
    assert connected.pk != account.only().pk


# --- A login that is rejected -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code", "steps"),
    [
        (WRONG, "wrong_credentials", ["password"]),
        (WRONG_WORD, "wrong_memorable_word", ["password", "memorable word"]),
        ({"memorable_word": "ab"}, "memorable_word_too_short", ["password"]),
    ],
)
def test_a_rejected_login_is_sent_once_and_never_again_until_it_is_edited(
    account: Account, typed: dict[str, Any], code: str, steps: list[str]
) -> None:
    reason = account.refused(**typed)

    assert reason.code == code
    assert reason.action
    assert account.steps() == steps
    rejected = account.only()
    assert (rejected.state, rejected.attention_code) == (ConnectionState.NEEDS_ATTENTION, code)
    assert rejected.attention_text == str(reason)
    asked = account.asked()

    assert account.refused(**typed).code == code
    with pytest.raises(NeedsAttention) as told:
        account.preview()
    assert told.value.code == code
    with pytest.raises(NeedsAttention) as told:
        try_again(account.only())
    assert told.value.code == code
    restart()
    with pytest.raises(NeedsAttention):
        account.preview()
    assert account.refused(**typed).code == code
    assert account.asked() == asked

    repaired = account.connect()
    assert repaired.pk == rejected.pk
    assert repaired.state == ConnectionState.OK
    assert repaired.attention_code == repaired.attention_text == repaired.attention_action == ""
    assert account.preview()


def test_a_fresh_process_does_not_send_it_again_either(account: Account) -> None:
    reason = account.refused(**WRONG)
    asked = account.asked()

    listed = other_process.arrears("invoices", "--json")
    again = other_process.arrears("connect", "kashflow", "--try-again")

    assert listed.returncode == again.returncode == 3
    assert listed.stdout == ""
    assert str(reason) in listed.stderr
    assert str(reason) in again.stderr
    assert account.asked() == asked


def test_a_rejection_holds_even_if_the_process_died_before_it_was_shown(account: Account) -> None:
    account.refused(**WRONG)
    Connection.objects.update(state=ConnectionState.OK, attention_code="", attention_text="")

    assert account.refused(**WRONG).code == "wrong_credentials"
    assert account.steps() == ["password"]


@pytest.mark.parametrize(
    "changes", [{"memorable_word": "Other"}, {"username": "ACCOUNTS@pennine-fasteners.example"}]
)
def test_what_does_not_make_a_wrong_password_right_does_not_send_it_again(
    account: Account, changes: dict[str, Any]
) -> None:
    account.refused(**WRONG)

    assert account.refused(**WRONG, **changes).code == "wrong_credentials"
    assert account.steps() == ["password"]


def test_a_wrong_word_in_other_case_is_the_same_wrong_word(account: Account) -> None:
    account.refused(**WRONG_WORD)
    asked = account.asked()

    account.refused(memorable_word=f" {WRONG_WORD['memorable_word'].upper()} ")

    assert account.asked() == asked


def test_other_wrong_details_are_one_more_attempt(account: Account) -> None:
    account.refused(**WRONG)
    account.refused(password="also wrong")

    assert account.steps() == ["password", "password"]
    assert account.only().version == 2


def test_a_session_that_outlives_the_rejection_does_not_hide_it(account: Account) -> None:
    """The password was changed in KashFlow: one process still has a session, another was turned away."""
    account.connect()
    account.sandbox.set_credentials(password="changed meanwhile")
    other_process.arrears("invoices", "--json")
    assert account.only().attention_code == "wrong_credentials"

    assert account.preview()

    assert account.only().attention_code == "wrong_credentials"


def test_a_double_click_on_wrong_details_is_one_attempt_on_one_connection(account: Account) -> None:
    account.sandbox.fault("slow", path="/sessiontoken", seconds=1, times=None)
    told: list[Remedy] = []

    def click() -> None:
        try:
            account.connect(**WRONG)
        except Remedy as reason:
            told.append(reason)
        finally:
            database.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()

    assert len(told) == 2
    assert account.steps() == ["password"]
    assert account.only().attention_code == "wrong_credentials"


# --- KashFlow out of reach ----------------------------------------------------------------------------------


def closed_port() -> str:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{place.getsockname()[1]}/v2"


def test_a_new_connection_to_nowhere_leaves_nothing_behind(account: Account) -> None:
    with pytest.raises(TryAgainLater):
        account.connect(base_url=closed_port())

    assert not Connection.objects.exists()
    assert not LoginAttempt.objects.exists()
    assert not Secret.objects.exists()


def test_an_interruption_leaves_nothing_behind(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("arrears.connectors.kashflow.KashFlowBooks.company", interrupted)
    with pytest.raises(KeyboardInterrupt):
        account.connect()

    assert not Connection.objects.exists()
    assert not Secret.objects.exists()


def test_an_edit_that_could_not_be_checked_is_not_used_until_somebody_tries_again(account: Account) -> None:
    first = account.connect()
    account.sandbox.set_company(60_001, "Another Company Ltd")
    account.sandbox.fault("http-500", path="/sessiontoken", times=None)
    with pytest.raises(TryAgainLater):
        account.connect(first)
    account.sandbox.clear_faults()
    assert account.only().attention_code == "login_unchecked"
    asked = account.asked()

    for _ in range(2):
        with pytest.raises(NeedsAttention):
            account.preview()
        restart()
    assert account.asked() == asked

    with pytest.raises(NeedsAttention) as told:
        try_again(account.only())
    assert told.value.code == "other_company"
    account.sandbox.set_company(50_417, "Pennine Fasteners Ltd")
    account.sandbox.set_credentials(password="Newer-1")
    assert account.connect(first, password="Newer-1").pk == first.pk
    assert account.preview()


# --- The memorable word, asked for each time ----------------------------------------------------------------


def test_a_word_that_is_asked_for_each_time_is_used_and_not_kept(account: Account) -> None:
    word = account.sandbox.credentials["memorable_word"]

    connected = account.connect(keep_word=False)

    assert connected.asks_for_word
    assert account.secrets() == {"password"}
    assert account.preview()
    restart()
    with pytest.raises(NeedsAttention) as told:
        account.preview()
    assert told.value.code == "memorable_word_needed"
    assert account.preview(word=word)
    assert account.only().state == ConnectionState.OK
    assert account.secrets() == {"password"}


def test_trying_again_without_the_word_says_that_it_is_needed_and_sends_nothing(account: Account) -> None:
    connected = account.connect(keep_word=False)
    asked, version = account.asked(), connected.version

    with pytest.raises(NeedsAttention) as told:
        try_again(connected)

    assert told.value.code == "memorable_word_needed"
    assert account.asked() == asked
    assert account.only().version == version
    word = SecretStr(account.sandbox.credentials["memorable_word"])
    assert try_again(connected, word).state == ConnectionState.OK


def test_no_longer_keeping_the_word_destroys_the_one_that_was_kept(account: Account) -> None:
    account.connect()
    account.connect(keep_word=False)

    assert account.secrets() == {"password"}


def test_a_stored_secret_that_does_not_open_asks_for_the_login_again(account: Account) -> None:
    connected = account.connect()
    Secret.objects.filter(field="password").update(sealed="damaged")
    restart()

    with pytest.raises(NeedsAttention) as told:
        account.preview()

    assert told.value.code == "secret_unreadable"
    assert account.connect().pk == connected.pk
    assert vault.read(account.organisation, connected.record, "password") is not None
