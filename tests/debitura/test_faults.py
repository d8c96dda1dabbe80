"""Every fault does what it says, and the ledger keeps what really happened."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from arrears.connectors.message import Response
from tests.debitura import faults
from tests.debitura.asking import a_body, ask, open_case, read
from tests.debitura.limits import Limits
from tests.debitura.server import FakeDebitura
from tests.debitura.wire import Late, Lost


def post(fake: FakeDebitura) -> Response:
    return ask(fake, "POST", "/cases", a_body())


@pytest.mark.parametrize(
    ("fault", "error", "cases"),
    [
        (faults.RequestLost(), Lost, 0),
        (faults.RequestLost(sent=False), Lost, 0),
        (faults.AnswerLost(), Lost, 1),
        (faults.LateCommit(), Late, 0),
    ],
)
def test_an_answer_that_never_comes(fault: faults.Fault, error: type[Exception], cases: int) -> None:
    fake = FakeDebitura()
    fake.fails(fault, "POST /cases")
    with pytest.raises(error):
        post(fake)
    assert len(fake.ledger.committed) == cases
    assert fake.ledger.calls[0].status is None
    assert fake.ledger.calls[0].fault == type(fault).__name__


def test_a_late_commit_comes_between_thirty_and_a_hundred_and_eighty_seconds_later() -> None:
    fake = FakeDebitura()
    fake.fails(faults.LateCommit(), "POST /cases")
    with pytest.raises(Late):
        post(fake)
    fake.clock.advance(timedelta(seconds=29))
    assert ask(fake, "GET", "/cases/by-creditor-reference/AR-1").status == 404
    fake.clock.advance(timedelta(seconds=151))
    assert ask(fake, "GET", "/cases/by-creditor-reference/AR-1").status == 200


@pytest.mark.parametrize("wait", list(faults.Wait))
def test_a_busy_server_says_how_long_in_its_own_way(wait: faults.Wait) -> None:
    fake = FakeDebitura()
    fake.fails(faults.Busy(wait, seconds=20))
    answer = ask(fake, "GET", "/me")
    assert answer.status == 429
    assert ("retry-after" in answer.headers) is (wait not in (faults.Wait.BODY, faults.Wait.NOT))
    assert ("retryAfter" in read(answer)) is (wait is faults.Wait.BODY)
    ask(fake, "GET", "/me")
    meant = wait in (faults.Wait.SECONDS, faults.Wait.DATE, faults.Wait.BODY)
    assert len(fake.ledger.early_calls) == meant
    fake.clock.advance(timedelta(seconds=20))
    assert ask(fake, "GET", "/me").status == 200
    assert len(fake.ledger.early_calls) == meant


def test_a_burst_lasts_as_long_as_it_was_told_to() -> None:
    fake = FakeDebitura()
    fake.fails(faults.status(503), times=None, until=fake.now + timedelta(minutes=10))
    assert [ask(fake, "GET", "/me").status for _ in range(3)] == [503] * 3
    fake.clock.advance(timedelta(minutes=10))
    assert ask(fake, "GET", "/me").status == 200


def test_a_fault_can_wait_for_a_later_call_and_for_one_route() -> None:
    fake = FakeDebitura()
    fake.fails(faults.status(502), "GET /users", after=1)
    assert ask(fake, "GET", "/me").status == 200
    assert [ask(fake, "GET", "/users").status for _ in range(3)] == [200, 502, 200]


@pytest.mark.parametrize(
    "fault", [faults.half_body(), faults.empty_body(), faults.html_page(), faults.wrong_charset()]
)
def test_an_unreadable_answer_hides_work_that_was_done(fault: faults.Fault) -> None:
    fake = FakeDebitura()
    fake.fails(fault, "POST /cases")
    answer = post(fake)
    assert answer.status == 200
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        read(answer)
    assert len(fake.ledger.committed) == 1


def test_answers_can_be_altered() -> None:
    fake = FakeDebitura()
    fake.fails(faults.field_set("lifecycle", "Hibernating"), "POST /cases")
    fake.fails(faults.field_missing("remainder"), "GET /cases/by-creditor-reference/{creditorReference}")
    fake.fails(faults.numbers_as_text(), "GET /cases/by-creditor-reference/{creditorReference}")
    fake.fails(faults.zoned_times("+00:00"), "GET /cases/by-creditor-reference/{creditorReference}")
    assert read(post(fake))["lifecycle"] == "Hibernating"
    without, as_text, zoned = (read(ask(fake, "GET", "/cases/by-creditor-reference/AR-1")) for _ in range(3))
    assert "remainder" not in without
    assert as_text["grossAmount"] == "500"
    assert as_text["isTestCase"] is False
    assert zoned["dateCreated"] == "2026-11-22T12:00:00+00:00"


def test_a_redirect_leads_away_and_does_nothing() -> None:
    fake = FakeDebitura()
    fake.fails(faults.redirected(), "POST /cases")
    assert post(fake).headers["location"].startswith("https://elsewhere.example")
    assert fake.ledger.committed == []


def test_calls_after_the_first_rejection_are_counted() -> None:
    fake = FakeDebitura()
    fake.refuse(status=401)
    assert [ask(fake, "GET", "/me").status for _ in range(3)] == [401] * 3
    assert len(fake.ledger.calls_after_rejection) == 2
    fake.add_key("fresh", fake.account)
    assert ask(fake, "GET", "/me", api_key="fresh").status == 200
    assert ask(fake, "GET", "/me", api_key="never heard of").status == 401
    assert len(fake.ledger.calls_after_rejection) == 2


def test_a_key_may_make_so_many_calls_a_minute() -> None:
    fake = FakeDebitura(limits=Limits(per_minute=5))
    assert [ask(fake, "GET", "/me").status for _ in range(6)] == [200] * 5 + [429]
    refusal = ask(fake, "GET", "/me")
    wait = read(refusal)["retryAfter"]
    assert 0 < wait <= 60
    assert fake.ledger.self_made_429 == 2
    assert len(fake.ledger.early_calls) == 1
    fake.clock.advance(timedelta(seconds=wait))
    assert ask(fake, "GET", "/me").status == 200
    assert ask(fake, "GET", "/me", api_key="deb-key-2").status == 200


def test_the_window_of_a_minute_slides_in_slices() -> None:
    fake = FakeDebitura(limits=Limits(per_minute=2))
    ask(fake, "GET", "/me")
    fake.clock.advance(timedelta(seconds=30))
    assert [ask(fake, "GET", "/me").status for _ in range(2)] == [200, 429]
    fake.clock.advance(timedelta(seconds=30))
    assert [ask(fake, "GET", "/me").status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(("limits", "hours"), [(Limits(per_hour=3), 1), (Limits(per_day=3), 24)])
def test_hours_and_days_are_counted_too(limits: Limits, hours: int) -> None:
    fake = FakeDebitura(limits=limits)
    for _ in range(3):
        assert ask(fake, "GET", "/me").status == 200
        fake.clock.advance(timedelta(minutes=10))
    assert ask(fake, "GET", "/me").status == 429
    fake.clock.advance(timedelta(hours=hours))
    assert ask(fake, "GET", "/me").status == 200


def test_the_ledger_knows_what_was_lost_and_what_is_there_twice() -> None:
    fake = FakeDebitura()
    open_case(fake, "AR-1", comments="Invoices: 7")
    open_case(fake, "AR-2", comments="Invoices: 7")
    assert fake.ledger.lost(["AR-1", "AR-2", "AR-3"]) == {"AR-3"}
    assert fake.ledger.duplicates() == {}
    assert [len(cases) for cases in fake.ledger.duplicates_by_identity().values()] == [1]
    assert fake.ledger.calls_by_route == {"POST /cases": 2}
