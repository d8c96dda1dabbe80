"""What somebody has to do about a case, worked out from how the case stands."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from arrears.core.case import Lifecycle, Party
from arrears.core.working_time import business_days_after

_REPLY_BUSINESS_DAYS = 2
_VERIFY_BUSINESS_DAYS = 1
_FOLLOW_UP_BUSINESS_DAYS = 14
_MONTH_COUNTS_BEFORE_DAY = 20

#: Somebody who is late is reminded this often at most.
REMIND_EVERY_DAYS = 7


class Recommendation(StrEnum):
    """What a partner advises in its monthly update."""

    STAY = "Stay"
    PAUSE = "Pause"
    CLOSE = "Close"


class TaskStatus(StrEnum):
    """Whether a task still waits. The values are those of the Customer API."""

    OPEN = "Open"
    SOLVED = "Solved"


class TaskKind(StrEnum):
    """What has to be done. The creditor's kinds are named as in the Customer API."""

    SIGN_CONTRACT = "SignContract"
    NEEDS_INFO = "CaseValidationNeedsInfo"
    MORE_INFO = "MoreInfoNeeded"
    SELECT_QUOTE = "SelectQuoteWinner"
    REPLY_TO_CHAT = "ReplyToChat"
    VERIFY_CASE = "VerifyCase"
    MONTHLY_UPDATE = "MonthlyUpdate"
    FOLLOW_UP_PAUSED = "FollowUpPausedCase"
    ANSWER_COMPLAINT = "AnswerComplaint"
    SETTLE_PAYMENT = "SettlePayment"
    DECIDE_WITHDRAWAL = "DecideWithdrawal"
    REVIEW_CASE = "ReviewCase"
    FIND_PARTNER = "FindPartner"
    DECIDE_COMPLAINT = "DecideComplaint"

    @property
    def label(self) -> str:
        """What has to be done, in words that can start a sentence."""
        return _LABELS[self]


_LABELS = {
    TaskKind.SIGN_CONTRACT: "Sign the agreements",
    TaskKind.NEEDS_INFO: "Complete the case",
    TaskKind.MORE_INFO: "Answer the partner's questions",
    TaskKind.SELECT_QUOTE: "Choose a quote",
    TaskKind.REPLY_TO_CHAT: "Reply to the message",
    TaskKind.VERIFY_CASE: "Accept or decline the case",
    TaskKind.MONTHLY_UPDATE: "Post the monthly update",
    TaskKind.FOLLOW_UP_PAUSED: "Follow up the paused case",
    TaskKind.ANSWER_COMPLAINT: "Respond to the complaint",
    TaskKind.SETTLE_PAYMENT: "Settle the payment",
    TaskKind.DECIDE_WITHDRAWAL: "Decide on the withdrawal",
    TaskKind.REVIEW_CASE: "Review the case",
    TaskKind.FIND_PARTNER: "Find a partner to ask",
    TaskKind.DECIDE_COMPLAINT: "Decide on the complaint",
}


