"""List the keys with which programs use the desk's API."""

from __future__ import annotations

from django.db.models import F, QuerySet

from arrears.accounts.models import ApiKey
from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.roles import only


def list_api_keys(actor: Actor) -> QuerySet[ApiKey]:
    """Every key with its organisation, the working ones first. Of a key itself only the start is known."""
    only(actor, Party.OPERATOR)
    keys = ApiKey.objects.select_related("organisation")
    return keys.order_by(F("revoked_at").desc(nulls_first=True), "organisation__name", "-created_at", "-pk")
