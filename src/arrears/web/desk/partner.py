"""One partner: who it is, what it covers, how it was vetted, how well it works, and who acts for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from arrears.accounts.models import Organisation
from arrears.core.vetting import WHAT_TO_SEE, CheckState, VettingItem
from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.partner_files import RULE_COLUMNS, cells_of, rule_cells_of
from arrears.desk.partners.activate_partner import activate_partner
from arrears.desk.partners.choose_partner import choose_partner
from arrears.desk.partners.give_access import give_access
from arrears.desk.partners.read_partner import PartnerFile, read_partner
from arrears.desk.partners.read_scorecard import read_scorecard
from arrears.desk.partners.save_partner import save_partner
from arrears.desk.partners.save_rules import save_rules
from arrears.desk.partners.suspend_partner import suspend_partner
from arrears.desk.partners.vet_partner import vet_partner
from arrears.web.desk.asking import operators_page, places, refuse, told
from arrears.web.desk.partner_forms import (
    DEBTOR_TYPES,
    EVERYWHERE,
    AccessForm,
    CheckForm,
    OverrideForm,
    ProfileForm,
    RulesTable,
    SuspendForm,
)

#: Words, icon and colour of a check's state.
CHECKS = {
    CheckState.PASSED: ("Passed", "circle-check", "green"),
    CheckState.FAILED: ("Failed", "circle-x", "red"),
    CheckState.EXPIRED: ("Expired", "clock", "orange"),
    CheckState.MISSING: ("Missing", "circle-minus", "orange"),
}


@require_safe
@operators_page
def partner_page(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponseBase:
    return _page(request, actor, partner_id)


@require_POST
@operators_page
def partner_save(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponseBase:
    form = ProfileForm(request.POST)
    row = form.row()
    if row is not None:
        try:
            save_partner(actor, row, form.cleaned_data["about"], partner_id=partner_id)
        except Refused as reason:
            form.add_error("name" if reason.code == "name" else None, told(reason))
        else:
            messages.success(request, "The profile was saved.")
            return redirect("desk_partner", partner_id)
    return _page(request, actor, partner_id, profile=form)


@require_POST
@operators_page
def partner_rules(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponseBase:
    """Save the rules; or only add or remove a row of the form, which saves nothing yet."""
    table = RulesTable.posted(request.POST.dict())
    if "add" in request.POST:
        table.add()
        return _page(request, actor, partner_id, rules=table)
    if "remove" in request.POST:
        table.remove(request.POST["remove"])
        return _page(request, actor, partner_id, rules=table)
    rules = table.read()
    if rules is None:
        return _page(request, actor, partner_id, rules=table)
    save_rules(actor, partner_id, rules)
    messages.success(request, "What the partner covers was saved.")
    return redirect("desk_partner", partner_id)


@require_POST
@operators_page
def partner_vet(request: HttpRequest, actor: Actor, partner_id: UUID, item: str) -> HttpResponseBase:
    known = next((one for one in VettingItem if one.name.lower() == item), None)
    if known is None:
        raise Http404
    form = CheckForm(known, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            vet_partner(
                actor,
                partner_id,
                known,
                passed=given["passed"] == "yes",
                evidence=given["evidence"],
                expires_on=given["expires_on"],
                today=adapters().clock.today(),
            )
        except Refused as reason:
            form.add_error("expires_on" if reason.code == "expires_on" else None, told(reason))
        else:
            messages.success(request, f"{known}: the check was added.")
            return redirect("desk_partner", partner_id)
    return _page(request, actor, partner_id, checks={known: form})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def partner_suspend(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponseBase:
    found = read_partner(actor, partner_id, today=adapters().clock.today())
    form = SuspendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspend_partner(actor, partner_id, form.cleaned_data["reason"])
        except Refused as reason:
            form.add_error(None, told(reason))
        else:
            messages.success(request, f"{found.partner.name} gets no new cases.")
            return redirect("desk_partner", partner_id)
    return render(
        request,
        "desk/partner_suspend.html",
        {"found": found, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
@operators_page
def partner_activate(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponseBase:
    try:
        activate_partner(actor, partner_id, today=adapters().clock.today())
    except Refused as reason:
        refuse(request, reason)
    else:
        messages.success(request, "The partner gets cases from now on.")
    return redirect("desk_partner", partner_id)


@require_POST
@operators_page
def partner_access(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponseBase:
    """Let somebody in. A first password is on this answer and nowhere else."""
    form = AccessForm(request.POST)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            password = give_access(actor, partner_id, email, now=adapters().clock.now())
        except Refused as reason:
            form.add_error("email", told(reason))
        else:
            if password is not None:
                login = {"email": email, "password": password.get_secret_value()}
                return _page(request, actor, partner_id, login=login)
            messages.success(request, f"{email} has an account already, and now acts for this partner.")
            return redirect("desk_partner", partner_id)
    return _page(request, actor, partner_id, access=form)


@require_POST
@operators_page
def partner_override(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponseBase:
    """Give a creditor's cases in a place to this partner, or stop doing so."""
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, partner_id, override=form)
    creditor = Organisation.objects.get(public_id=form.cleaned_data["creditor"])
    ends = "remove" in request.POST
    try:
        choose_partner(actor, creditor.pk, form.cleaned_data["place"], None if ends else partner_id)
    except Refused as reason:
        form.add_error(None, told(reason))
        return _page(request, actor, partner_id, override=form)
    messages.success(
        request, "The creditor's choice was removed." if ends else "The creditor's choice was saved."
    )
    return redirect("desk_partner", partner_id)


def _page(
    request: HttpRequest,
    actor: Actor,
    partner_id: UUID,
    *,
    profile: ProfileForm | None = None,
    rules: RulesTable | None = None,
    checks: dict[VettingItem, CheckForm] | None = None,
    access: AccessForm | None = None,
    override: OverrideForm | None = None,
    login: dict[str, str] | None = None,
) -> HttpResponseBase:
    """The whole page, with the one form that was sent as it was sent."""
    today = adapters().clock.today()
    found = read_partner(actor, partner_id, today=today)
    partner = found.partner
    sent = (profile, checks, access, override)
    context: dict[str, Any] = {
        "found": found,
        "partner": partner,
        "score": read_scorecard(actor, partner_id, today=today),
        "profile": profile or ProfileForm(initial=cells_of(partner) | {"about": partner.about}),
        "rules": rules or RulesTable([rule_cells_of(rule) for rule in found.rules]),
        "rules_changed": rules is not None and not rules.problem,
        "rule_columns": RULE_COLUMNS,
        "places": places(),
        "place_names": dict(EVERYWHERE) | dict(places()),
        "debtor_types": DEBTOR_TYPES,
        "items": _items(found, checks or {}),
        "check_looks": CHECKS,
        "access": access or AccessForm(),
        "override": override or OverrideForm(),
        "login": login,
    }
    wrong = any(form is not None for form in sent) or bool(rules and rules.problem)
    return render(request, "desk/partner.html", context, status=422 if wrong else 200)


def _items(found: PartnerFile, checks: dict[VettingItem, CheckForm]) -> list[dict[str, Any]]:
    """Each item of vetting with its standing, what to look for, its history, and a form for another check."""
    return [
        {
            "item": one.item,
            "key": one.item.name.lower(),
            "standing": one,
            "what": WHAT_TO_SEE[one.item],
            "history": [check for check in found.checks if check.item == one.item.value],
            "form": checks.get(one.item) or CheckForm(one.item, initial={"passed": "yes"}),
            "open": one.item in checks,
        }
        for one in found.standing.items
    ]
