"""Every address of the application."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, include, path

from arrears.desk.api.creditor import urls as creditor_api
from arrears.desk.api.customer import urls as customer_api
from arrears.desk.api.partner import urls as partner_api
from arrears.project import health, metrics

#: Without the pages that need e-mail, which is not sent: resetting a password, adding an address.
_ACCOUNT_PAGES: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
]

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.page),
    path("accounts/", include(_ACCOUNT_PAGES)),
    path("accounts/mfa/", include("allauth.mfa.urls")),
    path("api/creditor/", include(creditor_api)),
    path("api/customer/", include(customer_api)),
    path("api/partner/", include(partner_api)),
    path("", include("arrears.web.urls")),
]
