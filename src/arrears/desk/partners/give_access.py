"""Let somebody of a partner sign in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from pydantic import SecretStr

from arrears.accounts.models import Membership, Organisation, OrganisationKind
from arrears.core.case import Party
from arrears.desk.actors import Actor, Refused
from arrears.desk.logins import login_for
from arrears.desk.models import Partner
from arrears.desk.partner_store import partner_with
from arrears.desk.roles import only


def give_access(actor: Actor, partner_id: UUID | str, email: str, *, now: datetime) -> SecretStr | None:
    """Let the person with this e-mail address act for a partner.

    Returns a first password, to be told to them and shown once; None for somebody who has an account already.
    Raises NotThere, and Refused for an address that is none or that acts for another partner.
    """
    only(actor, Party.OPERATOR, Party.DESK)
    with transaction.atomic():
        partner = partner_with(partner_id, lock=True)
        organisation = _organisation(partner, now)
        user, password = login_for(email)
        others = Membership.objects.filter(user=user, organisation__kind=OrganisationKind.PARTNER)
        if others.exclude(organisation=organisation).exists():
            raise Refused(
                f"{user.email} acts for another partner already.", code="email", action="Use another address."
            )
        Membership.objects.get_or_create(organisation=organisation, user=user)
    return password


def _organisation(partner: Partner, now: datetime) -> Organisation:
    if partner.organisation is None:
        partner.organisation = Organisation.objects.create(
            kind=OrganisationKind.PARTNER,
            name=partner.name,
            country=partner.country,
            email=partner.email,
            created_at=now,
        )
        partner.save(update_fields=["organisation"])
    return partner.organisation
