"""What somebody does with a case: each act has a page with a form, shown, previewed and carried out alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.models import Case


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is about to do something on which case; `target` names its payment, quote or complaint."""

    actor: Actor
    case: Case
    now: datetime
    today: date
    target: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an act would come to, before it is done."""

    lead: str
    lines: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr((self.lead, self.lines)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Done:
    """What to say when it is done, and where to go on if not back to the case."""

    sentence: str
    url: str = ""


def _always(_: Case) -> bool:
    return True


def _no_words(_: Asked) -> tuple[str, ...]:
    return ()


def _plain_form(form: type[forms.Form]) -> Callable[..., forms.Form]:
    def make(_: Asked, *args: Any, **options: Any) -> forms.Form:
        return form(*args, **options)

    return make


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done. `when` says whether a case as it stands wants it offered.

    `told` are sentences to read first; it raises NotThere for a target that is not the actor's. With a
    `preview` the act is done only after its outcome was shown. `make` gives the form where a fixed class will
    not do. `main` acts are buttons at the top of the case, the others stand in a list.
    """

    title: str
    button: str
    form: type[forms.Form]
    do: Callable[[Asked, forms.Form], Done]
    icon: str = "pencil"
    when: Callable[[Case], bool] = _always
    told: Callable[[Asked], tuple[str, ...]] = _no_words
    preview: Callable[[Asked, forms.Form], Preview] | None = None
    make: Callable[..., forms.Form] | None = None
    initial: Callable[[Asked], dict[str, Any]] = field(default=lambda _: {})
    main: bool = False
    danger: bool = False

    def new_form(self, asked: Asked, request: HttpRequest) -> forms.Form:
        make = self.make or _plain_form(self.form)
        if request.method == "POST":
            return make(asked, request.POST, request.FILES)
        return make(asked, initial=self.initial(asked))


@dataclass(frozen=True, slots=True)
class Offered:
    """An act as a link on the page of a case."""

    act: Act
    url: str


def answer(
    request: HttpRequest, act: Act, asked: Asked, *, back: str, after: Callable[[], str] | None = None
) -> HttpResponse:
    """The page of an act, or what became of it. `back` is where giving up leads, `after` where doing does."""
    try:
        told = act.told(asked)
    except NotThere:
        raise Http404 from None
    except Refused as refusal:
        return _not_now(request, str(refusal), back)
    page = _Page(request, act, asked, told, back)
    form = act.new_form(asked, request)
    if request.method != "POST":
        if not act.when(asked.case):
            return _not_now(request, f"“{act.title}” is not possible as the case stands now.", back)
        return page.show(form)
    if not form.is_valid():
        return page.show(form, status=422)
    try:
        done = _carry_out(page, form)
    except NotThere:
        raise Http404 from None
    except Refused as refusal:
        return page.show(form, refusal=refusal, status=422)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done.sentence)
    return redirect(done.url or (after() if after else back))


def _carry_out(page: _Page, form: forms.Form) -> Done | HttpResponse:
    step = page.request.POST.get("step", "")
    if step == "edit":
        return page.show(form)
    if page.act.preview is not None:
        preview = page.act.preview(page.asked, form)
        known = page.request.POST.get("shown", "") == preview.fingerprint
        if step != "confirm" or not known:
            return page.show(form, preview=preview, changed=step == "confirm")
    return page.act.do(page.asked, form)


@dataclass(frozen=True, slots=True)
class _Page:
    request: HttpRequest
    act: Act
    asked: Asked
    told: tuple[str, ...]
    back: str

    def show(
        self,
        form: forms.Form,
        *,
        preview: Preview | None = None,
        changed: bool = False,
        refusal: Refused | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "act": self.act,
            "case": self.asked.case,
            "told": self.told,
            "back": self.back,
            "form": form,
            "preview": preview,
            "changed": changed,
            "refusal": refusal,
        }
        return render(self.request, "act.html", context, status=status)


def _not_now(request: HttpRequest, sentence: str, back: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect(back)
