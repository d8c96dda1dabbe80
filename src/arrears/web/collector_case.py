"""One case at a collector elsewhere: the case as last stated, and everything else about it read just now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.list_cases import CaseAt
from arrears.bridge.models import CollectorAccount, ConnectionState, Submission
from arrears.core.access import Permission
from arrears.core.case import Lifecycle
from arrears.core.money import Money
from arrears.ports import Case, CaseFile, DocumentKind, Quote, Remedy
from arrears.web.collector_names import shown_of
from arrears.web.document_form import CaseDocumentForm
from arrears.web.formats import money, percent
from arrears.web.lifecycles import LIFECYCLES
from arrears.web.paid_elsewhere import paid_on
from arrears.web.remedies import advice_of

#: What a collector's words are for people; a word that is not here is shown as it is.
WORDS = {
    "PromiseToPay": "Promise to pay",
    "PaymentAgreement": "Payment agreement",
    "Manual": "Set by hand",
    "Creditor": "to you",
    "CollectionPartner": "to the partner",
    "Platform": "to the collector",
    "BankTransfer": "Bank transfer",
    DocumentKind.INVOICE: "Original invoice",
    DocumentKind.DEBTOR: "From the debtor",
    DocumentKind.CREDITOR: "From you",
    DocumentKind.PARTNER: "From the partner",
    DocumentKind.DEMAND_LETTER: "Demand letter",
    DocumentKind.OTHER: "Other",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """What somebody was about to say or attach when it did not work out. `form_id` stays: it counts once."""

    text: str = ""
    task: str = ""
    form_id: str = field(default_factory=lambda: str(uuid4()))
    problem: str = ""
    file_problem: str = ""
    file_action: str = ""


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """One offer as a column beside the others: what it costs, line by line."""

    quote: Quote
    prices: tuple[tuple[str, str], ...]


def collector_case(
    request: HttpRequest, membership: Membership, found: CaseAt, talk: Talk | None = None, status: int = 200
) -> HttpResponse:
    """The page. What cannot be read just now is named; what is known is shown in any case."""
    account = found.account
    assert account is not None  # noqa: S101 # our own desk's cases have a page of their own
    case = found.case
    unasked = found.read_at is not None and talk is None
    file, problem = (
        (None, _why_silent(account)) if unasked else _read(membership.organisation_id, account, case)
    )
    context: dict[str, Any] = {
        "case": case,
        "found": found,
        "account": account,
        "collector": shown_of(account),
        "look": LIFECYCLES[case.lifecycle],
        "file": file,
        "problem": problem,
        "signing_url": _signing_url(case, file),
        "quotes": [QuoteShown(one, _prices(one)) for one in file.quotes] if file else [],
        "paid": paid_on(membership.organisation_id, account, case),
        "submission": _submission(membership.organisation_id, account, case),
        "words": WORDS,
        "talk": talk or Talk(),
        "may_talk": _may_talk(membership, account, case),
        "document_form": CaseDocumentForm(),
    }
    return render(request, "collector_case.html", context, status=status)


def _may_talk(membership: Membership, account: CollectorAccount, case: Case) -> bool:
    open_there = account.removed_at is None and case.lifecycle is not Lifecycle.CLOSED
    return open_there and membership.may(Permission.ACT)


def _why_silent(account: CollectorAccount) -> str:
    """For a case that could not be read a moment ago: asking again would only keep the reader waiting."""
    if account.removed_at is not None:
        return "The account was removed, so the collector is not asked any more."
    if account.state != ConnectionState.OK:
        return f"{account.attention_text} {account.attention_action}".strip()
    return "It did not answer. Try again in a few minutes."


def _read(organisation: int, account: CollectorAccount, case: Case) -> tuple[CaseFile | None, str]:
    try:
        return adapters().collector(organisation, account).case_file(case.id), ""
    except Remedy as reason:
        return None, advice_of(reason)


def _signing_url(case: Case, file: CaseFile | None) -> str:
    """Where everything is signed at once; empty when each agreement has a page of its own."""
    pages = {agreement.url for agreement in file.agreements} if file else set()
    return pages.pop() if not case.signing_url and len(pages) == 1 else case.signing_url


def _submission(organisation: int, account: CollectorAccount, case: Case) -> Submission | None:
    mine = Submission.objects.filter(organisation_id=organisation, run__collector=account)
    return mine.filter(reference=case.creditor_reference).select_related("run").last()


def _prices(quote: Quote) -> tuple[tuple[str, str], ...]:
    """Only what the offer states: a price that is not part of it is no price of nothing."""
    lines = []
    if quote.success_fee is not None:
        lines.append(("Success fee", percent(quote.success_fee)))
    for label, amount in (
        ("Flat fee", quote.flat_fee),
        ("Hourly rate", quote.hourly_rate),
        ("Court and other costs", quote.court_costs),
    ):
        if amount is not None:
            lines.append((label, money(Money(amount, quote.currency))))
    if quote.hours is not None:
        lines.append(("Expected hours", f"{quote.hours.normalize():f}"))
    return tuple(lines)
