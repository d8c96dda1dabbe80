"""Every fault in the list has its test, and every test its sabotage."""

from __future__ import annotations

import importlib
import pkgutil

from tests import faults
from tests.faults.catalogue import FAULTS

_LISTED = [*(f"B{number}" for number in range(1, 29)), *(f"H{number}" for number in range(1, 14))]


def test_every_fault_has_a_scenario_that_says_what_must_hold_and_a_sabotage() -> None:
    for module in pkgutil.iter_modules(faults.__path__, f"{faults.__name__}."):
        importlib.import_module(module.name)

    assert sorted(FAULTS) == sorted(_LISTED)
    for fault in FAULTS.values():
        assert fault.sentence.endswith("."), fault
        assert callable(fault.sabotage)
    assert len({fault.sabotage for fault in FAULTS.values()}) > len(_LISTED) // 2
