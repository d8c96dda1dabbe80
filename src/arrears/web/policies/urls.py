"""The addresses of the escalation policies."""

from __future__ import annotations

from django.urls import path

from arrears.web.policies.policies import policies

urlpatterns = [
    path("", policies, name="policies"),
]
