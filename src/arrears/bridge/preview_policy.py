"""What an escalation policy would take at this moment, and why not the rest. Stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from arrears.bridge.adapters import adapters
from arrears.bridge.attention import noting_attention
from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.preview import Row, preview
from arrears.core.claim import Claim
from arrears.core.escalation import (
    Facts,
    Judgement,
    Rule,
    judge,
    needs_detail,
    within_ceiling,
    without_detail,
)
from arrears.ports import Owed, Progress

#: So many records are read at once where a policy asks for what only they tell.
_RECORDS = 50


@dataclass(frozen=True, slots=True)
class Weighed:
    """One unpaid invoice, and what the policy makes of it."""

    row: Row
    judgement: Judgement

    @property
    def claim(self) -> Claim:
        return self.row.claim


@dataclass(frozen=True, slots=True)
class Step:
    """How far it has come. `records` counts those read one by one; only the last step has `weighed`."""

    progress: Progress
    records: Progress | None = None
    weighed: tuple[Weighed, ...] | None = None


def preview_policy(connection: Connection, account: CollectorAccount | None, rule: Rule) -> Iterator[Step]:
    """Read every unpaid invoice and judge it, in steps; the last one holds every invoice with its judgement.

    The records of invoices and customers are read only for what fits otherwise, and only where the rule asks
    for something that nothing else tells. `account` is the collector that is asked, None for our own desk.

    Raises NeedsAttention or TryAgainLater.
    """
    today, rates = adapters().clock.today(), adapters().policy().rates
    weighed: list[Weighed] = []
    in_doubt: list[int] = []
    progress = Progress(0, None)
    for instalment in preview(connection, account):
        for row in instalment.rows:
            facts = _facts(row)
            doubtful = needs_detail(rule, facts)
            judgement = judge(without_detail(rule) if doubtful else rule, facts, rates, today)
            if doubtful and judgement.taken:
                in_doubt.append(len(weighed))
            weighed.append(Weighed(row, judgement))
        progress = instalment.progress
        yield Step(progress)
    for start in range(0, len(in_doubt), _RECORDS):
        places = in_doubt[start : start + _RECORDS]
        found = _records(connection, [weighed[place].claim for place in places])
        for place in places:
            row = weighed[place].row
            told = _in_full(_facts(row), found.get(row.claim.numbers[0]))
            weighed[place] = Weighed(row, _GONE if told is None else judge(rule, told, rates, today))
        yield Step(progress, Progress(start + len(places), len(in_doubt)))
    ends = within_ceiling(rule, [(one.claim, one.judgement) for one in weighed])
    yield Step(progress, weighed=tuple(Weighed(one.row, end) for one, end in zip(weighed, ends, strict=True)))


_GONE = Judgement(("moved",), ("It was deleted or renumbered while it was being read.",), None)


def _facts(row: Row) -> Facts:
    return Facts(row.claim, row.verdict, row.reference)


def _records(connection: Connection, claims: list[Claim]) -> dict[str, Owed | None]:
    with noting_attention(connection, adapters().clock):
        return adapters().books(connection).fresh([claim.numbers[0] for claim in claims])


def _in_full(facts: Facts, record: Owed | None) -> Facts | None:
    """The facts with what only the records tell; None when the invoice is not there any more."""
    invoice = facts.claim.invoices[0]
    if record is None or record.invoice.id != invoice.id:
        return None
    debtor = replace(facts.claim.debtor, tags=record.debtor.tags)
    told = replace(invoice, reminders=record.invoice.reminders)
    return replace(facts, claim=Claim(facts.claim.account, debtor, (told,)))
