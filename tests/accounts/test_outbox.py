"""E-mails on their way: once for each key, sent by one process, tried again, given up in the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.db import transaction

from arrears.accounts import outbox
from arrears.accounts.models import OutgoingMail
from arrears.core.digest import Letter

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LETTER = Letter("Something happened", "All of it is here.")

pytestmark = pytest.mark.django_db


def test_an_email_counts_once_and_is_sent_once() -> None:
    outbox.put("k", "anna@pennine.example", LETTER, NOW)
    outbox.put("k", "anna@pennine.example", LETTER, NOW)
    assert outbox.send_due(NOW) == 1
    assert outbox.send_due(NOW + timedelta(days=1)) == 0
    assert [(one.to, one.subject, one.body) for one in mail.outbox] == [
        (["anna@pennine.example"], "Something happened", "All of it is here.")
    ]


def test_what_was_sent_is_not_kept() -> None:
    outbox.put("k", "anna@pennine.example", LETTER, NOW)
    outbox.send_due(NOW)
    assert OutgoingMail.objects.get().text == ""
    outbox.forget_old(NOW + timedelta(days=61))
    assert not OutgoingMail.objects.exists()


def test_nothing_is_sent_for_what_did_not_happen() -> None:
    with transaction.atomic():
        outbox.put("k", "anna@pennine.example", LETTER, NOW)
        transaction.set_rollback(True)
    assert outbox.send_due(NOW) == 0


def test_a_mail_server_that_fails_is_tried_again_less_and_less_often_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts: list[datetime] = []
    now = NOW

    def refuse(*_: object) -> None:
        attempts.append(now)
        raise ConnectionRefusedError

    monkeypatch.setattr(outbox, "send_mail", refuse)
    outbox.put("k", "anna@pennine.example", LETTER, NOW)
    for _ in range(20 * 24 * 60):
        outbox.send_due(now)
        now += timedelta(minutes=1)
    waits = [later - earlier for earlier, later in pairwise(attempts)]
    assert len(attempts) == 12
    assert waits == sorted(waits)
    given_up = OutgoingMail.objects.get()
    assert (given_up.problem, given_up.text, given_up.sent_at) == ("ConnectionRefusedError", "", None)


def test_a_mail_that_cannot_be_sent_at_all_keeps_no_other_from_being_sent() -> None:
    outbox.put("bad", "anna@pennine.example", Letter("Two\nlines", "x"), NOW)
    outbox.put("good", "anna@pennine.example", LETTER, NOW)
    assert outbox.send_due(NOW) == 1
    assert [one.subject for one in mail.outbox] == [LETTER.subject]


def test_a_process_that_died_while_sending_leaves_the_mail_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    outbox.put("k", "anna@pennine.example", LETTER, NOW)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "send_mail", die)
        with pytest.raises(KeyboardInterrupt):
            outbox.send_due(NOW)
    assert outbox.send_due(NOW + timedelta(minutes=1)) == 0  # it may still be at it
    assert outbox.send_due(NOW + timedelta(minutes=6)) == 1
