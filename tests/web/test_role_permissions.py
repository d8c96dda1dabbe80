"""Who may do what among a creditor's own people: every address is tried by each of the four roles.

What a page asks for is read from the page itself, so a page that asks for nothing cannot be forgotten.
"""

from __future__ import annotations

import pytest
from django.urls import resolve, reverse

from arrears.accounts.models import OrganisationKind
from arrears.core.access import Permission, Role, may
from tests.web import test_role_matrix as matrix
from tests.web.role_forms import form_for, thing_for
from tests.web.role_world import World
from tests.web.test_role_matrix import Address, addresses, undone

outside = matrix.outside
world = matrix.world

#: Pages that ask for more once they know the thing: here an import above the limit.
_DECIDED_WITHIN = {"approve_run": Permission.APPROVE, "decline_run": Permission.APPROVE}
_CREDITORS = [one for one in addresses() if one.kind is OrganisationKind.CREDITOR]


def permission_of(address: Address) -> Permission | None:
    """What the page behind an address asks for, by its own word."""
    if address.name in _DECIDED_WITHIN:
        return _DECIDED_WITHIN[address.name]
    anything = {name: matrix._ABSENT[kind] for name, kind in address.parameters.items()}
    words = {address.word[0]: address.word[1]} if address.word[0] else {}
    return getattr(resolve(reverse(address.name, kwargs=anything | words)).func, "permission", None)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_role_gets_in_where_its_permissions_say_and_nowhere_else(world: World, method: str) -> None:
    wrong = []
    for address in _CREDITORS:
        permission = permission_of(address)
        if permission is None:
            wrong.append(f"{address.label} asks for no permission: give it members_who or for_members")
            continue
        if any(thing_for(name, address.label) not in world.ids for name in address.parameters):
            wrong.append(
                f"{address.label}: nobody has said what it is about, see PARAMETERS in role_forms.py"
            )
            continue
        path, form = address.path(world), form_for(address.label, world.ids)
        statuses = {role: _status(world, role, method, path, form) for role in Role}
        if set(statuses.values()) == {405}:
            continue
        wrong += [
            f"{address.label}: {role}, {method}, {status}, though it takes {permission}"
            for role, status in statuses.items()
            if (status == 403) == may(role, permission) or status >= 500
        ]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("permission", [one for one in Permission if not may(Role.VIEWER, one)])
def test_whoever_is_refused_is_told_why_and_whom_to_ask(world: World, permission: Permission) -> None:
    address = next((one for one in _CREDITORS if permission_of(one) is permission), None)
    if address is None:
        pytest.skip(f"no page takes {permission}")
    path = address.path(world)
    client = world.colleagues[Role.VIEWER].client
    answers = [client.get(path), client.post(path, form_for(address.label, world.ids))]
    refused = next(one for one in answers if one.status_code == 403)

    page = refused.content.decode()
    assert "Your role at Harbour Joinery Ltd is viewer, which does not let you" in page
    assert "Ask creditor@people.example" in page


def _status(world: World, role: Role, method: str, path: str, form: dict[str, object]) -> int:
    """Of the answer; whatever was done is undone."""
    with undone():
        return matrix._asked(world.colleagues[role], method, path, form).status
