"""Agreements: what is signed, since when, with the copies; and the way to sign what is missing."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from arrears.accounts.models import Membership
from arrears.core.access import Permission
from arrears.core.country import JURISDICTIONS
from arrears.desk.actors import NotThere, uuid_of
from arrears.desk.adapters import adapters
from arrears.desk.contracts.contract_status import contract_status
from arrears.desk.contracts.read_signed_pdf import read_signed_pdf
from arrears.desk.download import download
from arrears.desk.models import Partner
from arrears.desk.signatures import InvalidationReason, signing_link
from arrears.web.tenancy import creditor_actor, for_members, members_who

#: Why something has to be signed again, in words for people.
REASONS = {
    InvalidationReason.NEW_VERSION: "There is a new version.",
    InvalidationReason.ADMIN_INVALIDATED: "The desk has asked for a new signature.",
    InvalidationReason.OTHER: "The earlier signature does not count any more.",
    InvalidationReason.CREDITOR_NAME_CHANGED: "Your company's name has changed.",
}


@require_safe
@for_members
def agreements(request: HttpRequest, membership: Membership) -> HttpResponse:
    today = adapters().clock.today()
    status = contract_status(creditor_actor(membership), membership.organisation_id, today=today)
    return render(request, "agreements.html", {"status": status, "reasons": REASONS})


@require_POST
@members_who(Permission.SIGN)
def sign_now(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Make a link and go there: for all that is wanted, and one partner or place where the form names it."""
    named, place = request.POST.get("partner", ""), request.POST.get("jurisdiction", "")
    partner = get_object_or_404(Partner, public_id=uuid_of(named)) if named else None
    link = signing_link(
        membership.organisation_id,
        request.build_absolute_uri(reverse("agreements")),
        now=adapters().clock.now(),
        partner_id=partner.pk if partner else None,
        jurisdiction=place if place in JURISDICTIONS else "",
    )
    # Stay on the address this browser uses, whatever the installation calls itself in e-mails.
    return redirect(link[link.index("/sign/") :])


@require_safe
@for_members
def agreement_copy(_request: HttpRequest, membership: Membership, signature_id: UUID) -> HttpResponse:
    try:
        pdf = read_signed_pdf(creditor_actor(membership), signature_id)
    except NotThere:
        raise Http404 from None
    return download(pdf.name, "application/pdf", pdf.content)
