"""What both sides of a case tell each other on it: messages and files."""

from __future__ import annotations

from django import forms

from arrears.desk.models import Case, DocumentKind
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.send_message import send_message
from arrears.web.act_forms import DocumentForm, MessageForm
from arrears.web.acts import Act, Asked, Done


def readable(case: Case) -> bool:
    """Whether anything more is kept about a case."""
    return case.debtor_erased_at is None


def _send(asked: Asked, form: forms.Form) -> Done:
    send_message(asked.actor, asked.case.public_id, form.cleaned_data["text"], now=asked.now)
    return Done("Your message is sent.")


def _attach(asked: Asked, form: forms.Form) -> Done:
    assert isinstance(form, DocumentForm)  # noqa: S101 # the act names its form
    given = form.cleaned_data
    document, is_new = attach_document(
        asked.actor,
        str(asked.case.public_id),
        given["file"].name,
        form.content(),
        kind=DocumentKind(given["kind"]),
        description=given["description"],
        now=asked.now,
        today=asked.today,
    )
    return Done(f"{document.name} is attached." if is_new else f"{document.name} is there already.")


TALK = {
    "message": Act("Send a message", "Send", MessageForm, _send, icon="mail", when=readable),
    "attach": Act("Attach a document", "Attach", DocumentForm, _attach, icon="file-text", when=readable),
}
