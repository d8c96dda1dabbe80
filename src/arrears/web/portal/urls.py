"""The addresses of the partner portal."""

from __future__ import annotations

from django.urls import path

from arrears.web.portal.act import portal_act
from arrears.web.portal.case import portal_case, portal_case_document
from arrears.web.portal.cases import portal_cases
from arrears.web.portal.home import portal_home
from arrears.web.portal.payments import portal_payment_reverse, portal_payment_settle, portal_payments
from arrears.web.portal.profile import portal_profile
from arrears.web.portal.quote import portal_quote, portal_quote_withdraw
from arrears.web.portal.quotes import portal_quotes
from arrears.web.portal.statement import portal_payment_statement

urlpatterns = [
    path("", portal_home, name="portal_home"),
    path("cases/", portal_cases, name="portal_cases"),
    path("cases/<str:reference>/", portal_case, name="portal_case"),
    path(
        "cases/<str:reference>/documents/<uuid:document_id>/",
        portal_case_document,
        name="portal_case_document",
    ),
    path("cases/<str:reference>/<slug:name>/", portal_act, name="portal_case_act"),
    path("cases/<str:reference>/<slug:name>/<str:target>/", portal_act, name="portal_case_act_on"),
    path("quotes/", portal_quotes, name="portal_quotes"),
    path("quotes/<str:request_id>/", portal_quote, name="portal_quote"),
    path("quotes/<str:request_id>/withdraw/", portal_quote_withdraw, name="portal_quote_withdraw"),
    path("payments/", portal_payments, name="portal_payments"),
    path("payments/statement/", portal_payment_statement, name="portal_payment_statement"),
    path("payments/<uuid:payment_id>/settled/", portal_payment_settle, name="portal_payment_settle"),
    path("payments/<uuid:payment_id>/reverse/", portal_payment_reverse, name="portal_payment_reverse"),
    path("profile/", portal_profile, name="portal_profile"),
]
