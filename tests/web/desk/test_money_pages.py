"""The operator's pages about prices, contracts, payments and settings."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from arrears.accounts.models import ApiKey, Organisation, OrganisationKind, User
from arrears.desk.models import (
    AgreementVersion,
    Case,
    DeskSettings,
    Payment,
    PriceGrid,
    Signature,
)
from tests.builders import TODAY
from tests.desk.builders import a_partner, an_organisation
from tests.web.desk.network_world import BACKEND, Desk

GRID = {
    "name": "Acme 2027",
    "since": "2027-01-01",
    "scope": "standard",
    "rows": "6",
    "europe_from_0": "100",
    "europe_points_0": "10",
    "world_from_0": "100",
    "world_points_0": "20",
    "over_12_months": "5",
    "over_24_months": "9",
}


class TestPriceLists:
    def test_a_list_is_saved_for_whom_it_is_for(self, desk: Desk) -> None:
        page = desk.send(
            "/prices/new/", **GRID | {"scope": "creditor", "creditor": str(desk.creditor.public_id)}
        )
        assert "Acme 2027 was saved." in page
        assert PriceGrid.objects.get(name="Acme 2027").creditor == desk.creditor

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"europe_points_0": ""}, "Fill in both figures of the row, or neither."),
            ({"scope": "partner"}, "Choose which one."),
            ({"europe_points_0": "101"}, "Europe"),
            ({"europe_from_1": "50", "europe_points_1": "9"}, "Europe"),
            ({"since": "soon"}, "Enter a day"),
        ],
    )
    def test_a_list_that_makes_no_sense_comes_back(
        self, desk: Desk, changes: dict[str, str], sentence: str
    ) -> None:
        page = desk.send("/prices/new/", 422, **GRID | changes)
        assert sentence in page
        assert 'value="Acme 2027"' in page
        assert PriceGrid.objects.count() == 1

    def test_more_rows_keep_what_was_typed(self, desk: Desk) -> None:
        page = desk.send("/prices/new/", 200, **GRID, more="yes")
        assert 'id="id_europe_from_8"' in page
        assert 'value="Acme 2027"' in page
        assert PriceGrid.objects.count() == 1

    def test_an_unused_list_is_removed_and_a_used_one_stays(self, desk: Desk) -> None:
        Case.objects.filter(pk=desk.case.pk).update(
            price_source="Jurisdiction custom pricing", price_name="Spain 2027", price_as_of=date(2027, 1, 1)
        )
        assert "has priced cases already" in desk.send("/prices/{grid}/remove/")
        Case.objects.filter(pk=desk.case.pk).update(price_name="")
        assert "Spain 2027 was removed." in desk.send("/prices/{grid}/remove/")
        assert not PriceGrid.objects.exists()


TEXT = {
    "kind": "standard agreement",
    "version": "9.0",
    "since": "2026-12-01",
    "text": "# Agreement\n1. Pay {desk}.",
}


class TestContracts:
    def test_a_text_is_looked_at_before_it_is_published(self, desk: Desk) -> None:
        before = AgreementVersion.objects.count()
        page = desk.send("/contracts/publish/", 200, **TEXT, preview="yes")
        assert "<h2>Agreement</h2>" in page
        assert AgreementVersion.objects.count() == before
        page = desk.send("/contracts/publish/", **TEXT, publish="yes", must_be_signed_again="on")
        assert "9.0 was published" in page
        assert AgreementVersion.objects.get(version="9.0").must_be_signed_again

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"text": "Pay {nobody}."}, "Nobody knows what to fill in for {nobody}."),
            ({"since": "2026-11-21"}, "cannot have been in force before today"),
            ({"version": ""}, "Give the new text a version"),
        ],
    )
    def test_a_text_that_cannot_be_used_comes_back(
        self, desk: Desk, changes: dict[str, str], sentence: str
    ) -> None:
        page = desk.send("/contracts/publish/", 422, **TEXT | changes, publish="yes")
        assert sentence in page
        assert not AgreementVersion.objects.filter(version="9.0").exists()

    def test_a_signature_is_found_by_its_creditor_and_declared_void(self, desk: Desk) -> None:
        other = an_organisation("Other")
        page = desk.page(f"/contracts/signatures/?creditor={other.public_id}")
        assert "Nothing signed yet" in page
        page = desk.send("/contracts/signatures/{signature}/void/", reason="Other")
        assert "does not count any more" in page
        assert desk.signature
        assert Signature.objects.get(pk=desk.signature.pk).invalidated_because == "Other"
        desk.page("/contracts/signatures/{signature}/void/", status=404)


class TestPayments:
    def test_payments_are_found_by_state_day_creditor_and_partner(self, desk: Desk) -> None:
        creditor, partner = desk.creditor.public_id, desk.partner.public_id
        for query, found in (
            ("state=to+settle", True),
            ("state=settled", False),
            ("state=reversed", False),
            (f"first=2026-11-22&last=2026-11-22&creditor={creditor}&partner={partner}", True),
            ("last=2026-11-21", False),
            (f"partner={a_partner().public_id}", False),
        ):
            assert (desk.case.reference in desk.page(f"/payments/?{query}")) is found, query
        assert "Enter a day" in desk.client.get(desk.at("/payments/?first=soon")).content.decode()

    def test_a_payment_is_settled_with_its_day(self, desk: Desk) -> None:
        page = desk.send("/payments/{payment}/settle/", 422, settled_on="2026-11-23")
        assert "is in the future" in page
        assert "Noted as passed on." in desk.send(
            "/payments/{payment}/settle/", settled_on="2026-11-22", note="R1"
        )
        assert Payment.objects.get().settled_on == TODAY
        assert "Nothing is to be passed on" in desk.page("/payments/{payment}/settle/")

    def test_a_payment_is_reversed_with_a_reason(self, desk: Desk) -> None:
        assert "Say why the payment is reversed." in desk.send("/payments/{payment}/reverse/", 422, reason="")
        assert "is owed again" in desk.send("/payments/{payment}/reverse/", reason="Bounced.")
        assert Payment.objects.get().reversed_because == "Bounced."
        assert "reversed already" in desk.page("/payments/{payment}/reverse/")

    def test_a_statement_adds_up_on_screen_and_in_the_file(self, desk: Desk) -> None:
        desk.pay("20.50")
        whose = f"creditor={desk.creditor.public_id}&partner="
        asked = f"/payments/statement/?first=2026-11-01&last=2026-11-30&{whose}"
        page = desk.page(asked)
        assert "£120.50" in page
        file = desk.client.get(desk.at(f"{asked}&as=csv"))
        assert file.headers["Content-Type"].startswith("text/csv")
        assert "20.5" in file.content.decode()
        other = an_organisation("Other").public_id
        page = desk.page(f"/payments/statement/?first=2026-11-01&last=2026-11-30&creditor={other}&partner=")
        assert "Nothing happened in this period" in page

    def test_a_period_that_ends_before_it_begins_is_explained(self, desk: Desk) -> None:
        answer = desk.client.get(desk.at("/payments/statement/?first=2026-11-30&last=2026-11-01"))
        assert "before it begins" in answer.content.decode()


SETTINGS = {
    "desk_name": "North Desk",
    "check_minutes": "30",
    "info_business_days": "12",
    "quote_business_hours": "100",
    "max_quotes": "4",
    "decide_days": "10",
    "settle_business_days": "20",
    "retention_years": "7",
    "bucket_0": "interest",
    "bucket_1": "principal",
    "bucket_2": "reminder fees",
    "bucket_3": "collection fees",
}


class TestSettings:
    def test_everything_is_set_at_once(self, desk: Desk) -> None:
        assert "The settings were saved." in desk.send("/settings/", **SETTINGS)
        now = DeskSettings.current()
        assert (now.desk_name, now.check_minutes, now.retention_years) == ("North Desk", 30, 7)
        assert now.allocation == ["interest", "principal", "reminder fees", "collection fees"]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"desk_name": " "}, "Enter the name of the desk."),
            ({"retention_years": "0"}, "Enter a whole number from 1 to 30."),
            ({"check_minutes": "ten"}, "Enter a whole number from 0 to 10,080."),
            ({"bucket_0": "principal"}, "must name each part of a debt once"),
        ],
    )
    def test_a_wrong_value_changes_nothing(self, desk: Desk, changes: dict[str, str], sentence: str) -> None:
        assert sentence in desk.send("/settings/", 422, **SETTINGS | changes)
        assert DeskSettings.current().desk_name == "Arrears desk"

    def test_a_key_is_shown_once_works_and_is_revoked(self, desk: Desk) -> None:
        page = desk.send("/settings/keys/", 200, organisation=str(desk.creditor.public_id), name="Till")
        shown = re.search(r"shown-once\">(arr_[^<]+)<", page)
        assert shown
        assert shown[1] not in desk.page("/settings/keys/")
        desk.key = ApiKey.objects.get(name="Till")
        assert "lets nobody in any more" in desk.send("/settings/keys/{key}/revoke/")
        assert ApiKey.objects.get(pk=desk.key.pk).revoked_at
        desk.page("/settings/keys/{key}/revoke/", status=404)
        assert "Say what the key is for" in desk.send(
            "/settings/keys/", 422, organisation=str(desk.creditor.public_id), name=""
        )

    def test_no_key_is_made_for_the_desk_itself(self, desk: Desk) -> None:
        itself = Organisation.objects.get(kind=OrganisationKind.OPERATOR)
        desk.send("/settings/keys/", 422, organisation=str(itself.public_id), name="Till")
        assert ApiKey.objects.count() == 1

    def test_an_operator_is_let_in_by_e_mail(self, desk: Desk) -> None:
        page = desk.send("/settings/people/", 200, email="oscar@desk.example")
        shown = re.search(r"shown-once\">([^<]+)<", page)
        assert shown
        oscar = User.objects.get(email="oscar@desk.example")
        assert oscar.check_password(shown[1])
        client = Client()
        client.force_login(oscar, backend=BACKEND)
        assert client.get(desk.at("/settings/")).status_code == 200
        assert "is not an e-mail address" in desk.send("/settings/people/", 422, email="oscar")
