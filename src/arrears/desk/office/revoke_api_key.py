"""Make a key useless."""

from __future__ import annotations

from datetime import datetime

from arrears.accounts.api_keys import revoke_key
from arrears.accounts.models import ApiKey
from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere
from arrears.desk.roles import only


def revoke_api_key(actor: Actor, key_id: int, *, now: datetime) -> ApiKey:
    """Let nobody in with this key from now on. Raises NotThere for a key that does not work any more."""
    only(actor, Party.OPERATOR)
    key = ApiKey.objects.filter(pk=key_id).first()
    if key is None or not revoke_key(key.organisation_id, key.pk, now):
        raise NotThere("working API key")
    return key
