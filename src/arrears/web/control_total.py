"""Does the list agree with the books' own report of what is unpaid?"""

from __future__ import annotations

from decimal import Decimal

from arrears.bridge.preview import Instalment
from arrears.ports import Control

_NAMED = 5


class ControlTotal:
    """Gathers a preview as it arrives and compares it, number by number, with the unpaid report."""

    def __init__(self) -> None:
        self._listed: set[str] = set()
        self._differing: list[str] = []
        self.control = Control(complete=False)

    def add(self, instalment: Instalment) -> None:
        self.control = instalment.control
        for row in instalment.rows:
            self._listed.update(row.claim.numbers)
            if any(finding.code == "control_differs" for finding in row.verdict.findings):
                self._differing.append(row.claim.numbers[0])

    @property
    def compared(self) -> bool:
        return self.control.complete

    @property
    def agrees(self) -> bool:
        return self.compared and not self.differences

    @property
    def reported(self) -> int:
        """How many invoices the report names."""
        return len(self.control.owed)

    @property
    def total(self) -> Decimal:
        """The report's own total, else the sum of its lines. Its currency is not stated by the books."""
        return (
            self.control.total
            if self.control.total is not None
            else sum(self.control.owed.values(), Decimal(0))
        )

    @property
    def differences(self) -> list[str]:
        """What does not agree, each a sentence."""
        said = []
        missing = [number for number in self.control.owed if number not in self._listed]
        if missing:
            said.append(f"In the report but not in this list: {_named(missing)}.")
        if self._differing:
            said.append(f"With another amount in the report, or not in it: {_named(self._differing)}.")
        return said


def _named(numbers: list[str]) -> str:
    rest = len(numbers) - _NAMED
    return ", ".join(numbers[:_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
