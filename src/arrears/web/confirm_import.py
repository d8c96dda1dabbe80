"""Confirm an import: what was chosen, what it will cost and what it means; then start the run."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from arrears.accounts.models import Membership
from arrears.bridge.adapters import adapters
from arrears.bridge.ledger import Picked
from arrears.bridge.limit import amount_seen, totals_of, why_above_limit
from arrears.bridge.models import CollectorAccount, Connection
from arrears.bridge.start_import import Order, start_import
from arrears.bridge.worker import work_in_background
from arrears.core.access import Permission
from arrears.core.handing_over import terms
from arrears.core.money import Money, is_currency, read_amount
from arrears.ports import NeedsAttention
from arrears.web.approvers import approvers
from arrears.web.collector_names import OWN_DESK, collector_asked_for, shown_of
from arrears.web.crossings import crossings
from arrears.web.posted import form_id_of
from arrears.web.required_actions import LONGEST_SEAL, MOST_SEALS, Wanted, unseal, wanted_now
from arrears.web.tenancy import members_who

#: The most invoices that one order may name. The bulk import page tells people before they get here.
MOST_INVOICES = 20_000
_LONGEST = 40


class Unreadable(SuspiciousOperation):
    """The form does not hold what our own page would have sent."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One ticked invoice. `group` is shared by those that may be bundled, empty for one that may not.

    `chased` tells that the books still send reminders for it by themselves.
    """

    picked: Picked
    group: str
    due: date | None
    chased: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """What the page added up in one currency. For reading only: a run works out its amounts afresh."""

    count: int
    outstanding: Money
    fee: Money
    net: Money
    without_estimate: int


@require_POST
@members_who(Permission.IMPORT)
def confirm_import(request: HttpRequest, membership: Membership, connection_id: int) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    account = _collector(request, membership)
    chosen = _choices(request.POST.get("picked", ""))
    return render(
        request,
        "confirm_import.html",
        {
            "connection": connection,
            "collector": shown_of(account),
            "wanted": _wanted(request, membership.organisation_id, account),
            "picked": request.POST["picked"],
            "sums": _sums(request.POST.get("sums", "")),
            "invoice_count": len(chosen),
            "bundle_count": len(_groups(chosen, bundles=True)),
            "form_id": uuid4(),
            **_consequences(membership, account, chosen),
        },
    )


@require_POST
@members_who(Permission.IMPORT)
def open_cases(request: HttpRequest, membership: Membership, connection_id: int) -> HttpResponse:
    connection = get_object_or_404(Connection, pk=connection_id, organisation=membership.organisation_id)
    bundles = request.POST.get("bundles") == "yes"
    groups = _groups(_choices(request.POST.get("picked", "")), bundles=bundles)
    form_id = form_id_of(request)
    order = Order(form_id, groups, bundles, collector=_collector(request, membership))
    try:
        started = start_import(connection, order, membership.user_id)
    except NeedsAttention as reason:
        messages.error(request, reason.in_full)
        return redirect("integrations")
    if connection.asks_for_word:
        work_in_background(started)
    return redirect("run", started.pk)


def _consequences(
    membership: Membership, account: CollectorAccount | None, chosen: list[Choice]
) -> dict[str, object]:
    """What handing over would mean, cost and need. Amounts as they were on the page that chose."""
    picked = [one.picked for one in chosen]
    totals = totals_of([[one] for one in picked])
    due = [(one.due, amount_seen(one.picked)) for one in chosen]
    why = why_above_limit(membership.organisation_id, totals)
    return {
        "amounts": list(totals.amounts.values()) if totals and not totals.unseen else [],
        "crossings": crossings(due, adapters().clock.today()),
        "chased": sum(one.chased for one in chosen),
        "terms": terms(account is not None),
        "waits_because": why,
        "approvers": approvers(membership) if why else [],
    }


def _collector(request: HttpRequest, membership: Membership) -> CollectorAccount | None:
    """Named by the form, and never the preferred one: that may have changed since the prices were shown."""
    named = request.POST.get("collector", "") or OWN_DESK
    return collector_asked_for(membership.organisation_id, named)


def _wanted(request: HttpRequest, organisation: int, account: CollectorAccount | None) -> Wanted:
    """What has to be signed for the chosen rows, as they brought it and as the collector says now."""
    try:
        seals = json.loads(request.POST.get("required", "") or "[]")
    except (ValueError, RecursionError):
        raise Unreadable("The form does not hold JSON.") from None
    if not isinstance(seals, list) or len(seals) > MOST_SEALS or not all(_is_seal(one) for one in seals):
        raise Unreadable("What has to be signed has another shape.")
    try:
        carried = unseal(seals, organisation, shown_of(account).key)
    except BadSignature:
        raise Unreadable("What has to be signed is not what our page was given.") from None
    return wanted_now(carried, adapters().collector(organisation, account))


def _is_seal(one: object) -> bool:
    return isinstance(one, str) and len(one) <= LONGEST_SEAL


def _choices(text: str) -> list[Choice]:
    """Read `[[id, number, group, seen, due, chased], …]`: at least one, each id once."""
    chosen = [
        Choice(Picked(key, number, seen), group, _day(due), chased == "yes")
        for key, number, group, seen, due, chased in _rows(text, 6)
    ]
    if not all(_is_word(one.picked.id) and _is_word(one.picked.number, empty=True) for one in chosen):
        raise Unreadable("An invoice has no usable id or number.")
    if not chosen or max(Counter(one.picked.id for one in chosen).values()) > 1:
        raise Unreadable("No invoices are named, or one is named twice.")
    return chosen


def _sums(text: str) -> list[Sum]:
    """Read `[[currency, count, outstanding, fee, net, without estimate], …]`, amounts as text."""
    sums = []
    for currency, count, outstanding, fee, net, without in _rows(text, 6):
        amounts = [read_amount(amount) for amount in (outstanding, fee, net)]
        if not is_currency(currency) or not _is_count(count) or not _is_count(without) or None in amounts:
            raise Unreadable("A total is not an amount.")
        left, cost, kept = (Money(amount, currency) for amount in amounts if amount is not None)
        sums.append(Sum(int(count), left, cost, kept, int(without)))
    return sums


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Unreadable("A due date is no date.") from None


def _is_word(text: str, *, empty: bool = False) -> bool:
    """Short, and of characters that a database can hold: not NUL, not half of a surrogate pair."""
    return len(text) <= _LONGEST and text.isprintable() and (empty or text != "")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _rows(text: str, width: int) -> list[list[str]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):  # the latter for brackets without end
        raise Unreadable("The form does not hold JSON.") from None
    if not isinstance(rows, list) or len(rows) > MOST_INVOICES:
        raise Unreadable("The form holds no list, or one that is too long.")
    for row in rows:
        if not isinstance(row, list) or len(row) != width or not all(isinstance(cell, str) for cell in row):
            raise Unreadable("A row of the form has another shape.")
    return rows


def _groups(chosen: list[Choice], *, bundles: bool) -> list[list[Picked]]:
    """The invoices of each case to be, in the order of the list."""
    groups: dict[str, list[Picked]] = {}
    for place, one in enumerate(chosen):
        key = one.group if bundles and one.group else f"alone {place}"
        groups.setdefault(key, []).append(one.picked)
    return list(groups.values())
