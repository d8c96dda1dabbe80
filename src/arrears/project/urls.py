"""Every address of the application."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import URLPattern, include, path, re_path

from arrears.desk.api.creditor import urls as creditor_api
from arrears.desk.api.customer import urls as customer_api
from arrears.desk.api.partner import urls as partner_api
from arrears.project import health, metrics
from arrears.web.account.new_password import LinkSentView, NewPasswordView
from arrears.web.account.sessions import end_sessions, sessions

#: Without the pages for several e-mail addresses of one person: everybody has one, and signs in with it.
_ACCOUNT_PAGES: list[URLPattern] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", LinkSentView.as_view(), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("sessions/", sessions, name="sessions"),
    path("sessions/end/", end_sessions, name="end_sessions"),
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
