"""Figures are worked out once for as long as they are true, and never told when they no longer are."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from arrears.accounts.models import Organisation
from arrears.bridge.adapters import adapters
from arrears.bridge.case_figures import case_figures
from arrears.bridge.models import TrackedCase
from arrears.bridge.tracked_index import TrackedIndex
from arrears.desk.case_index import DeskCaseIndex
from arrears.desk.models import Case as DeskCase
from arrears.ports import CaseIndex, CaseSearch, Figures
from tests.bridge.indexed_cases import at_desk, tracked_at
from tests.desk.builders import a_partner, an_organisation
from tests.fakes import FakeAdapters
from tests.web.far_world import an_account

ALL = CaseSearch()


@pytest.fixture
def committed(transactional_db: None, settings: Settings) -> tuple[Organisation, str, str]:
    """A creditor with a case in each place, whose rows other transactions can see."""
    settings.ARREARS_ADAPTERS = "tests.fakes.FakeAdapters"
    adapters.cache_clear()
    FakeAdapters.fresh()
    creditor = an_organisation("Pennine")
    return creditor, at_desk(creditor, partner=a_partner()), tracked_at(an_account(creditor))


def _change_case() -> None:
    DeskCase.objects.update(outstanding=Decimal(1))


def _add_test_case() -> None:
    case = DeskCase.objects.get()
    at_desk(case.creditor, partner=case.partner, test=True)


def _remove_tracked() -> None:
    TrackedCase.objects.all().delete()


def _change_tracked() -> None:
    TrackedCase.objects.update(outstanding=Decimal(1))


@pytest.mark.parametrize("change", [_change_case, _add_test_case, _remove_tracked, _change_tracked])
def test_figures_are_worked_out_once_and_anew_after_every_change(
    committed: tuple[Organisation, str, str], monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]
) -> None:
    creditor = committed[0].pk
    worked_out: list[type] = []
    for kind in (DeskCaseIndex, TrackedIndex):
        _count_calls(monkeypatch, kind, worked_out)

    _until_writers_have_ended(DeskCaseIndex(creditor))
    first = case_figures(creditor, ALL)
    again = case_figures(creditor, ALL)
    before = len(worked_out)
    change()
    after = case_figures(creditor, ALL)

    assert (first, before) == (again, 2)
    assert len(worked_out) == 3
    assert after.all != first.all


def _until_writers_have_ended(index: DeskCaseIndex) -> None:
    """Other tests write on the same server, and figures are not kept beside a writer with a lower number."""
    for _ in range(600):
        if index.version() is not None:
            return
        time.sleep(0.1)
    pytest.fail("Somebody was writing all the time.")


def _count_calls(monkeypatch: pytest.MonkeyPatch, kind: type, calls: list[type]) -> None:
    figures = kind.figures  # type: ignore[attr-defined]

    def counting(self: CaseIndex, search: CaseSearch, today: date) -> Figures:
        calls.append(kind)
        found: Figures = figures(self, search, today)
        return found

    monkeypatch.setattr(kind, "figures", counting)


def test_figures_are_not_kept_while_a_writer_under_a_lower_number_is_at_work(
    committed: tuple[Organisation, str, str],
) -> None:
    """It may write a row whose number is below the highest, which would then not tell of it."""
    index = DeskCaseIndex(committed[0].pk)
    known = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: known[name] for name in names if name in known}) as slow:
        slow.execute("select pg_current_xact_id()")
        DeskCase.objects.update(outstanding=Decimal(2))
        assert index.version() is None
    assert index.version() is not None
