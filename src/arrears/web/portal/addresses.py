"""Addresses of the partner's pages that other pages lead to."""

from __future__ import annotations

from django.urls import reverse

from arrears.desk.actors import Actor, cases_of
from arrears.desk.models import Case, QuoteRequest


def case_url(case: Case) -> str:
    return reverse("portal_case", args=[case.reference])


def quote_url(request: QuoteRequest) -> str:
    return reverse("portal_quote", args=[request.public_id])


def where_to_go_on(actor: Actor, case: Case) -> str:
    """The case, or the list when the partner does not have it any more."""
    return case_url(case) if cases_of(actor).filter(pk=case.pk).exists() else reverse("portal_home")
