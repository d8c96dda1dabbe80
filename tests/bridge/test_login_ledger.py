"""Login attempts in the database: one at a time, and closed by a rejection, for every thread and process."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection as database

from arrears.accounts.models import Organisation
from arrears.bridge import login_ledger
from arrears.bridge.login_ledger import DatabaseLoginLedger
from arrears.bridge.models import Connection, LoginAttempt
from arrears.ports import NeedsAttention, TryAgainLater
from tests import other_process
from tests.fakes import FakeClock

NO = NeedsAttention("Wrong password.", code="wrong_credentials", action="Check it.", url="https://k.example/")
Outcome = LoginAttempt.Outcome


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connection(transactional_db: None, clock: FakeClock) -> Connection:
    organisation = Organisation.objects.create(name="Pennine", created_at=clock.now())
    return Connection.objects.create(
        organisation=organisation, base_url="http://127.0.0.1:1/v2", username="a", created_at=clock.now()
    )


@pytest.fixture
def ledger(connection: Connection, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> DatabaseLoginLedger:
    """A ledger that does not wait for others."""
    monkeypatch.setattr(login_ledger, "_WAIT_SECONDS", 0)
    return DatabaseLoginLedger(connection, clock)


def edit(connection: Connection) -> None:
    """New credentials, as connecting again stores them."""
    connection.version += 1
    connection.save()


# --- Outcomes ----------------------------------------------------------------------------------------------


def test_a_success_leaves_the_login_open(ledger: DatabaseLoginLedger) -> None:
    for _ in range(3):
        ledger.succeeded(ledger.begin())


def test_one_rejection_closes_the_login_with_the_same_reason(
    ledger: DatabaseLoginLedger, connection: Connection, clock: FakeClock
) -> None:
    ledger.rejected(ledger.begin(), NO)
    clock.advance(timedelta(days=400))

    for once_more in (ledger, DatabaseLoginLedger(connection, clock)):
        with pytest.raises(NeedsAttention) as told:
            once_more.begin()
        assert (str(told.value), told.value.code, told.value.action, told.value.url) == (
            str(NO), NO.code, NO.action, NO.url
        )  # fmt: skip
    assert LoginAttempt.objects.count() == 1


def test_a_later_success_of_another_attempt_does_not_open_it_again(ledger: DatabaseLoginLedger) -> None:
    ledger.succeeded(ledger.begin())
    ledger.rejected(ledger.begin(), NO)

    with pytest.raises(NeedsAttention):
        ledger.begin()


def test_edited_credentials_are_open_again_and_the_old_ones_are_not(
    ledger: DatabaseLoginLedger, connection: Connection, clock: FakeClock
) -> None:
    ledger.rejected(ledger.begin(), NO)
    edit(connection)

    edited = DatabaseLoginLedger(connection, clock)
    edited.succeeded(edited.begin())
    with pytest.raises(TryAgainLater, match="changed a moment ago"):
        ledger.begin()


def test_a_rejection_closes_its_own_connection_alone(
    ledger: DatabaseLoginLedger, connection: Connection, clock: FakeClock
) -> None:
    ledger.rejected(ledger.begin(), NO)
    other = Connection.objects.create(
        organisation_id=connection.organisation_id, base_url="b", username="b", created_at=clock.now()
    )

    assert DatabaseLoginLedger(other, clock).begin()


def test_a_rejection_that_comes_after_an_edit_does_not_close_the_new_credentials(
    ledger: DatabaseLoginLedger, connection: Connection, clock: FakeClock
) -> None:
    attempt = ledger.begin()
    edit(connection)
    ledger.rejected(attempt, NO)

    assert DatabaseLoginLedger(connection, clock).begin()


def test_a_removed_connection_is_not_logged_in_to(
    ledger: DatabaseLoginLedger, connection: Connection
) -> None:
    connection.delete()

    with pytest.raises(TryAgainLater):
        ledger.begin()


def test_attempts_that_were_not_judged_do_not_count(ledger: DatabaseLoginLedger) -> None:
    for _ in range(5):
        ledger.not_counted(ledger.begin())

    assert not LoginAttempt.objects.exists()


def test_lost_once_allows_one_more_and_lost_twice_none(ledger: DatabaseLoginLedger) -> None:
    ledger.lost(ledger.begin())
    ledger.lost(ledger.begin())

    with pytest.raises(NeedsAttention) as told:
        ledger.begin()
    assert told.value.code == "login_outcome_unknown"
    assert LoginAttempt.objects.count() == 2


def test_a_success_after_a_lost_attempt_starts_the_count_again(ledger: DatabaseLoginLedger) -> None:
    for _ in range(3):
        ledger.lost(ledger.begin())
        ledger.succeeded(ledger.begin())


def test_lost_attempts_of_old_credentials_do_not_count(
    ledger: DatabaseLoginLedger, connection: Connection, clock: FakeClock
) -> None:
    ledger.lost(ledger.begin())
    ledger.lost(ledger.begin())
    edit(connection)

    assert DatabaseLoginLedger(connection, clock).begin()


# --- Crashes -----------------------------------------------------------------------------------------------


def test_an_attempt_under_way_keeps_others_out_for_ninety_seconds_and_then_counts_as_lost(
    ledger: DatabaseLoginLedger, clock: FakeClock
) -> None:
    died = ledger.begin()
    clock.advance(timedelta(seconds=90))
    with pytest.raises(TryAgainLater, match="Another process is logging in"):
        ledger.begin()
    assert LoginAttempt.objects.get(pk=died).outcome == Outcome.UNDER_WAY

    clock.advance(timedelta(seconds=1))
    second = ledger.begin()

    assert LoginAttempt.objects.get(pk=died).outcome == Outcome.LOST
    assert LoginAttempt.objects.get(pk=second).outcome == Outcome.UNDER_WAY


@pytest.mark.parametrize("first_was_lost", [True, False])
def test_two_crashes_allow_no_third_attempt(
    ledger: DatabaseLoginLedger, clock: FakeClock, first_was_lost: bool
) -> None:
    first = ledger.begin()
    if first_was_lost:
        ledger.lost(first)
    clock.advance(timedelta(seconds=91))
    ledger.begin()
    clock.advance(timedelta(seconds=91))

    for _ in range(2):
        with pytest.raises(NeedsAttention) as told:
            ledger.begin()
        assert told.value.code == "login_outcome_unknown"
    assert LoginAttempt.objects.count() == 2


def test_a_crash_with_old_credentials_only_delays_the_new_ones(
    ledger: DatabaseLoginLedger, connection: Connection, clock: FakeClock
) -> None:
    ledger.begin()
    edit(connection)
    edited = DatabaseLoginLedger(connection, clock)
    with pytest.raises(TryAgainLater, match="Another process"):
        edited.begin()
    clock.advance(timedelta(seconds=91))

    assert edited.begin()


# --- Several at once ---------------------------------------------------------------------------------------


def at_once(task: Callable[[], None], threads: int = 4) -> None:
    def work() -> None:
        try:
            task()
        finally:
            database.close()

    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def test_threads_log_in_one_after_the_other(
    connection: Connection, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_ledger, "_POLL_SECONDS", 0.01)
    inside, most, done = 0, 0, []
    counting = threading.Lock()

    def log_in() -> None:
        nonlocal inside, most
        ledger = DatabaseLoginLedger(connection, clock)
        for _ in range(5):
            attempt = ledger.begin()
            with counting:
                inside += 1
                most = max(most, inside)
            time.sleep(0.005)
            with counting:
                inside -= 1
            ledger.succeeded(attempt)
            done.append(attempt)

    at_once(log_in)

    assert most == 1
    assert len(set(done)) == 20


def test_of_many_waiting_threads_none_gets_in_after_the_rejection(
    connection: Connection, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_ledger, "_POLL_SECONDS", 0.001)
    got_in: list[int] = []
    refused: list[str] = []

    def log_in() -> None:
        ledger = DatabaseLoginLedger(connection, clock)
        try:
            got_in.append(ledger.begin())
        except NeedsAttention as reason:
            refused.append(reason.code)
        else:
            time.sleep(0.02)
            ledger.rejected(got_in[-1], NO)

    at_once(log_in, threads=8)

    assert len(got_in) == 1
    assert refused == ["wrong_credentials"] * 7


def test_no_attempt_slips_in_between_looking_and_writing_down(
    connection: Connection, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process is rejected at the worst moment: just before this one takes the place."""
    first = DatabaseLoginLedger(connection, clock)
    attempt = first.begin()
    second = DatabaseLoginLedger(connection, clock)
    write_down = second._write_down

    def late() -> int:
        if LoginAttempt.objects.filter(outcome=Outcome.UNDER_WAY).exists():
            first.rejected(attempt, NO)
        return write_down()

    monkeypatch.setattr(second, "_write_down", late)
    with pytest.raises(NeedsAttention) as told:
        second.begin()

    assert told.value.code == "wrong_credentials"
    assert LoginAttempt.objects.count() == 1


