"""One case, wherever it is: live where it can be, else as it was last read."""

from __future__ import annotations

import pytest

from arrears.accounts.models import Organisation
from arrears.bridge.list_cases import list_cases
from arrears.bridge.models import Submission, TrackedCase
from arrears.bridge.read_case import read_case
from arrears.bridge.remove_collector import remove_collector
from arrears.ports import NeedsAttention, TryAgainLater
from tests.bridge.conftest import World


def opened(world: World) -> Submission:
    world.books.add("1")
    return world.work(world.start("1"))["1"]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_case_is_found_by_our_reference_and_by_the_collectors(world: World, *, elsewhere: bool) -> None:
    account = world.connect() if elsewhere else None
    row = opened(world)

    for reference in (row.reference, row.case_reference):
        found = read_case(world.organisation, reference)
        assert found is not None
        assert (found.case.id, found.account, found.read_at) == (row.case_id, account, None)
    assert read_case(world.organisation, "NONE") is None


def test_a_case_that_only_the_ledger_knows_is_read_all_the_same(world: World) -> None:
    world.connect()
    row = opened(world)
    TrackedCase.objects.all().delete()

    found = read_case(world.organisation, row.reference)

    assert found is not None
    assert found.case.id == row.case_id


@pytest.mark.parametrize(
    "trouble", [TryAgainLater("Nobody answers."), NeedsAttention("No.", code="key_not_permitted", action="")]
)
def test_while_the_collector_cannot_be_asked_a_case_is_shown_as_last_read(
    world: World, trouble: Exception
) -> None:
    world.connect()
    row = opened(world)
    world.far_end.failing = [trouble]

    found = read_case(world.organisation, row.reference)

    assert found is not None
    assert found.read_at == world.clock.now()
    assert found.case.reference == row.case_reference


def test_a_case_never_read_cannot_be_shown_while_the_collector_is_away(world: World) -> None:
    world.connect()
    row = opened(world)
    TrackedCase.objects.all().delete()
    world.far_end.failing = [TryAgainLater("Nobody answers.")]

    with pytest.raises(TryAgainLater):
        read_case(world.organisation, row.reference)


def test_cases_of_a_removed_collector_are_still_shown(world: World) -> None:
    account = world.connect()
    row = opened(world)
    remove_collector(account)

    found = read_case(world.organisation, row.reference)

    assert found is not None
    assert found.read_at is not None
    assert [one.case.reference for one in list_cases(world.organisation)] == [row.case_reference]


def test_a_case_that_the_collector_has_no_more_is_not_there(world: World) -> None:
    world.connect()
    row = opened(world)
    world.far_end.cases.clear()

    assert read_case(world.organisation, row.reference) is None


def test_another_organisations_case_is_as_absent_as_none(world: World) -> None:
    world.connect()
    row = opened(world)
    other = Organisation.objects.create(name="Other", created_at=world.clock.now())

    assert read_case(other.pk, row.reference) is None
    assert read_case(other.pk, row.case_reference) is None
