"""Signing by link: read the documents, prove the mailbox with a code, sign, keep the copies. No sign-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.adapters import adapters
from arrears.desk.agreement_text import blocks
from arrears.desk.contracts.read_signed_pdf import SignedPdf, read_signed_pdf
from arrears.desk.contracts.read_signing import read_signing
from arrears.desk.contracts.send_signing_code import send_signing_code
from arrears.desk.contracts.sign_agreements import SignatureForm, SignedAgreements, sign_agreements
from arrears.desk.download import download
from arrears.desk.signatures import token_hash
from arrears.ports import Remedy

#: Where the session remembers what was just signed, and a demo's code.
_SIGNED, _DEMO_CODE = "signed", "demo_code"


class SigningForm(forms.Form):
    """What a signer fills in. What the texts and the code have to be is the desk's to judge."""

    code = forms.CharField(max_length=20, error_messages={"required": "Enter the six digits of the e-mail."})
    name = forms.CharField(max_length=200, error_messages={"required": "Enter your full name."})
    title = forms.CharField(max_length=200, error_messages={"required": "Enter your title in the company."})
    typed = forms.CharField(
        max_length=200, error_messages={"required": "Type your name once more. That is your signature."}
    )
    agreed = forms.BooleanField(error_messages={"required": "Tick the box if you agree."})
    drawn = forms.CharField(required=False)
    shown = forms.CharField(max_length=64, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, token, SigningForm())
    form = SigningForm(request.POST)
    if not form.is_valid():
        return _page(request, token, form, status=422)
    clock = adapters().clock
    try:
        signed = sign_agreements(token, _entered(request, form), now=clock.now(), today=clock.today())
    except NotThere:
        return _gone(request)
    except Refused as problem:
        return _page(request, token, form, problem, status=422)
    _remember(request, token, signed)
    return redirect("signed", token)


@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponse:
    try:
        sent = send_signing_code(token, request.POST.get("address", ""), now=adapters().clock.now())
    except NotThere:
        return _gone(request)
    except Remedy as problem:
        return _page(request, token, SigningForm(), problem, status=422)
    if settings.ARREARS_DEMO:
        request.session[_DEMO_CODE] = sent.code.get_secret_value()
    return redirect(reverse("sign", args=[token]) + "#mailbox")


@require_safe
def signed(request: HttpRequest, token: str) -> HttpResponse:
    """What was just signed, for the browser that signed it; for all others the link is used up."""
    known = _remembered(request, token)
    if known is None:
        return _gone(request)
    copies = [(UUID(one), _copy(known, UUID(one))) for one in known["ids"]]
    context = {"token": token, "copies": copies, "cases": known["cases"], "return_url": known["return_url"]}
    return render(request, "sign_done.html", context)


@require_safe
def signed_copy(request: HttpRequest, token: str, signature_id: UUID) -> HttpResponse:
    known = _remembered(request, token)
    if known is None or str(signature_id) not in known["ids"]:
        return _gone(request)
    pdf = _copy(known, signature_id)
    return download(pdf.name, "application/pdf", pdf.content)


def _page(
    request: HttpRequest,
    token: str,
    form: SigningForm,
    problem: Remedy | None = None,
    status: int = 200,
) -> HttpResponse:
    clock = adapters().clock
    try:
        signing = read_signing(token, now=clock.now(), today=clock.today())
    except NotThere:
        return _gone(request)
    context = {
        "token": token,
        "signing": signing,
        "papers": [(paper, blocks(paper.text)) for paper in signing.papers],
        "entered": {name: form.data.get(name, "") for name in form.fields},
        "errors": {name: errors[0] for name, errors in form.errors.items()},
        "problem": problem,
        "action": getattr(problem, "action", ""),
        "demo_code": request.session.get(_DEMO_CODE, "") if settings.ARREARS_DEMO else "",
    }
    return render(request, "sign.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "sign_gone.html", status=404)


def _entered(request: HttpRequest, form: SigningForm) -> SignatureForm:
    given = form.cleaned_data
    return SignatureForm(
        code=given["code"],
        name=given["name"],
        title=given["title"],
        typed=given["typed"],
        shown=given["shown"],
        drawn=given["drawn"],
        ip_address=_address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


def _address_of(request: HttpRequest) -> str:
    """The signer's address, behind as many proxies as the installation says it has."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # no address can be told
        return ""


def _remember(request: HttpRequest, token: str, signed: SignedAgreements) -> None:
    request.session.pop(_DEMO_CODE, None)
    request.session[_SIGNED] = {
        "link": token_hash(token),
        "creditor": signed.creditor_id,
        "ids": [str(one) for one in signed.signatures],
        "cases": signed.cases,
        "return_url": signed.return_url,
    }


def _remembered(request: HttpRequest, token: str) -> dict[str, Any] | None:
    known: dict[str, Any] = request.session.get(_SIGNED, {})
    return known if known.get("link") == token_hash(token) else None


def _copy(known: dict[str, Any], signature_id: UUID) -> SignedPdf:
    return read_signed_pdf(Actor(Party.CREDITOR, "signer", organisation=known["creditor"]), signature_id)
