"""Constructed samples of KashFlow's answers, read through the same door as real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from arrears.connectors.kashflow import protocol, wire
from arrears.connectors.kashflow.mapping import debtor_from, invoice_from
from arrears.connectors.message import Response
from arrears.core.debtor import Debtor
from arrears.core.invoice import Invoice

FOLDER = Path(__file__).parent / "samples"
ABSENT = object()


def sample(name: str, /, **changes: object) -> dict[str, Any]:
    """A sample with some keys changed; ABSENT takes a key away."""
    body: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) | changes
    return {key: value for key, value in body.items() if value is not ABSENT}


def answer(body: object, status: int = 200) -> Response:
    """`body` as KashFlow would send it; bytes and text as they are."""
    if isinstance(body, bytes):
        return Response(status, {}, body)
    return Response(status, {}, (body if isinstance(body, str) else json.dumps(body)).encode())


def row(**changes: object) -> wire.Invoice:
    """The sample invoice as the connector's model."""
    found = protocol.read_invoice(answer(sample("invoice", **changes)))
    assert found is not None
    return found


def invoice(**changes: object) -> Invoice:
    """The sample invoice, mapped from its detail."""
    return invoice_from(row(**changes), "GBP", complete=True)


def debtor(**changes: object) -> Debtor:
    """The debtor of the sample invoice, mapped from the sample customer."""
    customer = protocol.read_customer(answer(sample("customer", **changes)))
    return debtor_from(customer, row(), "GB", None)


def listed(
    rows: list[dict[str, Any]], total: int | None = None, link: str | None = None
) -> wire.Page[wire.Listed]:
    """A list page with these rows."""
    metadata = {"TotalRecords": len(rows) if total is None else total, "NextPageUrl": link}
    return protocol.read_invoices(answer({"MetaData": metadata, "Data": rows}))
