"""May this claim be submitted? Every finding at once, each with its reason and its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.core.check_debtor import check_debtor
from arrears.core.check_invoice import check_invoice
from arrears.core.claim import Claim, usd_value_of
from arrears.core.finding import Finding, Known, Policy, Severity
from arrears.core.fx import UsdValue
from arrears.core.money import Money, exponent
from arrears.core.time_bar import check_time_bar
from arrears.core.wording import list_text, money_text, usd_text

__all__ = ["Finding", "Known", "Policy", "Severity", "Verdict", "check"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on one claim. Eligible means that none of them blocks."""

    findings: tuple[Finding, ...] = ()

    @property
    def eligible(self) -> bool:
        return not any(finding.severity is Severity.BLOCKS for finding in self.findings)


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def check(claim: Claim, known: Known, policy: Policy, today: date) -> Verdict:
    """Check one claim against the policy on `today` and report everything found.

    What blocks comes first, then what warns, then what informs; within each, the claim as a whole, its
    invoices in their order, and the debtor.
    """
    found = list(_check_claim(claim, known, policy))
    for invoice in claim.invoices:
        found.extend(check_invoice(invoice, known, today))
    found.extend(check_time_bar(claim, policy, today))
    found.extend(check_debtor(claim))
    found.sort(key=lambda finding: _RANK[finding.severity])
    return Verdict(tuple(found))


def _check_claim(claim: Claim, known: Known, policy: Policy) -> Iterator[Finding]:
    currencies = {invoice.currency for invoice in claim.invoices}
    if len(currencies) > 1:
        codes = [code or "no currency" for code in sorted(currencies)]
        yield Finding(
            "mixed_currencies",
            Severity.BLOCKS,
            "claim.currency",
            f"The claim mixes invoices in {list_text(codes)}.",
            "Submit the invoices of each currency as a claim of their own.",
        )
    principal = claim.principal
    if principal is not None and principal.amount > 0:
        yield from _check_size(claim, principal, policy)
    if known.has_partner is False:
        yield Finding(
            "no_partner",
            Severity.WARNS,
            "claim.partner",
            "No partner covers this debtor. The case can be opened all the same: it then waits for quotes "
            "from firms that know the place, and its price is the quote that you accept.",
            "Submit it to collect quotes, or leave it out.",
        )


def _check_size(claim: Claim, principal: Money, policy: Policy) -> Iterator[Finding]:
    field, url = "claim.principal", claim.invoices[0].url
    if principal.amount < Decimal(100).scaleb(-exponent(principal.currency)):
        message = f"Only {money_text(principal)} is outstanding, which looks like a rounding difference."
        fix = "Clear the difference in KashFlow, with a small credit note for example."
        yield Finding("tiny_amount", Severity.BLOCKS, field, message, fix, url)
        return
    value = usd_value_of(claim, policy.rates)
    if value is None:
        message = (
            f"There is no exchange rate from {principal.currency} to US dollars, so it cannot be told "
            f"whether {money_text(principal)} reaches {_minimum(policy)}."
        )
        fix = "Submit it if you think that it does. The collector decides."
        yield Finding("minimum_unknown", Severity.WARNS, field, message, fix, url)
        return
    # An amount that is in dollars already needs no rate, so there is nothing to be unsure about.
    doubt = Decimal(0) if principal.currency == "USD" else policy.borderline_percent / 100
    if value.amount < policy.minimum_usd * (1 - doubt):
        message = f"{_worth(principal, value)}, below {_minimum(policy)}. {value.source}"
        fix = "Collect it yourself, or bundle it with the debtor's other overdue invoices."
        yield Finding("below_minimum", Severity.BLOCKS, field, message, fix, url)
    elif value.amount < policy.minimum_usd * (1 + doubt):
        message = f"{_worth(principal, value)}, very near {_minimum(policy)}. {value.source}"
        fix = "You may submit it. The collector decides by its own exchange rate."
        yield Finding("minimum_borderline", Severity.WARNS, field, message, fix, url)


def _minimum(policy: Policy) -> str:
    return f"the collector's minimum of {usd_text(policy.minimum_usd)}"


def _worth(principal: Money, value: UsdValue) -> str:
    if principal.currency == "USD":
        return f"{money_text(principal)} is outstanding"
    return f"{money_text(principal)} is worth about {usd_text(value.amount)}"
