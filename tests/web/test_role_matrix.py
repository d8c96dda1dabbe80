"""Who may see and do what, for every address of the site: whoever adds one is held to the same.

The addresses come from the URL resolver, and what can be done with a case from the tables of acts.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from pytest_django import Settings

from arrears.accounts.models import OrganisationKind
from arrears.core.vetting import VettingItem
from arrears.web import case_actions
from arrears.web.portal import act as portal_act
from arrears.web.portal import acts_complaint
from tests.desk.api.world import Adapters
from tests.fakes import FakeAdapters, FakeClock
from tests.web.far_world import FarAdapters
from tests.web.role_forms import form_for, thing_for
from tests.web.role_world import Person, World, a_world

_METHODS = ("GET", "POST")
#: Those whose addresses are kept by others: APIs, accounts, what machines ask for.
_ELSEWHERE = ("api/", "accounts/", "hooks/", "healthz", "readyz", "metrics", "static/")
#: Pages for whoever holds the link.
_BY_LINK = {"sign", "send_code", "signed", "signed_copy", "invitation"}
#: Words of an address that say what is to be done, not to which thing.
_WORDS = {
    "case_act": ("name", tuple(case_actions.ACTS)),
    "case_act_on": ("name", tuple(case_actions.ACTS_ON)),
    "portal_case_act": ("name", tuple(portal_act.ACTS)),
    "portal_case_act_on": ("name", tuple(acts_complaint.ACTS_ON)),
    "run_results": ("form", ("csv",)),
    "policy_export": ("form", ("csv",)),
    "setting_audit_export": ("form", ("csv",)),
    "desk_partner_vet": ("item", (next(iter(VettingItem)).name.lower(),)),
}
_CONVERTERS: dict[type, str] = {
    UUIDConverter: "uuid",
    IntConverter: "int",
    StringConverter: "str",
    SlugConverter: "slug",
}
#: What nothing is called.
_ABSENT = {
    "uuid": "3f0c8b52-6f0e-4f5e-9a53-0b8a1c7d2e11",
    "int": "98765432",
    "str": "NOBODY-1",
    "slug": "nobody",
}
_OWNERS = {
    OrganisationKind.OPERATOR: "operator",
    OrganisationKind.PARTNER: "partner",
    OrganisationKind.CREDITOR: "creditor",
}

tally: Counter[str] = Counter()


@dataclass(frozen=True)
class Address:
    """One address of the site, and where it does several things, one of them."""

    name: str
    converters: tuple[tuple[str, str], ...]
    word: tuple[str, str] = ("", "")

    @property
    def label(self) -> str:
        return f"{self.name} {self.word[1]}" if self.word[1] and "act" in self.name else self.name

    @property
    def kind(self) -> OrganisationKind | None:
        """Whose pages these are; None for whoever holds a link."""
        if self.name in _BY_LINK:
            return None
        starts = {"desk_": OrganisationKind.OPERATOR, "portal_": OrganisationKind.PARTNER}
        return next((kind for start, kind in starts.items() if self.name.startswith(start)), _CREDITOR)

    @property
    def parameters(self) -> dict[str, str]:
        """What names a thing, with the kind of its converter."""
        return {name: kind for name, kind in self.converters if name != self.word[0]}

    def path(self, world: World, **others: str) -> str:
        filled = {name: world.ids[thing_for(name, self.label) or ""] for name in self.parameters} | others
        return reverse(self.name, kwargs=filled | ({self.word[0]: self.word[1]} if self.word[0] else {}))

    def absent_path(self, world: World) -> str:
        return self.path(world, **{name: _ABSENT[kind] for name, kind in self.parameters.items()})


_CREDITOR = OrganisationKind.CREDITOR


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(one for pattern in _patterns(get_resolver()) for one in _each(pattern))


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if route.startswith(_ELSEWHERE):
            continue
        if isinstance(one, URLResolver):
            yield from _patterns(one, route)
        else:
            yield one


def _each(pattern: URLPattern) -> Iterator[Address]:
    assert pattern.name, f"{pattern.pattern} has no name"
    kinds = {name: type(one).__name__ for name, one in pattern.pattern.converters.items()}
    converters = tuple(
        (name, kind.removesuffix("Converter").lower().replace("string", "str"))
        for name, kind in kinds.items()
    )
    whole = Address(pattern.name, converters)
    if pattern.name not in _WORDS:
        yield whole
        return
    parameter, words = _WORDS[pattern.name]
    yield from (replace(whole, word=(parameter, word)) for word in words)


@pytest.fixture
def outside(outside: type[FakeAdapters], settings: Settings) -> type[FakeAdapters]:
    """With a collector elsewhere."""
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    return FarAdapters.fresh()


@pytest.fixture
def world(db: None, outside: type[FakeAdapters], settings: Settings) -> World:
    Adapters.clock = FakeClock()
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outside.fake_books.add("1001")
    return a_world()


def test_every_parameter_of_every_address_is_known_here(world: World) -> None:
    unknown = [
        (one.label, name)
        for one in addresses()
        for name in one.parameters
        if thing_for(name, one.label) not in world.ids
    ]
    assert unknown == [], "add them to PARAMETERS in role_forms.py"


def test_only_its_owner_sees_or_changes_anything(world: World) -> None:
    wrong: list[str] = []
    unchanged: dict[str, str] = {}
    for address in addresses():
        if address.kind is None:
            continue
        form, possible, does_nothing = _tried_by_owner(world, address)
        unchanged |= {address.label: does_nothing} if does_nothing else {}
        if not set(possible.values()) <= {200, 302, 405, 422}:
            wrong.append(f"{address.label}: its owner is answered {possible}")
        for person in world.people.values():
            if person is not _owner(world, address):
                wrong += _tried_by_another(world, address, person, form, possible)
    assert wrong == [], "\n".join(wrong)
    # What is refused to its owner too proves nothing about others.
    surprising = set(unchanged) ^ _CHANGES_NOTHING
    assert not surprising, "\n".join(f"{label}: {unchanged.get(label)}" for label in sorted(surprising))


#: Posts that only show something, or that the state of the things in this world does not allow.
_CHANGES_NOTHING = {
    "confirm_import",
    "policy_summary",
    "portal_case_act phase",
    "remove_view",
    "switch_organisation",  # kept in the session
    "take_back_all",
    "take_back_row",
}


#: Everybody's own such page changes what is theirs.
_CHANGES_ITS_OWN = {"setting_details"}


def test_what_is_anothers_cannot_be_reached_through_what_is_ones_own(world: World) -> None:
    wrong = []
    own = {
        _CREDITOR: (
            "other creditor",
            {"reference": world.ids["other_case"], "run_id": world.ids["other_run"]},
        ),
        OrganisationKind.PARTNER: ("other partner", {"reference": world.ids["rival_case"]}),
    }
    for address in addresses():
        name, parents = own.get(address.kind, ("", {})) if address.kind else ("", {})
        mine = {key: value for key, value in parents.items() if key in address.parameters}
        children = [key for key in address.parameters if key not in parents]
        if not mine or not children:
            continue
        nothing = {key: _ABSENT[address.parameters[key]] for key in children}
        form = form_for(address.label, world.ids)
        for method in _METHODS:
            before = _checksums()
            theirs = _asked(world.people[name], method, address.path(world, **mine), form)
            absent = _asked(world.people[name], method, address.path(world, **mine, **nothing), form)
            tally[f"through {name}'s own"] += 1
            if theirs != absent or theirs.status not in (404, 405) or _checksums() != before:
                wrong.append(f"{address.label}: {name}, {method}, {theirs.status}")
    assert wrong == [], "\n".join(wrong)


def test_a_link_to_sign_opens_nothing_to_who_does_not_hold_it(world: World) -> None:
    by_link = [one for one in addresses() if one.kind is None]
    assert {one.name for one in by_link} == _BY_LINK
    for address in by_link:
        held = address.name in ("sign", "send_code", "invitation")
        for person in world.people.values():
            before = _checksums()
            for method in _METHODS:
                path = address.path(world, token="guessed") if held else address.path(world)
                answer = _asked(person, method, path, form_for(address.label, world.ids))
                tally[f"without a link, by {person.name}"] += 1
                assert answer.status in (404, 405), (address.name, person.name, method, answer.status)
                assert not _given_away(world, person, answer), (address.name, person.name, method)
                assert answer == _asked(person, method, address.absent_path(world)), address.name
            assert _checksums() == before, (address.name, person.name)


def test_how_much_was_probed(capsys: pytest.CaptureFixture[str]) -> None:
    probes = ", ".join(f"{count:,} {what}" for what, count in tally.items()) or "none in this process"
    with capsys.disabled():
        sys.stdout.write(f"\nRole matrix of the pages: {len(addresses())} addresses; probes: {probes}\n")
    assert len(addresses()) > 120


# --- Judging ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What came back, without what differs by chance."""

    status: int
    content: bytes
    location: str


