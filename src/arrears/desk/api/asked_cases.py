"""From what the API is told to what the desk is handed: every field checked, every complaint at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from arrears.core.claim import AgeBuckets
from arrears.core.country import COUNTRIES, country_of, us_state_of
from arrears.core.debtor import DebtorType
from arrears.core.fx import ECB, usd_value
from arrears.core.handover import Handover, aged_from_due
from arrears.core.money import LARGEST_AMOUNT, Money, exponent, is_currency
from arrears.desk.api.errors import FieldErrors
from arrears.desk.api.labels import debtor_type_of
from arrears.desk.api.wire_cases import CaseAsked, DebtorAsked, PreviewAsked, PreviewDebtorAsked
from arrears.desk.api.wire_values import Shape

_LONGEST_LINE = 500

#: A preview does not say who owes.
_UNNAMED = "A debtor"

_LONGEST = {
    "comments": 4000,
    "claim_description": 4000,
    "creditor_reference": 50,
    "tag": 100,
    "assigned_user_email": 320,
    "return_url": 2048,
}

#: Where the fields of Handover and Options are in a request.
FIELD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "debtor_name": "debtor.name",
        "debtor_type": "debtor.type",
        "country": "debtor.countryAlpha2",
        "state": "debtor.stateAlpha2",
        "street": "debtor.address",
        "city": "debtor.city",
        "zip": "debtor.zipCode",
        "emails": "debtor.email",
        "phones": "debtor.phone",
        "contact_person": "debtor.contactPerson",
        "company_number": "debtor.companyRegistrationNumber",
        "currency": "currencyCode",
        "principal": "amountToRecover",
        "aged": "amountToRecoverOver12Months",
        "issued": "date",
        "due": "dueDate",
        "description": "claimDescription",
        "comments": "comments",
        "reference": "creditorReference",
        "explicit_partner": "collectionPartnerId",
        "division": "creditorDivisionId",
        "tag": "tag",
        "assigned_email": "assignedUserEmail",
    }
)


@dataclass
class _Complaints:
    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, message: str) -> None:
        self.found.setdefault(name, []).append(message)

    def raise_any(self) -> None:
        if self.found:
            raise FieldErrors(self.found)


def handover_asked(asked: CaseAsked, today: date) -> Handover:
    """The debt of a case to be opened. Raises FieldErrors."""
    complaints = _Complaints()
    _check_lengths(asked, complaints)
    principal = _principal(asked, complaints)
    _check_dates(asked, today, complaints)
    aged = _aged(asked, principal, complaints)
    debtor = asked.debtor or DebtorAsked()
    if asked.debtor is None:
        complaints.add("debtor", "The debtor is missing.")
        complaints.raise_any()
    known = _debtor(debtor, complaints)
    complaints.raise_any()
    return Handover(
        **known,
        principal=principal,
        usd=usd_value(principal, ECB),
        aged=aged or aged_from_due(principal.amount, asked.due_date, today),
        issued=asked.date,
        due=asked.due_date,
        description=asked.claim_description or "",
        comments=asked.comments or "",
    )


def handover_previewed(asked: PreviewAsked, today: date) -> Handover:
    """The debt that a preview is about. Raises FieldErrors."""
    complaints = _Complaints()
    _check_lengths(asked, complaints)
    principal = _principal(asked, complaints)
    aged = _aged(asked, principal, complaints)
    if asked.due_date and asked.due_date > today:
        complaints.add("dueDate", "The due date is in the future.")
    if asked.due_date and _buckets(asked) != (None, None, None):
        complaints.add("dueDate", "Give either the due date or the amounts by age, not both.")
    if asked.debtor is None:
        complaints.add("debtor", "The debtor is missing.")
        complaints.raise_any()
    debtor = asked.debtor or PreviewDebtorAsked()
    debtor_type = _debtor_type(debtor.type, complaints)
    country, state = place_asked(debtor.country_alpha_2, debtor.state_alpha_2, complaints.found, "debtor.")
    complaints.raise_any()
    return Handover(
        debtor_name=_UNNAMED,
        debtor_type=debtor_type,
        country=country,
        state=state,
        principal=principal,
        usd=usd_value(principal, ECB),
        aged=aged or aged_from_due(principal.amount, asked.due_date, today),
        due=asked.due_date,
    )


def place_asked(
    country: str | None, state: str | None, errors: dict[str, list[str]], prefix: str = ""
) -> tuple[str, str]:
    """The country and state meant by two-letter codes; what is wrong with them goes into `errors`."""
    code = (country or "").strip().upper()
    if code not in COUNTRIES:
        errors.setdefault(f"{prefix}countryAlpha2", []).append(
            "The country must be a two-letter code of ISO 3166-1, such as GB."
        )
        return "", ""
    if code != "US":
        return code, (state or "").strip()
    us_state = us_state_of((state or "").strip())
    if not us_state:
        errors.setdefault(f"{prefix}stateAlpha2", []).append(
            "A debtor in the United States needs the two-letter code of its state, such as CA."
        )
    return code, us_state


def return_url_asked(url: str | None) -> str:
    """Where the signer is to be sent afterwards; nothing when that is not an absolute http(s) address."""
    text = (url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and parts.netloc and text.isprintable() and " " not in text
    return text if sound else ""


def _check_lengths(asked: CaseAsked | PreviewAsked, complaints: _Complaints) -> None:
    for name, info in type(asked).model_fields.items():
        value, longest = getattr(asked, name), _LONGEST.get(name)
        if value is not None and longest is not None and len(value) > longest:
            complaints.add(info.alias or name, f"This has more than {longest:,} characters.")


def _principal(asked: CaseAsked | PreviewAsked, complaints: _Complaints) -> Money:
    """What is to be recovered; some other amount when that cannot be told, after complaining."""
    currency = (asked.currency_code or "").strip().upper()
    if not is_currency(currency):
        complaints.add("currencyCode", "The currency must be a code of ISO 4217, such as GBP.")
        currency = "XXX"
    amount = asked.amount_to_recover
    if amount is None or not 0 < amount < LARGEST_AMOUNT:
        complaints.add(
            "amountToRecover",
            f"The amount to recover must be more than 0, and less than {LARGEST_AMOUNT:,f}.",
        )
        return Money(Decimal(1), currency)
    _check_places("amountToRecover", amount, currency, complaints)
    return Money(amount, currency)


def _check_places(name: str, amount: Decimal, currency: str, complaints: _Complaints) -> None:
    places = exponent(currency)
    if amount != Money(amount, currency).rounded().amount:
        complaints.add(name, f"{currency} has {places} decimal places, and this amount has more.")


def _check_dates(asked: CaseAsked, today: date, complaints: _Complaints) -> None:
    if asked.date is None:
        complaints.add("date", "The date of the invoice is missing.")
    elif asked.date > today:
        complaints.add("date", "The date of the invoice is in the future.")
    if asked.due_date is None:
        return
    if asked.due_date > today:
        complaints.add("dueDate", "The due date is in the future.")
    if asked.date and asked.due_date < asked.date:
        complaints.add("dueDate", "The due date is before the date of the invoice.")


def _buckets(asked: CaseAsked | PreviewAsked) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return (
        asked.amount_to_recover_over_6_months,
        asked.amount_to_recover_over_12_months,
        asked.amount_to_recover_over_24_months,
    )


def _aged(asked: CaseAsked | PreviewAsked, principal: Money, complaints: _Complaints) -> AgeBuckets | None:
    """The amounts by age; None when none are given."""
    over_6, over_12, over_24 = _buckets(asked)
    if (over_6, over_12, over_24) == (None, None, None):
        return None
    if over_12 is None or over_24 is None:
        missing = "amountToRecoverOver12Months" if over_12 is None else "amountToRecoverOver24Months"
        complaints.add(missing, "The amounts over 12 and over 24 months can only be given together.")
        return None
    over_6 = over_12 if over_6 is None else over_6
    larger, larger_name = principal.amount, "the amount to recover"
    for months, amount in ((6, over_6), (12, over_12), (24, over_24)):
        name = f"amountToRecoverOver{months}Months"
        if not 0 <= amount <= larger:
            complaints.add(name, f"This must be from 0 to {larger_name}, of which it is a part.")
            return None
        _check_places(name, amount, principal.currency, complaints)
        larger, larger_name = amount, f"the amount over {months} months"
    return AgeBuckets(over_6, over_12, over_24)


def _debtor_type(text: str | None, complaints: _Complaints) -> DebtorType:
    debtor_type = debtor_type_of(text)
    if debtor_type is None:
        complaints.add("debtor.type", "The type of debtor must be Company or Private.")
        return DebtorType.UNKNOWN
    return debtor_type


def _debtor(debtor: DebtorAsked, complaints: _Complaints) -> dict[str, Any]:
    """The fields of Handover that are about the debtor."""
    _check_lines(debtor, complaints)
    if not (debtor.name or "").strip():
        complaints.add("debtor.name", "The debtor's name is missing.")
    if debtor.country_alpha_2 or not (debtor.country or "").strip():
        country, state = place_asked(
            debtor.country_alpha_2, debtor.state_alpha_2, complaints.found, "debtor."
        )
    else:
        country, state = _named_place(debtor, complaints)
    return {
        "debtor_name": (debtor.name or "").strip(),
        "debtor_type": _debtor_type(debtor.type, complaints),
        "country": country,
        "state": state if country == "US" else (debtor.state or state).strip(),
        "street": (debtor.address or "").strip(),
        "city": (debtor.city or "").strip(),
        "zip": (debtor.zip_code or "").strip(),
        "contact_person": (debtor.contact_person or "").strip(),
        "company_number": (debtor.company_registration_number or "").strip(),
        "emails": tuple(filter(None, [(debtor.email or "").strip()])),
        "phones": tuple(filter(None, [(debtor.phone or "").strip()])),
    }


def _named_place(debtor: DebtorAsked, complaints: _Complaints) -> tuple[str, str]:
    code = country_of(debtor.country or "")
    if not code:
        complaints.add(
            "debtor.country", "There is no country of this name. Give its two-letter code as countryAlpha2."
        )
        return "", ""
    return place_asked(code, debtor.state_alpha_2, complaints.found, "debtor.")


def _check_lines(debtor: Shape, complaints: _Complaints) -> None:
    for name, info in type(debtor).model_fields.items():
        value = getattr(debtor, name)
        if isinstance(value, str) and len(value) > _LONGEST_LINE:
            complaints.add(f"debtor.{info.alias}", f"This has more than {_LONGEST_LINE} characters.")
