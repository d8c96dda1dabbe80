"""The verdict on a claim, for tests of single findings."""

from __future__ import annotations

from decimal import Decimal

from arrears.core.claim import Claim
from arrears.core.eligibility import Finding, Known, Policy, Severity, Verdict, check
from arrears.core.invoice import Figures
from tests.builders import RATES, TODAY, a_claim, a_debtor, an_invoice

POLICY = Policy(RATES)
BLOCKS, WARNS, INFORMS = Severity


def report_on(claim: Claim) -> dict[str, Decimal]:
    """What the unpaid report says when it agrees with the claim."""
    owed = {i.number: i.outstanding.money for i in claim.invoices}
    return {number: money.amount for number, money in owed.items() if money}


def checked(claim: Claim, known: Known | None = None) -> Verdict:
    return check(claim, known or Known(control_owed=report_on(claim)), POLICY, TODAY)


def found(claim: Claim, known: Known | None = None) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in checked(claim, known).findings]


def the(code: str, claim: Claim, known: Known | None = None) -> Finding:
    """The one finding with this code."""
    (finding,) = [finding for finding in checked(claim, known).findings if finding.code == code]
    return finding


def on_invoice(owed: str = "500 GBP", figures: Figures | None = None, **changes: object) -> Claim:
    return a_claim(an_invoice(owed, figures, **changes))


def on_debtor(**changes: object) -> Claim:
    return a_claim(debtor=a_debtor(**changes))