def _tried_by_owner(world: World, address: Address) -> tuple[dict[str, Any], dict[str, int], str]:
    """The form that does something, the answers' status by method, and why nothing changed if so."""
    owner, path, form = _owner(world, address), address.path(world), form_for(address.label, world.ids)
    got = _asked(owner, "GET", path).status
    with undone():
        before = _checksums()
        posted = _asked(owner, "POST", path, form, kept=True)
        shown = re.search(r'name="shown" value="([^"]*)"', posted.content.decode(errors="replace"))
        if shown:  # what it comes to had to be seen first
            form["shown"] = shown[1]
            posted = _asked(owner, "POST", path, form, kept=True)
        changed = posted.status == 405 or _checksums() != before
    tally["by owners"] += len(_METHODS)
    why = "" if changed else f"{posted.status} {_alerts(posted)}"
    return form, {"GET": got, "POST": posted.status}, why


def _tried_by_another(
    world: World, address: Address, person: Person, form: dict[str, Any], possible: dict[str, int]
) -> list[str]:
    with undone():
        before = _checksums()
        wrong = [
            problem
            for method in _METHODS
            for problem in _judged(world, address, person, method, form, possible[method])
        ]
        # On pages of their own they may add something of their own.
        may_add = person.kind is address.kind and not address.parameters
        is_their_own = may_add and address.name in _CHANGES_ITS_OWN
        if not is_their_own and _checksums(before if may_add else None) != before:
            wrong.append(f"{address.label}: {person.name} changed something")
    return wrong


