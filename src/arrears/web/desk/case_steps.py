"""What an operator can do to a case so that it goes on, stops or ends."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal

from arrears.core.case import (
    CloseCode,
    Event,
    Lifecycle,
    NotAllowed,
    Party,
    Phase,
    close_codes_for,
    follow,
    followed_by_phase,
)
from arrears.core.verification import CheckArea
from arrears.desk.actors import Actor
from arrears.desk.cases.accept_case import accept_case
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.cases.change_phase import change_phase
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.decline_case import decline_case
from arrears.desk.cases.give_info import give_info
from arrears.desk.cases.note_case import note_case
from arrears.desk.cases.pass_check import pass_check
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.reopen_case import reopen_case
from arrears.desk.cases.resume_case import resume_case
from arrears.desk.models import Case
from arrears.desk.reopening import why_not_reopened
from arrears.ports import Clock
from arrears.web.desk.actions import Action
from arrears.web.form_fields import amount_field, choice_field, line_field, text_field, values_of

_NOTHING = Decimal(0)
AT_WORK = frozenset({Lifecycle.ACTIVE.value, Lifecycle.PAUSED.value})


class CaseAction(Action):
    """Something done to a case. It is offered only where the case stands so that it can be done."""

    subject: Case

    @classmethod
    @abstractmethod
    def is_offered(cls, case: Case) -> bool:
        """Whether the case stands so that an operator may do this now."""


def may(case: Case, event: Event) -> bool:
    """Whether an operator may let this happen to the case where it stands."""
    return not isinstance(follow(Lifecycle(case.lifecycle), event, Party.OPERATOR), NotAllowed)


class PassCheck(CaseAction):
    key = "pass"
    title = "Pass the check by hand"
    icon = "check"
    consequence = "The case goes on as it is, to its partner or to the network, and is not checked again."
    button = "Pass the check"
    done = "The case has passed the check."
    reason = text_field("Why it may pass", "Say why the case may pass the check.")

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.lifecycle == Lifecycle.PENDING_CHECK and may(case, Event.CHECK_PASSED)

    def act(self, actor: Actor, clock: Clock) -> None:
        reason = self.cleaned_data["reason"]
        pass_check(actor, self.subject.public_id, reason, now=clock.now(), today=clock.today())


class Accept(CaseAction):
    key = "accept"
    title = "Accept for the partner"
    icon = "circle-check"
    consequence = (
        "The partner begins to work the case, and its exclusive period starts. What is added is owed by the "
        "debtor on top of the principal."
    )
    button = "Accept the case"
    done = "The case is accepted and active."
    interest_fees = amount_field("Interest added")
    reminder_fees = amount_field("Reminder fees added")
    collection_fees = amount_field("Collection fees added")
    partner_reference = line_field("The partner's reference", longest=128)
    welcome = text_field("First message to the creditor")

    def prepare(self) -> None:
        for name in ("interest_fees", "reminder_fees", "collection_fees"):
            self.fields[name].label = f"{self.fields[name].label}, in {self.subject.currency}"

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.partner_id is not None and may(case, Event.ACCEPTED)

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        accept_case(
            actor,
            self.subject.public_id,
            interest_fees=given["interest_fees"] or _NOTHING,
            reminder_fees=given["reminder_fees"] or _NOTHING,
            collection_fees=given["collection_fees"] or _NOTHING,
            welcome=given["welcome"],
            partner_reference=given["partner_reference"],
            now=clock.now(),
            today=clock.today(),
        )


class Decline(CaseAction):
    key = "decline"
    title = "Decline for the partner"
    icon = "circle-minus"
    consequence = (
        "This partner is not asked again. The next one that covers the case gets it; where there is none, "
        "quotes are collected, or the case is closed."
    )
    button = "Decline the case"
    done = "The case is declined for this partner."
    danger = True
    reason = text_field("Why the partner declines", "Say why the partner declines.")

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.lifecycle == Lifecycle.PENDING_VERIFICATION and case.partner_id is not None

    def act(self, actor: Actor, clock: Clock) -> None:
        reason = self.cleaned_data["reason"]
        decline_case(actor, self.subject.public_id, reason, now=clock.now(), today=clock.today())


class AskInfo(CaseAction):
    key = "ask"
    title = "Ask the creditor for information"
    icon = "info-circle"
    consequence = "The case waits for the creditor's answer. Without one, a case that nobody works is closed."
    button = "Ask the creditor"
    done = "The creditor is asked."
    area = choice_field("What it is about", values_of(CheckArea))
    question = text_field("What you need to know", "Say what you need to know.")

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return may(case, Event.INFO_ASKED)

    def act(self, actor: Actor, clock: Clock) -> None:
        item = (CheckArea(self.cleaned_data["area"]), self.cleaned_data["question"])
        ask_info(actor, self.subject.public_id, [item], now=clock.now(), today=clock.today())


class GiveInfo(CaseAction):
    key = "answer"
    title = "Answer for the creditor"
    icon = "pencil"
    consequence = "All open questions are answered with this text, and the case goes on."
    button = "Give the answer"
    done = "The answer is on the case."
    answer = text_field("The creditor's answer", "Write down the creditor's answer.")

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return may(case, Event.INFO_GIVEN)

    def act(self, actor: Actor, clock: Clock) -> None:
        answer = self.cleaned_data["answer"]
        give_info(actor, self.subject.public_id, answer, now=clock.now(), today=clock.today())


class DecideWithdrawal(CaseAction):
    key = "withdrawal"
    title = "Decide on the withdrawal"
    icon = "scale"
    consequence = (
        "Agreed, the case is closed as withdrawn and the creditor owes what it confirmed. Turned down, "
        "the case goes on."
    )
    button = "Decide"
    done = "The withdrawal is decided."
    danger = True
    decision = choice_field("Decision", [("no", "Turn it down"), ("yes", "Agree, and close the case")])
    reason = text_field("Reason", hint="Needed to turn it down.")

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.withdrawal_asked_at is not None and case.lifecycle != Lifecycle.CLOSED

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        decide_withdrawal(
            actor,
            self.subject.public_id,
            given["decision"] == "yes",
            given["reason"],
            now=clock.now(),
            today=clock.today(),
        )


class Pause(CaseAction):
    key = "pause"
    title = "Pause the case"
    icon = "player-stop"
    consequence = "The partner does nothing until the case is resumed."
    button = "Pause"
    done = "The case is paused."
    reason = text_field("Why", "Say why the case is paused.", rows=2)

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return may(case, Event.PAUSED)

    def act(self, actor: Actor, clock: Clock) -> None:
        pause_case(actor, self.subject.public_id, self.cleaned_data["reason"], now=clock.now())


class Resume(CaseAction):
    key = "resume"
    title = "Resume the case"
    icon = "player-play"
    consequence = "The partner works the case again."
    button = "Resume"
    done = "The case is active again."
    reason = text_field("Why", "Say why the case is resumed.", rows=2)

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return may(case, Event.RESUMED) and case.withdrawal_asked_at is None

    def act(self, actor: Actor, clock: Clock) -> None:
        resume_case(actor, self.subject.public_id, self.cleaned_data["reason"], now=clock.now())


class ChangePhase(CaseAction):
    key = "phase"
    title = "Begin the next phase"
    icon = "gavel"
    consequence = "The creditor and the partner are told. Phases only go forward."
    button = "Begin the phase"
    done = "The phase has begun."
    danger = True
    phase = choice_field("Phase")
    note = text_field("Note", rows=2)

    def prepare(self) -> None:
        choices = values_of(_phases_after(self.subject))
        self.fields["phase"] = choice_field("Phase", choices)

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.lifecycle in AT_WORK and bool(_phases_after(case))

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        change_phase(actor, self.subject.public_id, Phase(given["phase"]), given["note"], now=clock.now())


class Note(CaseAction):
    key = "note"
    title = "Write a note"
    icon = "pencil"
    consequence = "It stands in the timeline, where the creditor and the partner read it too."
    button = "Write it down"
    done = "The note is in the timeline."
    text = text_field("Note", "Write the note.")

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return case.debtor_erased_at is None

    def act(self, actor: Actor, clock: Clock) -> None:
        note_case(actor, self.subject.public_id, self.cleaned_data["text"], now=clock.now())


class Close(CaseAction):
    key = "close"
    title = "Close the case"
    icon = "x"
    consequence = "All work ends, and open quotes with it. If a partner has worked it, it can be reopened."
    button = "Close the case"
    done = "The case is closed."
    danger = True
    code = choice_field("Reason", [("", "Choose a reason"), *values_of(close_codes_for(Party.OPERATOR))])
    reason = text_field("In your words", "Say why the case is closed.", rows=2)

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return may(case, Event.CLOSED)

    def act(self, actor: Actor, clock: Clock) -> None:
        given = self.cleaned_data
        code = CloseCode(given["code"])
        close_case(actor, self.subject.public_id, code, given["reason"], now=clock.now())


class Reopen(CaseAction):
    key = "reopen"
    title = "Reopen the case"
    icon = "rotate-clockwise"
    consequence = "The partner works it again, with what was outstanding when it was closed."
    button = "Reopen"
    done = "The case is active again."
    reason = text_field("Why", "Say why the case is reopened.", rows=2)

    @classmethod
    def is_offered(cls, case: Case) -> bool:
        return may(case, Event.REOPENED) and not why_not_reopened(case, Party.OPERATOR)

    def act(self, actor: Actor, clock: Clock) -> None:
        reopen_case(actor, self.subject.public_id, self.cleaned_data["reason"], now=clock.now())


def _phases_after(case: Case) -> tuple[Phase, ...]:
    return followed_by_phase(Phase(case.phase) if case.phase else None)
