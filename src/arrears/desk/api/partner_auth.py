"""Which partner is calling: the one whose organisation an API key belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from ninja.security import APIKeyHeader

from arrears.accounts.models import ApiKey, Organisation, OrganisationKind
from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.api.auth import working_key
from arrears.desk.models import Partner


@dataclass(frozen=True, slots=True)
class PartnerCaller:
    """A partner's program, and the instant and day at which it calls."""

    organisation: Organisation
    partner: Partner
    key: ApiKey
    now: datetime
    today: date

    @property
    def actor(self) -> Actor:
        return Actor(Party.PARTNER, self.partner.name, partner=self.partner.pk)


class PartnerKey(APIKeyHeader):
    """The key in the header `XApiKey`. One whose organisation acts for no partner is no key.

    A suspended partner is let in: it goes on with the cases it has.
    """

    param_name = "XApiKey"

    def authenticate(self, request: HttpRequest, key: str | None) -> PartnerCaller | None:
        del request
        clock = adapters().clock
        now = clock.now()
        found = working_key(key, OrganisationKind.PARTNER, now)
        partner = Partner.objects.filter(organisation=found.organisation).first() if found else None
        if found is None or partner is None:
            return None
        return PartnerCaller(found.organisation, partner, found, now, clock.today())


def partner_caller(request: HttpRequest) -> PartnerCaller:
    """Which partner was let in."""
    let_in: PartnerCaller = request.auth  # type: ignore[attr-defined]
    return let_in
