"""A partner's statement of account for a period, to read and as a file."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.download import download
from arrears.desk.money.statement import statement
from arrears.desk.money.statement_csv import statement_csv
from arrears.desk.statements import Statement
from arrears.web.form_fields import day_field
from arrears.web.tenancy import for_partners


class PeriodForm(forms.Form):
    """The first and the last day."""

    first = day_field("From")
    last = day_field("To")


@require_safe
@for_partners
def portal_payment_statement(request: HttpRequest, actor: Actor) -> HttpResponse:
    today = adapters().clock.today()
    given = request.GET if "first" in request.GET else {"first": today.replace(day=1), "last": today}
    form = PeriodForm(given)
    drawn, problem = _drawn(actor, form)
    if drawn is not None and request.GET.get("as") == "csv":
        return download(drawn.file_name, "text/csv", statement_csv(drawn))
    context = {"form": form, "statement": drawn, "problem": problem}
    return render(request, "portal/statement.html", context, status=200 if drawn else 422)


def _drawn(actor: Actor, form: PeriodForm) -> tuple[Statement | None, str]:
    if not form.is_valid():
        return None, "Enter both days."
    first: date = form.cleaned_data["first"]
    last: date = form.cleaned_data["last"]
    try:
        return statement(actor, first=first, last=last), ""
    except Refused as refusal:
        return None, str(refusal)
