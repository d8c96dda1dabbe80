"""How cases are opened: as built, and as somebody careless would open them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from uuid import uuid4

from arrears.connectors.debitura import DebituraCollector
from arrears.core.claim import Claim
from arrears.ports import Case, NotSent, Opened, OutcomeUnknown
from tests.simulation.chance import Fate

_TRIES = 3


class AsBuilt(DebituraCollector):
    """The connector itself. Each time an item is worked on, its fate may be to be killed."""

    fate: Fate

    def find(self, reference: str) -> Case | None:
        self.fate.begin_item()
        return super().find(reference)


class KeyInMemory(AsBuilt):
    """A key made up for each attempt and forgotten with the process, three tries at once, and no look-up."""

    quiet_period = timedelta(0)

    def find(self, reference: str) -> Case | None:
        self.fate.begin_item()
        return None

    def open(self, claim: Claim, reference: str, key: str, today: date) -> Opened:
        made_up = str(uuid4())
        for _ in range(_TRIES):
            try:
                return super().open(claim, reference, made_up, today)
            except OutcomeUnknown:
                continue
        raise NotSent("Given up for now.")


class NoQuietPeriod(AsBuilt):
    """Everything as built, but what was lost is looked up at once."""

    quiet_period = timedelta(0)


STRATEGIES: Mapping[str, type[AsBuilt]] = MappingProxyType(
    {"as built": AsBuilt, "no quiet period": NoQuietPeriod, "key in memory": KeyInMemory}
)
