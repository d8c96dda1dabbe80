"""Complaints: the list with its clock, and one complaint from the first word to the decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from arrears.clock import london_date
from arrears.core.case import Party
from arrears.core.complaint import SETTLED, ComplaintState, NoStep, Step, follow
from arrears.desk.actors import Actor
from arrears.desk.adapters import adapters
from arrears.desk.models import Complaint
from arrears.desk.talk.decide_complaint import decide_complaint
from arrears.desk.talk.list_complaints import list_complaints
from arrears.desk.talk.read_complaint import read_complaint
from arrears.desk.talk.request_response import request_response
from arrears.desk.talk.respond_complaint import respond_complaint
from arrears.desk.talk.review_complaint import review_complaint
from arrears.ports import Clock
from arrears.web.desk.actions import Action
from arrears.web.desk.asking import operators_page
from arrears.web.desk.case_shown import COMPLAINTS
from arrears.web.form_fields import choice_field, text_field

_PAGE = 50


class ComplaintAction(Action):
    """A step that an operator can take with a complaint."""

    subject: Complaint
    step: Step


class TakeUp(ComplaintAction):
    key = "review"
    step = Step.TAKE_UP
    title = "Take it up"
    icon = "search"
    consequence = "The creditor sees that somebody is looking into it."
    button = "Take up the complaint"
    done = "The complaint is under review."

    def act(self, actor: Actor, clock: Clock) -> None:
        review_complaint(actor, self.subject.number, now=clock.now())


class AskPartner(ComplaintAction):
    key = "ask"
    step = Step.ASK
    title = "Ask for a response"
    icon = "mail"
    consequence = "The partner has ten days to give its side."
    button = "Ask for a response"
    done = "A response is asked for."

    def act(self, actor: Actor, clock: Clock) -> None:
        request_response(actor, self.subject.number, now=clock.now(), today=clock.today())


class Respond(ComplaintAction):
    key = "respond"
    step = Step.RESPOND
    title = "Enter the partner's response"
    icon = "pencil"
    consequence = "It counts as the partner's own, and the creditor can read it."
    button = "Enter the response"
    done = "The response is entered."
    response = text_field("Response", "Enter the response.", rows=5)

    def act(self, actor: Actor, clock: Clock) -> None:
        respond_complaint(actor, self.subject.number, self.cleaned_data["response"], now=clock.now())


class Decide(ComplaintAction):
    key = "decide"
    step = Step.DECLINE
    title = "Decide"
    icon = "scale"
    consequence = "The decision and its reasons go to the creditor and the partner. It is final."
    button = "Decide the complaint"
    done = "The complaint is decided."
    danger = True
    upheld = choice_field(
        "Decision",
        [("", "Choose one"), ("yes", "Uphold: the creditor is right"), ("no", "Decline: nothing went wrong")],
    )
    decision = text_field("Reasons", "Give the reasons.", rows=5)

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        decide_complaint(
            actor, self.subject.number, given["upheld"] == "yes", given["decision"], now=clock.now()
        )


COMPLAINT_ACTIONS: dict[str, type[ComplaintAction]] = {
    kind.key: kind for kind in (TakeUp, AskPartner, Respond, Decide)
}


@require_safe
@operators_page
def complaints(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The open ones unless another state is asked for, the one whose answer is due first at the top."""
    today = adapters().clock.today()
    asked = request.GET.get("state", "open")
    state = next((one for one in ComplaintState if one.value == asked), None)
    found = list_complaints(actor).select_related("case__partner", "case__creditor")
    counts = {one: found.filter(state=one.value).count() for one in ComplaintState}
    if state:
        found = found.filter(state=state.value)
    elif asked != "all":
        found = found.exclude(state__in=[one.value for one in SETTLED])
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_line(complaint, today) for complaint in page.object_list],
        "asked": state.value if state else "all" if asked == "all" else "open",
        "counts": counts,
        "open_count": sum(number for one, number in counts.items() if one not in SETTLED),
        "all_count": sum(counts.values()),
        "looks": COMPLAINTS,
    }
    return render(request, "desk/complaints.html", context)


@require_safe
@operators_page
def complaint(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    return _page(request, read_complaint(actor, number))


@require_POST
@operators_page
def complaint_action(request: HttpRequest, actor: Actor, number: str, key: str) -> HttpResponse:
    clock = adapters().clock
    form = COMPLAINT_ACTIONS[key](read_complaint(actor, number), request.POST, today=clock.today())
    if form.perform(actor, clock):
        messages.success(request, form.done)
        return redirect("desk_complaint", number)
    return _page(request, read_complaint(actor, number), form, status=422)


def _line(complaint: Complaint, today: date) -> dict[str, Any]:
    """A complaint with its clock: how long it has been open, and whether an answer is late."""
    due = complaint.answer_due
    is_open = complaint.state not in SETTLED
    return {
        "complaint": complaint,
        "look": COMPLAINTS[ComplaintState(complaint.state)],
        "days": (today - london_date(complaint.raised_at)).days if is_open else None,
        "late": is_open and due is not None and due < today,
    }


def _page(
    request: HttpRequest, found: Complaint, failed: ComplaintAction | None = None, status: int = 200
) -> HttpResponse:
    today = adapters().clock.today()
    state = ComplaintState(found.state)
    kinds = [
        kind
        for kind in COMPLAINT_ACTIONS.values()
        if not isinstance(follow(state, kind.step, Party.OPERATOR), NoStep)
    ]
    forms = [failed if failed and failed.key == kind.key else kind(found, today=today) for kind in kinds]
    if failed and failed.key not in {kind.key for kind in kinds}:
        forms.append(failed)
    context = _line(found, today) | {"case": found.case, "actions": forms, "failed": failed}
    context["steps"] = found.case.events.filter(data__complaint=found.number)
    return render(request, "desk/complaint.html", context, status=status)
