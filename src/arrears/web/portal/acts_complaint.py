"""A partner's side of a complaint."""

from __future__ import annotations

from django import forms

from arrears.core.complaint import ComplaintState
from arrears.desk.actors import NotThere, Refused
from arrears.desk.talk.read_complaint import read_complaint
from arrears.desk.talk.respond_complaint import respond_complaint
from arrears.web.acts import Act, Asked, Done
from arrears.web.form_fields import text_field


class ResponseForm(forms.Form):
    """The partner's side of a complaint."""

    response = text_field("Your response", "Write your response.", rows=6)


def _respond(asked: Asked, form: forms.Form) -> Done:
    respond_complaint(asked.actor, asked.target, form.cleaned_data["response"], now=asked.now)
    return Done("Your response is recorded.")


def _complaint_words(asked: Asked) -> tuple[str, ...]:
    complaint = read_complaint(asked.actor, asked.target)
    if complaint.case_id != asked.case.pk:
        raise NotThere("complaint")
    if complaint.state != ComplaintState.AWAITING_RESPONSE:
        raise Refused(f"No response is wanted to complaint {complaint.number} now.", code="not_now")
    return (f"{complaint.number}: {complaint.subject}", complaint.text)


#: Acts on one thing of a case, which the address names.
ACTS_ON = {
    "respond": Act("Respond to the complaint", "Respond", ResponseForm, _respond, told=_complaint_words)
}
