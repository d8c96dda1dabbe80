"""What a collector wants signed or settled first, carried by the page from the preview to the confirmation.

Each row brings what its own case would need, sealed: links that come back from a browser are followed only if
they are the very ones that the collector gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.signing import Signer

from arrears.ports import Collector, Offer, Remedy, Required

#: The most different seals that one import carries; one partner's agreements are one seal.
MOST_SEALS = 60
LONGEST_SEAL = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch of cases needs first, each once. `unasked` says why the collector could not be asked."""

    actions: tuple[Required, ...] = ()
    signing_urls: tuple[str, ...] = ()
    unasked: str = ""

    @property
    def blocks(self) -> bool:
        """Whether something keeps cases from being opened at all."""
        return any(action.blocking for action in self.actions)


def _signer(organisation: int, collector: str) -> Signer:
    return Signer(salt=f"required actions of {organisation} at {collector}")


def seal(offer: Offer, organisation: int, collector: str) -> str:
    """What an offer requires, for the page to carry; empty when nothing. Alike for alike offers."""
    if not offer.required:
        return ""
    actions = [[one.kind, one.text, one.url, one.blocking] for one in offer.required]
    return _signer(organisation, collector).sign_object([actions, offer.signing_url])


def unseal(seals: Sequence[str], organisation: int, collector: str) -> Wanted:
    """Everything that the seals hold, each once. Raises BadSignature for one that is not ours."""
    actions: dict[tuple[str, str], Required] = {}
    links: dict[str, None] = {}
    for one in seals:
        known, link = _signer(organisation, collector).unsign_object(one)
        for kind, text, url, blocking in known:
            actions.setdefault((kind, text), Required(kind, text, url or link, blocking))
        if link:
            links[link] = None
    return Wanted(tuple(actions.values()), tuple(links))


def wanted_now(carried: Wanted, collector: Collector) -> Wanted:
    """What was carried, with the agreements as the collector states them at this moment."""
    try:
        agreements = collector.standing().agreements
    except Remedy as reason:
        return Wanted(carried.actions, carried.signing_urls, str(reason))
    stated = {agreement.kind for agreement in agreements}
    others = tuple(action for action in carried.actions if action.kind not in stated)
    return Wanted((*agreements, *others), carried.signing_urls)
