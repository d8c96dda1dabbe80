"""Messages between the sides of a case, and who has to answer by when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from arrears.core.case import Lifecycle, Party
from arrears.core.task import TaskKind
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Case, Delivery, Message, Task, Webhook
from arrears.desk.talk.list_messages import list_messages
from arrears.desk.talk.mark_seen import mark_seen
from arrears.desk.talk.send_message import LONGEST_MESSAGE, send_message
from tests.desk.builders import NOON, OPERATOR, a_case, a_partner, creditor_of, partner_of

pytestmark = pytest.mark.django_db


def open_replies(case: Case) -> list[tuple[str, date | None]]:
    tasks = Task.objects.filter(case=case, kind=TaskKind.REPLY_TO_CHAT, solved_at=None)
    return [(task.party, task.due_on) for task in tasks]


def test_a_message_is_kept_with_who_wrote_it() -> None:
    case = a_case()
    send_message(creditor_of(case), case.public_id, "  What\0 is new?\n", now=NOON)
    message = Message.objects.get()
    assert (message.text, message.party, message.by) == ("What is new?", "creditor", "Carol Creditor")
    assert list(list_messages(partner_of(case), case.public_id)) == [message]


@pytest.mark.parametrize(
    ("text", "code"), [("", "missing"), (" \0\n", "missing"), ("x" * (LONGEST_MESSAGE + 1), "too_long")]
)
def test_a_message_is_neither_empty_nor_endless(text: str, code: str) -> None:
    case = a_case()
    with pytest.raises(Refused) as refusal:
        send_message(creditor_of(case), case.public_id, text, now=NOON)
    assert refusal.value.code == code
    assert not Message.objects.exists()


def test_somebody_elses_case_is_not_there() -> None:
    case, other = a_case(), a_case()
    for stranger in (creditor_of(other), partner_of(other), Actor(Party.CREDITOR, "x", organisation=None)):
        with pytest.raises(NotThere):
            send_message(stranger, case.public_id, "Hello", now=NOON)
        with pytest.raises(NotThere):
            list_messages(stranger, case.public_id)
        with pytest.raises(NotThere):
            mark_seen(stranger, case.public_id, now=NOON)


def test_whoever_did_not_write_last_has_two_business_days() -> None:
    case = a_case()
    send_message(creditor_of(case), case.public_id, "What is new?", now=NOON)
    # Written on a Sunday: the days count from Monday.
    assert open_replies(case) == [("partner", date(2026, 11, 25))]
    send_message(partner_of(case), case.public_id, "They promised to pay.", now=NOON + timedelta(days=1))
    assert open_replies(case) == [("creditor", date(2026, 11, 25))]
    send_message(creditor_of(case), case.public_id, "Thank you.", now=NOON + timedelta(days=5))
    assert open_replies(case) == [("partner", date(2026, 12, 1))]
    send_message(OPERATOR, case.public_id, "Are you content?", now=NOON + timedelta(days=6))
    assert [party for party, _ in open_replies(case)] == ["creditor"]


def test_without_a_partner_an_operator_answers() -> None:
    case = a_case(Lifecycle.PENDING_CHECK, partner=None)
    send_message(creditor_of(case), case.public_id, "Is anything missing?", now=NOON)
    assert open_replies(case) == [("operator", date(2026, 11, 25))]


def test_a_welcome_asks_for_no_answer() -> None:
    case = a_case(accepted_at=NOON)
    send_message(partner_of(case), case.public_id, "We have begun.", now=NOON)
    assert open_replies(case) == []
    send_message(partner_of(case), case.public_id, "Who signed the order?", now=NOON + timedelta(minutes=1))
    assert [party for party, _ in open_replies(case)] == ["creditor"]


def test_a_message_late_in_the_evening_counts_from_the_london_day() -> None:
    case = a_case()
    # Half past midnight on 1 July in London, when it is still 30 June elsewhere.
    send_message(creditor_of(case), case.public_id, "Hello?", now=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert open_replies(case) == [("partner", date(2026, 7, 3))]


def test_seen_is_told_for_each_side() -> None:
    case = a_case()
    send_message(creditor_of(case), case.public_id, "One", now=NOON)
    send_message(partner_of(case), case.public_id, "Two", now=NOON)
    later = NOON + timedelta(hours=1)
    assert mark_seen(OPERATOR, case.public_id, now=later) == 0
    assert mark_seen(creditor_of(case), case.public_id, now=later) == 1
    assert mark_seen(creditor_of(case), case.public_id, now=later) == 0
    one, two = Message.objects.all()
    assert (one.seen_by_creditor_at, one.seen_by_partner_at) == (NOON, None)
    assert (two.seen_by_creditor_at, two.seen_by_partner_at) == (later, NOON)


def test_a_message_is_announced_with_ids_and_no_words() -> None:
    case = a_case(debtor_name="Needle Person")
    Webhook.objects.create(
        organisation=case.creditor,
        url="https://x.example",
        events=["chat.created"],
        created_at=NOON,
        updated_at=NOON,
    )
    message = send_message(partner_of(case), case.public_id, "Needle Person has moved.", now=NOON)
    delivery = Delivery.objects.get()
    assert delivery.event == "chat.created"
    assert str(message.public_id) in delivery.payload
    assert "Needle" not in delivery.payload
    assert "moved" not in delivery.payload


def test_a_partner_reads_nothing_of_a_case_it_no_longer_has() -> None:
    case = a_case()
    former = partner_of(case)
    Case.objects.update(partner=a_partner())
    with pytest.raises(NotThere):
        list_messages(former, case.public_id)