_LOG_IN = """
import django, json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "arrears.project.settings"
django.setup()
from arrears.bridge import login_ledger
from arrears.bridge.models import Connection
from arrears.clock import SystemClock
from arrears.ports import NeedsAttention
login_ledger._POLL_SECONDS = 0.01
ledger = login_ledger.DatabaseLoginLedger(Connection.objects.get(), SystemClock())
print("ready", flush=True)
spans = []
sys.stdin.readline()
try:
    for number in range(10):
        attempt = ledger.begin()
        start = time.monotonic_ns()
        time.sleep(0.005)
        spans.append([start, time.monotonic_ns()])
        if number == 9:
            ledger.rejected(attempt, NeedsAttention("No.", code="no", action=""))
        else:
            ledger.succeeded(attempt)
    code = ""
except NeedsAttention as reason:
    code = reason.code
print(json.dumps({"spans": spans, "code": code}), flush=True)
"""


def test_processes_log_in_one_after_the_other_and_one_rejection_stops_both(connection: Connection) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _LOG_IN],
            env=other_process.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()

    spans = sorted(span for one in told for span in one["spans"])
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert sorted(one["code"] for one in told) == ["", "no"]
    assert LoginAttempt.objects.filter(outcome=Outcome.REJECTED).count() == 1
    assert LoginAttempt.objects.count() == len(spans)
