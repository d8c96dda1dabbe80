"""The organisation's limit: what an import comes to, and whether it has to wait for a second person.

Amounts are those that were seen when the invoices were chosen. An invoice that shows another amount when it
is read again is not submitted, so nobody gets past the limit by naming less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arrears.accounts.models import Organisation
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import Picked
from arrears.bridge.models import ImportRun, Submission
from arrears.core.approval import why_it_waits, why_unknown_waits
from arrears.core.money import Money, is_currency, read_amount
from arrears.core.wording import list_text, sign_text


@dataclass(frozen=True, slots=True)
class Totals:
    """What cases come to: how many and how much in each currency. `unseen`: some amount was not known."""

    cases: dict[str, int]
    amounts: dict[str, Money]
    unseen: bool

    def as_kept(self) -> list[list[str | int]]:
        """As `ImportRun.totals` holds them."""
        return [
            [currency, self.cases[currency], str(money.rounded().amount)]
            for currency, money in self.amounts.items()
        ]


def totals_of(groups: Sequence[Sequence[Picked]] | None) -> Totals | None:
    """What the cases to be come to, by what was seen of their invoices; None where the run finds them."""
    if groups is None:
        return None
    totals = Totals({}, {}, unseen=any(amount_seen(one) is None for group in groups for one in group))
    for group in groups:
        amounts = [amount for one in group if (amount := amount_seen(one)) is not None]
        for currency in dict.fromkeys(amount.currency for amount in amounts):
            totals.cases[currency] = totals.cases.get(currency, 0) + 1
        for amount in amounts:
            known = totals.amounts.get(amount.currency, Money.zero(amount.currency))
            totals.amounts[amount.currency] = known + amount
    return totals


def amount_seen(picked: Picked) -> Money | None:
    """The amount in `seen`: amount, currency and customer. What could make a sum smaller is no amount."""
    words = picked.seen.split(" ", 2)
    amount = read_amount(words[0])
    if len(words) < 2 or amount is None or amount <= 0 or not is_currency(words[1]):
        return None
    return Money(amount, words[1])


def why_above_limit(organisation_id: int, totals: Totals | None) -> str:
    """Why an import has to wait for a second person, in a sentence; empty when it need not."""
    limit = limit_of(organisation_id)
    if limit is None:
        return ""
    if totals is None or totals.unseen:
        return why_unknown_waits(limit)
    return why_it_waits(totals.amounts.values(), limit, adapters().policy().rates)


def why_again(run: ImportRun, again: Sequence[Submission]) -> str:
    """Why rows that are tried again have to wait for a second person; empty when they need not.

    A row that is still compared with what was seen has been agreed to. Others are taken as they are now.
    """
    if run.needs_second_person and run.approved_at is None:
        return run.waits_because
    limit = limit_of(run.organisation_id)
    is_known = bool(run.approved_at) if not again else all(row.body_hash for row in again)
    return "" if limit is None or is_known else why_unknown_waits(limit)


def wait_again(run: ImportRun, why: str, asked_by: int | None) -> None:
    """Set a run that waits for a second person once more. The caller saves it."""
    run.stage, run.waits_because, run.needs_second_person = ImportRun.Stage.AWAITING, why, True
    run.asked_by_id, run.approved_by, run.approved_at = asked_by, None, None


#: What `wait_again` changes.
WAITING_FIELDS = ("stage", "waits_because", "needs_second_person", "asked_by", "approved_by", "approved_at")


def limit_of(organisation_id: int) -> Money | None:
    """What an import may be worth without a second person; None for anything."""
    organisation = Organisation.objects.get(pk=organisation_id)
    if organisation.approval_limit is None:
        return None
    return Money(organisation.approval_limit, organisation.limit_currency).rounded()


def what_of(run: ImportRun) -> str:
    """What a run was to do, to complete “An import …”."""
    cases = sum(number for _, number, _ in run.totals)
    sums = [
        sign_text(Money(known, currency)) for currency, _, text in run.totals if (known := read_amount(text))
    ]
    if not cases:
        return f"from {run.company_name}"
    return f"of {cases:,} {'case' if cases == 1 else 'cases'}, {list_text(sums)}, from {run.company_name}"
