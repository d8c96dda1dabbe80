"""The secrets of second factors, sealed: allauth keeps them in its own table and asks here how."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from arrears.accounts.root_keys import RootKeys
from arrears.accounts.seal import Place, reseal, seal, unseal

#: allauth does not say whose secret it is, so the place is one for all.
_PLACE = Place(0, "second factor", "secret")

#: What allauth calls the secrets in its record of a factor.
_FIELDS = ("secret", "seed")


def seal_factor(keys: RootKeys, secret: str) -> str:
    return seal(keys, _PLACE, secret)


def open_factor(keys: RootKeys, sealed: str) -> str:
    """Raises CannotOpen."""
    return unseal(keys, _PLACE, sealed)


def reseal_factors(keys: RootKeys) -> int:
    """Seal the secrets of all factors under the newest root key. Returns how many. Raises CannotOpen."""
    moved = 0
    for factor in Authenticator.objects.select_for_update().order_by("pk"):
        sealed = {name: factor.data[name] for name in _FIELDS if name in factor.data}
        if sealed:
            factor.data |= {name: reseal(keys, _PLACE, text) for name, text in sealed.items()}
            factor.save(update_fields=["data"])
            moved += len(sealed)
    return moved
