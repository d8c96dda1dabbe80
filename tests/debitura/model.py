"""What the real server may turn out to do about keys, references and look-ups: nobody has promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

DAY = timedelta(hours=24)


class Unique(Enum):
    """How the creditor's reference is kept unique."""

    HARD = "a constraint of the database"
    CHECKED = "looked for when the request arrives, not when it is committed"
    NOT = "not at all"


@dataclass(frozen=True, slots=True)
class Model:
    """One way the server may behave.

    `key_window` is how long the answer to an Idempotency-Key is kept: zero only while the request runs, None
    where the header is ignored. `guards_twins`: 409 while a request with the same key is running.
    `conflicts`: 422 for the same key with another body; otherwise the stored answer comes again. `as_json`:
    bodies that read the same count as the same. `keys_on_chats`: messages are kept under keys too.
    `lookup_lag` is how long after the commit a case cannot be looked up or listed yet. `frees_deleted`: a
    deleted case's reference can be used again.
    """

    key_window: timedelta | None = DAY
    guards_twins: bool = True
    reference: Unique = Unique.HARD
    lookup_lag: timedelta = timedelta(0)
    stores_422: bool = True
    stores_500: bool = False
    duplicate_name: str = "DuplicateReference"
    duplicate_status: int = 422
    conflicts: bool = True
    as_json: bool = False
    keys_on_chats: bool = True
    frees_deleted: bool = True


#: Six ways, from the kindest to the worst.
MODELS: dict[str, Model] = {
    "keys, guarded, reference hard": Model(),
    "keys, guarded, reference checked": Model(reference=Unique.CHECKED),
    "keys, guarded, reference free": Model(reference=Unique.NOT),
    "keys, unguarded, reference free": Model(guards_twins=False, reference=Unique.NOT),
    "no keys, reference checked": Model(key_window=None, guards_twins=False, reference=Unique.CHECKED),
    "no keys, reference free": Model(key_window=None, guards_twins=False, reference=Unique.NOT),
}
