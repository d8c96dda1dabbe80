"""Faults and what must hold in spite of them: each is played as built, and once with a protection taken away.

A scenario tells a story and asserts what must hold; its docstring says it in one sentence. Its sabotage
replaces one protection of the product by what somebody careless would have written. Only when the scenario
then fails, and fails by its own assertion, has the test shown that the protection is what makes it hold.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

#: Replaces one protection; what it patches is put back after the test.
Sabotage = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, by its number in the list of faults, and what must hold."""

    number: str
    sentence: str
    sabotage: Sabotage


#: Every fault that has a test, by number.
FAULTS: dict[str, Fault] = {}


def fault(number: str, sabotage: Sabotage) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a test of a scenario `def test_b2_…(world: World) -> None`; it may ask for any fixtures."""

    def made(scenario: Callable[..., None]) -> Callable[..., None]:
        sentence = inspect.getdoc(scenario)
        if not scenario.__name__.startswith(f"test_{number.lower()}_") or not sentence:
            raise ValueError(f"{scenario.__name__} must be named test_{number.lower()}_… and say what holds.")
        if number in FAULTS:
            raise ValueError(f"Fault {number} has a test already.")
        FAULTS[number] = Fault(number, " ".join(sentence.split()), sabotage)

        def test(sabotaged: bool, monkeypatch: pytest.MonkeyPatch, **fixtures: Any) -> None:
            if "monkeypatch" in inspect.signature(scenario).parameters:
                fixtures["monkeypatch"] = monkeypatch
            if not sabotaged:
                scenario(**fixtures)
                return
            sabotage(monkeypatch)
            with pytest.raises(AssertionError):
                scenario(**fixtures)

        return _presented(test, scenario)

    return made


def _presented(test: Callable[..., None], scenario: Callable[..., None]) -> Callable[..., None]:
    """The test under the scenario's name, with the scenario's fixtures and two cases."""
    wanted = [*inspect.signature(scenario).parameters]
    names = ["sabotaged", *dict.fromkeys(["monkeypatch", *wanted])]
    kind = inspect.Parameter.KEYWORD_ONLY
    test.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]
    test.__name__, test.__doc__, test.__module__ = scenario.__name__, scenario.__doc__, scenario.__module__
    cases = pytest.mark.parametrize("sabotaged", [False, True], ids=["as built", "sabotaged"])
    presented: Callable[..., None] = cases(test)
    return presented
