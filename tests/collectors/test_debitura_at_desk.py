"""The Debitura connector keeps the Collector's contract at our own desk, over its Customer API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from arrears.desk.contracts.seed_agreements import seed_agreements
from arrears.desk.models import Case
from arrears.ports import Collector, NeedsAttention
from tests.builders import TODAY, a_claim
from tests.collector_contract import CollectorContract
from tests.collectors.connected import Connections
from tests.desk.api.world import Adapters, FakeSender, a_program, covering
from tests.fakes import FakeClock
from tests.opened_cases import open_several, opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(live_server: LiveServer, settings: Settings) -> Iterator[Connections]:
    """A desk with one partner in Britain, and the way to it."""
    Adapters.clock, Adapters.webhooks = FakeClock(), FakeSender()
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.ARREARS_URL = "https://desk.example"
    covering("GB", name="Oriel Agency")
    seed_agreements()
    desk = Connections(f"{live_server.url}/api/customer")
    yield desk
    desk.close()  # the server keeps a thread for every connection left open


def for_creditor(desk: Connections, name: str, *, signed: bool = True, test: bool = False) -> Collector:
    program = a_program(name, signed=signed)
    return desk.connect(program.key, str(program.creditor.public_id), test=test)


class TestDebituraAtDesk(CollectorContract):
    also_not_taken = ("doc", "docx", "eml")

    @pytest.fixture
    def collector(self, desk: Connections) -> Collector:
        return for_creditor(desk, "Acme Suppliers")

    @pytest.fixture
    def other_creditors_collector(self, desk: Connections) -> Collector:
        return for_creditor(desk, "Another creditor")

    @pytest.fixture
    def unsigned_collector(self, desk: Connections) -> Collector:
        return for_creditor(desk, "New creditor", signed=False)

    def later(self) -> None:
        Adapters.clock.advance(timedelta(minutes=1))

    def leave_thread(self) -> None:
        connections.close_all()


def test_test_cases_are_marked_and_can_be_removed_alone(desk: Connections) -> None:
    program = a_program("Acme Suppliers")
    real, testing = (
        desk.connect(program.key, str(program.creditor.public_id), test=test) for test in (False, True)
    )
    (kept,) = open_several(real, "AR-1")
    case = opened(testing.open(a_claim(), "T-1", "key-1", TODAY))
    assert case.test
    assert not kept.test
    with pytest.raises(NeedsAttention):
        real.remove_test_cases()
    testing.remove_test_cases()
    assert [str(case.public_id) for case in Case.objects.all()] == [kept.id]
