"""Correct what is known about a debtor while nobody works the case yet."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from arrears.clock import london_date
from arrears.core.case import Lifecycle, Party
from arrears.core.claim_problems import debtor_problems
from arrears.core.debtor import DebtorType, read_emails
from arrears.core.wording import list_text
from arrears.desk.actors import Actor, Refused, case_for
from arrears.desk.assess import price_of
from arrears.desk.checking import check
from arrears.desk.free_text import free_text
from arrears.desk.models import Case, EventKind
from arrears.desk.moves import write_down
from arrears.desk.network import choose
from arrears.desk.placing import handover_of_case, terms_of
from arrears.desk.roles import only


@dataclass(frozen=True, slots=True)
class DebtorDetails:
    """What is to be changed; None leaves as it is. `country` is an alpha-2 code."""

    name: str | None = None
    type: DebtorType | None = None
    street: str | None = None
    city: str | None = None
    zip: str | None = None
    state: str | None = None
    country: str | None = None
    emails: tuple[str, ...] | None = None
    phones: tuple[str, ...] | None = None
    contact: str | None = None
    company_number: str | None = None


#: How the debtor can be reached, which decides neither who takes the case nor what it costs.
_CONTACT_FIELDS = frozenset({"street", "city", "zip", "emails", "phones", "contact"})
_NAMES_IN_ORDER = tuple(field.name for field in fields(DebtorDetails))
_EVERY_FIELD = frozenset(_NAMES_IN_ORDER)
_EDITABLE = {
    Lifecycle.PENDING_SIGNING: _EVERY_FIELD,
    Lifecycle.PENDING_CHECK: _CONTACT_FIELDS,
    Lifecycle.PENDING_VERIFICATION: _CONTACT_FIELDS,
    Lifecycle.MORE_INFO: _CONTACT_FIELDS,
    Lifecycle.COLLECTING_QUOTES: _CONTACT_FIELDS,
    Lifecycle.PENDING_QUOTE_SELECTION: _CONTACT_FIELDS,
}
#: What decides the partner and the price.
_DECIDING = ("country", "state", "type")
_NAMES = {
    "zip": "postcode",
    "emails": "e-mail addresses",
    "phones": "telephone numbers",
    "contact": "contact person",
    "company_number": "company number",
}
_LONGEST = 300
_MOST_WAYS = 20


def set_debtor_details(
    actor: Actor, case_id: UUID | str, details: DebtorDetails, *, now: datetime, today: date
) -> Case:
    """Change a debtor's details: all of them until the contracts are signed, then how to reach the debtor.

    Once a partner has accepted the case they stay. A debtor in another place, or of another type, may mean
    another partner and price. By the creditor or an operator. Raises NotThere and Refused.
    """
    only(actor, Party.CREDITOR, Party.OPERATOR)
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        _check_state(case, details)
        changed = _change(case, details)
        if not changed:
            return case
        for problem in debtor_problems(case.debtor_name, case.debtor_country, case.debtor_state):
            raise Refused(problem.sentence, code="debtor")
        if changed & set(_DECIDING):
            _choose_again(case)
        told = list_text([_NAMES.get(name, name) for name in _NAMES_IN_ORDER if name in changed])
        write_down(case, EventKind.NOTE, actor, f"The debtor's {told} changed.", now=now)
        check(case, now=now, today=today)
    return case


def _check_state(case: Case, details: DebtorDetails) -> None:
    state = Lifecycle(case.lifecycle)
    editable = _EDITABLE.get(state, frozenset()) if case.accepted_at is None else frozenset()
    asked = {name for name, value in asdict(details).items() if value is not None}
    if not editable:
        raise Refused(
            f"The debtor's details cannot be changed any more: the case is {state}.",
            code="not_now",
            action="Write to the partner on the case.",
        )
    if asked - editable:
        fixed = list_text([_NAMES.get(name, name) for name in _NAMES_IN_ORDER if name in asked - editable])
        raise Refused(
            f"The debtor's {fixed} cannot be changed once the contracts are signed.",
            code="not_now",
            action="Withdraw the case, which is free now, and hand the claim over again.",
        )


def _change(case: Case, details: DebtorDetails) -> set[str]:
    """Put the new details on the case, and say which of them are new. Saves nothing."""
    changed = set()
    for name, value in asdict(details).items():
        if value is None:
            continue
        column, kept = f"debtor_{name}", _kept(name, value)
        if getattr(case, column) != kept:
            setattr(case, column, kept)
            changed.add(name)
    return changed


def _kept(name: str, value: Any) -> str | list[str]:
    if name == "emails":
        return _emails(value)
    if name == "phones":
        phones = [free_text(phone, "a telephone number", longest=50) for phone in value]
        return _not_too_many(phones)
    what = f"the debtor's {_NAMES.get(name, name)}"
    text = free_text(str(value), what, longest=_LONGEST, required=False)
    return text.upper() if name == "country" else text


def _emails(typed: tuple[str, ...]) -> list[str]:
    emails, unusable = read_emails(" ".join(typed))
    if unusable:
        raise Refused(f"“{unusable[0]}” is not an e-mail address. Correct it or leave it out.", code="email")
    return _not_too_many(list(emails))


def _not_too_many(ways: list[str]) -> list[str]:
    if len(ways) > _MOST_WAYS:
        raise Refused(f"Give at most {_MOST_WAYS} addresses or numbers.", code="too_many")
    return ways


def _choose_again(case: Case) -> None:
    """The partner and price for the new place or type, at the prices of the day the case was opened."""
    handover = handover_of_case(case)
    route = choose(handover, case.creditor_id)
    opened = london_date(case.opened_at)
    price = price_of(handover, case.creditor_id, int(route.partner) if route.partner else None, opened)
    terms = terms_of(route, price)
    if case.is_test:
        terms["partner_id"] = None
    for name, value in terms.items():
        setattr(case, name, value)
