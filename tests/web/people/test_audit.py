"""The audit trail: every deed is in it, with who and from where, without secrets; its page and its files."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from pytest_django import Settings

from arrears.accounts.audit import Action, Who, acting_as, note
from arrears.accounts.models import AuditEntry, Membership, User
from arrears.core.access import Role
from tests.desk.api.world import Adapters
from tests.fakes import FakeAdapters, FakeClock
from tests.web.conftest import PASSWORD, Site, an_organisation
from tests.web.far_world import FarAdapters
from tests.web.role_forms import form_for
from tests.web.role_world import World, a_world
from tests.web.test_role_matrix import Address, addresses, undone

PAGE = "/settings/audit/"
ADDRESS = "203.0.113.7"

#: What each address of ours is noted as when its form is sent.
DEEDS = {
    "edit_connection": Action.CONNECTION_EDITED,
    "try_again": Action.CONNECTION_EDITED,
    "disconnect": Action.DISCONNECTED,
    "edit_collector": Action.COLLECTOR_EDITED,
    "remove_collector": Action.COLLECTOR_REMOVED,
    "remove_test_cases": Action.TEST_CASES_REMOVED,
    "prefer_collector": Action.COLLECTOR_PREFERRED,
    "report_paid": Action.PAYMENT_REPORTED,
    "dismiss_paid": Action.CASE_ACTED_ON,
    "case_act message": Action.MESSAGE_SENT,
    "case_act attach": Action.DOCUMENT_ADDED,
    "case_act answer": Action.CASE_ACTED_ON,
    "case_act payment": Action.PAYMENT_REPORTED,
    "case_act complaint": Action.CASE_ACTED_ON,
    "case_act withdraw": Action.CASE_ACTED_ON,
    "case_act_on accept-quote": Action.CASE_ACTED_ON,
    "case_act_on decline-quotes": Action.CASE_ACTED_ON,
    "case_act_on withdraw-complaint": Action.CASE_ACTED_ON,
    "say_on_case": Action.MESSAGE_SENT,
    "attach_to_case": Action.DOCUMENT_ADDED,
    "setting_audit_export": Action.EXPORTED,
}
#: What the forms hold that no line may: secrets, and what people write to each other.
CANARIES = ("a password", "memorable", "deb-key-of-pennine", "Words for the test.", "The oak ones.")


@pytest.fixture
def world(db: None, outside: type[FakeAdapters], settings: Settings) -> World:
    settings.ARREARS_ADAPTERS = "tests.web.far_world.FarAdapters"
    settings.ARREARS_DESK_ADAPTERS = "tests.desk.api.world.Adapters"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Adapters.clock = FakeClock()
    FarAdapters.fresh().fake_books.add("1001")
    return a_world()


def act(world: World, address: Address) -> AuditEntry | None:
    """Send the form of an address, twice where what it comes to is shown first. Returns the last line."""
    client, form = world.people["creditor"].client, form_for(address.label, world.ids)
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    page = client.post(address.path(world), form, REMOTE_ADDR=ADDRESS).content.decode(errors="replace")
    if 'name="shown" value="' in page:
        form = form_for(address.label, world.ids)
        form["shown"] = page.split('name="shown" value="')[1].split('"')[0]
        client.post(address.path(world), form, REMOTE_ADDR=ADDRESS)
    return AuditEntry.objects.exclude(pk__in=before).order_by("-pk").first()


def test_every_deed_names_who_did_it_and_from_where_and_holds_no_secret(world: World) -> None:
    known = {one.label: one for one in addresses()}
    assert DEEDS.keys() <= known.keys()
    wrong = []
    for label, action in DEEDS.items():
        with undone():
            line = act(world, known[label])
            if line is None or line.action != action.value:
                wrong.append(f"{label}: {line and line.action}")
                continue
            user = User.objects.get(email=line.who)
            member = Membership.objects.filter(organisation=line.organisation_id, user=user)
            if (line.user_id, line.address) != (user.pk, ADDRESS) or not member.exists():
                wrong.append(f"{label}: {line.who} at {line.address}")
            everything = str(list(AuditEntry.objects.values()))
            wrong += [f"{label} tells {one}" for one in CANARIES if one in everything]
    assert wrong == []


def line(organisation: int, text: str, who: str = "owner@pennine.example", **more: str) -> None:
    action = Action(more.pop("action", Action.SIGNED_IN.value))
    with acting_as(Who(who, 1, more.pop("address", ""))):
        note(organisation, action, text, FakeAdapters.clock.now(), **more)


class TestThePage:
    def test_shows_the_newest_first(self, site: Site) -> None:
        line(site.organisation.pk, "The first thing.")
        line(site.organisation.pk, "The second thing.", address="192.0.2.9")
        page = site.page(PAGE)

        assert page.index("The second thing.") < page.index("The first thing.")
        assert "192.0.2.9" in page
        assert "22 November 2026 at" in page

    def test_shows_a_hundred_and_leads_to_the_older_ones(self, site: Site) -> None:
        for number in range(250):
            line(site.organisation.pk, f"Thing {number:03}.")
        first = site.page(PAGE)
        older = first.split("before=")[1].split('"')[0]
        second = site.page(f"{PAGE}?before={older}")

        assert (first.count("Thing "), second.count("Thing ")) == (100, 100)
        assert "Thing 249." in first
        assert "Thing 150." in first
        assert "Thing 149." in second

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=kashflow", {"Connected KashFlow."}),
            ("q=192.0.2.9", {"Connected KashFlow."}),
            ("who=anna", {"Signed in."}),
            ("action=connected+books", {"Connected KashFlow."}),
            ("action=nonsense", {"Signed in.", "Connected KashFlow."}),
            ("from=2026-11-22", {"Connected KashFlow."}),
            ("to=2026-11-21", {"Signed in."}),
            ("from=2026-11-20&to=2026-11-20", set()),
            ("from=yesterday&before=x", {"Signed in.", "Connected KashFlow."}),
            ("q=%00", {"Signed in.", "Connected KashFlow."}),
        ],
    )
    def test_is_filtered(self, site: Site, query: str, found: set[str]) -> None:
        now = site.clock.now()
        with acting_as(Who("anna@pennine.example", 1)):
            note(site.organisation.pk, Action.SIGNED_IN, "Signed in.", now - timedelta(days=1))
        line(
            site.organisation.pk,
            "Connected KashFlow.",
            "ben@pennine.example",
            action=Action.CONNECTED.value,
            address="192.0.2.9",
        )

        table = site.page(f"{PAGE}?{query}").partition("<tbody>")[2]

        assert {text for text in ("Signed in.", "Connected KashFlow.") if text in table} == found

    def test_tells_only_of_ones_own_organisation(self, site: Site) -> None:
        other = an_organisation("Elsewhere", User.objects.create_user("mallory@elsewhere.example"))
        line(other.pk, "A secret of theirs.")

        assert "A secret of theirs." not in site.page(PAGE)
        answer = site.client.post(f"{PAGE}export/csv/", {"query": ""})
        assert b"A secret of theirs." not in answer.content

    def test_is_for_who_may_read_it(self, site: Site) -> None:
        Membership.objects.update(role=Role.VIEWER.value)

        site.page(PAGE, status=403)
        assert site.client.post(f"{PAGE}export/csv/").status_code == 403

    def test_shows_what_people_typed_as_text(self, site: Site) -> None:
        line(site.organisation.pk, "<script>alert(1)</script>", "<b>who</b>")
        page = site.page(f"{PAGE}?q=%3Cscript")

        assert "<script>alert" not in page
        assert "<b>who" not in page


class TestTheFiles:
    def test_hold_what_is_filtered_and_are_noted(self, site: Site) -> None:
        line(site.organisation.pk, "Signed in.")
        line(site.organisation.pk, "=1+1", "ben@pennine.example")
        answer = site.client.post(f"{PAGE}export/csv/", {"query": "who=ben"})
        text = answer.content.decode()

        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "ben@pennine.example" in text
        assert ",=1+1" not in text
        assert "owner@pennine.example" not in text
        noted = AuditEntry.objects.get(action=Action.EXPORTED.value)
        assert (noted.who, noted.text) == (site.owner.email, "Took the audit trail as a CSV file: By ben.")

    def test_open_in_a_spreadsheet(self, site: Site) -> None:
        line(site.organisation.pk, "Signed in.")
        content = site.client.post(f"{PAGE}export/xlsx/", {"query": ""}).content

        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0] == ("When", "Who", "Action", "What", "About", "Address")
        assert rows[1][1:4] == ("owner@pennine.example", "Signed in", "Signed in.")

    def test_of_another_kind_are_not_there(self, site: Site) -> None:
        assert site.client.post(f"{PAGE}export/pdf/").status_code == 404


def test_the_address_is_that_of_our_own_proxy_and_no_other_claim(site: Site, settings: Settings) -> None:
    form = {"login": site.owner.email, "password": PASSWORD}
    claimed = {"X-Forwarded-For": "192.0.2.66, 198.51.100.4"}
    Client().post("/accounts/login/", form, headers=claimed, REMOTE_ADDR=ADDRESS)
    assert AuditEntry.objects.latest("pk").address == ADDRESS

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    Client().post("/accounts/login/", form, headers=claimed, REMOTE_ADDR=ADDRESS)
    assert AuditEntry.objects.latest("pk").address == "198.51.100.4"
