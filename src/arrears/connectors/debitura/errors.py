"""Every way in which Debitura says no, each with what helps.

Nothing that Debitura writes in its own words goes into these sentences: it may repeat what it was told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from arrears.ports import NeedsAttention

#: Where a person makes a key.
KEYS = "https://app.debitura.com/CreditorApiKey"

#: These stop the whole connection: whatever is asked next would be refused as well.
KEY_REFUSED = frozenset({"key_rejected", "key_not_permitted"})

_REFUSALS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "key_rejected": (
            "Debitura did not accept the API key.",
            "Copy the key again where it was made, or make a new one, and enter it here.",
            KEYS,
        ),
        "key_not_permitted": (
            "The API key is not allowed to do this at Debitura.",
            "Make a key for the whole account where this one was made, and enter it here.",
            KEYS,
        ),
        "not_there": (
            "Debitura has nothing under this name.",
            "It may belong to another account, or have been removed. Look it up in Debitura.",
            "",
        ),
        "redirected": (
            "The address of Debitura leads somewhere else, where the key is not sent.",
            "Enter the address that Debitura gives for its Customer API.",
            "",
        ),
    }
)

_CODE = re.compile(r"[A-Za-z]{1,60}", re.ASCII)


def refusal(code: str, detail: str = "") -> NeedsAttention:
    """The error for one of our own codes, with an optional sentence of detail."""
    sentence, action, url = _REFUSALS[code]
    return NeedsAttention(f"{sentence} {detail}".rstrip(), code=code, action=action, url=url)


def no_such(what: str) -> NeedsAttention:
    """`what` is not there, such as `the case`."""
    return refusal("not_there", f"It was asked for {what}.")


def refused(purpose: str, status: int, code: str = "", action: str = "") -> NeedsAttention:
    """Debitura found fault with the request itself. `code` is its own, told if it is nothing but a code."""
    told = f", {code}" if _CODE.fullmatch(code) else ""
    return NeedsAttention(
        f"Debitura refused {purpose} (HTTP {status}{told}).",
        code="refused",
        action=action or "Try again. If it stays like this, ask Debitura's support.",
    )
