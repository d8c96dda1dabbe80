"""What a creditor agrees to by handing a claim over, in sentences. Said before it is done, never after."""

from __future__ import annotations

from dataclasses import dataclass

from arrears.core.exclusivity import FIRST_MONTHS, MONTHS_AFTER_EVENT
from arrears.core.payment import REPORT_DAYS


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that handing over means. `key` is stable and meant for machines.

    `source` says where it is agreed.
    """

    key: str
    title: str
    text: str
    source: str


_OWN = "Standard debt collection agreement of 25 March 2026, {}"
_ELSEWHERE = "The collector’s standard debt collection agreement, as published for 25 March 2026"


def terms(collector_is_elsewhere: bool, *, has_partner: bool | None = None) -> tuple[Term, ...]:
    """What handing over means, in the order in which it matters.

    `has_partner` is False where no partner covers the debtor, so that the case waits for offers, and None
    where that is not known or differs within a batch. Sources: the standard debt collection agreement and,
    for a collector elsewhere, Debitura's help pages on the collection period, on closing or withdrawing a
    case, and on fees and payments.
    """
    told = [
        _no_period(collector_is_elsewhere) if has_partner is False else _period(collector_is_elsewhere),
        *([] if has_partner is False else [_extension(collector_is_elsewhere)]),
        _withdrawal(collector_is_elsewhere, has_partner=has_partner),
        _free_at_first(collector_is_elsewhere),
        _no_contact(collector_is_elsewhere),
        _direct_payment(collector_is_elsewhere),
        _interest(collector_is_elsewhere),
    ]
    return tuple(told)


def _source(elsewhere: bool, section: str) -> str:
    return _ELSEWHERE if elsewhere else _OWN.format(section)


def _period(elsewhere: bool) -> Term:
    return Term(
        "exclusive_period",
        f"Only the partner collects, for {FIRST_MONTHS} months",
        f"For {FIRST_MONTHS} months nobody but the partner may collect this debt. The time starts when the "
        "partner accepts the case, or earlier if it had everything it needs. Where you accept an offer for a "
        "case, the terms of that offer count instead.",
        _source(elsewhere, "section 13"),
    )


def _no_period(elsewhere: bool) -> Term:
    return Term(
        "exclusive_period",
        "The terms are those of the offer you accept",
        "No partner covers this debtor yet. Firms that know the place are asked for offers, and nothing is "
        "agreed until you accept one.",
        _source(elsewhere, "section 8"),
    )


def _extension(elsewhere: bool) -> Term:
    return Term(
        "extension",
        "Every payment, promise or payment plan makes it longer",
        "Each payment, each written promise to pay and each signed payment plan moves the end of that time "
        f"to {MONTHS_AFTER_EVENT} months after it. There is no limit to how often.",
        _source(elsewhere, "section 14"),
    )


def _withdrawal(elsewhere: bool, *, has_partner: bool | None) -> Term:
    asked = "You ask the partner, and the case stands still until it agrees."
    if has_partner is False:
        return Term(
            "withdrawal",
            "Taking a case back later costs what the offer says",
            f"Once you have accepted an offer, it decides what taking the case back costs. {asked}",
            _source(elsewhere, "section 16"),
        )
    return Term(
        "withdrawal",
        "Taking a case back costs the full fee",
        "If you take a case back while only the partner may collect it, you owe the full success fee on what "
        f"is still unpaid, and the partner’s collection costs. {asked} After that time it is free.",
        _source(elsewhere, "section 16"),
    )


def _free_at_first(elsewhere: bool) -> Term:
    where = "in the collector’s portal" if elsewhere else "here"
    return Term(
        "free_at_first",
        "At first you can change your mind for nothing",
        "While a case is still being checked, or offers are being collected for it, you can close it "
        f"{where} free of charge.",
        _source(elsewhere, "section 15"),
    )


def _no_contact(elsewhere: bool) -> Term:
    return Term(
        "no_reminders",
        "You send no more reminders",
        "From now on the partner alone asks the debtor to pay. Stop your own reminders, letters and calls "
        "about these invoices, and switch off automatic credit control in KashFlow.",
        _source(elsewhere, "section 13"),
    )


def _direct_payment(elsewhere: bool) -> Term:
    return Term(
        "direct_payments",
        f"Money paid to you is reported within {REPORT_DAYS} days",
        "If the debtor pays you and not the partner, tell the partner in writing within "
        f"{REPORT_DAYS} days. The fee is owed on that money too.",
        _source(elsewhere, "section 11"),
    )


def _interest(elsewhere: bool) -> Term:
    return Term(
        "interest",
        "Interest and late fees go to the partner",
        "Interest, reminder fees and collection costs that the debtor pays on top are the partner’s, also "
        "what had built up before you handed the claim over. What is paid of the invoice itself is yours, "
        "less the fee.",
        _source(elsewhere, "section 9"),
    )
