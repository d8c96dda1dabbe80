"""Reading cases over HTTP: whose they are, lists, and how each stands."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrears.core.case import Lifecycle
from arrears.desk.api.labels import LIFECYCLE_LABELS
from arrears.desk.models import Division
from tests.desk.api.world import Adapters, Program, a_program
from tests.desk.builders import NOON, a_case


def test_what_belongs_to_somebody_else_looks_as_if_it_were_not_there(program: Program) -> None:
    mine = program.open()
    stranger = a_program("Other Ltd")
    nothing = uuid.uuid4()
    for path in (
        "/cases/{}",
        "/cases/{}/contract-status",
        "/cases/{}/timeline",
        "/cases/{}/chats",
        "/cases/{}/payments",
        "/cases/{}/files",
        "/cases/{}/quote-requests",
        "/cases/{}/exclusive-period",
        "/cases/{}/validation",
        "/cases/{}/tasks",
        f"/cases/{{}}/quote-requests/{nothing}",
        f"/cases/{{}}/quote-requests/{nothing}/quotes",
        f"/cases/{{}}/quote-requests/{nothing}/quotes/{nothing}",
    ):
        theirs, absent = (stranger.ask("GET", path.format(one)) for one in (mine["id"], nothing))
        assert theirs.status == absent.status == 404
        assert theirs.content == absent.content
    stranger.get("/cases/by-creditor-reference/INV-1001", 404)
    stranger.get(f"/cases/case-reference/{mine['reference']}", 404)
    assert stranger.get("/cases")["cases"] == []
    assert stranger.get(f"/cases?Ids={mine['id']}")["cases"] == []


def test_an_id_that_is_none_is_a_problem(program: Program) -> None:
    assert program.get("/cases/abc", 400)["errors"]["id"]


def test_cases_come_in_pages(program: Program) -> None:
    for number in range(13):
        a_case(creditor=program.creditor, creditor_reference=f"R{number}")
    a_case()  # somebody else's
    first = program.get("/cases")
    assert first["page"] == {
        "totalResults": 13,
        "pageSize": 10,
        "currentPage": 1,
        "responseCount": 10,
        "totalPages": 2,
    }
    second = program.get("/cases?Page=2")
    assert second["page"]["responseCount"] == len(second["cases"]) == 3
    ids = {case["id"] for page in (first, second) for case in page["cases"]}
    assert len(ids) == 13
    assert program.get("/cases?page=3&pageSize=5")["page"]["responseCount"] == 3
    assert program.get("/cases?Page=9")["page"]["totalResults"] == 13


@pytest.mark.parametrize(
    "query", ["Page=0", "Page=-1", "PageSize=0", "PageSize=101", "Page=x", "Statuses=Lost", "Ids=x"]
)
def test_a_bad_query_is_refused(program: Program, query: str) -> None:
    program.get(f"/cases?{query}", 400)


def test_every_status_can_be_asked_for_by_name_and_by_label(program: Program) -> None:
    for lifecycle in Lifecycle:
        a_case(lifecycle, creditor=program.creditor)
    names = [
        "PendingContractSigning",
        "PendingVerificationInternal",
        "PendingVerification",
        "NeedsAdditionalDetails",
        "Leads",
        "LeadsQuoteGiven",
        "Active",
        "Paused",
        "Closed",
    ]
    for lifecycle, name in zip(Lifecycle, names, strict=True):
        label = LIFECYCLE_LABELS[lifecycle]
        for asked in (name, name.lower(), label.replace(" ", "%20")):
            cases = program.get(f"/cases?Statuses={asked}")["cases"]
            assert [case["lifecycle"] for case in cases] == [label]
    assert program.get("/cases?Statuses=Merged")["cases"] == []
    for query in ("Statuses=Active&Statuses=Closed", "statuses=Active,Closed"):
        assert program.get(f"/cases?{query}")["page"]["totalResults"] == 2


def test_cases_are_sorted_as_asked_and_unknown_fields_passed_over(program: Program) -> None:
    for number, amount in enumerate((300, 100, 200)):
        a_case(
            creditor=program.creditor, creditor_reference=str(number), principal=amount, outstanding=amount
        )

    def order(sort: str) -> list[str]:
        return [case["creditorReference"] for case in program.get(f"/cases?Sort={sort}")["cases"]]

    assert order("GrossAmount:asc") == ["1", "2", "0"]
    assert order("grossAmount:desc") == ["0", "2", "1"]
    assert order("Shoe:desc,Lifecycle,GrossAmount") == ["1", "2", "0"]
    assert order("Shoe") == order("")


def test_a_page_of_cases_takes_as_many_queries_as_one_case(program: Program) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            a_case(
                creditor=program.creditor,
                division=Division.objects.create(creditor=program.creditor, name="North", created_at=NOON),
                outstanding=Decimal(400),
                period_start=date(2026, 11, 2),
                assigned_email="carol@acme.example",
            )
        with CaptureQueriesContext(connection) as seen:
            program.get("/cases?PageSize=100")
        return len(seen)

    program.get("/me")  # notes that the key is in use
    few = queries(1)
    Adapters.clock.advance(timedelta(seconds=1))
    assert queries(30) == few
    assert few <= 7


def test_where_a_case_stands_is_told(program: Program) -> None:
    case = a_case(
        creditor=program.creditor,
        accepted_at=Adapters.clock.now(),
        period_start=date(2026, 11, 2),
        phase="Pre-legal",
    )
    period = program.get(f"/cases/{case.public_id}/exclusive-period")
    assert period["currentEndDate"] == "2027-05-02T00:00:00Z"
    assert (period["status"], period["daysRemaining"]) == ("Active", 161)
    assert program.get(f"/cases/{case.public_id}")["exclusivePeriodEndDate"] == "2027-05-02T00:00:00Z"
    assert program.get(f"/cases/{case.public_id}/timeline")["currentEngagementPhase"] == "Pre-legal"
    opened = program.open()
    items = program.get(f"/cases/{opened['id']}/timeline")["items"]
    assert items[0]["actor"] == {"type": "Creditor user", "name": "Acme Suppliers"}
    validation = program.get(f"/cases/{opened['id']}/validation")
    assert validation == {"needsInfo": False, "creditorRespondedAt": None, "items": []}
    program.get(f"/cases/{opened['id']}/exclusive-period", 404)
