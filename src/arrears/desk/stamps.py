"""Keeping in memory what decides about every case, and noticing at once when any process changes it.

Triggers in the database write a new stamp with each change, so no way of changing can forget to. Read the
stamps first and then what they are about: after a change in between, the next look reads again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection

from arrears.desk.models import NetworkStamp

_Value = TypeVar("_Value")

#: Creditors kept in memory at once.
_MOST = 1000

_STAMPS = """
select (select stamp from desk_networkstamp order by id limit 1),
       (select stamp from desk_creditorstamp where creditor_id = %s)
"""


class Stamps(NamedTuple):
    """None where there is none yet, and then nothing is kept.

    `network` is that of partners, their rules, the texts of agreements and price lists; `creditor` that of
    one creditor's own details, its signatures and its choices of partners.
    """

    network: UUID | None
    creditor: UUID | None


def stamps_of(creditor_id: int) -> Stamps:
    """Both stamps that matter for a case of this creditor, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMPS, [creditor_id])
        return Stamps(*cursor.fetchone())


def network_stamp() -> UUID | None:
    stamp: UUID | None = NetworkStamp.objects.values_list("stamp", flat=True).first()
    return stamp


class Kept(Generic[_Value]):
    """One value that the network's stamp is about."""

    def __init__(self, read: Callable[[], _Value]) -> None:
        self._read = read
        self._held: tuple[UUID, _Value] | None = None

    def under(self, stamp: UUID | None) -> _Value:
        """The value, read again unless it was read under this very stamp."""
        held = self._held
        if held is not None and held[0] == stamp:
            return held[1]
        value = self._read()
        self._held = (stamp, value) if stamp is not None else None  # as one: threads never see half of it
        return value


class KeptEach(Generic[_Value]):
    """A value for each creditor that both stamps are about."""

    def __init__(self, read: Callable[[int], _Value]) -> None:
        self._read = read
        self._held: dict[int, tuple[Stamps, _Value]] = {}

    def under(self, creditor_id: int, stamps: Stamps) -> _Value:
        """The creditor's value, read again unless it was read under these very stamps."""
        held = self._held.get(creditor_id)
        if held is not None and held[0] == stamps:
            return held[1]
        value = self._read(creditor_id)
        if None not in stamps:
            if len(self._held) >= _MOST:
                self._held.clear()
            self._held[creditor_id] = (stamps, value)
        return value
