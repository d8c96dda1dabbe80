"""The partners: a list to search, a file to read them from and write them to, and a new one."""

from __future__ import annotations

from typing import Any, Literal

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.download import download
from arrears.desk.models import PartnerKind
from arrears.desk.partner_files import COLUMNS
from arrears.desk.partners.export_partners import export_partners
from arrears.desk.partners.import_partners import import_partners
from arrears.desk.partners.list_partners import PartnerState, Wanted, list_partners
from arrears.desk.partners.save_partner import save_partner
from arrears.web.desk.asking import countries, operators_page, optional_choice, told, uploaded_text
from arrears.web.desk.partner_forms import ProfileForm
from arrears.web.formats import counted

_PAGE = 25

#: Words, icon and colour of a partner's state.
STATES = {
    PartnerState.ACTIVE: ("Active", "circle-check", "green"),
    PartnerState.SUSPENDED: ("Suspended", "player-stop", "orange"),
    PartnerState.NOT_VETTED: ("Not vetted", "hourglass", "red"),
}


class SearchForm(forms.Form):
    words = forms.CharField(
        label="Name or e-mail",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = optional_choice("Kind", list(PartnerKind.choices), any_label="Agencies and law firms")
    state = optional_choice(
        "State", [(state.value, words[0]) for state, words in STATES.items()], any_label="Every state"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = optional_choice("Country", countries(), any_label="Every country")

    def wanted(self) -> Wanted:
        """What is looked for. What is no choice of the list is left out."""
        self.is_valid()
        given = self.cleaned_data
        state = given.get("state")
        return Wanted(
            words=given.get("words", ""),
            kind=given.get("kind", ""),
            country=given.get("country", ""),
            state=PartnerState(state) if state else None,
        )


@require_safe
@operators_page
def partners_page(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = SearchForm(request.GET)
    wanted = form.wanted()
    lines = list_partners(actor, wanted, today=adapters().clock.today())
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
        "searched": wanted != Wanted(),
        "query": f"{query.urlencode()}&" if query else "",
        "states": STATES,
    }
    return render(request, "desk/partners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def partner_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = ProfileForm(request.POST or None, initial={"kind": "agency", "exclusive": "yes"})
    if request.method == "POST":
        row = form.row()
        if row is not None:
            try:
                made = save_partner(actor, row, form.cleaned_data["about"])
            except Refused as reason:
                form.add_error("name" if reason.code == "name" else None, told(reason))
            else:
                messages.success(request, f"{made.name} was added. Say what it covers, then vet it.")
                return redirect("desk_partner", made.public_id)
    return render(request, "desk/partner_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def partner_import(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    problem = ""
    if request.method == "POST":
        try:
            number = import_partners(actor, uploaded_text(request))
        except Refused as reason:
            problem = told(reason)
        else:
            messages.success(request, f"{counted(number, 'partner')} read and saved.")
            return redirect("desk_partners")
    context = {"problem": problem, "columns": COLUMNS}
    return render(request, "desk/partner_import.html", context, status=422 if problem else 200)


@require_safe
@operators_page
def partner_export(_request: HttpRequest, actor: Actor, form: Literal["csv", "yaml"]) -> HttpResponse:
    kinds = {"csv": "text/csv", "yaml": "application/yaml"}
    name = f"partners-{adapters().clock.today().isoformat()}.{form}"
    return download(name, kinds[form], export_partners(actor, form))
