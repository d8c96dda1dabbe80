"""What decides about cases is kept in memory, and every change of it is noticed by the next look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from arrears.accounts.models import Organisation
from arrears.desk.collector import DeskCollector
from arrears.desk.models import (
    AgreementKind,
    AgreementVersion,
    CoverageRule,
    CreditorStamp,
    GridBracket,
    Partner,
    PartnerOverride,
    PriceGrid,
    Signature,
)
from arrears.desk.stamps import network_stamp, stamps_of
from arrears.ports import Offer
from tests.builders import TODAY, a_claim
from tests.desk.builders import NOON, a_partner, an_organisation

pytestmark = pytest.mark.django_db


def preview(desk: DeskCollector) -> Offer:
    return desk.preview(a_claim(), TODAY)


def test_a_preview_costs_one_query_while_nothing_changes(
    desk: DeskCollector, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    offer = preview(desk)
    with django_assert_num_queries(1):  # the stamps
        assert preview(desk) == offer


def test_a_preview_costs_one_query_more_where_a_partner_takes_only_so_many_cases(
    desk: DeskCollector, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Partner.objects.update(capacity=5)
    preview(desk)
    with django_assert_num_queries(2):
        preview(desk)


def own_price_list(desk: DeskCollector) -> None:
    grid = PriceGrid.objects.create(
        name="Agreed", creditor_id=int(desk.creditor), since=TODAY - timedelta(days=1)
    )
    for zone in GridBracket.Zone:
        GridBracket.objects.create(grid=grid, zone=zone, from_usd=0, points=3)


def another_choice(desk: DeskCollector) -> None:
    partner = a_partner("Chosen Agency")
    CoverageRule.objects.create(partner=partner, jurisdiction="GB", priority=999)
    PartnerOverride.objects.create(creditor_id=int(desk.creditor), partner=partner)


def new_text(desk: DeskCollector) -> None:
    AgreementVersion.objects.create(
        kind=AgreementKind.STANDARD, version="99", text="# New", since=TODAY - timedelta(days=1)
    )


@pytest.mark.parametrize(
    "change",
    [
        own_price_list,
        another_choice,
        new_text,
        lambda desk: Partner.objects.update(active=False),
        lambda desk: Signature.objects.filter(partner=None).update(
            invalidated_at=NOON, invalidated_because="Other"
        ),
        lambda desk: Signature.objects.filter(creditor_id=int(desk.creditor)).delete(),
        lambda desk: Organisation.objects.filter(pk=desk.creditor).update(name="Renamed Ltd"),
        lambda desk: Organisation.objects.filter(pk=desk.creditor).update(blocked_because="Not paid."),
    ],
)
def test_whatever_changes_shows_in_the_next_preview(
    desk: DeskCollector, change: Callable[[DeskCollector], object]
) -> None:
    before = preview(desk)
    change(desk)
    assert preview(desk) != before


def test_a_choice_taken_back_shows_in_the_next_preview(desk: DeskCollector) -> None:
    before = preview(desk)
    another_choice(desk)
    assert preview(desk).partner == "Chosen Agency"
    PartnerOverride.objects.all().delete()
    assert replace(preview(desk), required=()) == replace(before, required=())


def test_a_chosen_partner_that_is_suspended_shows_in_the_next_preview(desk: DeskCollector) -> None:
    another_choice(desk)
    assert preview(desk).partner == "Chosen Agency"
    Partner.objects.filter(name="Chosen Agency").update(active=False)
    assert preview(desk).partner != "Chosen Agency"


def test_a_change_that_is_rolled_back_leaves_nothing_behind(desk: DeskCollector) -> None:
    before = preview(desk)
    with transaction.atomic():
        own_price_list(desk)
        assert preview(desk).rate == 3
        transaction.set_rollback(True)
    assert preview(desk) == before


def test_one_creditors_signature_changes_no_other_stamp(desk: DeskCollector) -> None:
    other = an_organisation("Other Ltd")
    network, others = network_stamp(), stamps_of(other.pk)
    Signature.objects.filter(creditor_id=int(desk.creditor)).update(signer_name="Somebody")
    assert (network_stamp(), stamps_of(other.pk)) == (network, others)


def test_a_creditor_that_is_deleted_takes_its_stamp_along() -> None:
    creditor = an_organisation()
    PartnerOverride.objects.create(creditor=creditor, partner=a_partner())
    creditor.delete()
    assert not CreditorStamp.objects.exists()
