"""The Debitura connector asks for nothing that the published contract does not know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from arrears.ports import Collector
from tests.collector_contract import CollectorContract
from tests.collectors.connected import Connections
from tests.debitura.contract_mock import is_here, serve_contract_mock

pytestmark = pytest.mark.skipif(not is_here(), reason="the published contract is not beside the repository")


class TestDebituraByContract(CollectorContract):
    also_not_taken = ("doc", "docx", "eml")

    @pytest.fixture
    def served(self) -> Iterator[Connections]:
        with serve_contract_mock() as (url, mock):
            debitura = Connections(url)
            yield debitura
            debitura.close()
            assert mock.violations == []

    @pytest.fixture
    def collector(self, served: Connections) -> Collector:
        return served.connect("key-1", "1")

    @pytest.fixture
    def other_creditors_collector(self, served: Connections) -> Collector:
        return served.connect("key-2", "2")

    @pytest.fixture
    def unsigned_collector(self, served: Connections) -> Collector:
        return served.connect("unsigned-key", "3")

    def later(self) -> None:
        """Nothing: the mock knows no time."""
