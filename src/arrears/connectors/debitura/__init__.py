"""Debitura as a library: hand over claims and follow their cases, over its Customer API.

    from pydantic import SecretStr
    from arrears.connectors.debitura import DebituraCollector

    class Key:
        def read(self) -> SecretStr:
            return SecretStr("…")

        def rejected(self, reason: Exception) -> None:
            print(reason)

    for case in DebituraCollector(Key(), test=True).cases():
        print(case.reference, case.lifecycle, case.outstanding)

Needs no Django and no settings. The API is described at https://docs.debitura.com.
"""

from __future__ import annotations

from arrears.connectors.debitura.caller import LONGEST_KEY
from arrears.connectors.debitura.collector import BASE_URL, DebituraCollector

__all__ = ["BASE_URL", "LONGEST_KEY", "DebituraCollector"]
