"""The Debitura connector keeps the Collector's contract at a stand-in for Debitura, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from arrears.ports import Case, Collector
from tests.collector_contract import CollectorContract
from tests.collectors.connected import Connections
from tests.debitura.server import KEY, OTHER_KEY, FakeDebitura
from tests.debitura.transport import serve


class TestDebituraAtFake(CollectorContract):
    also_not_taken = ("doc", "docx", "eml")

    @pytest.fixture
    def fake(self) -> FakeDebitura:
        return FakeDebitura()

    @pytest.fixture
    def served(self, fake: FakeDebitura) -> Iterator[Connections]:
        self.debitura = fake
        self.company = fake.account.name
        with serve(fake) as url:
            debitura = Connections(url)
            yield debitura
            debitura.close()

    @pytest.fixture
    def collector(self, served: Connections, fake: FakeDebitura) -> Collector:
        return served.connect(KEY, fake.account.id)

    @pytest.fixture
    def other_creditors_collector(self, served: Connections, fake: FakeDebitura) -> Collector:
        return served.connect(OTHER_KEY, fake.other_account.id)

    @pytest.fixture
    def unsigned_collector(self, served: Connections, fake: FakeDebitura) -> Collector:
        fake.account.signed = False
        return served.connect(KEY, fake.account.id)

    def later(self) -> None:
        self.debitura.clock.advance(timedelta(minutes=1))

    def happen_to(self, collector: Collector, case: Case) -> None:
        """A message is no change there."""
        self.debitura.accept(case.creditor_reference)
