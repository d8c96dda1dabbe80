"""What is kept about a debtor: all of it can be handed out, and all of it can be erased."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from arrears.core.case import Lifecycle
from arrears.desk import outbox
from arrears.desk.actors import NotThere, Refused
from arrears.desk.models import (
    Case,
    CaseEvent,
    Delivery,
    DeskSettings,
    Disclosure,
    Document,
    Payment,
    Webhook,
)
from arrears.desk.privacy.erase_debtor import erase_debtor
from arrears.desk.privacy.export_debtor import export_debtor
from arrears.desk.privacy.list_disclosures import list_disclosures
from arrears.desk.privacy.record_disclosure import record_disclosure
from arrears.desk.privacy.sweep_retention import sweep_retention
from tests.desk.builders import NOON, OPERATOR, a_case, creditor_of, partner_of
from tests.desk.privacy.needle import NEEDLE, OTHERS, a_planted_case, columns_with, text_columns

pytestmark = pytest.mark.django_db

#: What is not stored with a case, though the planted person is in it, is looked for in all tables alike.
OF_A_CASE = set(OTHERS) | {"desk_storedanswer"}


def test_every_column_that_can_hold_words_is_planted_or_cannot_name_a_debtor() -> None:
    a_planted_case()
    planted = columns_with(NEEDLE)
    forgotten = {
        (table, column)
        for table, column in text_columns()
        if table in OTHERS and column not in OTHERS[table] and (table, column) not in planted
    }
    assert not forgotten
    both = {(table, column) for table, column in planted if column in OTHERS.get(table, ())}
    assert not both


def test_the_tables_of_a_case_are_the_ones_that_are_planted() -> None:
    names = set(export_debtor(OPERATOR, a_case().public_id, now=NOON).data) - {"case", "exported_at"}
    assert {f"desk_{name.lower()}" for name in names} | {"desk_case"} == OF_A_CASE


def test_an_export_holds_every_word_about_the_debtor() -> None:
    case, other = a_planted_case(), a_planted_case()
    export = export_debtor(creditor_of(case), case.public_id, now=NOON)
    exported = json.loads(json.dumps(export.data))
    in_tables = {
        ("desk_case" if name == "case" else f"desk_{name.lower()}", column)
        for name, rows in exported.items()
        for row in ([rows] if name == "case" else rows if isinstance(rows, list) else [])
        for column, value in row.items()
        if NEEDLE in json.dumps(value)
    }
    assert in_tables == columns_with(NEEDLE) - {("desk_document", "content")}
    assert [bytes(document.content) for document in export.documents] == [
        bytes(document.content) for document in Document.objects.filter(case=case)
    ]
    assert str(other.public_id) not in json.dumps(exported)
    assert exported["case"]["principal"] == "500.000"


def test_an_export_is_itself_a_disclosure() -> None:
    case = a_case()
    export_debtor(creditor_of(case), case.public_id, now=NOON)
    (disclosure,) = list_disclosures(OPERATOR, case.public_id)
    assert (disclosure.to, disclosure.at) == ("Carol Creditor", NOON)


def test_nobody_else_exports() -> None:
    case, other = a_case(), a_case()
    for stranger in (creditor_of(other), partner_of(other), partner_of(case)):
        with pytest.raises(NotThere):
            export_debtor(stranger, case.public_id, now=NOON)
        with pytest.raises(NotThere):
            list_disclosures(stranger, case.public_id)
    assert not Disclosure.objects.exists()


def test_erasing_leaves_nothing_about_the_debtor() -> None:
    case = a_planted_case(lifecycle=Lifecycle.CLOSED)
    before = Payment.objects.values_list("amount", "paid_on", "settled_on", "creditor_share").get()
    line = CaseEvent.objects.get()
    assert columns_with(NEEDLE)
    erase_debtor(OPERATOR, case.public_id, now=NOON)
    assert columns_with(NEEDLE) == set()
    case.refresh_from_db()
    assert (case.debtor_name, case.debtor_erased_at) == ("Erased", NOON)
    assert (case.principal, case.oldest_due, case.debtor_country) == (500, date(2026, 7, 31), "GB")
    assert Payment.objects.values_list("amount", "paid_on", "settled_on", "creditor_share").get() == before
    kept = CaseEvent.objects.get(pk=line.pk)
    assert (kept.at, kept.kind, kept.data) == (line.at, line.kind, {"to": "active"})
    assert case.events.count() == 2


def test_erasing_one_debtor_leaves_the_others() -> None:
    case, other = (a_planted_case(lifecycle=Lifecycle.CLOSED) for _ in range(2))
    everywhere = columns_with(NEEDLE)
    erase_debtor(OPERATOR, case.public_id, now=NOON)
    assert columns_with(NEEDLE) == everywhere
    other.refresh_from_db()
    assert other.debtor_name == NEEDLE


def test_erasing_twice_is_erasing_once() -> None:
    case = a_planted_case(lifecycle=Lifecycle.CLOSED)
    for _ in range(2):
        erase_debtor(OPERATOR, case.public_id, now=NOON)
    assert case.events.count() == 2


def test_only_an_operator_erases() -> None:
    case = a_planted_case(lifecycle=Lifecycle.CLOSED)
    for actor in (creditor_of(case), partner_of(case)):
        with pytest.raises(Refused):
            erase_debtor(actor, case.public_id, now=NOON)
    assert Case.objects.get().debtor_name == NEEDLE


def unsettled(case: Case) -> None:
    case.payments.update(settled_on=None)


def complained(case: Case) -> None:
    case.complaints.update(state="Response Received")


def reopened(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(lifecycle=Lifecycle.ACTIVE)


@pytest.mark.parametrize("obstacle", [unsettled, complained, reopened])
def test_nothing_is_erased_while_it_is_needed(obstacle: object) -> None:
    assert callable(obstacle)
    case = a_planted_case(lifecycle=Lifecycle.CLOSED, finished_at=datetime(2015, 1, 1, tzinfo=UTC))
    obstacle(case)
    with pytest.raises(Refused) as refusal:
        erase_debtor(OPERATOR, case.public_id, now=NOON)
    assert refusal.value.code == "not_now"
    assert sweep_retention(now=NOON, today=NOON.date()) == 0
    assert Case.objects.get().debtor_name == NEEDLE


def test_what_was_kept_long_enough_goes_by_itself() -> None:
    DeskSettings.current()
    DeskSettings.objects.update(retention_years=3)
    long_ago, not_yet = datetime(2023, 11, 21, 12, tzinfo=UTC), datetime(2023, 11, 22, 12, tzinfo=UTC)
    old = a_planted_case(lifecycle=Lifecycle.CLOSED, finished_at=long_ago)
    young = a_case(Lifecycle.CLOSED, finished_at=not_yet)
    assert sweep_retention(now=NOON, today=NOON.date()) == 1
    assert sweep_retention(now=NOON, today=NOON.date()) == 0
    assert columns_with(NEEDLE) == set()
    assert list(Case.objects.filter(debtor_erased_at=None)) == [young]
    last = old.events.latest("pk")
    assert (last.party, last.text) == ("desk", "The debtor's personal data was erased.")


def test_what_waits_to_be_delivered_names_nobody() -> None:
    case = a_planted_case()
    events = [*outbox.CONTRACT_EVENTS, *outbox.MORE_EVENTS]
    Webhook.objects.create(
        organisation=case.creditor, url="https://x.example", events=events, created_at=NOON, updated_at=NOON
    )
    with transaction.atomic():
        assert sum(outbox.announce(case, event, now=NOON) for event in events) == len(events)
    for payload in Delivery.objects.values_list("payload", flat=True):
        told = json.loads(payload)
        assert set(told["data"]) == {"caseId", "reference", "creditorReference"}
        assert NEEDLE not in payload


def test_a_disclosure_is_recorded_by_those_who_disclose() -> None:
    case, other = a_case(), a_case()
    for actor in (partner_of(case), OPERATOR):
        record_disclosure(actor, case.public_id, to="A court", what="The claim", why="To sue", now=NOON)
    assert list_disclosures(creditor_of(case), case.public_id).count() == 2
    with pytest.raises(Refused):
        record_disclosure(creditor_of(case), case.public_id, to="A", what="B", why="C", now=NOON)
    with pytest.raises(Refused):
        record_disclosure(OPERATOR, case.public_id, to="A", what="", why="C", now=NOON)
    with pytest.raises(NotThere):
        record_disclosure(partner_of(other), case.public_id, to="A", what="B", why="C", now=NOON)
    assert Disclosure.objects.count() == 2
