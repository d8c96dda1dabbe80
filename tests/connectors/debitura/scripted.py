"""Debitura as a script: what each address answers, and what was asked. No network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from arrears.connectors.debitura import DebituraCollector
from arrears.connectors.message import Request, Response
from arrears.connectors.retry import Patience
from arrears.connectors.transport import Transport
from arrears.core.json_text import write_json
from arrears.ports import NeedsAttention

BASE = "https://customer-api.debitura.com"
KEY = "needle-key-1b9f"
CASE_ID = "0b9a4a5e-2f5c-4f0e-9c55-6f6f5c1d2e3f"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FILES = f"cases/{CASE_ID}/files"
CHATS = f"cases/{CASE_ID}/chats"
HOOK = {"id": "hook-1", "url": "https://we.example/hooks/1", "isActive": True, "isTestMode": False}
CHAT = {"id": "c1", "dateCreated": "2026-11-22T12:00:00", "role": 1, "message": "Hello"}

Told = Response | Exception | Callable[[Request], Response]
Answers = Told | Sequence[Told]


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    """An answer with a JSON body, or with bytes as they are."""
    content = body if isinstance(body, bytes) else write_json(body).encode()
    return Response(status, {"content-type": "application/json", **headers}, content)


def a_case(**changes: Any) -> dict[str, Any]:
    """A case as the API shows it."""
    known: dict[str, Any] = {
        "id": CASE_ID,
        "reference": "Q8OAXF3W",
        "creditorReference": "AR-1",
        "creditorComments": "Invoices: 1001",
        "currency": "GBP",
        "grossAmount": 500.00,
        "remainder": 500.00,
        "totalAddedFees": 0,
        "isTestCase": False,
        "lifecycle": "Pending Verification",
        "dateCreated": "2026-11-22T12:00:00",
        "dateUpdated": "2026-11-22T12:30:00Z",
        "debtor": {"type": "Company", "name": "Acme Ltd", "countryAlpha2": "GB"},
        "collectionPartner": {"name": "Oriel Collections Limited"},
        "preLegalSuccessFee": 9.5,
        "validation": {"needsInfo": False},
    }
    return known | changes


def a_preview(**changes: Any) -> dict[str, Any]:
    """A preview that welcomes the claim."""
    known: dict[str, Any] = {
        "isEligible": True,
        "partnerAssignment": {"partnerName": "Oriel Collections Limited"},
        "requiredActions": [],
        "jurisdiction": {"name": "United Kingdom"},
        "pricingPreview": {
            "baseSuccessFeePercentage": 9.5,
            "ageSurchargePercentage": 8.0,
            "totalSuccessFeePercentage": 17.5,
            "pricingSource": "Standard agreement",
        },
    }
    return {"result": known | changes}


def paged(name: str, rows: list[Any], total_pages: int = 1) -> dict[str, Any]:
    return {"page": {"totalPages": total_pages}, name: rows}


class Script(Transport):
    """Answers by method and path without its query; repeats the last of several answers."""

    def __init__(self, **answers: Answers) -> None:
        quick = Patience(attempts=3, total=20, first_wait=0.0, jitter=0.0, floor=0.0)
        super().__init__("Debitura", BASE, patience=quick)
        self.asked: list[Request] = []
        self._answers: dict[str, list[Told]] = {}
        for name, told in answers.items():
            self.tell(name, told)

    def tell(self, what: str, told: Answers) -> Script:
        """`what` is such as `GET cases/1`."""
        self._answers[what] = list(told) if isinstance(told, Sequence) else [told]
        return self

    def calls(self, method: str = "", path: str = "") -> list[Request]:
        return [one for one in self.asked if one.method.startswith(method) and one.path.startswith(path)]

    async def _exchange(self, request: Request) -> Response:
        self.asked.append(request)
        told = self._answers.get(f"{request.method} {request.path.partition('?')[0]}", [answer({}, 404)])
        one = told.pop(0) if len(told) > 1 else told[0]
        if isinstance(one, Exception):
            raise one
        return one(request) if callable(one) else one


class AKey:
    """A key that counts how often it is read, and can be refused."""

    def __init__(self, text: str = KEY) -> None:
        self.text = text
        self.reads = 0
        self.reasons: list[NeedsAttention] = []

    def read(self) -> SecretStr:
        self.reads += 1
        if self.reasons:
            raise self.reasons[0]
        return SecretStr(self.text)

    def rejected(self, reason: NeedsAttention) -> None:
        self.reasons.append(reason)


class ABudget:
    """Says to wait as often as it is told, then lets everything through."""

    def __init__(self, *waits: float) -> None:
        self.waits = list(waits)
        self.taken = 0

    def take(self) -> timedelta:
        if self.waits:
            return timedelta(seconds=self.waits.pop(0))
        self.taken += 1
        return timedelta(0)


@contextmanager
def collecting(script: Script, key: AKey | None = None, **options: Any) -> Iterator[DebituraCollector]:
    collector = DebituraCollector(key or AKey(), transport=script, **options)
    try:
        yield collector
    finally:
        collector.close()
