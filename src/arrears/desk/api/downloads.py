"""What is reached by an address alone: files to fetch, and the way to the signing page."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere
from arrears.desk.adapters import adapters
from arrears.desk.api.errors import Failure
from arrears.desk.api.links import read_agreement_token, read_document_token, read_signing_token
from arrears.desk.contracts.read_signed_pdf import read_signed_pdf
from arrears.desk.download import download
from arrears.desk.signatures import signing_link
from arrears.desk.talk.read_document import read_document

_GONE = Failure(404, "NotFound", "This address does not work, or no longer. Ask the API for a new one.")


@require_safe
def file(_request: HttpRequest, token: str) -> HttpResponseBase:
    """A document of a case or a signed agreement, always as a download."""
    try:
        if named := read_document_token(token):
            document = read_document(_creditor(named[0]), named[1], now=adapters().clock.now())
            return download(document.name, document.media_type, bytes(document.content))
        if signed := read_agreement_token(token):
            pdf = read_signed_pdf(_creditor(signed[0]), signed[1])
            return download(pdf.name, "application/pdf", pdf.content)
    except NotThere:
        pass
    return _GONE.answer()


@require_safe
def sign(_request: HttpRequest, token: str) -> HttpResponseBase:
    """On to the page where a creditor signs what is missing."""
    asked = read_signing_token(token)
    if asked is None:
        return _GONE.answer()
    link = signing_link(
        asked.creditor,
        asked.return_url,
        now=adapters().clock.now(),
        partner_id=asked.partner,
        jurisdiction=asked.jurisdiction,
    )
    return redirect(link)


def _creditor(creditor_id: int) -> Actor:
    return Actor(Party.CREDITOR, "", organisation=creditor_id)
