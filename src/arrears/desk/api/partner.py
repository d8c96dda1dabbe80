"""The Partner API: everything a partner's people can do in the portal, for its programs."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from arrears.desk.api import (
    partner_account,
    partner_cases,
    partner_money,
    partner_quotes,
    partner_talk,
)
from arrears.desk.api.new_api import new_api
from arrears.desk.api.partner_auth import PartnerKey

partner_api = new_api(
    "Arrears desk: Partner API",
    "Work the cases that the desk has given you. Every request carries an API key in the header `XApiKey`.",
    namespace="partner-api",
    auth=PartnerKey(),
    routers=(
        partner_cases.router,
        partner_talk.router,
        partner_money.router,
        partner_quotes.router,
        partner_account.router,
    ),
)

#: Everything under `/api/partner/`.
urls: list[URLPattern | URLResolver] = [path("", partner_api.urls)]
