"""Where collectors tell us that something happened: what is answered, also when nothing can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException
from pytest_django import Settings

from arrears.bridge import queue
from arrears.bridge.models import CollectorAccount, Receipt
from arrears.bridge.receive_event import LONGEST_BODY
from tests.bridge.elsewhere import Notice
from tests.bridge.tracking_world import Tracking, tracking_world


@pytest.fixture
def tracking(db: None, settings: Settings) -> Iterator[Tracking]:
    with tracking_world(settings) as tracking:
        settings.ALLOWED_HOSTS = ["testserver"]
        tracking.watch()
        tracking.elsewhere.opens()
        yield tracking


def _post(notice: Notice, *, token: str = "", **headers: str) -> HttpResponse:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(
        f"/hooks/collectors/{token or notice.token}/",
        notice.body,
        content_type="application/json",
        headers={"X-Debitura-Signature": notice.signature} | headers,
    )  # type: ignore[return-value]


def _notice(tracking: Tracking) -> Notice:
    (notice,) = tracking.elsewhere.tells("c1")
    return notice


def test_a_genuine_notice_is_taken_without_a_session_a_cookie_or_a_form(tracking: Tracking) -> None:
    answer = _post(_notice(tracking))

    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.cookies == {}
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not Session.objects.exists()
    assert Receipt.objects.get().case_id == "c1"
    assert ProcrastinateJob.objects.get().args == {"account_id": tracking.account.pk}


def test_answering_does_not_wait_for_the_collector(tracking: Tracking) -> None:
    tracking.elsewhere.asked.clear()
    _post(_notice(tracking))

    assert tracking.elsewhere.asked == []


def test_of_a_repeated_notice_one_is_kept_and_both_are_welcome(tracking: Tracking) -> None:
    notice = _notice(tracking)

    assert [_post(notice).status_code for _ in range(2)] == [200, 200]
    assert Receipt.objects.count() == 1


def test_headers_that_are_not_signed_are_not_believed(tracking: Tracking) -> None:
    headers = {"X-Debitura-Event": "case.closed", "X-Debitura-Replay": "true", "X-Debitura-Timestamp": "0"}

    assert _post(_notice(tracking), **headers).status_code == 200
    assert Receipt.objects.get().kind == "case.updated"


def test_a_forged_notice_is_refused_and_not_kept(tracking: Tracking) -> None:
    notice = _notice(tracking)
    forged = Notice(notice.url, notice.signature, notice.body + b" ")

    assert _post(forged).status_code == 400
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("token", ["nobody", "x" * 3000, "%00", "%C3%A9"])
def test_an_address_that_is_not_ours_is_not_there(tracking: Tracking, token: str) -> None:
    assert _post(_notice(tracking), token=token).status_code == 404


def test_the_address_of_a_removed_account_looks_like_any_other_that_is_not_ours(tracking: Tracking) -> None:
    notice = _notice(tracking)
    CollectorAccount.objects.update(removed_at=tracking.clock.now())
    removed, unknown = _post(notice), _post(notice, token="nobody")

    assert (removed.status_code, removed.content) == (404, unknown.content)
    assert unknown.status_code == 404


@pytest.mark.parametrize("size", [LONGEST_BODY + 1, 50_000_000])
def test_a_huge_notice_is_too_large(tracking: Tracking, size: int) -> None:
    notice = _notice(tracking)

    assert _post(Notice(notice.url, notice.signature, b"x" * size)).status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_only_posting_is_possible(tracking: Tracking, method: str) -> None:
    path = f"/hooks/collectors/{tracking.account.hook_token}/"

    assert getattr(Client(), method)(path).status_code == 405


@pytest.mark.parametrize("trouble", [OperationalError("gone"), ConnectorException("gone")])
def test_when_nothing_can_be_written_down_the_sender_has_to_come_again(
    tracking: Tracking, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def broken(account_id: int) -> None:
        raise trouble

    notice = _notice(tracking)
    with monkeypatch.context() as while_broken:
        while_broken.setattr(queue, "handle_receipts", broken)
        answer = _post(notice)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert not Receipt.objects.exists()

    assert _post(notice).status_code == 200
    assert Receipt.objects.count() == 1


def test_while_the_database_is_down_the_sender_has_to_come_again(tracking: Tracking) -> None:
    def refuse(*arguments: Any) -> Any:
        raise OperationalError("the connection is closed")

    notice = _notice(tracking)
    with connection.execute_wrapper(refuse):
        assert _post(notice).status_code == 503

    assert _post(notice).status_code == 200


def test_a_notice_costs_a_few_look_ups_however_many_cases_there_are(tracking: Tracking) -> None:
    notice = _notice(tracking)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        _post(notice)

    assert len(asked) <= 16, [one["sql"] for one in asked]


def test_no_answer_ever_ends_the_subscription(tracking: Tracking, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = _notice(tracking)
    answers = [
        _post(notice),
        _post(Notice(notice.url, "", notice.body)),
        _post(notice, token="nobody"),
        _post(Notice(notice.url, "", b"x" * (LONGEST_BODY + 1))),
    ]
    monkeypatch.setattr("arrears.web.collector_hook.receive_event", _broken)
    answers.append(_post(notice))

    assert [one.status_code for one in answers] == [200, 400, 404, 413, 500]


def _broken(*arguments: object) -> None:
    raise RuntimeError("a fault of ours")
