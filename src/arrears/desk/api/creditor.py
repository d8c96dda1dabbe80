"""The Creditor API: what a creditor's programs can do beyond the published contract, kept apart from it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from arrears.desk.api import (
    creditor_account,
    creditor_bulk,
    creditor_cases,
    creditor_changes,
    creditor_webhooks,
)
from arrears.desk.api.auth import CreditorKey
from arrears.desk.api.new_api import new_api

creditor_api = new_api(
    "Arrears desk: Creditor API, beyond the contract",
    "What the Customer API does not have. The same keys, errors, paging, limits and Idempotency-Keys.",
    namespace="creditor-api",
    auth=CreditorKey(),
    routers=(
        creditor_bulk.router,
        creditor_cases.router,
        creditor_account.router,
        creditor_changes.router,
        creditor_webhooks.router,
    ),
)

#: Everything under `/api/creditor/`.
urls: list[URLPattern | URLResolver] = [path("", creditor_api.urls)]
