"""What can be done with a case at a collector elsewhere: write to it, and attach a file."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from arrears.accounts.audit import Action, note
from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.list_cases import CaseAt
from arrears.bridge.models import Submission, TrackedCase
from arrears.bridge.refresh_case import refresh_case
from arrears.core.access import Permission
from arrears.desk.file_kinds import FileProblem, clean_name, kind_of
from arrears.ports import DocumentKind, OutcomeUnknown, Remedy
from arrears.web.collector_case import Talk, collector_case
from arrears.web.collectors import account_of
from arrears.web.document_form import CaseDocumentForm
from arrears.web.posted import form_id_of, message_text, text_problem
from arrears.web.remedies import action_of, advice_of
from arrears.web.tenancy import members_who


def _case_of(membership: Membership, account_id: int, case_id: str) -> CaseAt:
    """A case that we know at an account in use; nothing is asked of the collector for any other."""
    if not case_id.isprintable():  # no database holds such a name
        raise Http404
    account = account_of(membership, account_id)
    row = TrackedCase.objects.filter(account=account, case_id=case_id).select_related("account").first()
    if row is not None:
        return CaseAt(row.as_stated(), account, row.read_at)
    sent = Submission.objects.filter(run__collector=account, case_id=case_id)
    case = refresh_case(account, case_id) if sent.exists() else None
    if case is None:
        raise Http404
    return CaseAt(case, account)


@require_POST
@members_who(Permission.ACT)
def say_on_case(request: HttpRequest, membership: Membership, account_id: int, case_id: str) -> HttpResponse:
    """Send a message, which also answers a task or a question. The form's id makes it count once."""
    found = _case_of(membership, account_id, case_id)
    text, form_id = message_text(request), form_id_of(request)
    task = request.POST.get("task", "")[:100]
    problem = text_problem(text)
    if not problem:
        try:
            collector = adapters().collector(membership.organisation_id, found.account)
            collector.say(case_id, text, _key(form_id, text))
        except OutcomeUnknown:
            problem = (
                "It is not known whether your message arrived. The messages on this page have been read "
                "afresh: if it is not among them, send it again."
            )
        except Remedy as reason:
            problem = f"The message was not sent. {advice_of(reason)}"
        else:
            _note(membership, found, Action.MESSAGE_SENT, "Wrote a message on")
            messages.success(request, "Your message is sent.")
            return redirect(reverse("case", args=[found.case.reference]) + "#messages")
    talk = Talk(text=text, task=task, form_id=str(form_id), problem=problem)
    return collector_case(request, membership, found, talk, status=422)


@require_POST
@members_who(Permission.ACT)
def attach_to_case(
    request: HttpRequest, membership: Membership, account_id: int, case_id: str
) -> HttpResponse:
    """Send a file. What would be refused is refused here, before it travels."""
    found = _case_of(membership, account_id, case_id)
    form = CaseDocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, membership, found, form.first_error)
    name, content = clean_name(form.cleaned_data["file"].name), form.content()
    judged = kind_of(name, content)
    if isinstance(judged, FileProblem):
        return _refused(request, membership, found, judged.sentence, judged.action)
    if judged.ours:
        taken = CaseDocumentForm.base_fields["file"].help_text
        return _refused(request, membership, found, f"Files like {name} are not taken there.", str(taken))
    collector = adapters().collector(membership.organisation_id, found.account)
    try:
        collector.attach(case_id, name, content, DocumentKind(form.cleaned_data["kind"]))
    except Remedy as reason:
        return _refused(request, membership, found, str(reason), action_of(reason))
    kind = DocumentKind(form.cleaned_data["kind"])
    _note(membership, found, Action.DOCUMENT_ADDED, f"Attached a file ({kind.value}) to")
    messages.success(request, f"{name} is attached.")
    return redirect(reverse("case", args=[found.case.reference]) + "#documents")


def _note(membership: Membership, found: CaseAt, action: Action, deed: str) -> None:
    """Only now that the collector has it: it is not ours, so there is no transaction to write this in."""
    text, subject = f"{deed} case {found.case.reference}.", f"case {found.case.reference}"
    note(membership.organisation_id, action, text, adapters().clock.now(), subject=subject[:100])


def _refused(
    request: HttpRequest, membership: Membership, found: CaseAt, problem: str, action: str = ""
) -> HttpResponse:
    talk = Talk(file_problem=problem, file_action=action)
    return collector_case(request, membership, found, talk, status=422)


def _key(form_id: UUID, text: str) -> str:
    """The same words from the same form count once; other words are another message."""
    return str(uuid5(form_id, text))
