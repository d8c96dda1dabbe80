"""Secrets at rest: put one away, take it out at the moment of use, destroy it, move all to a new key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from pydantic import SecretStr

from arrears.accounts import root_keys
from arrears.accounts.models import KeyCanary, Secret
from arrears.accounts.root_keys import KeyProblem, RootKeys
from arrears.accounts.seal import CannotOpen, Place, reseal, seal, unseal
from arrears.accounts.second_factors import open_factor, reseal_factors, seal_factor

_CANARY_PLACE = Place(0, "canary", "text")
_CANARY_TEXT = "this key opens this installation's secrets"
_ROTATION_CHUNK = 200

#: Whoever uses the keys holds this lock together with others, a rotation holds it alone. Any number will do,
#: as long as every process uses the same one.
_LOCK = 4_172_034


def store(organisation: int, record: str, field: str, secret: SecretStr) -> None:
    """Seal and keep a secret, replacing the one that was there."""
    place = Place(organisation, record, field)
    with _keys_in_use() as keys:
        Secret.objects.update_or_create(
            organisation_id=organisation,
            record=record,
            field=field,
            defaults={"sealed": seal(keys, place, secret.get_secret_value())},
        )


def read(organisation: int, record: str, field: str) -> SecretStr | None:
    """Open a secret, or None when none is kept there. Raises CannotOpen."""
    with _keys_in_use() as keys:
        row = Secret.objects.filter(organisation_id=organisation, record=record, field=field).first()
        if row is None:
            return None
        return SecretStr(unseal(keys, Place(organisation, record, field), row.sealed))


def forget(organisation: int, record: str, field: str | None = None) -> None:
    """Destroy the secrets of a record, or one field of it."""
    rows = Secret.objects.filter(organisation_id=organisation, record=record)
    (rows.filter(field=field) if field else rows).delete()


def seal_second_factor(secret: str) -> str:
    """A secret of a second factor, as it may lie in allauth's table."""
    with _keys_in_use() as keys:
        return seal_factor(keys, secret)


def open_second_factor(sealed: str) -> str:
    """The counterpart. Raises CannotOpen."""
    with _keys_in_use() as keys:
        return open_factor(keys, sealed)


def check_key() -> None:
    """Prove that the key file belongs to this database. Raises KeyProblem."""
    with _keys_in_use() as keys:
        sealed = seal(keys, _CANARY_PLACE, _CANARY_TEXT)
        canary, _ = KeyCanary.objects.get_or_create(pk=1, defaults={"sealed": sealed})
        try:
            unseal(keys, _CANARY_PLACE, canary.sealed)
        except CannotOpen:
            raise KeyProblem(
                f"The key file {settings.ARREARS_KEY_FILE} does not belong to this database. "
                "Put back the key file that was in use when the passwords were stored."
            ) from None


def rotate() -> int:
    """Make a new root key, seal every secret under it, then drop the old keys. Returns how many were moved.

    Stopped at any point, both keys stay in the file and everything stays readable; run it again to finish.
    Raises KeyProblem, also for a secret that does not open.
    """
    check_key()
    path = Path(settings.ARREARS_KEY_FILE)
    with _keys_alone():
        keys = RootKeys((root_keys.new_key(), *_keys().keys))
        root_keys.write(path, keys)
        moved = _reseal_all(keys)
        root_keys.write(path, RootKeys(keys.keys[:1]))
    return moved


def _keys() -> RootKeys:
    """The keys as the file holds them now: another process may have rotated them a moment ago."""
    return root_keys.load(Path(settings.ARREARS_KEY_FILE), may_create=False)[0]


@contextmanager
def _keys_in_use() -> Iterator[RootKeys]:
    """The keys, which stay in use until the transaction ends.

    A secret sealed with a key that a rotation is just dropping would be lost.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock_shared(%s)", [_LOCK])
        yield _keys()


@contextmanager
def _keys_alone() -> Iterator[None]:
    """Two rotations at once would each drop the other's new key."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _reseal_all(keys: RootKeys) -> int:
    moved, after = 0, 0
    while chunk := list(
        Secret.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_ROTATION_CHUNK]
    ):
        with transaction.atomic():
            for secret in Secret.objects.select_for_update().filter(pk__in=chunk).order_by("pk"):
                secret.sealed = _moved(keys, secret)
                secret.save(update_fields=["sealed"])
                moved += 1
        after = chunk[-1]
    with transaction.atomic():
        moved += _factors_moved(keys)
    for canary in KeyCanary.objects.all():
        canary.sealed = reseal(keys, _CANARY_PLACE, canary.sealed)
        canary.save(update_fields=["sealed"])
    return moved


def _factors_moved(keys: RootKeys) -> int:
    try:
        return reseal_factors(keys)
    except CannotOpen:
        raise KeyProblem(
            "No key in the key file opens somebody’s second factor. Put back the key file that was in use "
            "when it was set up, then rotate the keys again."
        ) from None


def _moved(keys: RootKeys, secret: Secret) -> str:
    try:
        return reseal(keys, Place(secret.organisation_id, secret.record, secret.field), secret.sealed)
    except CannotOpen:
        name = f"{secret.field.replace('_', ' ')} of {secret.record.replace(':', ' ')}"
        raise KeyProblem(
            f"No key in the key file opens the {name}. Enter that login again, then rotate the keys again."
        ) from None
