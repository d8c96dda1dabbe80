"""The addresses of the escalation policies."""

from __future__ import annotations

from django.urls import path

from arrears.web.policies.policies import policies
from arrears.web.policies.policy import policy, policy_evaluation, policy_export
from arrears.web.policies.policy_acts import policies_pause, policy_pause, policy_remove, policy_resume
from arrears.web.policies.policy_edit import policy_edit, policy_new, policy_summary
from arrears.web.policies.policy_preview import policy_preview

urlpatterns = [
    path("", policies, name="policies"),
    path("new/", policy_new, name="policy_new"),
    path("summary/", policy_summary, name="policy_summary"),
    path("preview/", policy_preview, name="policy_preview"),
    path("pause/", policies_pause, name="policies_pause"),
    path("<int:policy_id>/", policy, name="policy"),
    path("<int:policy_id>/edit/", policy_edit, name="policy_edit"),
    path("<int:policy_id>/pause/", policy_pause, name="policy_pause"),
    path("<int:policy_id>/resume/", policy_resume, name="policy_resume"),
    path("<int:policy_id>/remove/", policy_remove, name="policy_remove"),
    path("evaluations/<int:evaluation_id>/", policy_evaluation, name="policy_evaluation"),
    path("evaluations/<int:evaluation_id>/decisions.<slug:form>", policy_export, name="policy_export"),
]
