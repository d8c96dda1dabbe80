"""Is it too late to go to court? The limitation periods of the United Kingdom for a simple contract debt.

England, Wales and Northern Ireland: six years (Limitation Act 1980, section 5; Limitation (Northern Ireland)
Order 1989). Scotland: five years, after which the debt itself is gone (Prescription and Limitation (Scotland)
Act 1973, section 6). A part payment starts the period again. Other countries have other rules, which are left
to the local partner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from arrears.core.address import Address
from arrears.core.claim import Claim, months_after
from arrears.core.finding import Finding, Policy, Severity
from arrears.core.invoice import Invoice, Position, position_of
from arrears.core.wording import date_text

_NEAR_MONTHS = 6

#: Postcode areas of Scotland; of TD, which crosses the border, the two districts of England are left out.
_SCOTTISH = re.compile(r"(AB|DD|DG|EH|FK|G|HS|IV|KA|KW|KY|ML|PA|PH|ZE|TD(?!1[25](?!\d)))\d", re.IGNORECASE)


def is_scottish(address: Address) -> bool:
    """Whether a United Kingdom address is in Scotland, by its region or its postcode."""
    return address.state.casefold() == "scotland" or _SCOTTISH.match(address.zip) is not None


def check_time_bar(claim: Claim, policy: Policy, today: date) -> Iterator[Finding]:
    """Findings for the invoices of a United Kingdom debtor that are too old for court, or soon will be."""
    address = claim.debtor.address
    if address.country != "GB":
        return
    scottish = is_scottish(address)
    years = policy.limitation_years_scotland if scottish else policy.limitation_years
    place = "Scotland" if scottish else "England, Wales and Northern Ireland"
    for invoice in claim.invoices:
        # Comparing years first is cheap and spares nearly every invoice the rest.
        if invoice.due is None or today.year - invoice.due.year < years - 1:
            continue
        if position_of(invoice, today) in (Position.OVERDUE, Position.AMOUNT_UNKNOWN):
            yield from _check(invoice, invoice.due, years, place, today)


def _check(invoice: Invoice, due: date, years: int, place: str, today: date) -> Iterator[Finding]:
    paid = invoice.last_payment if invoice.last_payment and invoice.last_payment <= today else None
    start = max(due, paid or due)
    last_day = months_after(start, 12 * years)
    since = f"{'the last payment' if start > due else 'it fell due'} on {date_text(start)}"
    name, field = f"Invoice {invoice.number}", "invoice.due"
    if today > last_day:
        if invoice.figures.paid and paid is None:
            message = f"{name} may be time-barred: more than {years} years have passed since {since}."
            fix = "Find the date of the last part payment in KashFlow: the period starts again from there."
            yield Finding("time_bar_unclear", Severity.WARNS, field, message, fix, invoice.url)
            return
        message = (
            f"{name} is time-barred: more than {years} years have passed since {since}. "
            f"The limit in {place} ran out on {date_text(last_day)}."
        )
        fix = "Take advice if the debtor has acknowledged the debt in writing since; else write it off."
        yield Finding("time_barred", Severity.BLOCKS, field, message, fix, invoice.url)
    elif today > months_after(last_day, -_NEAR_MONTHS):
        message = f"{name} becomes time-barred after {date_text(last_day)}, {years} years since {since}."
        fix = "Submit it soon, so that there is time left to go to court."
        yield Finding("time_bar_near", Severity.WARNS, field, message, fix, invoice.url)
