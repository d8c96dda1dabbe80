"""Debitura's words for where a case stands and who speaks, in ours.

Source: the Customer API, whose answers carry labels (`More Info Required`) where its filters carry names
(`NeedsAdditionalDetails`), and which still gives some cases labels of years ago.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from arrears.core.case import Lifecycle, Party

_WORDS: Mapping[Lifecycle, tuple[str, ...]] = MappingProxyType(
    {
        Lifecycle.PENDING_SIGNING: ("Pending contract signing",),
        Lifecycle.PENDING_CHECK: ("Pending Verification Internal",),
        Lifecycle.PENDING_VERIFICATION: ("Pending Verification",),
        Lifecycle.MORE_INFO: ("More Info Required", "NeedsAdditionalDetails"),
        Lifecycle.COLLECTING_QUOTES: (
            *("Collecting Quotes", "Leads"),
            *("Pending quote by partner", "Pending Giving Quote"),
        ),
        Lifecycle.PENDING_QUOTE_SELECTION: (
            *("Pending Quote Selection", "LeadsQuoteGiven"),
            *("Quote given by partner", "Quote Given"),
        ),
        Lifecycle.ACTIVE: ("Active",),
        Lifecycle.PAUSED: ("Paused",),
        Lifecycle.CLOSED: ("Closed",),
    }
)
_MERGED = "Merged"

_PARTIES: Mapping[str, Party] = MappingProxyType(
    {
        "0": Party.PARTNER,
        "1": Party.CREDITOR,
        "2": Party.PARTNER,
        "partner": Party.PARTNER,
        "creditor": Party.CREDITOR,
        "managedbypartner": Party.PARTNER,
    }
)


def bare(word: str) -> str:
    """A label or code without what spellings differ in: capitals, spaces, hyphens, underscores."""
    return re.sub(r"[\s_-]", "", word).lower()


_LIFECYCLES = {bare(word): lifecycle for lifecycle, words in _WORDS.items() for word in words}


def lifecycle_of(word: str) -> tuple[Lifecycle, str]:
    """Our state for a word of Debitura's, and the word itself where it says something else or more.

    A case that was merged into another is closed here. A word that is not known counts as pending.
    """
    if bare(word) == bare(_MERGED):
        return Lifecycle.CLOSED, _MERGED
    known = _LIFECYCLES.get(bare(word))
    return (known, "") if known else (Lifecycle.PENDING_VERIFICATION, word)


def party_of(role: str, label: str) -> Party | None:
    """Who wrote a message, from the number of its role or from its label; None for words not known."""
    return _PARTIES.get(bare(role)) or _PARTIES.get(bare(label))
