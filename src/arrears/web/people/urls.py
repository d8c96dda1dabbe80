"""The addresses of the settings."""

from __future__ import annotations

from django.urls import path

from arrears.web.people.settings import settings_page

urlpatterns = [
    path("", settings_page, name="settings"),
]
