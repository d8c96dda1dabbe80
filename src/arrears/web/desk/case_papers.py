"""What leaves the desk from a case: its files, and the debtor's data, exported or erased."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.core.retention import obstacle
from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.download import download
from arrears.desk.erasure import retention_facts
from arrears.desk.privacy.erase_debtor import erase_debtor
from arrears.desk.privacy.export_debtor import export_debtor
from arrears.desk.talk.read_document import read_document
from arrears.web.desk.asking import operators_page


@require_safe
@operators_page
def case_document(_request: HttpRequest, actor: Actor, reference: str, document_id: UUID) -> HttpResponse:
    """A file as a download, never shown in the browser: what is in it was written by somebody else."""
    document = read_document(actor, document_id, reference=reference, now=adapters().clock.now())
    return download(document.name, document.media_type, bytes(document.content))


@require_POST
@operators_page
def case_export(_request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """All that is kept about the debtor, as JSON. That it was given out is written down."""
    found = read_case_named(actor, reference)
    export = export_debtor(actor, found.public_id, now=adapters().clock.now())
    text = json.dumps(export.data, ensure_ascii=False, indent=2, sort_keys=True)
    return download(f"debtor-{found.reference}.json", "application/json", text.encode())


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def case_erase(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Say what goes and what stays, then erase."""
    found = read_case_named(actor, reference)
    problem = obstacle(retention_facts(found))
    if request.method == "POST":
        try:
            erase_debtor(actor, found.public_id, now=adapters().clock.now())
        except Refused as reason:
            problem = str(reason)
        else:
            messages.success(request, "The debtor's personal data is erased.")
            return redirect("desk_case", reference)
    context = {"case": found, "problem": problem}
    return render(request, "desk/case_erase.html", context, status=422 if request.method == "POST" else 200)
