"""The desk keeps the Collector's contract, on a real PostgreSQL."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NoReturn

import pytest
from django.db import OperationalError, connection, connections

from arrears.core.case import Lifecycle
from arrears.desk import models
from arrears.desk.collector import DeskCollector
from arrears.desk.models import Signature
from arrears.ports import Collector, OutcomeUnknown, TryAgainLater
from tests.builders import TODAY, a_claim
from tests.case_file_contract import PDF
from tests.collector_contract import CollectorContract
from tests.desk.builders import NOON
from tests.fakes import FakeClock
from tests.opened_cases import opened


class TestDeskCollector(CollectorContract):
    also_not_taken = ("docm", "svg")

    @pytest.fixture
    def collector(self, desk: DeskCollector, clock: FakeClock) -> Collector:
        self.clock = clock
        return desk

    @pytest.fixture
    def other_creditors_collector(self, desk_for: Callable[[str], DeskCollector]) -> Collector:
        return desk_for("Another creditor")

    @pytest.fixture
    def unsigned_collector(self, desk_for: Callable[[str], DeskCollector]) -> Collector:
        desk = desk_for("A new creditor")
        Signature.objects.all().delete()
        return desk

    def later(self) -> None:
        self.clock.advance(timedelta(minutes=1))

    def leave_thread(self) -> None:
        connections.close_all()

    @pytest.mark.django_db(transaction=True)
    def test_a_race_opens_one_case(self, collector: Collector) -> None:
        super().test_a_race_opens_one_case(collector)


def test_a_database_that_does_not_answer_leaves_the_outcome_of_opening_unknown(
    desk: DeskCollector, no_answer: None
) -> None:
    with pytest.raises(OutcomeUnknown):
        desk.open(a_claim(), "AR-1", "key-1", TODAY)


@pytest.mark.parametrize(
    "read",
    [
        lambda desk: desk.find("AR-1"),
        lambda desk: list(desk.cases()),
        lambda desk: desk.preview(a_claim(), TODAY),
        lambda desk: desk.attach("1", "invoice.pdf", PDF),
    ],
)
def test_a_database_that_does_not_answer_can_be_asked_again_later(
    desk: DeskCollector, no_answer: None, read: Callable[[DeskCollector], object]
) -> None:
    with pytest.raises(TryAgainLater):
        read(desk)


@pytest.fixture
def no_answer(desk: DeskCollector) -> Iterator[None]:
    """Every statement fails as it does when the server has gone away."""

    def fail(*_: object) -> NoReturn:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(fail):
        yield


def test_nothing_about_a_debtor_is_logged(desk: DeskCollector, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    case = opened(desk.open(a_claim(), "AR-1", "key-1", TODAY))
    desk.attach(case.id, "invoice.pdf", PDF)
    desk.open(a_claim(), "AR-1", "key-2", TODAY)
    assert "Acme" not in caplog.text


def test_listing_reads_every_page_once(desk: DeskCollector) -> None:
    references = [f"AR-{number}" for number in range(450)]
    rows = [
        models.Case(
            creditor_id=int(desk.creditor),
            creditor_reference=reference,
            opened_at=NOON + timedelta(seconds=number // 3),
            updated_at=NOON,
            debtor_country="GB",
            currency="GBP",
            principal=number + 1,
            outstanding=number + 1,
            lifecycle=Lifecycle.COLLECTING_QUOTES,
        )
        for number, reference in enumerate(references)
    ]
    models.Case.objects.bulk_create(rows)
    assert [case.creditor_reference for case in desk.cases()] == references[::-1]
