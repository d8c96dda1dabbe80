"""The audit trail: who did what, when and from where. Newest first; filtered, and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from arrears.accounts.audit import ITSELF, Action, note
from arrears.accounts.models import Membership
from arrears.accounts.read_audit import MOST_EXPORTED, AuditSearch, TookTooLong, audit_file, read_audit
from arrears.bridge.adapters import adapters
from arrears.clock import london_midnight
from arrears.core.access import Permission
from arrears.core.wording import date_text
from arrears.web.exports import Column, Form, export
from arrears.web.tenancy import members_who

_PAGE = 100
_LONGEST = 100
_FORMS = ("csv", "xlsx")
_COLUMNS = (
    Column("When", "moment"),
    Column("Who"),
    Column("Action"),
    Column("What"),
    Column("About"),
    Column("Address"),
)
_ACTIONS = tuple(sorted(action.value for action in Action))


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and the query of the page without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page was asked for. `given` are the parameters that were understood."""

    search: AuditSearch
    given: Mapping[str, str]

    @property
    def query(self) -> str:
        return urlencode(self.given)

    @property
    def chips(self) -> list[Chip]:
        return [Chip(self._label(name), urlencode(self._without(name))) for name in self.given]

    def _without(self, name: str) -> dict[str, str]:
        return {other: value for other, value in self.given.items() if other != name}

    def _label(self, name: str) -> str:
        value = self.given[name]
        if name in ("from", "to"):
            return f"{name.capitalize()} {date_text(date.fromisoformat(value))}"
        return {"q": f"“{value}”", "who": f"By {value}", "action": value.capitalize()}[name]


@require_safe
@members_who(Permission.AUDIT)
def audit(request: HttpRequest, membership: Membership) -> HttpResponse:
    filters, organisation = _filters_of(request.GET), membership.organisation_id
    entries, problem = [], ""
    try:
        entries = read_audit(organisation, filters.search, before=_before(request), most=_PAGE + 1)
    except TookTooLong:
        problem = "The search took too long. Choose fewer days, and search again."
    context = {
        "entries": entries[:_PAGE],
        "older": entries[_PAGE - 1].pk if len(entries) > _PAGE else 0,
        "is_first": not _before(request),
        "filters": filters,
        "actions": _ACTIONS,
        "people": _people(organisation),
        "most_exported": MOST_EXPORTED,
        "problem": problem,
    }
    return render(request, "people/audit.html", context)


@require_POST
@members_who(Permission.AUDIT)
def audit_export(request: HttpRequest, membership: Membership, form: str) -> HttpResponse:
    """What the page shows, with all its pages, as a file. That it was taken is noted as well."""
    if form not in _FORMS:
        raise Http404
    filters, now = _filters_of(QueryDict(request.POST.get("query", ""))), adapters().clock.now()
    chosen = ", ".join(chip.label for chip in filters.chips) or "everything"
    name = f"audit-trail-{adapters().clock.today().isoformat()}"
    file = export(cast("Form", form), name, _COLUMNS, _rows(membership.organisation_id, filters))
    note(
        membership.organisation_id,
        Action.EXPORTED,
        f"Took the audit trail as a {form.upper()} file: {chosen}.",
        now,
    )
    return file


def _rows(organisation: int, filters: Filters) -> Iterator[tuple[object, ...]]:
    for one in audit_file(organisation, filters.search):
        yield one.at, one.who, one.action.capitalize(), one.text, one.subject, one.address


def _filters_of(asked: QueryDict) -> Filters:
    """What makes no sense is left out, as if it had not been asked for."""
    words = {name: _line(asked.get(name, "")) for name in ("q", "who", "action", "from", "to")}
    first, last = _day(words["from"]), _day(words["to"])
    understood = {
        "q": words["q"],
        "who": words["who"],
        "action": words["action"] if words["action"] in _ACTIONS else "",
        "from": first.isoformat() if first else "",
        "to": last.isoformat() if last else "",
    }
    search = AuditSearch(
        words=words["q"],
        who=words["who"],
        action=understood["action"],
        since=london_midnight(first) if first else None,
        until=london_midnight(last + timedelta(days=1)) if last else None,
    )
    return Filters(search, {name: value for name, value in understood.items() if value})


def _line(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST].strip()


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1970, 1, 1) <= day < date(3000, 1, 1) else None


def _before(request: HttpRequest) -> int:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _people(organisation: int) -> list[str]:
    """Whom the box for a person suggests. Others may stand in the trail, too."""
    members = Membership.objects.filter(organisation=organisation).order_by("user__email")
    return [*members.values_list("user__email", flat=True)[:200], ITSELF.name]
