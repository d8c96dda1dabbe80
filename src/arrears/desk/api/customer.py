"""The Customer API, as Debitura publishes it: what a creditor's programs see of the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from arrears.desk.api import (
    routes_account,
    routes_cases,
    routes_coverage,
    routes_divisions,
    routes_quotes,
    routes_tests,
    routes_webhooks,
    routes_work,
)
from arrears.desk.api.auth import CreditorKey
from arrears.desk.api.downloads import file, sign
from arrears.desk.api.new_api import new_api

customer_api = new_api(
    "Arrears desk: Customer API",
    "Open and follow collection cases. Every request carries an API key in the header `XApiKey`.",
    namespace="customer-api",
    auth=CreditorKey(),
    routers=(
        routes_cases.router,
        routes_work.router,
        routes_quotes.router,
        routes_coverage.router,
        routes_divisions.router,
        routes_account.router,
        routes_tests.router,
        routes_webhooks.router,
    ),
)

#: Everything under `/api/customer/`.
urls: list[URLPattern | URLResolver] = [
    path("files/<str:token>", file, name="customer_file"),
    path("sign/<str:token>", sign, name="customer_sign"),
    path("", customer_api.urls),
]
