"""A claim as Debitura is told about it: exact amounts, days and no instants, the same bytes every time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from arrears.core.claim import Claim, age_buckets
from arrears.core.country import us_state_of
from arrears.core.debtor import Debtor, DebtorType
from arrears.core.fx import ECB
from arrears.core.handover import LONGEST_TEXT, handover_of
from arrears.core.json_text import write_json

#: By which test cases are found again, to be removed.
TAG = "arrears"

_INVOICES = "Invoices: "
_ROOM_FOR_THE_REST = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """How cases are opened: for testing only, before all is signed or not, and where signers return to."""

    test: bool = False
    waits_for_signature: bool = True
    return_url: str = ""


def case_body(claim: Claim, reference: str, terms: Terms, today: date) -> bytes:
    """The body that opens a case for a claim without problems (see `claim_problems`)."""
    handover = handover_of(claim, ECB, today)
    body = {
        **_amounts(claim, today),
        "date": claim.oldest_issued,
        "debtor": _debtor(claim.debtor),
        "creditorReference": reference,
        "claimDescription": handover.description if handover else "",
        "comments": invoices_text(claim.numbers),
        "allowPendingContracts": terms.waits_for_signature,
        "isTest": terms.test,
        "tag": TAG if terms.test else None,
        "returnUrl": terms.return_url,
    }
    return _written(body)


def preview_body(claim: Claim, terms: Terms, today: date) -> bytes:
    """The body that asks what would become of a claim. Nothing in it tells who owes."""
    debtor = _debtor(claim.debtor)
    body = {
        **_amounts(claim, today),
        "debtor": {name: debtor[name] for name in ("type", "countryAlpha2", "stateAlpha2")},
        "returnUrl": terms.return_url,
    }
    return _written(body)


def chat_body(text: str, email: str) -> bytes:
    """The body that sends a message. `email` says which of our people it is from, empty for nobody's."""
    return _written({"message": text, "userEmail": email})


def json_body(**fields: Any) -> bytes:
    """A small body from its fields."""
    return _written(fields)


def invoices_text(numbers: tuple[str, ...]) -> str:
    """The invoices of a claim, so that they can be read back: `Invoices: 7, 8`. As many as fit."""
    text = ""
    for told, number in enumerate(numbers):
        longer = f"{text}, {number}" if text else f"{_INVOICES}{number}"
        if len(longer) > LONGEST_TEXT - _ROOM_FOR_THE_REST:
            return f"{text}, and {len(numbers) - told} more"
        text = longer
    return text


def invoices_in(comments: str) -> tuple[str, ...]:
    """The invoice numbers in comments that `invoices_text` wrote; none in any others."""
    first = comments.partition("\n")[0]
    if not first.startswith(_INVOICES):
        return ()
    numbers = [part.strip() for part in first.removeprefix(_INVOICES).split(",")]
    if numbers[-1].startswith("and ") and numbers[-1].endswith(" more"):
        numbers.pop()
    return tuple(number for number in numbers if number)


def _amounts(claim: Claim, today: date) -> dict[str, Any]:
    """What is owed, and its age: a due date for one invoice, amounts by age for several, never both."""
    principal = claim.principal
    if principal is None:
        raise ValueError("A claim whose amount cannot be told has problems and is not handed over.")
    amounts: dict[str, Any] = {
        "currencyCode": principal.currency,
        "amountToRecover": principal.rounded().amount,
    }
    if len(claim.invoices) == 1:
        return amounts | {"dueDate": claim.oldest_due}
    aged = age_buckets(claim, today)
    return amounts | {
        "amountToRecoverOver6Months": aged.over_6_months,
        "amountToRecoverOver12Months": aged.over_12_months,
        "amountToRecoverOver24Months": aged.over_24_months,
    }


def _debtor(debtor: Debtor) -> dict[str, str]:
    """A debtor of unknown type is handed over as a company."""
    address = debtor.address
    is_american = address.country == "US"
    return {
        "type": debtor_type(debtor),
        "name": debtor.name,
        "contactPerson": debtor.contact_person,
        "companyRegistrationNumber": debtor.company_number,
        "address": address.street,
        "zipCode": address.zip,
        "city": address.city,
        "state": "" if is_american else address.state,
        "stateAlpha2": us_state_of(address.state) if is_american else "",
        "countryAlpha2": address.country,
        "email": next(iter(debtor.emails), ""),
        "phone": next(iter(debtor.phones), ""),
    }


def debtor_type(debtor: Debtor) -> str:
    return "Private" if debtor.type is DebtorType.PRIVATE else "Company"


def _written(body: dict[str, Any]) -> bytes:
    return write_json(_without_blanks(body), sort_keys=True).encode()


def _without_blanks(body: dict[str, Any]) -> dict[str, Any]:
    """What is not known is left out."""
    kept = {
        name: _without_blanks(value) if isinstance(value, dict) else value for name, value in body.items()
    }
    return {name: value for name, value in kept.items() if value is not None and value != ""}
