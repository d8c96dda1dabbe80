"""Cases for the tests of collectors, opened through the port."""

from __future__ import annotations

from arrears.core.claim import Claim
from arrears.ports import Answer, Case, Collector, Opened
from tests.builders import TODAY, a_claim


def opened(answer: Opened) -> Case:
    """The case of an answer that must be OPENED."""
    assert answer.answer is Answer.OPENED, answer.messages
    assert answer.case is not None
    return answer.case


def open_one(collector: Collector, reference: str = "AR-1") -> Case:
    """One case on a sound claim."""
    return open_several(collector, reference)[0]


def open_several(collector: Collector, *references: str, claim: Claim | None = None) -> list[Case]:
    """One case under each reference, in this order."""
    return [
        opened(collector.open(claim or a_claim(), reference, f"key of {reference}", TODAY))
        for reference in references
    ]
