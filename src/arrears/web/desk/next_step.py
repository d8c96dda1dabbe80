"""What happens next on a case, in a sentence: who has to do what by when, and what follows if nobody does."""

from __future__ import annotations

from datetime import date

from arrears.clock import london_date
from arrears.core.case import Lifecycle, Party
from arrears.core.task import TaskKind
from arrears.core.wording import date_text, list_text
from arrears.desk.models import Case, QuoteRequest, Task
from arrears.desk.quoting import current_request
from arrears.web.formats import counted, moment


def next_step(case: Case, needed: list[str]) -> str:
    """`needed` names the contracts that are not signed."""
    if case.is_test and case.lifecycle == Lifecycle.PENDING_VERIFICATION:
        return "A test case goes no further by itself. Its creditor moves it on through the API."
    if case.withdrawal_asked_at is not None and case.lifecycle != Lifecycle.CLOSED:
        return f"The creditor asks to withdraw the case. {_who(case)} decides; until then nothing is done."
    return _SENTENCES[Lifecycle(case.lifecycle)](case, needed)


def _signing(_case: Case, needed: list[str]) -> str:
    if not needed:
        return "Everything is signed; the case goes on with the next round of checks."
    return f"The creditor signs: {list_text(needed)}. The case then goes on by itself."


def _check(case: Case, _needed: list[str]) -> str:
    if case.check_after is not None:
        return (
            f"Something is missing. If it is not added, the creditor is asked on {moment(case.check_after)}."
        )
    if case.info_requests.filter(settled_at=None).exists():
        return "An operator looks at what the check still finds, and passes it by hand or asks the creditor."
    return "The automatic check runs. A case it finds nothing in goes on at once."


def _verification(case: Case, _needed: list[str]) -> str:
    by = _due(case, Party.PARTNER, TaskKind.VERIFY_CASE)
    return f"{_who(case)} accepts or declines the case{_until(by)}."


def _info(case: Case, _needed: list[str]) -> str:
    sentence = f"The creditor answers{_until(case.info_due)}."
    if case.accepted_at is not None:
        return f"{sentence} The partner waits for it."
    return f"{sentence} Two business days later an unanswered case is closed."


def _collecting(case: Case, _needed: list[str]) -> str:
    request = current_request(case)
    if request is None:
        return "Quotes are wanted, but no request is open. Close the case, or wait for the next round."
    closes = _closes(request)
    invited = request.invited.count()
    if not invited:
        return f"Nobody could be asked. Invite a partner to quote before {closes}."
    return f"{counted(invited, 'partner')} may quote until {closes}. The first quote goes to the creditor."


def _selection(case: Case, _needed: list[str]) -> str:
    request = current_request(case)
    if request is None or request.decide_by is None:
        closes = f" More can come until {_closes(request)}." if request else ""
        return f"The creditor chooses a quote, or none.{closes}"
    return (
        f"The creditor chooses a quote, or none, by {date_text(request.decide_by)}. Then the offers expire."
    )


def _active(case: Case, _needed: list[str]) -> str:
    by = _due(case, Party.PARTNER, TaskKind.MONTHLY_UPDATE)
    if by is None:
        return f"{_who(case)} collects. No update is due now."
    return f"{_who(case)} collects, and posts this month's update{_until(by)}."


def _paused(case: Case, _needed: list[str]) -> str:
    by = _due(case, Party.PARTNER, TaskKind.FOLLOW_UP_PAUSED)
    return f"Nothing is done. {_who(case)} looks at the case again{_until(by)}."


def _closed(case: Case, _needed: list[str]) -> str:
    sentence = f"Closed as “{case.close_code}”." if case.close_code else "Closed."
    if case.debtor_erased_at is not None:
        erased = date_text(london_date(case.debtor_erased_at))
        return f"{sentence} The debtor's personal data was erased on {erased}."
    return f"{sentence} Nothing more happens, except that open payments and complaints are settled."


_SENTENCES = {
    Lifecycle.PENDING_SIGNING: _signing,
    Lifecycle.PENDING_CHECK: _check,
    Lifecycle.PENDING_VERIFICATION: _verification,
    Lifecycle.MORE_INFO: _info,
    Lifecycle.COLLECTING_QUOTES: _collecting,
    Lifecycle.PENDING_QUOTE_SELECTION: _selection,
    Lifecycle.ACTIVE: _active,
    Lifecycle.PAUSED: _paused,
    Lifecycle.CLOSED: _closed,
}


def _who(case: Case) -> str:
    return case.partner.name if case.partner else "An operator"


def _due(case: Case, party: Party, kind: TaskKind) -> date | None:
    open_now = Task.objects.filter(case=case, party=party.value, kind=kind.value, solved_at=None)
    return open_now.values_list("due_on", flat=True).first()


def _until(by: date | None) -> str:
    return f" by {date_text(by)}" if by else ""


def _closes(request: QuoteRequest) -> str:
    return moment(request.closes_at)
