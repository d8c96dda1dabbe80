"""What a partner does with a case it works, other than money."""

from __future__ import annotations

from typing import Any

from django import forms

from arrears.clock import london_date
from arrears.core.case import Event, Lifecycle, Party, Phase, close_codes_for, followed_by_phase
from arrears.core.exclusivity import ExtensionKind
from arrears.core.quote import Scenario, purpose_of
from arrears.core.task import Recommendation
from arrears.core.wording import date_text
from arrears.desk.cases.change_phase import change_phase
from arrears.desk.cases.close_case import close_case
from arrears.desk.cases.decide_withdrawal import decide_withdrawal
from arrears.desk.cases.pause_case import pause_case
from arrears.desk.cases.record_promise import record_promise
from arrears.desk.cases.reopen_case import reopen_case
from arrears.desk.cases.resume_case import resume_case
from arrears.desk.models import Case
from arrears.desk.quotes.request_quotes import request_quotes
from arrears.desk.reopening import why_not_reopened
from arrears.desk.talk.post_update import post_update
from arrears.desk.withdrawals import owed_if_agreed
from arrears.web.act_forms import ReasonForm
from arrears.web.acts import Act, Asked, Done
from arrears.web.form_fields import amount_field, day_field, member_field, text_field
from arrears.web.formats import money
from arrears.web.portal.acts_before import may
from arrears.web.portal.addresses import quote_url

_PROMISES = {
    ExtensionKind.PROMISE: "A written promise to pay",
    ExtensionKind.AGREEMENT: "A signed payment agreement",
}
_ADVICE = {
    Recommendation.STAY: "Go on as now",
    Recommendation.PAUSE: "Pause the case",
    Recommendation.CLOSE: "Close the case",
}


class UpdateForm(forms.Form):
    """The report for this month."""

    actions = text_field("What was done this month", "Say what was done.", rows=6)
    recommendation = member_field("What you recommend", Recommendation, _ADVICE)


class PromiseForm(forms.Form):
    """What the debtor has promised in writing."""

    kind = member_field("What there is", list(_PROMISES), _PROMISES)
    event_date = day_field("Day it was given")
    amount = amount_field("Amount promised", required=True)
    note = text_field("Note", rows=2)


class PhaseForm(forms.Form):
    """The phase that begins."""

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phase"] = member_field("Phase", _later(case))
        self.fields["note"] = text_field("Note", rows=2)


class OwnTermsForm(forms.Form):
    """For which phase the partner wants to offer terms of its own."""

    def __init__(self, case: Case, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        now = _phase(case)
        self.fields["phase"] = member_field("Phase", [one for one in Phase if purpose_of(now, one)])
        self.fields["text"] = text_field(
            "Why this step", hint="The creditor reads it above your offer. Do not name the debtor."
        )


class CloseForm(forms.Form):
    """How the case ended."""

    code = member_field("How it ended", close_codes_for(Party.PARTNER))
    reason = text_field("What was done, and why it ends", "Enter a reason.")


class WithdrawalForm(forms.Form):
    """Whether the creditor may have the case back."""

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[("agree", "Agree: the case is closed"), ("refuse", "Turn it down: the case goes on")],
    )
    reason = text_field("Reason", hint="Wanted when you turn it down.")


def _phase(case: Case) -> Phase | None:
    return Phase(case.phase) if case.phase else None


def _later(case: Case) -> tuple[Phase, ...]:
    return followed_by_phase(_phase(case))


def _at_work(case: Case) -> bool:
    return case.lifecycle in (Lifecycle.ACTIVE, Lifecycle.PAUSED)


