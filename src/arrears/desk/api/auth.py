"""Who is calling: the organisation that an API key belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from ninja.security import APIKeyHeader

from arrears.accounts.api_keys import find_key
from arrears.accounts.models import ApiKey, Organisation, OrganisationKind
from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.api.rate_limit import count_request


@dataclass(frozen=True, slots=True)
class Caller:
    """A creditor's program, and the instant and day at which it calls."""

    creditor: Organisation
    key: ApiKey
    now: datetime
    today: date

    @property
    def organisation(self) -> Organisation:
        return self.creditor

    @property
    def actor(self) -> Actor:
        return Actor(Party.CREDITOR, self.creditor.name, organisation=self.creditor.pk)


class CreditorKey(APIKeyHeader):
    """The key in the header `XApiKey`. Unknown, revoked and others' keys are all the same: none."""

    param_name = "XApiKey"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        del request
        clock = adapters().clock
        now = clock.now()
        found = working_key(key, OrganisationKind.CREDITOR, now)
        return Caller(found.organisation, found, now, clock.today()) if found else None


def working_key(text: str | None, kind: OrganisationKind, now: datetime) -> ApiKey | None:
    """The key with this text of an organisation of this kind; counts the request. Raises TooManyRequests."""
    found = find_key(text or "", now)
    if found is None or found.organisation.kind != kind:
        return None
    count_request(found.pk, now)
    return found


def caller(request: HttpRequest) -> Caller:
    """Who was let in."""
    let_in: Caller = request.auth  # type: ignore[attr-defined]
    return let_in
