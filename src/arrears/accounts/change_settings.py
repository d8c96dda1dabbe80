"""What an organisation says about itself, and above what an import waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from arrears.accounts.audit import Action, note
from arrears.accounts.members import LEAST_APPROVERS, approvers_of
from arrears.accounts.models import Organisation
from arrears.core.money import Money, is_currency, round_amount
from arrears.core.wording import list_text, money_text
from arrears.ports import NeedsAttention

#: What can be changed about an organisation, and what it is called.
DETAILS = {
    "name": "name",
    "registration_number": "registration number",
    "street": "street",
    "zip": "postcode",
    "city": "town",
    "state": "county or state",
    "country": "country",
    "email": "e-mail address",
    "phone": "telephone number",
}


def change_details(organisation_id: int, details: Mapping[str, str], now: datetime) -> Organisation:
    """Change what an organisation says about itself. `details` holds any of the keys of DETAILS."""
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        changed = [
            field for field in DETAILS if field in details and details[field] != getattr(organisation, field)
        ]
        for field in changed:
            setattr(organisation, field, details[field])
        if changed:
            organisation.save(update_fields=changed)
            text = f"Changed the organisation's {list_text([DETAILS[field] for field in changed])}."
            note(organisation_id, Action.SETTINGS_CHANGED, text, now)
    return organisation


def set_approval_limit(organisation_id: int, limit: Decimal | None, currency: str, now: datetime) -> None:
    """Let imports worth more than this wait for somebody else's approval; None lets none wait.

    Raises NeedsAttention: `currency`, `amount`, or `approvers` where fewer than two people may approve.
    """
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
        if limit is None:
            _keep_limit(
                organisation, None, organisation.limit_currency, "Imports of any size need no approval.", now
            )
            return
        amount = _checked(organisation, limit, currency)
        text = f"Imports of more than {money_text(Money(amount, currency))} need approval."
        _keep_limit(organisation, amount, currency, text, now)


def _checked(organisation: Organisation, limit: Decimal, currency: str) -> Decimal:
    if not is_currency(currency):
        raise NeedsAttention("That is no currency.", code="currency", action="Choose one from the list.")
    if limit <= 0:
        raise NeedsAttention(
            "The limit has to be more than nothing.", code="amount", action="Enter an amount such as 5,000."
        )
    if approvers_of(organisation.pk).count() < LEAST_APPROVERS:
        raise NeedsAttention(
            "A limit needs two people who may approve, because nobody approves their own import.",
            code="approvers",
            action="Invite an approver or another owner first.",
        )
    return round_amount(limit, currency)


def _keep_limit(
    organisation: Organisation, limit: Decimal | None, currency: str, text: str, now: datetime
) -> None:
    if (organisation.approval_limit, organisation.limit_currency) == (limit, currency):
        return
    organisation.approval_limit, organisation.limit_currency = limit, currency
    organisation.save(update_fields=["approval_limit", "limit_currency"])
    note(organisation.pk, Action.SETTINGS_CHANGED, text, now)