def _update(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    post_update(
        asked.actor,
        asked.case.public_id,
        given["actions"],
        given["recommendation"],
        now=asked.now,
        today=asked.today,
    )
    return Done("The update is posted.")


def _promise(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    record_promise(
        asked.actor,
        asked.case.public_id,
        given["kind"],
        given["event_date"],
        given["amount"],
        given["note"],
        now=asked.now,
        today=asked.today,
    )
    return Done("The promise is recorded.")


def _enter(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    change_phase(asked.actor, asked.case.public_id, given["phase"], given["note"], now=asked.now)
    return Done(f"The case is in the phase “{given['phase'].value}” now.")


def _own_terms(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    request = request_quotes(
        asked.actor,
        asked.case.public_id,
        phase=given["phase"],
        text=given["text"],
        scenario=Scenario.EXCLUSIVE,
        now=asked.now,
        today=asked.today,
    )
    return Done("Now enter your offer.", quote_url(request))


def _pause(asked: Asked, form: forms.Form) -> Done:
    pause_case(asked.actor, asked.case.public_id, form.cleaned_data["reason"], now=asked.now)
    return Done("The case is paused.")


def _resume(asked: Asked, form: forms.Form) -> Done:
    resume_case(asked.actor, asked.case.public_id, form.cleaned_data["reason"], now=asked.now)
    return Done("The case is active again.")


def _close(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    close_case(asked.actor, asked.case.public_id, given["code"], given["reason"], now=asked.now)
    return Done("The case is closed.")


def _reopen(asked: Asked, form: forms.Form) -> Done:
    reopen_case(asked.actor, asked.case.public_id, form.cleaned_data["reason"], now=asked.now)
    return Done("The case is open again.")


def _decide(asked: Asked, form: forms.Form) -> Done:
    given = form.cleaned_data
    agree = given["decision"] == "agree"
    decide_withdrawal(
        asked.actor, asked.case.public_id, agree, given["reason"], now=asked.now, today=asked.today
    )
    return Done("The case is closed as withdrawn." if agree else "The case goes on.")


def _decide_words(asked: Asked) -> tuple[str, ...]:
    if asked.case.withdrawal_asked_at is None:
        return ()
    owed = owed_if_agreed(asked.case)
    cost = (
        f"If you agree, the creditor owes you {money(owed)}, before any VAT."
        if owed is not None
        else "If you agree, what the creditor owes you follows from what you had agreed with it."
    )
    day = date_text(london_date(asked.case.withdrawal_asked_at))
    return (f"The creditor asked on {day} to have the case back.", cost)


ACTS = {
    "withdrawal": Act(
        "Decide on the withdrawal",
        "Decide",
        WithdrawalForm,
        _decide,
        icon="scale",
        when=lambda case: case.withdrawal_asked_at is not None,
        told=_decide_words,
        main=True,
    ),
    "update": Act(
        "Post this month’s update", "Post the update", UpdateForm, _update, icon="file-text", when=_at_work
    ),
    "promise": Act(
        "Record a promise to pay",
        "Record it",
        PromiseForm,
        _promise,
        icon="coin",
        when=lambda case: case.accepted_at is not None and case.lifecycle != Lifecycle.CLOSED,
        told=lambda _: ("A promise prolongs the exclusive period of a case that has one.",),
    ),
    "own-terms": Act(
        "Offer terms of your own",
        "Go on to the offer",
        OwnTermsForm,
        _own_terms,
        icon="scale",
        when=lambda case: may(case, Event.QUOTES_ASKED) or case.lifecycle == Lifecycle.PENDING_VERIFICATION,
        told=lambda _: ("You alone are asked for a quote. The creditor then accepts or declines it.",),
        make=lambda asked, *args, **options: OwnTermsForm(asked.case, *args, **options),
    ),
    "phase": Act(
        "Begin the next phase",
        "Begin it",
        PhaseForm,
        _enter,
        icon="gavel",
        when=lambda case: _at_work(case) and bool(_later(case)),
        told=lambda _: ("The creditor has to have accepted your quote for that phase.",),
        make=lambda asked, *args, **options: PhaseForm(asked.case, *args, **options),
    ),
    "pause": Act(
        "Pause the case",
        "Pause",
        ReasonForm,
        _pause,
        icon="player-stop",
        when=lambda case: may(case, Event.PAUSED),
    ),
    "resume": Act(
        "Resume the case",
        "Resume",
        ReasonForm,
        _resume,
        icon="player-play",
        when=lambda case: may(case, Event.RESUMED) and case.withdrawal_asked_at is None,
        main=True,
    ),
    "close": Act(
        "Close the case",
        "Close",
        CloseForm,
        _close,
        icon="circle-check",
        when=lambda case: may(case, Event.CLOSED) and case.accepted_at is not None,
        told=lambda _: ("Nothing more is done on a closed case.",),
        danger=True,
    ),
    "reopen": Act(
        "Reopen the case",
        "Reopen",
        ReasonForm,
        _reopen,
        icon="rotate-clockwise",
        when=lambda case: may(case, Event.REOPENED) and not why_not_reopened(case, Party.PARTNER),
    ),
}
