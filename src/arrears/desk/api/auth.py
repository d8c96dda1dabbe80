"""Who is calling: the organisation that an API key belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from ninja.security import APIKeyHeader

from arrears.accounts.api_keys import find_key
from arrears.accounts.audit import Who, acting, goes_on_as
from arrears.accounts.models import ApiKey, Organisation, OrganisationKind
from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.api.rate_limit import count_request

_READING = ("GET", "HEAD", "OPTIONS")


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
        clock = adapters().clock
        now = clock.now()
        found = working_key(key, OrganisationKind.CREDITOR, now)
        if found is None:
            return None
        if request.method not in _READING:  # reading is not noted, and nobody is said to act
            goes_on_as(Who(f"API key {found.start}…, {found.name}", None, acting().address))
        return Caller(found.organisation, found, now, clock.today())


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
