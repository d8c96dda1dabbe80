"""Sessions against the stand-in: how often a login is tried, and what its failures do."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from arrears.connectors import background
from arrears.connectors.kashflow import Credentials, KashFlowBooks, protocol
from arrears.connectors.kashflow import session as session_module
from arrears.connectors.kashflow.attempts import AttemptsInMemory
from arrears.ports import NeedsAttention, TryAgainLater
from arrears.sandbox.client import Sandbox
from tests.connectors.kashflow.conftest import MakeBooks, credentials_of, everything


def company_reads(books: KashFlowBooks, times: int) -> None:
    """So many reads at once within one session."""

    async def all_at_once() -> None:
        one = books._session.ask
        await asyncio.gather(*(one(protocol.company_request(), protocol.read_company) for _ in range(times)))

    background.run(all_at_once())


def password_steps(sandbox: Sandbox) -> int:
    return sum(1 for login in sandbox.logins() if login["step"] == "password")


def test_one_login_serves_many_calls(sandbox: Sandbox, books: KashFlowBooks) -> None:
    company_reads(books, 64)
    assert password_steps(sandbox) == 1


def test_64_calls_on_a_dead_token_make_one_login(sandbox: Sandbox, books: KashFlowBooks) -> None:
    company_reads(books, 1)
    sandbox.expire_sessions()
    sandbox.clear_requests()
    company_reads(books, 64)
    assert password_steps(sandbox) == 1


def test_several_threads_share_one_login(sandbox: Sandbox, books: KashFlowBooks) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = {company.name for company in pool.map(lambda _: books.company(), range(16))}
    assert len(names) == 1
    assert password_steps(sandbox) == 1


def test_a_token_that_dies_between_two_pages_costs_one_login_and_no_row(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.set_profile("standard,page_limit=20")
    sandbox.fault("session-expired", path="/invoices", after=4)
    found, _ = everything(books)
    assert {str(entry.number) for entry in sandbox.invoices() if entry.owing} <= set(found)
    assert password_steps(sandbox) == 2


def test_a_wrong_password_is_tried_once_and_never_again(sandbox: Sandbox, make_books: MakeBooks) -> None:
    ledger = AttemptsInMemory()
    wrong = credentials_of(sandbox, password="not-it")
    for _ in range(3):
        with pytest.raises(NeedsAttention) as caught:
            make_books(wrong, ledger).company()
        assert caught.value.code == "wrong_credentials"
    assert password_steps(sandbox) == 1


def test_64_calls_with_a_wrong_password_are_one_attempt(sandbox: Sandbox, make_books: MakeBooks) -> None:
    books = make_books(credentials_of(sandbox, password="not-it"))
    with pytest.raises(NeedsAttention):
        company_reads(books, 64)
    assert password_steps(sandbox) == 1


def test_a_wrong_memorable_word_is_tried_once(sandbox: Sandbox, make_books: MakeBooks) -> None:
    books = make_books(credentials_of(sandbox, memorable_word="zzzzzzzzzzzz"))
    for _ in range(2):
        with pytest.raises(NeedsAttention) as caught:
            books.company()
        assert caught.value.code == "wrong_memorable_word"
    assert [login["step"] for login in sandbox.logins()] == ["password", "memorable word"]


def test_a_word_too_short_for_the_challenge_sends_no_second_step(
    sandbox: Sandbox, make_books: MakeBooks
) -> None:
    books = make_books(credentials_of(sandbox, memorable_word="c"))
    for _ in range(2):
        with pytest.raises(NeedsAttention) as caught:
            books.company()
        assert caught.value.code == "memorable_word_too_short"
    assert [login["step"] for login in sandbox.logins()] == ["password"]


def test_without_the_memorable_word_nothing_is_sent(sandbox: Sandbox, make_books: MakeBooks) -> None:
    books = make_books(Credentials(sandbox.credentials["username"], SecretStr("x"), None))
    with pytest.raises(NeedsAttention) as caught:
        books.company()
    assert caught.value.code == "memorable_word_needed"
    assert sandbox.requests() == []


@pytest.mark.parametrize("profile", ["standard", "compact"])
@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("locked", "account_locked"),
        ("locked_flag", "account_locked"),
        ("disabled", "user_disabled"),
        ("subscription_expired", "subscription_expired"),
        ("temporary_password", "temporary_password"),
        ("password_expired", "password_expired"),
        ("api_off", "api_switched_off"),
        ("ip_blocked", "ip_restricted"),
    ],
)
def test_every_state_of_the_account_is_told_apart(
    sandbox: Sandbox, make_books: MakeBooks, state: str, code: str, profile: str
) -> None:
    sandbox.set_profile(profile)
    sandbox.set_account(state)
    books = make_books()
    for _ in range(2):
        with pytest.raises(NeedsAttention) as caught:
            books.company()
        assert caught.value.code == code
    assert password_steps(sandbox) <= 1


def test_an_account_locked_in_mid_session_is_told_without_a_new_login(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    books.company()
    sandbox.lock()
    with pytest.raises(NeedsAttention) as caught:
        books.fresh(["1"])
    assert caught.value.code == "account_locked"
    assert password_steps(sandbox) == 1


def test_q31_a_second_401_is_a_missing_permission_and_not_asked_again(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    sandbox.set_account("no_invoice_permission")
    for _ in range(3):
        with pytest.raises(NeedsAttention) as caught:
            books.fresh(["1"])
        assert caught.value.code == "permission_missing"
    assert password_steps(sandbox) == 2
    assert len([entry for entry in sandbox.requests() if "/invoices/" in entry["path"]]) == 2


def test_kashflow_out_of_order_at_the_login_does_not_count_against_the_credentials(
    sandbox: Sandbox, make_books: MakeBooks
) -> None:
    books = make_books()
    sandbox.fault("http-503", path="/sessiontoken", times=None)
    for _ in range(4):
        with pytest.raises(TryAgainLater):
            books.company()
    sandbox.clear_faults()
    assert books.company().name


def test_a_login_lost_twice_waits_for_a_person(sandbox: Sandbox, make_books: MakeBooks) -> None:
    books = make_books()
    sandbox.fault("applied-then-cut", path="/sessiontoken", times=None)
    for _ in range(2):
        with pytest.raises(TryAgainLater):
            books.company()
    sandbox.clear_faults()
    sent = len(sandbox.requests())
    with pytest.raises(NeedsAttention) as caught:
        books.company()
    assert caught.value.code == "login_unanswered"
    assert len(sandbox.requests()) == sent


def test_one_lost_login_allows_another(sandbox: Sandbox, make_books: MakeBooks) -> None:
    books = make_books()
    sandbox.fault("applied-then-cut", path="/sessiontoken")
    with pytest.raises(TryAgainLater):
        books.company()
    assert books.company().name


def test_all_who_wait_for_a_failing_login_get_its_error(sandbox: Sandbox, make_books: MakeBooks) -> None:
    books = make_books()
    sandbox.fault("applied-then-cut", path="/sessiontoken")

    async def all_at_once() -> list[BaseException | object]:
        one = books._session.ask
        asks = (one(protocol.company_request(), protocol.read_company) for _ in range(10))
        return await asyncio.gather(*asks, return_exceptions=True)

    assert {type(result) for result in background.run(all_at_once())} == {TryAgainLater}
    assert password_steps(sandbox) == 1


def test_an_idle_session_is_renewed_before_it_is_used(
    sandbox: Sandbox, books: KashFlowBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.company()
    monkeypatch.setattr(session_module, "IDLE_SECONDS", 0.0)
    company_reads(books, 1)
    assert password_steps(sandbox) == 2
    assert 401 not in {entry["status"] for entry in sandbox.requests()}


def test_a_session_that_is_ended_again_and_again_is_left_alone(
    sandbox: Sandbox, books: KashFlowBooks
) -> None:
    company_reads(books, 1)
    for _ in range(6):
        sandbox.expire_sessions()
        company_reads(books, 1)
    sandbox.expire_sessions()
    with pytest.raises(TryAgainLater, match="keeps ending"):
        company_reads(books, 1)
    assert password_steps(sandbox) == 7


def test_closing_logs_out_and_may_be_done_twice(sandbox: Sandbox, books: KashFlowBooks) -> None:
    books.company()
    books.close()
    books.close()
    assert [entry["method"] for entry in sandbox.requests()].count("DELETE") == 1
    assert sandbox.expire_sessions() == 0


def test_closed_books_can_be_opened_again(sandbox: Sandbox, books: KashFlowBooks) -> None:
    books.company()
    books.close()
    assert books.fresh(["999999"]) == {"999999": None}
    assert password_steps(sandbox) == 2
