"""The audit trail can only grow, and knows who acted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from arrears.accounts.audit import ITSELF, Action, Who, acting, acting_as, goes_on_as, note
from arrears.accounts.models import AuditEntry
from arrears.accounts.read_audit import AuditSearch, read_audit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def line(organisation: int) -> AuditEntry:
    with acting_as(Who("owner@pennine.example", 7, "203.0.113.7")):
        note(organisation, Action.CONNECTED, "Connected KashFlow.", NOON, subject="connection 3")
    return AuditEntry.objects.get()


def test_a_line_names_who_acted_and_from_where(line: AuditEntry) -> None:
    assert (line.who, line.user_id, line.address) == ("owner@pennine.example", 7, "203.0.113.7")
    assert (line.action, line.text, line.subject) == (
        "connected books",
        "Connected KashFlow.",
        "connection 3",
    )


def test_what_nobody_did_was_done_by_the_software(organisation: int) -> None:
    note(organisation, Action.POLICY_RAN, "Looked at 12 invoices.", NOON)

    assert (AuditEntry.objects.get().who, AuditEntry.objects.get().address) == (ITSELF.name, "")


def test_who_acts_ends_with_its_block(line: AuditEntry) -> None:
    with acting_as(Who("somebody not signed in")):
        goes_on_as(Who("API key arr_1…"))
        assert acting().name == "API key arr_1…"
    assert acting() == ITSELF


@pytest.mark.parametrize(
    "statement",
    [
        "update accounts_auditentry set text = 'nothing'",
        "update accounts_auditentry set organisation_id = organisation_id",
        "delete from accounts_auditentry",
        "with gone as (delete from accounts_auditentry returning id) select count(*) from gone",
    ],
)
def test_the_database_itself_refuses_to_change_a_line(line: AuditEntry, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEntry.objects.get().text == "Connected KashFlow."


def test_django_cannot_change_a_line_either(line: AuditEntry) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(text="nothing")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.all().delete()
    line.text = "nothing"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        line.save()
    with pytest.raises(RuntimeError, match="cannot be removed"):
        line.delete()


def test_a_line_is_undone_with_what_it_tells_of(organisation: int) -> None:
    with transaction.atomic():
        note(organisation, Action.CONNECTED, "Connected KashFlow.", NOON)
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


def test_a_page_of_a_long_trail_is_read_by_its_index(organisation: int) -> None:
    rows = [
        AuditEntry(organisation_id=organisation, at=NOON, action="signed in", who="a", text=str(number))
        for number in range(5000)
    ]
    AuditEntry.objects.bulk_create(rows)
    page = AuditEntry.objects.filter(organisation_id=organisation, pk__lt=rows[-1].pk).order_by("-pk")[:101]

    with connection.cursor() as cursor:
        cursor.execute("analyze accounts_auditentry")
    assert "Sort" not in page.explain()
    assert len(read_audit(organisation, AuditSearch(), most=100)) == 100
