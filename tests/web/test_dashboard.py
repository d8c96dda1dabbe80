"""The dashboard: its figures are right, each leads to exactly its cases, and what waits is told first."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from arrears.accounts.models import AuditEntry, Membership
from arrears.bridge.models import ImportRun, Submission
from arrears.core.case import Lifecycle
from arrears.core.submission import State
from arrears.desk.models import Case, Payment, Task
from tests.builders import TODAY
from tests.desk.builders import a_case, a_partner
from tests.web.conftest import Site
from tests.web.far_world import an_account

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


@pytest.fixture
def cases(site: Site) -> dict[str, Case]:
    """Six real cases in two currencies and one for testing."""
    partner, creditor = a_partner(), site.organisation

    def one(state: Lifecycle = Lifecycle.ACTIVE, **about: object) -> Case:
        known = {"creditor": creditor, "partner": partner, "opened_at": NOW - timedelta(days=10)}
        return a_case(state, **known | about)

    made = {
        "new": one(),
        "old": one(opened_at=NOW - timedelta(days=100), debtor_country="DE"),
        "paid": one(outstanding=Decimal(300)),
        "closed": one(Lifecycle.CLOSED, outstanding=Decimal(0)),
        "asked": one(Lifecycle.MORE_INFO),
        "euros": one(currency="EUR"),
        "trial": one(is_test=True),
    }
    for name, amount in (("paid", 200), ("closed", 500)):
        _payment(made[name], Decimal(amount))
    return made


def _payment(case: Case, amount: Decimal) -> None:
    fee, nothing = amount / 10, Decimal(0)
    Payment.objects.create(
        case=case, paid_on=TODAY, amount=amount, currency=case.currency, recipient="CollectionPartner",
        method="BankTransfer", to_principal=amount, to_interest=nothing, to_reminder_fees=nothing,
        to_collection_fees=nothing, rate=Decimal(10), fee=fee, fee_vat=nothing, partner_share=nothing,
        creditor_share=amount - fee, settle_by=TODAY, recorded_by="x", recorded_at=NOW, updated_at=NOW,
    )  # fmt: skip


def _figures(page: str) -> dict[str, tuple[str, str]]:
    """The value and the note of each figure, by its label."""
    found = re.findall(
        r'<span class="stat-label">([^<]*)</span><span class="stat-value num">([^<]*)</span>'
        r'<span class="stat-note">([^<]*)</span></a>',
        page,
    )
    return {label: (value, note) for label, value, note in found}


def test_the_figures_are_as_worked_out_by_hand(site: Site, cases: dict[str, Case]) -> None:
    figures = _figures(site.page("/"))

    assert figures["In collection"] == ("£1,800.00", "4 open cases, of £2,000.00 handed over")
    assert figures["Recovered"][0] == "£700.00"
    assert figures["Recovered, net of fees"] == ("£630.00", "after £70.00 in success fees with VAT")
    assert figures["Collection rate"] == (
        "28%",
        "£700.00 recovered ÷ £2,500.00 handed over, of all cases",
    )


def test_each_currency_has_its_own_figures_and_a_converted_total_states_its_basis(
    site: Site, cases: dict[str, Case]
) -> None:
    page = site.page("/?currency=EUR")

    assert _figures(page)["In collection"][0] == "€500.00"
    assert "at the European Central Bank’s reference rates of" in page


def test_every_figure_and_every_bar_leads_to_exactly_its_cases(site: Site, cases: dict[str, Case]) -> None:
    page = site.page("/")
    bars = re.findall(r'<th scope="row"><a href="([^"]*)">.*?</tr>', page, re.DOTALL)
    counts = re.findall(
        r'<th scope="row"><a href="([^"]*)">[^<]*</a></th>\s*<td class="num text-end">(\d+)</td>', page
    )
    assert len(bars) > 20

    for href, count in counts:
        listed = site.page(html.unescape(href))
        assert len(re.findall(r'class="row-link num"', listed)) == int(count), href
        assert cases["trial"].reference not in listed
    recovered = site.page("/cases/?paid=yes&currency=GBP&test=no")
    month = site.page(f"/cases/?paid_in={TODAY:%Y-%m}&currency=GBP&test=no")
    for listed in (recovered, month):
        assert {one for one in cases if f"/cases/{cases[one].reference}/" in listed} == {"paid", "closed"}


def test_every_address_of_a_figure_opens(site: Site, cases: dict[str, Case]) -> None:
    for href in set(re.findall(r'href="(/cases/\?[^"]*)"', site.page("/"))):
        site.page(html.unescape(href))


def test_what_waits_is_told_with_where_it_is_done(site: Site, cases: dict[str, Case]) -> None:
    run = _run(site, "finished")
    for number, state in enumerate((State.REVIEW, State.FLAGGED, State.FLAGGED)):
        _row(run, number, state)
    waiting = _run(site, "awaiting")
    Task.objects.create(
        creditor=site.organisation,
        case=cases["asked"],
        party="creditor",
        kind="MoreInfoNeeded",
        opened_at=NOW,
    )

    page = site.page("/")

    assert "1 row of the import of" in page
    assert "waits for your approval" in page
    assert f'href="/runs/{waiting.pk}/"' in page
    assert f"questions on case {cases['asked'].reference}" in html.unescape(page)
    assert page.index("Needs you") < page.index("Where your money is")


def test_an_import_is_not_put_to_who_may_not_approve_it(site: Site, cases: dict[str, Case]) -> None:
    run = _run(site, "awaiting", needs_second_person=True, asked_by=site.owner)
    assert "waits for your approval" not in site.page("/")

    ImportRun.objects.filter(pk=run.pk).update(started_by=site.owner, asked_by=None)
    assert "waits for your approval" in site.page("/")
    Membership.objects.update(role="finance")
    assert "waits for your approval" not in site.page("/")


def test_what_a_policy_prepared_is_put_to_who_may_import(site: Site, cases: dict[str, Case]) -> None:
    _run(site, "awaiting", needs_second_person=False)
    for role, told in (("finance", True), ("approver", False), ("viewer", False)):
        Membership.objects.update(role=role)
        assert ("waits for your approval" in site.page("/")) is told, role


def test_when_nothing_waits_that_is_said(site: Site, cases: dict[str, Case]) -> None:
    assert "Nothing waits for you." in site.page("/")


def test_the_list_is_narrowed_by_chips_that_can_be_taken_off(site: Site, cases: dict[str, Case]) -> None:
    page = site.page("/cases/?stage=open&country=DE&nonsense=1&age=never")

    assert "Stage: open" in page
    assert "Germany" in page
    assert 'href="/cases/?stage=open"' in page
    assert 'href="/cases/?country=DE"' in page
    assert "1 case in GBP" in page


def test_the_list_is_given_out_as_a_file_narrowed_as_it_is_and_noted(
    site: Site, cases: dict[str, Case]
) -> None:
    answer = site.client.post("/cases/export/", {"form": "csv", "query": "country=DE"})
    text = answer.content.decode()

    assert cases["old"].reference in text
    assert cases["new"].reference not in text
    entry = AuditEntry.objects.get(action="exported")
    assert (entry.who, entry.text) == (site.owner.email, "Exported the cases with country “DE”.")
    assert site.client.post("/cases/export/", {"form": "xlsx"}).content[:2] == b"PK"
    assert site.client.post("/cases/export/", {"form": "exe"}).status_code == 400


def test_cases_of_one_collector_can_be_picked_out(site: Site, cases: dict[str, Case]) -> None:
    account = an_account(site.organisation)
    assert "No case matches" in site.page(f"/cases/?collector={account.pk}")
    assert cases["new"].reference in site.page("/cases/?collector=desk")


def _run(site: Site, stage: str, **about: object) -> ImportRun:
    known = {
        "organisation": site.organisation,
        "connection": site.connection,
        "company_name": "Pennine Fasteners Ltd",
        "form_id": uuid4(),
        "stage": stage,
        "started_at": NOW,
    }
    return ImportRun.objects.create(**known | about)


def _row(run: ImportRun, number: int, state: State) -> None:
    Submission.objects.create(
        run=run, organisation=run.organisation, source="kashflow", account="account-1",
        invoice_ids=[str(number)], invoice_numbers=[str(number)], identity=str(number),
        reference=f"AR-{number}", state=state.value, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
