"""The addresses of the operator's pages about work, cases and complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from arrears.web.desk.case import CASE_ACTIONS, case, case_action
from arrears.web.desk.case_papers import case_document, case_erase, case_export
from arrears.web.desk.case_payment import PAYMENT_ACTIONS, case_payment, payment_action
from arrears.web.desk.case_quotes import QUOTE_ACTIONS, case_quotes, quote_action
from arrears.web.desk.cases import cases
from arrears.web.desk.complaints import COMPLAINT_ACTIONS, complaint, complaint_action, complaints
from arrears.web.desk.worklist import worklist

_CASE = "cases/<str:reference>/"
_PAYMENT = f"{_CASE}payments/<uuid:payment_id>/"
_QUOTES = f"{_CASE}quotes/<uuid:request_id>/"
_COMPLAINT = "complaints/<str:number>/"


def _posts(
    under: str, view: Callable[..., HttpResponseBase], name: str, keys: Iterable[str]
) -> list[URLPattern]:
    """One address for each action of a page: `record_payment` is posted to `record-payment/`."""
    return [
        path(f"{under}{key.replace('_', '-')}/", view, {"key": key}, name=f"{name}_{key}") for key in keys
    ]


urlpatterns: list[URLPattern] = [
    path("", worklist, name="desk_home"),
    path("cases/", cases, name="desk_cases"),
    path(_CASE, case, name="desk_case"),
    path(f"{_CASE}export/", case_export, name="desk_case_export"),
    path(f"{_CASE}erase/", case_erase, name="desk_case_erase"),
    path(f"{_CASE}documents/<uuid:document_id>/", case_document, name="desk_case_document"),
    path(_PAYMENT, case_payment, name="desk_case_payment"),
    path(_QUOTES, case_quotes, name="desk_case_quotes"),
    path("complaints/", complaints, name="desk_complaints"),
    path(_COMPLAINT, complaint, name="desk_complaint"),
    *_posts(_CASE, case_action, "desk_case", CASE_ACTIONS),
    *_posts(_PAYMENT, payment_action, "desk_case_payment", PAYMENT_ACTIONS),
    *_posts(_QUOTES, quote_action, "desk_case_quotes", QUOTE_ACTIONS),
    *_posts(_COMPLAINT, complaint_action, "desk_complaint", COMPLAINT_ACTIONS),
]
