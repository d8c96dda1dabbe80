"""The case workbench: all that is known about one case, and all that can be done to it now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.cases.read_case_named import read_case_named
from arrears.desk.models import Case
from arrears.web.desk.asking import operators_page
from arrears.web.desk.case_dealings import (
    AttachDocument,
    CorrectDebtor,
    PostUpdate,
    Promise,
    RecordDisclosure,
    RecordPayment,
    RequestQuotes,
    SendMessage,
)
from arrears.web.desk.case_shown import owed_on, shown
from arrears.web.desk.case_steps import (
    Accept,
    AskInfo,
    CaseAction,
    ChangePhase,
    Close,
    DecideWithdrawal,
    Decline,
    GiveInfo,
    Note,
    PassCheck,
    Pause,
    Reopen,
    Resume,
)

#: What stands at the page's side, the most likely first; what stands in a section of its own is not in it.
_AT_THE_SIDE: tuple[type[CaseAction], ...] = (
    DecideWithdrawal,
    PassCheck,
    Accept,
    Decline,
    GiveInfo,
    AskInfo,
    RecordPayment,
    Promise,
    PostUpdate,
    RequestQuotes,
    ChangePhase,
    CorrectDebtor,
    Note,
    Pause,
    Resume,
    Reopen,
    Close,
)
_IN_SECTIONS: tuple[type[CaseAction], ...] = (SendMessage, AttachDocument, RecordDisclosure)

CASE_ACTIONS: dict[str, type[CaseAction]] = {kind.key: kind for kind in (*_AT_THE_SIDE, *_IN_SECTIONS)}


@require_safe
@operators_page
def case(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    return _page(request, actor, read_case_named(actor, reference))


@require_POST
@operators_page
def case_action(request: HttpRequest, actor: Actor, reference: str, key: str) -> HttpResponse:
    """Do what one of the forms says; what stands in the way is shown at the form, with what was typed."""
    found = read_case_named(actor, reference)
    clock = adapters().clock
    form = CASE_ACTIONS[key](found, request.POST, request.FILES, today=clock.today())
    if form.perform(actor, clock):
        messages.success(request, form.done)
        return redirect("desk_case", reference)
    return _page(request, actor, read_case_named(actor, reference), form, status=422)


def _page(
    request: HttpRequest, actor: Actor, found: Case, failed: CaseAction | None = None, status: int = 200
) -> HttpResponse:
    today = adapters().clock.today()
    context: dict[str, Any] = shown(actor, found, today)
    context["actions"] = [_form(kind, found, failed) for kind in _AT_THE_SIDE if kind.is_offered(found)]
    context["forms"] = {
        kind.key: _form(kind, found, failed) for kind in _IN_SECTIONS if kind.is_offered(found)
    }
    # The case may have moved on while the form was filled in: what was typed is shown all the same.
    is_shown = failed is None or failed.is_offered(found)
    context |= {"failed": failed, "stray": None if is_shown else failed, "owed_on": owed_on}
    return render(request, "desk/case.html", context, status=status)


def _form(kind: type[CaseAction], found: Case, failed: CaseAction | None) -> CaseAction:
    if failed is not None and failed.key == kind.key:
        return failed
    return kind(found, today=adapters().clock.today())
