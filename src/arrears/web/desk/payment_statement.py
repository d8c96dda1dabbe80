"""A statement of account for a creditor or a partner, on screen and as a file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.download import download
from arrears.desk.money.statement import statement
from arrears.desk.money.statement_csv import statement_csv
from arrears.desk.statements import Statement
from arrears.web.desk.asking import (
    creditors,
    operators_page,
    optional_choice,
    partners,
    public_id,
    told,
)
from arrears.web.form_fields import day_field


class StatementForm(forms.Form):
    first = day_field("From")
    last = day_field("Until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["creditor"] = optional_choice("Creditor", creditors(), any_label="Every creditor")
        self.fields["partner"] = optional_choice("Partner", partners(), any_label="Every partner")


@require_safe
@operators_page
def payment_statement(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The form, and the statement once a period is given; with `as=csv` the statement as a file."""
    asked = "first" in request.GET
    form = StatementForm(request.GET if asked else None, initial=_last_month(adapters().clock.today()))
    drawn_up = _statement(actor, form) if asked and form.is_valid() else None
    if drawn_up and request.GET.get("as") == "csv":
        return download(drawn_up.file_name, "text/csv", statement_csv(drawn_up))
    context: dict[str, Any] = {"form": form, "statement": drawn_up}
    if drawn_up:
        query = request.GET.copy()
        query["as"] = "csv"
        given = form.cleaned_data
        context |= {
            "csv": f"?{query.urlencode()}",
            "creditor": dict(creditors()).get(given["creditor"], "every creditor"),
            "partner": dict(partners()).get(given["partner"], "every partner"),
        }
    return render(request, "desk/payment_statement.html", context, status=422 if form.errors else 200)


def _statement(actor: Actor, form: StatementForm) -> Statement | None:
    given = form.cleaned_data
    try:
        return statement(
            actor,
            first=given["first"],
            last=given["last"],
            creditor=public_id(given["creditor"]),
            partner=public_id(given["partner"]),
        )
    except Refused as reason:
        form.add_error("last", told(reason))
        return None


def _last_month(today: date) -> dict[str, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return {"first": last.replace(day=1), "last": last}
