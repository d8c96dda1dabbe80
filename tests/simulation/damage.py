"""What went wrong with an import, judged from the far end's own ledger and not from what we believe."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from arrears.bridge.models import Submission
from arrears.connectors.debitura.bodies import invoices_in
from arrears.core.submission import RESTING, State
from tests.debitura.ledger import Committed, Ledger

#: What the books have said of an invoice: the debtor's name, the amount and the currency.
Held = tuple[str, Decimal, str]


@dataclass(slots=True)
class Damage:
    """How many debts went wrong, by what went wrong. All of it must be 0.

    `lost`: no case, and nobody is told. `duplicate`: a case beyond the first of a debt. `stuck`: neither at
    rest nor waiting for a moment. `wrong`: a case for something that the books never said. `silent`: said to
    have a case, and has none.
    """

    lost: int = 0
    duplicate: int = 0
    stuck: int = 0
    wrong: int = 0
    silent: int = 0

    def __bool__(self) -> bool:
        return any((self.lost, self.duplicate, self.stuck, self.wrong, self.silent))

    def __add__(self, other: Damage) -> Damage:
        return Damage(
            self.lost + other.lost,
            self.duplicate + other.duplicate,
            self.stuck + other.stuck,
            self.wrong + other.wrong,
            self.silent + other.silent,
        )


def damage(
    ledger: Ledger,
    rows: Iterable[Submission],
    held: Mapping[str, set[Held]],
) -> Damage:
    """Judge submissions that should have come to an end. `held` is what the books have ever said, by number.

    A case that the far end deleted or merged counts as one all the same: it was opened once.
    """
    found = Damage()
    by_reference: dict[str, list[Committed]] = defaultdict(list)
    for case in ledger.committed:
        by_reference[case.reference].append(case)
    for row in rows:
        _judge(row, by_reference.get(row.reference, []), found)
    found.duplicate = sum(count - 1 for count in _debts(ledger.committed).values())
    found.wrong = sum(not _is_of(case, held) for case in ledger.committed)
    return found


def _judge(row: Submission, cases: list[Committed], found: Damage) -> None:
    if row.state not in RESTING:
        found.stuck += row.due_at is None
        found.lost += row.due_at is not None  # time was given for every wait to pass
    elif row.state == State.CREATED:
        found.silent += row.case_id not in {case.id for case in cases}
    elif not row.message or (cases and row.state != State.REVIEW):
        found.lost += 1  # nobody is told, or nobody is told of the case that there is


def _debts(cases: Iterable[Committed]) -> Counter[Hashable]:
    """How many cases there are of each debt, whatever reference or amount they were given."""
    return Counter((case.account, case.test, case.debtor, case.comments) for case in cases)


def _is_of(case: Committed, held: Mapping[str, set[Held]]) -> bool:
    """Whether the books have said this of the case's invoices."""
    numbers = invoices_in(case.comments)
    if len(numbers) == 1:
        return (case.debtor, case.amount, case.currency) in held.get(numbers[0], set())
    known = [held.get(number, set()) for number in numbers]
    names = {name for one in known for name, _, _ in one}
    return bool(known) and all(known) and case.debtor in names
