"""Make a key for a creditor's or a partner's program."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import SecretStr

from arrears.accounts.api_keys import make_key
from arrears.accounts.models import ApiKey
from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere
from arrears.desk.free_text import free_text
from arrears.desk.key_holders import key_holders
from arrears.desk.roles import only

_LONGEST_NAME = 100


def make_api_key(
    actor: Actor, organisation_id: UUID | str, name: str, *, now: datetime
) -> tuple[ApiKey, SecretStr]:
    """Make a key for an organisation by its public id, and its text, which is shown once and kept nowhere.

    Raises NotThere, and Refused without a name.
    """
    only(actor, Party.OPERATOR)
    kept = free_text(name, "a name that tells what the key is for", longest=_LONGEST_NAME)
    holder = next((one for one in key_holders() if str(one.public_id) == str(organisation_id)), None)
    if holder is None:
        raise NotThere("organisation")
    return make_key(holder, kept, actor.name, now)
