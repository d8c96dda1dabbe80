"""Agreements: their texts by version, publishing a new one, and what creditors have signed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.agreement_text import PLACES, blocks
from arrears.desk.contracts.invalidate_signatures import invalidate_signatures
from arrears.desk.contracts.list_agreements import AgreementText, list_agreements
from arrears.desk.contracts.list_signatures import list_signatures
from arrears.desk.contracts.publish_version import publish_version
from arrears.desk.contracts.read_signed_pdf import read_signed_pdf
from arrears.desk.download import download
from arrears.desk.models import AgreementKind
from arrears.desk.signatures import InvalidationReason
from arrears.web.desk.asking import creditors, operators_page, optional_choice, public_id, told
from arrears.web.desk.grids import STANDINGS
from arrears.web.form_fields import choice_field, day_field, line_field, text_field, tick_field

_PAGE = 50

#: Why a signature does not count any more, for operators.
REASONS = {
    InvalidationReason.ADMIN_INVALIDATED: "Declared void by the desk",
    InvalidationReason.OTHER: "Declared void for another reason",
}


class TextForm(forms.Form):
    """A new text of an agreement."""

    kind = choice_field("Agreement", AgreementKind.choices)
    version = line_field("Version", "Give the new text a version, such as 2.0.", longest=20)
    since = day_field("In force from")
    must_be_signed_again = tick_field("Whoever signed an earlier version has to sign this one too")
    text = text_field(
        "Text",
        "Enter the text.",
        rows=18,
        hint="# begins a title, ## a heading, - a bullet, 1. a numbered clause. These are filled in: "
        + ", ".join(f"{{{place}}}" for place in sorted(PLACES)),
    )


class VoidForm(forms.Form):
    reason = choice_field("Why", [(reason.value, words) for reason, words in REASONS.items()])


@require_safe
@operators_page
def contracts(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    listed = list_agreements(actor, today=adapters().clock.today())
    context = {
        "listed": listed,
        "standings": STANDINGS,
        "signature_count": sum(one.signatures for texts in listed.values() for one in texts),
    }
    return render(request, "desk/contracts.html", context)


@require_safe
@operators_page
def contract_text(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponseBase:
    shown = next((one for one in _texts(actor) if one.version.pk == version_id), None)
    if shown is None:
        raise Http404
    context = {"shown": shown, "blocks": blocks(shown.version.text), "standings": STANDINGS}
    return render(request, "desk/contract_text.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def contract_publish(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Write a new text, look at it as it will be shown, then publish it."""
    if request.method != "POST":
        form = TextForm(initial=_latest(actor, request.GET.get("kind", "")))
        return render(request, "desk/contract_publish.html", {"form": form, "preview": None})
    form = TextForm(request.POST)
    if form.is_valid() and "publish" in request.POST:
        given = form.cleaned_data
        try:
            made = publish_version(
                actor,
                given["kind"],
                given["version"],
                given["text"],
                given["since"],
                must_be_signed_again=given["must_be_signed_again"],
                today=adapters().clock.today(),
            )
        except Refused as reason:
            form.add_error("version" if reason.code == "version_taken" else None, told(reason))
        else:
            messages.success(request, f"{made} was published.")
            return redirect("desk_contracts")
    preview = blocks(form.cleaned_data.get("text", ""))
    context = {"form": form, "preview": preview}
    return render(request, "desk/contract_publish.html", context, status=422 if form.errors else 200)


@require_safe
@operators_page
def contract_signatures(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = _creditor_form(request)
    chosen = form.cleaned_data.get("creditor", "") if form.is_valid() else ""
    found = list_signatures(actor, public_id(chosen))
    context = {
        "form": form,
        "chosen": chosen,
        "page": Paginator(found, _PAGE).get_page(request.GET.get("page")),
        "reasons": {reason.value: words for reason, words in REASONS.items()},
        "query": f"creditor={chosen}&" if chosen else "",
    }
    return render(request, "desk/contract_signatures.html", context)


@require_safe
@operators_page
def contract_copy(_request: HttpRequest, actor: Actor, signature_id: UUID) -> HttpResponseBase:
    pdf = read_signed_pdf(actor, signature_id)
    return download(pdf.name, "application/pdf", pdf.content)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def contract_void(request: HttpRequest, actor: Actor, signature_id: UUID) -> HttpResponseBase:
    signature = list_signatures(actor).filter(public_id=signature_id, invalidated_at=None).first()
    if signature is None:
        raise Http404
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = InvalidationReason(form.cleaned_data["reason"])
        invalidate_signatures(actor, [signature_id], reason=reason, now=adapters().clock.now())
        messages.success(request, f"The signature of {signature.creditor.name} does not count any more.")
        return redirect("desk_contract_signatures")
    context = {"signature": signature, "form": form}
    return render(request, "desk/contract_void.html", context, status=422 if form.errors else 200)


def _texts(actor: Actor) -> list[AgreementText]:
    listed = list_agreements(actor, today=adapters().clock.today())
    return [one for texts in listed.values() for one in texts]


def _latest(actor: Actor, kind: str) -> dict[str, Any]:
    """The latest text of a kind, to start from."""
    known = next((one for one in AgreementKind if one.value == kind), AgreementKind.STANDARD)
    versions = [one.version for one in _texts(actor) if one.version.kind == known.value]
    text = versions[0].text if versions else ""
    return {"kind": known.value, "text": text, "must_be_signed_again": True}


def _creditor_form(request: HttpRequest) -> forms.Form:
    form = forms.Form(request.GET)
    form.fields["creditor"] = optional_choice("Creditor", creditors(), any_label="Every creditor")
    return form