def _judged(
    world: World, address: Address, person: Person, method: str, form: dict[str, Any], possible: int
) -> list[str]:
    """What is wrong with the answer that a wrong person is given."""
    answer = _asked(person, method, address.path(world), form, kept=True)
    tally[f"by {person.name}"] += 1
    where = f"{address.label}: {person.name}, {method}, {answer.status}"
    found = [f"{where} gives away {one}" for one in _given_away(world, person, answer)]
    if possible == 405:
        return found if answer.status == 405 else [*found, f"{where} instead of 405"]
    if person.kind is None:
        is_right = answer.status == 302 and answer.location.startswith("/accounts/")
    elif person.kind is not address.kind:
        goes_home = address.kind is _CREDITOR and method == "GET"
        home = {OrganisationKind.OPERATOR: "/desk/", OrganisationKind.PARTNER: "/partner/"}.get(person.kind)
        is_right = (answer.status, answer.location) == ((302, home) if goes_home else (403, ""))
    elif address.parameters:
        absent = _asked(person, method, address.absent_path(world), form, kept=True)
        is_right = answer.status == 404 and answer == absent
    else:
        is_right = answer.status < 500
    return found if is_right else [*found, where]


def _given_away(world: World, person: Person, answer: Answer) -> list[str]:
    """What of A's is in an answer. Strangers are told back the address they asked for."""
    text = answer.content.decode(errors="replace") + (answer.location if person.kind else "")
    return [needle for needle in world.needles if needle in text]


# --- Asking -------------------------------------------------------------------------------------------------


def _owner(world: World, address: Address) -> Person:
    assert address.kind is not None
    return world.people[_OWNERS[address.kind]]


def _asked(
    person: Person, method: str, path: str, form: dict[str, Any] | None = None, *, kept: bool = False
) -> Answer:
    """Ask for a page. Unless it is to be `kept`, what is written meanwhile is taken back."""
    person.client.cookies.pop("messages", None)
    with undone(not kept):
        if method == "GET":
            return _read(person.client.get(path))
        if form and "file" in form:
            form["file"].seek(0)
        return _read(person.client.post(path, form or {}))


def _read(answer: HttpResponseBase) -> Answer:
    streamed = getattr(answer, "streaming_content", None)
    content = b"".join(streamed) if streamed is not None else answer.content  # type: ignore[attr-defined]
    content = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", content)
    return Answer(answer.status_code, content, answer.headers.get("Location", ""))


def _alerts(answer: Answer) -> str:
    page = answer.content.decode(errors="replace")
    found = page.split('role="alert"')[1:] or [""]
    return " ".join(re.sub(r"<[^>]*>", " ", " ".join(found)[:900]).split())[:220]


@contextmanager
def undone(wanted: bool = True) -> Iterator[None]:
    """Take everything back that is written meanwhile."""
    if not wanted:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- What there is ------------------------------------------------------------------------------------------


def _checksums(there: dict[str, tuple[str, int]] | None = None) -> dict[str, tuple[str, int]]:
    """Every table's rows as one sum, and its highest key; with those of `there`, of the rows it had."""
    one = """SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY {key}), '')),
             coalesce(max({key}), 0) FROM "{table}" t WHERE {key} <= {last}"""
    parts = [
        one.format(table=table, key=key, last=there[table][1] if there else "9223372036854775807")
        for table, key in _tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (rows, last) for table, rows, last in cursor.fetchall()}


@cache
def _tables() -> list[tuple[str, str]]:
    found = []
    for label in ("desk", "bridge", "accounts"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            assert model._meta.pk is not None
            assert model._meta.pk.column is not None
            found.append((model._meta.db_table, model._meta.pk.column))
    return found
