"""What has changed since a cursor: nothing is missed, however writers overlap."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from arrears.desk.models import Case
from tests.desk.api.sides import Side, a_creditor_side
from tests.desk.builders import a_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def side() -> Side:
    return a_creditor_side()


def told(side: Side, cursor: str = "", **query: Any) -> tuple[list[str], str, bool]:
    """What the API tells, once nobody else on this database server holds it back."""
    _wait_for_others()
    text = "&".join(f"{name}={value}" for name, value in {"Cursor": cursor, **query}.items())
    answer = side.get(f"/changes?{text}")
    return [case["reference"] for case in answer["cases"]], answer["cursor"], answer["hasMore"]


def _wait_for_others() -> None:
    """Tests that run beside this one share the server, and a transaction of theirs delays what is told."""
    for _ in range(2_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity"
                " where backend_xid is not null and datname <> current_database()"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)


def touch(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(tag="touched")


def test_all_cases_come_first_then_only_what_has_changed(side: Side) -> None:
    first, second = (a_case(creditor=side.organisation) for _ in range(2))
    a_case()
    found, cursor, more = told(side)
    assert (found, more) == ([first.reference, second.reference], False)
    assert told(side, cursor)[0] == []
    touch(first)
    assert told(side, cursor)[0] == [first.reference]


def test_pages_follow_one_another_without_gaps(side: Side) -> None:
    with transaction.atomic():  # one transaction: only the ids tell these apart
        cases = [a_case(creditor=side.organisation) for _ in range(5)]
    found: list[str] = []
    cursor, more = "", True
    while more:
        page, cursor, more = told(side, cursor, PageSize=2)
        found += page
    assert found == [case.reference for case in cases]


def test_a_change_that_ends_late_is_told_after_those_that_began_later(side: Side) -> None:
    slow, quick = (a_case(creditor=side.organisation) for _ in range(2))
    _, cursor, _ = told(side)
    written, go_on = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            touch(slow)
            written.set()
            assert go_on.wait(30)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert written.wait(30)
    touch(quick)
    _, cursor, _ = told(side, cursor)
    go_on.set()
    writer.join()
    found, _, _ = told(side, cursor)
    assert slow.reference in found


def test_no_change_is_missed_while_many_write(side: Side) -> None:
    cases = [a_case(creditor=side.organisation) for _ in range(12)]
    _, cursor, _ = told(side)

    def write(mine: list[Case]) -> None:
        for case in mine:
            with transaction.atomic():
                touch(case)
                Case.objects.filter(pk=-1).update(tag="")
        connection.close()

    writers = [threading.Thread(target=write, args=(cases[start::4],)) for start in range(4)]
    for writer in writers:
        writer.start()
    found: set[str] = set()
    for page in _polled(side, cursor, writers):
        found |= set(page)
    assert found == {case.reference for case in cases}


def _polled(side: Side, cursor: str, writers: list[threading.Thread]) -> Iterator[list[str]]:
    """What asking again and again tells, and once more after the last writer."""
    alive = True
    while alive:
        alive = any(writer.is_alive() for writer in writers)
        page, cursor, _ = told(side, cursor, PageSize=5)
        yield page
    more = True
    while more:
        page, cursor, more = told(side, cursor)
        yield page


def test_a_cursor_of_another_creditor_or_of_nobody_is_refused(side: Side) -> None:
    _, cursor, _ = told(a_creditor_side("Brook Traders"))
    assert side.get(f"/changes?Cursor={cursor}", 400)["cursor"]
    assert side.get("/changes?Cursor=made-up", 400)["cursor"]


def test_another_database_is_told_from_the_beginning(side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_case(creditor=side.organisation)
    _, cursor, _ = told(side)
    restored = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 'restored'"
    monkeypatch.setattr("arrears.desk.api.creditor_changes._HORIZON", restored)
    assert told(side, cursor)[0] == [case.reference]
