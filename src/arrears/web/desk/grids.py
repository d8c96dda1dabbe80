"""Price lists: those that come with this version, those of the operator, and whose price counts from when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from arrears.core.pricing import GRIDS, Bracket, Grid, PriceSource
from arrears.core.routing import jurisdiction_name
from arrears.desk.actors import Actor, Refused
from arrears.desk.adapters import adapters
from arrears.desk.download import download
from arrears.desk.grid_columns import COLUMNS
from arrears.desk.models import PriceGrid
from arrears.desk.money.export_grids import export_grids
from arrears.desk.money.import_grids import import_grids
from arrears.desk.money.list_grids import list_grids
from arrears.desk.money.remove_grid import remove_grid
from arrears.desk.money.save_grid import save_grid
from arrears.desk.price_lists import grid_of, label_of
from arrears.web.desk.asking import operators_page, refuse, told, uploaded_text
from arrears.web.desk.grid_form import GridForm
from arrears.web.formats import counted

#: The scopes in the order in which they count.
_ORDER = (PriceSource.CREDITOR, PriceSource.PARTNER, PriceSource.JURISDICTION, PriceSource.STANDARD)

#: Words, icon and colour of a price list's standing.
STANDINGS = {
    "in force": ("In force", "circle-check", "green"),
    "upcoming": ("Upcoming", "clock", "azure"),
    "past": ("Past", "circle-minus", "secondary"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One price list on the page. `row` is None for one that comes with this version."""

    grid: Grid
    label: PriceSource
    of: str
    standing: str
    row: PriceGrid | None

    @property
    def zones(self) -> tuple[tuple[str, tuple[Bracket, ...]], ...]:
        return (("Debtors in Europe", self.grid.europe), ("Debtors outside Europe", self.grid.world))

    @property
    def ages(self) -> tuple[tuple[int, object], ...]:
        grid = self.grid
        return ((6, grid.over_6_months), (12, grid.over_12_months), (24, grid.over_24_months))


@require_safe
@operators_page
def grids(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    shown = _shown(list_grids(actor), adapters().clock.today())
    sections = [(label, [one for one in shown if one.label is label]) for label in _ORDER]
    return render(request, "desk/grids.html", {"sections": sections, "standings": STANDINGS})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def grid_new(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    today = adapters().clock.today()
    form = GridForm(request.POST) if request.method == "POST" else GridForm(initial=_copied(request, actor))
    if request.method == "POST" and "more" in request.POST:
        form = GridForm(initial=request.POST.dict(), extra=3)
    elif request.method == "POST" and form.is_valid():
        try:
            saved = save_grid(actor, **form.order())
        except Refused as reason:
            form.refuse(reason)
        else:
            messages.success(request, f"{saved.name} was saved.")
            return redirect("desk_grids")
    wrong = request.method == "POST" and bool(form.errors)
    return render(request, "desk/grid_new.html", {"form": form, "today": today}, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def grid_remove(request: HttpRequest, actor: Actor, grid: int) -> HttpResponseBase:
    row = list_grids(actor).filter(pk=grid).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            remove_grid(actor, grid)
        except Refused as reason:
            refuse(request, reason)
        else:
            messages.success(request, f"{row.name} was removed.")
        return redirect("desk_grids")
    return render(request, "desk/grid_remove.html", {"row": row, "label": label_of(row)})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_page
def grid_import(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    problem = ""
    if request.method == "POST":
        try:
            number = import_grids(actor, uploaded_text(request))
        except Refused as reason:
            problem = told(reason)
        else:
            messages.success(request, f"{counted(number, 'price list')} read and saved.")
            return redirect("desk_grids")
    context = {"problem": problem, "columns": COLUMNS}
    return render(request, "desk/grid_import.html", context, status=422 if problem else 200)


@require_safe
@operators_page
def grid_export(_request: HttpRequest, actor: Actor) -> HttpResponse:
    name = f"price-lists-{adapters().clock.today().isoformat()}.csv"
    return download(name, "text/csv", export_grids(actor))


def _shown(rows: Iterable[PriceGrid], today: date) -> list[Shown]:
    """Every price list; of each scope the latest that has begun is in force."""
    lists: list[tuple[Grid, PriceSource, str, PriceGrid | None]] = [
        (grid, PriceSource.STANDARD, "", None) for grid in GRIDS
    ]
    lists += [(grid_of(row), label_of(row), _of(row), row) for row in rows]
    latest: dict[tuple[PriceSource, object], date] = {}
    for grid, label, _, row in lists:
        if grid.since <= today:
            key = (label, _scope(row))
            latest[key] = max(grid.since, latest.get(key, grid.since))
    shown = []
    for grid, label, of, row in sorted(lists, key=lambda one: (one[2].casefold(), -one[0].since.toordinal())):
        standing = "in force" if grid.since == latest.get((label, _scope(row))) else "past"
        shown.append(Shown(grid, label, of, "upcoming" if grid.since > today else standing, row))
    return shown


def _scope(row: PriceGrid | None) -> object:
    return (row.creditor_id, row.partner_id, row.jurisdiction) if row else (None, None, "")


def _of(row: PriceGrid) -> str:
    whose = row.creditor or row.partner
    return whose.name if whose else jurisdiction_name(row.jurisdiction) if row.jurisdiction else ""


def _copied(request: HttpRequest, actor: Actor) -> dict[str, str]:
    """The price list to start from: the one named, else the latest that comes with this version."""
    named = request.GET.get("from", "")
    row = list_grids(actor).filter(pk=int(named)).first() if named.isascii() and named.isdecimal() else None
    return GridForm.filled(grid_of(row) if row else GRIDS[-1])
