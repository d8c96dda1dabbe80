"""Ways of looking at a list that somebody gave a name: theirs alone, in the organisation they act for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from arrears.accounts.models import Membership, SavedView
from arrears.web.tenancy import for_members

#: The pages that can be saved a view of, and the name of each one's address.
PAGES = {"import": "import_preview", "cases": "cases"}
MOST_VIEWS = 50
LONGEST_NAME = 60
LONGEST_QUERY = 2000


def views_of(membership: Membership, page: str) -> list[SavedView]:
    """What somebody saved of a page, by name."""
    return list(SavedView.objects.filter(**_mine(membership, page)))


@require_POST
@for_members
def save_view(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Keep a view. One of the same name is replaced."""
    page, query = _page(request), _query(request)
    name = " ".join(request.POST.get("name", "").split())
    problem = _problem(membership, page, name, query)
    if not problem:
        SavedView.objects.update_or_create(**_mine(membership, page), name=name, defaults={"query": query})
    said = f"The view “{name}” is saved."
    return _answer(request, membership, page, query if len(query) <= LONGEST_QUERY else "", said, problem)


@require_POST
@for_members
def remove_view(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Forget a view. Nothing happens when it is no longer there."""
    page = _page(request)
    key = request.POST.get("view", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise SuspiciousOperation("The form names no view.")
    SavedView.objects.filter(**_mine(membership, page), pk=int(key)).delete()
    return _answer(request, membership, page, _query(request)[:LONGEST_QUERY], "The view is removed.", "")


def _mine(membership: Membership, page: str) -> dict[str, Any]:
    return {"organisation_id": membership.organisation_id, "user_id": membership.user_id, "page": page}


def _page(request: HttpRequest) -> str:
    page = request.POST.get("page", "")
    if page not in PAGES:
        raise SuspiciousOperation("The form names no page that can be saved.")
    return page


def _query(request: HttpRequest) -> str:
    """What follows `?`, written anew, so that nothing but parameters is kept and followed."""
    query = QueryDict(request.POST.get("query", "").lstrip("?")[: LONGEST_QUERY * 3], mutable=True)
    query.pop("page", None)  # which part of a long list: not a way of looking at it
    return query.urlencode()


def _problem(membership: Membership, page: str, name: str, query: str) -> str:
    """Why it cannot be kept, in a sentence; empty when it can."""
    if not name or not name.isprintable():
        return "Give the view a name."
    if len(name) > LONGEST_NAME:
        return f"A name may have {LONGEST_NAME} characters. This one has {len(name)}."
    if len(query) > LONGEST_QUERY:
        return "There are too many filters to save. Remove some and save again."
    names = {one.name for one in views_of(membership, page)}
    if name not in names and len(names) >= MOST_VIEWS:
        return f"You have {MOST_VIEWS} views of this page already. Remove one first."
    return ""


def _answer(
    request: HttpRequest, membership: Membership, page: str, query: str, said: str, problem: str
) -> HttpResponse:
    """The list of views alone for a page that stays open, else the page again."""
    if request.POST.get("part") == "yes":
        shown = {"views": views_of(membership, page), "page": page, "query": query}
        return render(request, "parts/saved_views_part.html", shown | {"said": said, "problem": problem})
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, said)
    address = reverse(PAGES[page])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
