"""The automatic check of a new case: is it complete, plausible and documented enough to be worked?

Documents by value, as published in Debitura's help pages (which leave the edges open; ours are half-open):

- below 2,000 US dollars: none;
- from 2,000 to below 10,000: a file or a description;
- 10,000 or more, or where the value in US dollars is not known: at least one file;
- private debtors, and anything but an unpaid invoice or loan: a file and a description at any value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from arrears.core.address import Address, postcode_fits, postcode_required
from arrears.core.claim import months_after
from arrears.core.country import country_name
from arrears.core.debtor import DebtorType
from arrears.core.finding import Policy
from arrears.core.fx import ECB
from arrears.core.time_bar import is_scottish
from arrears.core.wording import date_text

#: From these values in US dollars on, papers have to back the claim.
SOME_PAPERS_FROM = Decimal(2_000)
A_FILE_FROM = Decimal(10_000)

_LIMITS = Policy(rates=ECB)


class CheckArea(StrEnum):
    """What somebody has to look at to mend a problem. The values are the labels people and the API see."""

    DEBTOR = "Debtor"
    ADDRESS = "Address"
    CONTACT = "Contact details"
    CLAIM = "Claim"
    DATES = "Dates"
    DOCUMENTS = "Documents"
    OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and how to mend it, in plain English. One that does not block is only worth knowing.

    `field` names the field of Facts that cannot be right; empty when something is only missing.
    """

    area: CheckArea
    sentence: str
    blocks: bool = True
    field: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the check looks at.

    `country` is an alpha-2 code, `usd` what the principal is worth in US dollars, None when no rate is known;
    `files` counts the documents attached. `reachable` tells whether there is an e-mail address or a number.
    """

    debtor_name: str
    debtor_type: DebtorType
    street: str
    city: str
    zip: str
    state: str
    country: str
    reachable: bool
    principal: Decimal
    usd: Decimal | None
    issued: date | None
    due: date | None
    description: str
    files: int
    complex_claim: bool = False


def check(facts: Facts, today: date) -> tuple[Problem, ...]:
    """All problems of a case, in the order in which a person would mend them; none when it may be worked."""
    return (
        *_debtor(facts),
        *_place(facts),
        *_contact(facts),
        *_amount(facts),
        *date_problems(facts.issued, facts.due, today),
        *_age(facts, today),
        *_papers(facts),
    )


def date_problems(issued: date | None, due: date | None, today: date) -> Iterator[Problem]:
    """Dates that are missing, still to come or in the wrong order."""
    if issued is None and due is None:
        yield Problem(CheckArea.DATES, "Neither an invoice date nor a due date is given. Say at least one.")
    if issued is not None and issued > today:
        sentence = f"The invoice date, {date_text(issued)}, is still to come. Correct it."
        yield Problem(CheckArea.DATES, sentence, field="issued")
    if due is not None and due > today:
        sentence = (
            f"The due date, {date_text(due)}, is still to come. Hand the claim over when it is overdue."
        )
        yield Problem(CheckArea.DATES, sentence, field="due")
    if issued is not None and due is not None and due < issued:
        sentence = (
            f"The due date, {date_text(due)}, is before the invoice date, {date_text(issued)}. Correct one."
        )
        yield Problem(CheckArea.DATES, sentence, field="due")


def _debtor(facts: Facts) -> Iterator[Problem]:
    if not facts.debtor_name.strip():
        yield Problem(CheckArea.DEBTOR, "The debtor's name is missing. Tell us who owes the money.")


def _place(facts: Facts) -> Iterator[Problem]:
    if not facts.street.strip():
        sentence = (
            "The debtor's address has no street or building. Tell us where the debtor can be written to."
        )
        yield Problem(CheckArea.ADDRESS, sentence)
    if not facts.city.strip():
        yield Problem(CheckArea.ADDRESS, "The debtor's address has no town or city. Tell us which it is.")
    country, postcode = facts.country, facts.zip.strip()
    name = country_name(country) or country
    if not postcode and postcode_required(country):
        sentence = f"The debtor's address has no postcode, which post to {name} needs. Tell us the postcode."
        yield Problem(CheckArea.ADDRESS, sentence)
    elif postcode and postcode_fits(country, postcode) is False:
        sentence = (
            f"“{postcode}” is not a postcode of {name}. Tell us the right postcode, or the right country."
        )
        yield Problem(CheckArea.ADDRESS, sentence)


def _contact(facts: Facts) -> Iterator[Problem]:
    if not facts.reachable:
        sentence = (
            "There is neither an e-mail address nor a telephone number of the debtor. "
            "Add one if you have it: collection usually starts there."
        )
        yield Problem(CheckArea.CONTACT, sentence, blocks=False)


def _amount(facts: Facts) -> Iterator[Problem]:
    if facts.principal <= 0:
        yield Problem(CheckArea.CLAIM, "Nothing is owed. Say how much the debtor owes.")


def _age(facts: Facts, today: date) -> Iterator[Problem]:
    """Only where the law of the debtor's country is known here; elsewhere the local partner decides."""
    due = facts.due or facts.issued
    if facts.country != "GB" or due is None:
        return
    scottish = is_scottish(Address(zip=facts.zip, state=facts.state))
    years = _LIMITS.limitation_years_scotland if scottish else _LIMITS.limitation_years
    if today > months_after(due, 12 * years):
        sentence = (
            f"The claim fell due on {date_text(due)} and looks time-barred: more than {years} years have "
            "passed. Tell us when the debtor last paid a part of it or acknowledged it in writing, "
            "and attach the proof."
        )
        yield Problem(CheckArea.DATES, sentence)


def _papers(facts: Facts) -> Iterator[Problem]:
    has_file, has_description = facts.files > 0, bool(facts.description.strip())
    if facts.debtor_type is DebtorType.PRIVATE or facts.complex_claim:
        whose = "A claim of this kind" if facts.complex_claim else "A claim against a private person"
        if not has_file:
            sentence = f"{whose} needs a document. Attach the invoice, contract or order it rests on."
            yield Problem(CheckArea.DOCUMENTS, sentence)
        if not has_description:
            sentence = f"{whose} needs a description. Tell us what was agreed, delivered and not paid."
            yield Problem(CheckArea.CLAIM, sentence)
    elif facts.usd is None or facts.usd >= A_FILE_FROM:
        if not has_file:
            why = "of unknown value in US dollars" if facts.usd is None else "of this size"
            sentence = f"A claim {why} needs a document. Attach the invoice, contract or order it rests on."
            yield Problem(CheckArea.DOCUMENTS, sentence)
    elif facts.usd >= SOME_PAPERS_FROM and not has_file and not has_description:
        sentence = (
            "A claim of this size needs a document or a description. "
            "Attach the invoice, or tell us what was agreed, delivered and not paid."
        )
        yield Problem(CheckArea.DOCUMENTS, sentence)
