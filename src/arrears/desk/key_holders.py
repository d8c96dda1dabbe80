"""Whose programs may use the desk's API."""

from __future__ import annotations

from django.db.models import QuerySet

from arrears.accounts.models import Organisation, OrganisationKind


def key_holders() -> QuerySet[Organisation]:
    """The creditors, and the partners that have been given access."""
    kinds = (OrganisationKind.CREDITOR, OrganisationKind.PARTNER)
    return Organisation.objects.filter(kind__in=kinds).order_by("kind", "name", "pk")
