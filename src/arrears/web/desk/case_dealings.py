"""What an operator can enter on a case: money, promises, reports, requests for quotes, messages, files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from arrears.core.case import Event, Lifecycle, Phase
from arrears.core.exclusivity import ExtensionKind
from arrears.core.payment import Method, Recipient, payment_refusal
from arrears.core.quote import Scenario, purpose_of
from arrears.core.task import Recommendation, month_of
from arrears.desk.actors import Actor
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.set_debtor_details import DebtorDetails, set_debtor_details
from arrears.desk.file_kinds import LARGEST_FILE
from arrears.desk.models import Case, DocumentKind
from arrears.desk.money.record_payment import record_payment
from arrears.desk.privacy.record_disclosure import record_disclosure
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.post_update import post_update
from arrears.desk.talk.send_message import send_message
from arrears.ports import Clock
from arrears.web.act_forms import METHODS
from arrears.web.desk.case_steps import AT_WORK, CaseAction, may
from arrears.web.form_fields import (
    amount_field,
    choice_field,
    day_field,
    file_field,
    line_field,
    text_field,
    tick_field,
    values_of,
)

RECIPIENTS = {Recipient.PARTNER: "The partner", Recipient.CREDITOR: "The creditor"}


class RecordPayment(CaseAction):
    key = "record_payment"
    title = "Record a payment"
    icon = "coin"
    consequence = "It is split at once: what it pays off, the success fee, and who owes whom what by when."
    button = "Record the payment"
    done = "The payment is recorded."
    amount = amount_field("Amount", required=True)
    paid_on = day_field("Received on")
    recipient = choice_field("Received by", [(one.value, label) for one, label in RECIPIENTS.items()])
    method = choice_field("How", [(one.value, label) for one, label in METHODS.items()])
    costs = amount_field("Bank costs", hint="Taken off what the partner passes on.")
    note = text_field("Note", rows=2)
    close = tick_field("Close the case as paid if nothing is left")

    def prepare(self) -> None:
        self.fields["amount"].label = f"Amount, in {self.subject.currency}"
        self.fields["costs"].label = f"Bank costs, in {self.subject.currency}"
        self.initial["paid_on"] = self.today

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return not payment_refusal(Lifecycle(case.lifecycle), accepted=case.accepted_at is not None)

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        record_payment(
            actor,
            self.subject.public_id,
            paid_on=given["paid_on"],
            amount=given["amount"],
            recipient=Recipient(given["recipient"]),
            method=Method(given["method"]),
            note=given["note"],
            costs=given["costs"] or Decimal(0),
            close=given["close"],
            now=clock.now(),
            today=clock.today(),
        )


class Promise(CaseAction):
    key = "promise"
    title = "Record a promise"
    icon = "clock"
    consequence = "The exclusive period runs 12 months from that day, where that is later than it ends now."
    button = "Record it"
    done = "The promise is recorded."
    kind = choice_field(
        "What happened",
        [
            (ExtensionKind.PROMISE.value, "The debtor promised in writing to pay"),
            (ExtensionKind.AGREEMENT.value, "The debtor signed a payment agreement"),
            (ExtensionKind.MANUAL.value, "Prolong the period by hand"),
        ],
    )
    event_date = day_field("On which day")
    amount = amount_field("Amount promised", hint="Not for prolonging by hand.")
    note = text_field("Note", hint="Prolonging by hand needs a reason.", rows=2)

    def prepare(self) -> None:
        self.fields["amount"].label = f"Amount promised, in {self.subject.currency}"
        self.initial["event_date"] = self.today

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.accepted_at is not None and case.lifecycle != Lifecycle.CLOSED

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        record_promise(
            actor,
            self.subject.public_id,
            ExtensionKind(given["kind"]),
            given["event_date"],
            given["amount"],
            given["note"],
            now=clock.now(),
            today=clock.today(),
        )


class PostUpdate(CaseAction):
    key = "update"
    title = "Post the monthly update"
    icon = "file-text"
    consequence = "The creditor reads it as the partner's report for this month. It cannot be changed."
    button = "Post the update"
    done = "The update is posted."
    actions = text_field("What was done this month", "Say what was done this month.")
    recommendation = choice_field("What to do next", values_of(Recommendation))

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.lifecycle in AT_WORK

    def prepare(self) -> None:
        self.initial["recommendation"] = Recommendation.STAY.value

    def clean(self) -> dict[str, object]:
        """Said before anything is typed in vain: the month already has its update."""
        if self.subject.updates.filter(month=month_of(self.today)).exists():
            raise forms.ValidationError("The update for this month is already there. Send a message instead.")
        return super().clean() or self.cleaned_data

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        advice = Recommendation(given["recommendation"])
        post_update(
            actor, self.subject.public_id, given["actions"], advice, now=clock.now(), today=clock.today()
        )


class RequestQuotes(CaseAction):
    key = "request_quotes"
    title = "Request quotes"
    icon = "receipt"
    consequence = "The case waits until the creditor has chosen a quote, or none."
    button = "Ask for quotes"
    done = "Partners are asked for their price."
    phase = choice_field("For which step")
    scenario = choice_field(
        "Who is asked",
        [
            (Scenario.EXCLUSIVE.value, "Only the case's partner"),
            (Scenario.NETWORK.value, "Everybody who covers the place"),
        ],
    )
    text = text_field("What is wanted", hint="Everybody who is asked reads this. Name no debtor.")

    def prepare(self) -> None:
        self.fields["phase"] = choice_field("For which step", values_of(_phases_to_quote(self.subject)))

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return may(case, Event.QUOTES_ASKED)

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        request_quotes(
            actor,
            self.subject.public_id,
            phase=Phase(given["phase"]),
            text=given["text"],
            scenario=Scenario(given["scenario"]),
            now=clock.now(),
            today=clock.today(),
        )


class SendMessage(CaseAction):
    key = "message"
    title = "Send a message"
    icon = "mail"
    consequence = "The creditor and the partner read it."
    button = "Send"
    done = "The message is sent."
    text = text_field("Message", "Write a message.")

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.debtor_erased_at is None

    def act(self, actor: Actor, clock: Clock) -> None:
        send_message(actor, self.subject.public_id, self.cleaned_data["text"], now=clock.now())


class AttachDocument(CaseAction):
    key = "attach"
    title = "Attach a document"
    icon = "plus"
    consequence = "The creditor and the partner can read it. A file that is there already is kept once."
    button = "Attach"
    done = "The document is on the case."
    file = file_field()
    kind = choice_field("What it is", DocumentKind.choices)
    description = line_field("Description", longest=1000)

    def prepare(self) -> None:
        self.initial["kind"] = DocumentKind.MISCELLANEOUS.value

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.debtor_erased_at is None

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        attach_document(
            actor,
            str(self.subject.public_id),
            given["file"].name,
            given["file"].read(LARGEST_FILE + 1),
            kind=DocumentKind(given["kind"]),
            description=given["description"],
            now=clock.now(),
            today=clock.today(),
        )


class CorrectDebtor(CaseAction):
    """Contact details until a partner has accepted; before the contracts are signed, who it is too."""

    key = "debtor"
    title = "Correct the debtor's details"
    icon = "user"
    consequence = "The check runs again on what you enter. Once a partner has accepted, nothing changes here."
    button = "Save the details"
    done = "The debtor's details are saved."
    name = line_field("Name", "Enter the debtor's name.")
    company_number = line_field("Company number")
    country = line_field("Country", "Enter the country's two letters, such as GB.", longest=2)
    state = line_field("State", hint="For the United States: two letters, such as CA.")
    street = line_field("Street or building")
    city = line_field("Town or city")
    zip = line_field("Postcode", longest=40)
    emails = line_field("E-mail addresses", longest=2000, hint="Separated by spaces.")
    phones = line_field("Telephone numbers", longest=1000, hint="Separated by commas.")
    contact = line_field("Contact person")

    _OF_SIGNING = ("name", "company_number", "country", "state")

    def prepare(self) -> None:
        if self.subject.lifecycle != Lifecycle.PENDING_SIGNING:
            for name in self._OF_SIGNING:
                del self.fields[name]
        for name in self.fields:
            self.initial[name] = getattr(self.subject, f"debtor_{name}")
        self.initial["emails"] = " ".join(self.subject.debtor_emails)
        self.initial["phones"] = ", ".join(self.subject.debtor_phones)

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        is_open = case.lifecycle != Lifecycle.CLOSED
        return is_open and case.accepted_at is None and case.debtor_erased_at is None

    def act(self, actor: Actor, clock: Clock) -> None:
        given: dict[str, Any] = dict(self.cleaned_data)
        given["emails"] = tuple(given["emails"].split())
        given["phones"] = tuple(phone.strip() for phone in given["phones"].split(",") if phone.strip())
        details = DebtorDetails(**given)
        set_debtor_details(actor, self.subject.public_id, details, now=clock.now(), today=clock.today())


class RecordDisclosure(CaseAction):
    key = "disclosure"
    title = "Record a disclosure"
    icon = "eye"
    consequence = "Kept as the record of who was given the debtor's data, and why."
    button = "Record it"
    done = "The disclosure is recorded."
    to = line_field("Given to", "Say who was given the data.", longest=254)
    what = text_field("What was given", "Say what was given.", rows=2)
    why = text_field("Why", "Say why it was given.", rows=2)

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.debtor_erased_at is None

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        record_disclosure(
            actor,
            self.subject.public_id,
            to=given["to"],
            what=given["what"],
            why=given["why"],
            now=clock.now(),
        )


def _phases_to_quote(case: Case) -> list[Phase]:
    """The phases that quotes can be wanted for, the next one first and the present one last."""
    present = Phase(case.phase) if case.phase else None
    phases = [phase for phase in Phase if purpose_of(present, phase) is not None]
    return sorted(phases, key=lambda phase: phase is present)
