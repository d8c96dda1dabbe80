"""What the operator's pages have in common: who is meant, what was uploaded, and saying what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from arrears.accounts.models import Organisation, OrganisationKind
from arrears.core.country import COUNTRIES, JURISDICTIONS, US_STATES
from arrears.core.routing import jurisdiction_name
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Partner
from arrears.web.tenancy import for_operators

P = ParamSpec("P")

#: The largest file that is read as text.
_LARGEST = 5_000_000


def operators_page(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page for operators, on which what a verb does not find is a page that is not there."""

    @wraps(view)
    def shown(request: HttpRequest, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, actor, *args, **kwargs)
        except NotThere:
            raise Http404 from None

    return for_operators(shown)


def told(reason: Refused) -> str:
    """Why something was refused, and how to mend it."""
    return reason.in_full


def refuse(request: HttpRequest, reason: Refused) -> None:
    """Say it at the top of the next page."""
    messages.error(request, told(reason))


def uploaded_text(request: HttpRequest) -> str:
    """The text of the file that was chosen. Raises Refused."""
    file = request.FILES.get("file")
    if file is None:
        raise Refused("No file was chosen.", code="file", action="Choose a file, then read it.")
    if (file.size or 0) > _LARGEST:
        raise Refused("The file is too large.", code="file", action="Use a file of at most 5 MB.")
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            "The file is not text in UTF-8.",
            code="file",
            action="Save it as “CSV UTF-8” in your spreadsheet, then choose it again.",
        ) from None


def public_id(text: str) -> UUID | None:
    """A public id out of a form or an address; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def countries() -> list[tuple[str, str]]:
    return [(code, country.name) for code, country in sorted(COUNTRIES.items(), key=lambda one: one[1].name)]


def states() -> list[tuple[str, str]]:
    return sorted(US_STATES.items(), key=lambda one: one[1])


def places() -> list[tuple[str, str]]:
    """Every jurisdiction, by its name."""
    return sorted(((code, jurisdiction_name(code)) for code in JURISDICTIONS), key=lambda one: one[1])


def creditors() -> list[tuple[str, str]]:
    """Every creditor by name. Two of one name are told apart by the start of their ids."""
    rows = Organisation.objects.filter(kind=OrganisationKind.CREDITOR).order_by("name", "pk")
    names = [row.name for row in rows]
    return [
        (
            str(row.public_id),
            row.name if names.count(row.name) == 1 else f"{row.name} ({str(row.public_id)[:8]})",
        )
        for row in rows
    ]


def partners() -> list[tuple[str, str]]:
    return [
        (str(one.public_id), one.name) for one in Partner.objects.order_by("name").only("public_id", "name")
    ]


def optional_choice(
    label: str, choices: list[tuple[str, str]], *, any_label: str = "Any"
) -> forms.ChoiceField:
    """A choice that need not be made."""
    return forms.ChoiceField(label=label, choices=[("", any_label), *choices], required=False)
