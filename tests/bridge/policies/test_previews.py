"""What only the records tell, read where a policy asks for it; and a preview that stores nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from arrears.accounts.models import AuditEntry
from arrears.bridge.models import ImportRun, PolicyRun
from arrears.bridge.preview_policy import Weighed, preview_policy
from arrears.core.escalation import Rule
from tests.bridge.conftest import World
from tests.bridge.policies.kept import RULE

# --- What only the records tell -----------------------------------------------------------------------------


def test_records_are_read_only_where_the_policy_asks_and_only_for_what_fits_otherwise(world: World) -> None:
    world.books.add("1")
    world.books.add("2", "100 GBP")

    weigh(world, RULE)
    assert world.books.fetched == []

    weigh(world, replace(RULE, reminders_sent=1))
    assert world.books.fetched == ["1"]


def weigh(world: World, rule: Rule) -> dict[str, tuple[str, ...]]:
    """The codes by invoice number, as a preview of the rule gives them."""
    last: tuple[Weighed, ...] = ()
    for step in preview_policy(world.connection, world.account, rule):
        last = step.weighed or last
    return {one.claim.numbers[0]: one.judgement.codes for one in last}


def in_full(world: World, **told: Any) -> None:
    """Let the books tell more in the records than in the list."""
    listed = list(world.books.owed)

    def fresh(numbers: Any) -> dict[str, Any]:
        by_number = {one.invoice.number: one for one in listed}
        return {
            number: replace(
                by_number[number],
                invoice=replace(by_number[number].invoice, **told.get("invoice", {})),
                debtor=replace(by_number[number].debtor, **told.get("debtor", {})),
            )
            for number in numbers
        }

    world.books.fresh = fresh  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("sent", "codes"), [(2, ()), (1, ("too_few_reminders",)), (None, ("reminders_unknown",))]
)
def test_reminders_are_read_from_the_record(world: World, sent: int | None, codes: tuple[str, ...]) -> None:
    world.books.add("1")
    in_full(world, invoice={"reminders": sent})

    assert weigh(world, replace(RULE, reminders_sent=2)) == {"1": codes}


@pytest.mark.parametrize(
    ("tags", "codes"), [((), ()), (("VIP",), ("tag_excluded",)), (None, ("tags_unknown",))]
)
def test_marks_are_read_from_the_record(
    world: World, tags: tuple[str, ...] | None, codes: tuple[str, ...]
) -> None:
    world.books.add("1")
    in_full(world, debtor={"tags": tags})

    assert weigh(world, replace(RULE, excluded_tags=("VIP",))) == {"1": codes}


def test_an_invoice_that_has_become_another_meanwhile_is_left(world: World) -> None:
    world.books.add("1")
    in_full(world, invoice={"id": "9999", "reminders": 3})

    assert weigh(world, replace(RULE, reminders_sent=1)) == {"1": ("moved",)}


def test_a_preview_stores_nothing(world: World) -> None:
    world.books.add("1")

    assert weigh(world, RULE) == {"1": ()}
    assert not ImportRun.objects.exists()
    assert not PolicyRun.objects.exists()
    assert not AuditEntry.objects.exists()