@dataclass(frozen=True, slots=True)
class WantedTask:
    """A task that should be open. `subject` tells two of one kind apart."""

    party: Party
    kind: TaskKind
    subject: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides which tasks a case has. Dates are when the answer is due; None where nothing waits.

    `answer_overdue` says that a creditor has let the day pass on a case that a partner works: it is not
    closed by itself, so somebody has to see to it.
    """

    lifecycle: Lifecycle
    has_partner: bool
    is_test: bool = False
    info_due: date | None = None
    info_asked_by_partner: bool = False
    answer_overdue: bool = False
    check_failed: bool = False
    decide_quotes_by: date | None = None
    quote_request: str = ""
    invited_partner: bool = False
    verify_by: date | None = None
    creditor_reply_by: date | None = None
    partner_reply_by: date | None = None
    operator_reply_by: date | None = None
    update_due: date | None = None
    paused_follow_up: date | None = None
    withdrawal_asked: bool = False
    complaints_to_answer: tuple[tuple[str, date | None], ...] = ()
    complaints_to_decide: tuple[str, ...] = ()
    payments_to_settle: tuple[tuple[str, Party, date], ...] = ()


def wanted_tasks(facts: CaseFacts) -> tuple[WantedTask, ...]:
    """The tasks a case should have open now. A closed case keeps only money, complaints and nothing else."""
    wanted = [
        *(
            WantedTask(party, TaskKind.SETTLE_PAYMENT, ref, due)
            for ref, party, due in facts.payments_to_settle
        ),
        *(
            WantedTask(
                Party.PARTNER if facts.has_partner else Party.OPERATOR,
                TaskKind.ANSWER_COMPLAINT,
                number,
                due,
            )
            for number, due in facts.complaints_to_answer
        ),
        *(
            WantedTask(Party.OPERATOR, TaskKind.DECIDE_COMPLAINT, number)
            for number in facts.complaints_to_decide
        ),
    ]
    if facts.is_test or facts.lifecycle is Lifecycle.CLOSED:
        return tuple(wanted)
    return (*wanted, *_creditors_tasks(facts), *_partners_tasks(facts), *_operators_tasks(facts))


def _creditors_tasks(facts: CaseFacts) -> list[WantedTask]:
    wanted = []
    if facts.lifecycle is Lifecycle.MORE_INFO:
        kind = TaskKind.MORE_INFO if facts.info_asked_by_partner else TaskKind.NEEDS_INFO
        wanted.append(WantedTask(Party.CREDITOR, kind, due=facts.info_due))
    if facts.lifecycle is Lifecycle.PENDING_QUOTE_SELECTION:
        wanted.append(
            WantedTask(Party.CREDITOR, TaskKind.SELECT_QUOTE, facts.quote_request, facts.decide_quotes_by)
        )
    if facts.creditor_reply_by:
        wanted.append(WantedTask(Party.CREDITOR, TaskKind.REPLY_TO_CHAT, due=facts.creditor_reply_by))
    return wanted


def _partners_tasks(facts: CaseFacts) -> list[WantedTask]:
    wanted = []
    if facts.lifecycle is Lifecycle.PENDING_VERIFICATION and facts.has_partner:
        wanted.append(WantedTask(Party.PARTNER, TaskKind.VERIFY_CASE, due=facts.verify_by))
    if facts.partner_reply_by:
        wanted.append(WantedTask(Party.PARTNER, TaskKind.REPLY_TO_CHAT, due=facts.partner_reply_by))
    if facts.lifecycle is Lifecycle.ACTIVE and facts.update_due:
        wanted.append(WantedTask(Party.PARTNER, TaskKind.MONTHLY_UPDATE, due=facts.update_due))
    if facts.withdrawal_asked:
        wanted.append(WantedTask(Party.PARTNER, TaskKind.DECIDE_WITHDRAWAL))
    elif facts.lifecycle is Lifecycle.PAUSED:
        wanted.append(WantedTask(Party.PARTNER, TaskKind.FOLLOW_UP_PAUSED, due=facts.paused_follow_up))
    return wanted


def _operators_tasks(facts: CaseFacts) -> list[WantedTask]:
    wanted = []
    if (facts.lifecycle is Lifecycle.PENDING_CHECK and facts.check_failed) or (
        facts.lifecycle is Lifecycle.MORE_INFO and facts.answer_overdue
    ):
        wanted.append(WantedTask(Party.OPERATOR, TaskKind.REVIEW_CASE))
    if facts.lifecycle is Lifecycle.COLLECTING_QUOTES and not facts.invited_partner:
        wanted.append(WantedTask(Party.OPERATOR, TaskKind.FIND_PARTNER, facts.quote_request))
    if facts.operator_reply_by:
        wanted.append(WantedTask(Party.OPERATOR, TaskKind.REPLY_TO_CHAT, due=facts.operator_reply_by))
    return wanted


def reply_by(asked: date) -> date:
    """The day by which a message of that day has to be answered."""
    return business_days_after(asked, _REPLY_BUSINESS_DAYS)


def verify_by(given: date) -> date:
    """The day by which a partner that was given a case on that day has to answer."""
    return business_days_after(given, _VERIFY_BUSINESS_DAYS)


def follow_up_by(paused: date) -> date:
    """The day by which a case paused on that day has to be looked at again."""
    return business_days_after(paused, _FOLLOW_UP_BUSINESS_DAYS)


def month_of(day: date) -> date:
    """The first day of its month, by which a month is named."""
    return day.replace(day=1)


def reported_if_accepted_before(month: date) -> date:
    """A month wants an update of the cases accepted before this day of it; for later ones it is too short."""
    return month.replace(day=_MONTH_COUNTS_BEFORE_DAY)


def update_due(accepted: date, last_reported: date | None, today: date) -> date | None:
    """When this month's update is due, its last day; None when it is there or the month wants none."""
    month = month_of(today)
    is_there = last_reported is not None and last_reported >= month
    if is_there or accepted >= reported_if_accepted_before(month):
        return None
    return today.replace(day=monthrange(today.year, today.month)[1])


def due_of_open(kind: TaskKind, due: date | None, wanted: date | None) -> date | None:
    """When an open task is due. An update that is overdue stays so when the next month's would be due too."""
    if kind is TaskKind.MONTHLY_UPDATE and due is not None and wanted is not None:
        return min(due, wanted)
    return wanted
