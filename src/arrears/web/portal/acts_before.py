"""What a partner does with a case before it works it: accept, decline, ask."""

from __future__ import annotations

from django import forms

from arrears.core.case import Event, Lifecycle, NotAllowed, Party, follow
from arrears.core.verification import CheckArea
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.models import Case
from arrears.web.act_forms import nothing_if_empty
from arrears.web.acts import Act, Asked, Done
from arrears.web.form_fields import amount_field, text_field

#: As many things as one form asks for at once.
_ROWS = 4


def may(case: Case, event: Event) -> bool:
    """Whether its partner can let this happen to a case as it stands."""
    return not isinstance(follow(Lifecycle(case.lifecycle), event, Party.PARTNER), NotAllowed)


class AcceptForm(forms.Form):
    """What the partner adds to the debt, and its first words to the creditor."""

    interest_fees = amount_field("Interest added", hint="Leave empty for none.")
    reminder_fees = amount_field("Reminder fees added")
    collection_fees = amount_field("Collection fees added")
    partner_reference = forms.CharField(
        label="Your own reference",
        required=False,
        max_length=128,
        help_text="For your own books and letters.",
    )
    welcome = text_field("Welcome message to the creditor", hint="Becomes the first message on the case.")


class DeclineForm(forms.Form):
    """Why not."""

    reason = text_field("Why you decline", "Enter a reason.", hint="The creditor reads it too.")


class AskForm(forms.Form):
    """Up to four things the creditor has to tell."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type] # Django's own arguments, passed on
        areas = [("", "–"), *((area.value, area.value) for area in CheckArea)]
        for row in range(1, _ROWS + 1):
            first = row == 1
            self.fields[f"area_{row}"] = forms.ChoiceField(
                label=f"{row}. What it is about",
                choices=areas,
                required=first,
                error_messages={"required": "Choose what it is about."},
            )
            self.fields[f"text_{row}"] = text_field(
                f"{row}. What you need to know",
                "Say what you need to know." if first else "",
                rows=2,
                hint="" if first else "Leave empty if you need nothing more.",
            )

    def clean(self) -> None:
        for row in range(1, _ROWS + 1):
            if self.cleaned_data.get(f"text_{row}") and not self.cleaned_data.get(f"area_{row}"):
                self.add_error(f"area_{row}", "Choose what it is about.")

    def items(self) -> list[tuple[CheckArea, str]]:
        given = self.cleaned_data
        rows = [(given[f"area_{row}"], given[f"text_{row}"]) for row in range(1, _ROWS + 1)]
        return [(CheckArea(area), text) for area, text in rows if area]


def _accept(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    accept_case(
        asked.actor,
        asked.case.public_id,
        interest_fees=nothing_if_empty(given["interest_fees"]),
        reminder_fees=nothing_if_empty(given["reminder_fees"]),
        collection_fees=nothing_if_empty(given["collection_fees"]),
        welcome=given["welcome"],
        partner_reference=given["partner_reference"],
        now=asked.now,
        today=asked.today,
    )
    return Done("You have accepted the case.")


def _decline(asked: Asked, form: forms.Form) -> Done:
    decline_case(
        asked.actor, asked.case.public_id, form.cleaned_data["reason"], now=asked.now, today=asked.today
    )
    return Done(f"You have declined case {asked.case.reference}.")


def _ask(asked: Asked, form: forms.Form) -> Done:
    assert isinstance(form, AskForm)  # noqa: S101 # the act names its form
    ask_info(asked.actor, asked.case.public_id, form.items(), now=asked.now, today=asked.today)
    return Done("The creditor has been asked.")


def _accept_words(asked: Asked) -> tuple[str, ...]:
    currency = asked.case.currency
    return (f"What you add here the debtor owes on top, in {currency}, and it is yours once it is paid.",)


ACTS = {
    "accept": Act(
        "Accept the case",
        "Accept",
        AcceptForm,
        _accept,
        icon="circle-check",
        when=lambda case: may(case, Event.ACCEPTED),
        told=_accept_words,
        main=True,
    ),
    "ask": Act(
        "Ask for information",
        "Ask the creditor",
        AskForm,
        _ask,
        icon="info-circle",
        when=lambda case: may(case, Event.INFO_ASKED),
        told=lambda _: ("The case waits until the creditor has answered.",),
    ),
    "decline": Act(
        "Decline the case",
        "Decline",
        DeclineForm,
        _decline,
        icon="circle-x",
        when=lambda case: may(case, Event.ACCEPTED),
        told=lambda _: ("Another partner is asked, and you do not see the case any more.",),
        danger=True,
    ),
}
