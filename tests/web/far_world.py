"""An account with a collector elsewhere, one case there, and everything that can be told about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from pydantic import SecretStr

from arrears.accounts import vault
from arrears.accounts.models import Organisation
from arrears.bridge.collector_key import FIELD
from arrears.bridge.models import CollectorAccount, Connection, ImportRun, Submission, TrackedCase
from arrears.core.case import Lifecycle, Party
from arrears.core.money import Money
from arrears.core.submission import State
from arrears.ports import (
    Case,
    CaseEvent,
    CaseFile,
    Division,
    Document,
    DocumentKind,
    Message,
    Payment,
    Period,
    PeriodExtension,
    Person,
    Question,
    Quote,
    Required,
    Standing,
    Task,
)
from tests.builders import TODAY
from tests.fakes import FakeAdapters
from tests.far_end import RemoteCollector

KEY = "deb-key-of-pennine"
DEBITURA = "https://customer-api.debitura.com"
THERE = "https://app.debitura.com"


class FarCollector(RemoteCollector):
    """A far end with more to tell than that a case was opened. `going_wrong` is raised by what it names."""

    file: ClassVar[CaseFile] = CaseFile()
    going_wrong: ClassVar[dict[str, Exception]] = {}
    kept: ClassVar[list[tuple[str, str]]] = []

    def case_file(self, case_id: str) -> CaseFile:
        super().case_file(case_id)
        self._fail("case_file")
        return self.file

    def say(self, case_id: str, text: str, key: str) -> Message:
        self._fail("say")
        if (case_id, key) not in self.kept:
            self.kept.append((case_id, key))
            return super().say(case_id, text, key)
        return Message("again", self._clock.now(), Party.CREDITOR, "", text)

    def attach(
        self, case_id: str, name: str, content: bytes, kind: DocumentKind = DocumentKind.INVOICE
    ) -> None:
        self._fail("attach")
        super().attach(case_id, name, content, kind)

    def read(self, case_id: str) -> Case | None:
        self._fail("read")
        return super().read(case_id)

    def _fail(self, what: str) -> None:
        if what in self.going_wrong:
            raise self.going_wrong[what]


class FarAdapters(FakeAdapters):
    """The outside world with that far end."""

    @classmethod
    def fresh(cls) -> type[FakeAdapters]:
        FarCollector.file, FarCollector.going_wrong, FarCollector.kept = CaseFile(), {}, []
        return super().fresh()

    def remote(self, account: CollectorAccount) -> RemoteCollector:
        return FarCollector(self.far_end, account, self.clock)


def an_account(organisation: Organisation, **changes: Any) -> CollectorAccount:
    """Access to a collector whose key is kept, and which lets us in."""
    known: dict[str, Any] = {
        "base_url": DEBITURA,
        "creditor": "c-1",
        "company_name": "Pennine Fasteners Ltd",
        "hook_token": uuid4().hex,
        "created_at": FarAdapters.clock.now(),
    }
    account = CollectorAccount.objects.create(organisation=organisation, **known | changes)
    vault.store(organisation.pk, account.record, FIELD, SecretStr(KEY))
    FarAdapters.far_end.keys[KEY] = a_standing()
    return account


def a_standing() -> Standing:
    return Standing(
        "c-1",
        "Pennine Fasteners Ltd",
        agreements=(Required("SignContract", "Sign the standard agreement of 2026.", f"{THERE}/sign"),),
        tasks=(
            Task(
                "t-9", "AssignBankAccount", "Name a bank account", "For money from Spain.", url=f"{THERE}/b"
            ),
        ),
        people=(Person("p-1", "Ada Nuttall", "ada@pennine.example"),),
        divisions=(Division("d-1", "Export"), Division("d-2", "Old works", archived=True)),
    )


def a_far_case(account: CollectorAccount, **changes: Any) -> Case:
    """A case at the far end, known here as it was last read."""
    case = Case(
        id="id-1",
        reference="Q8OAXF3W",
        creditor_reference="AR-1-7",
        invoice_numbers=("1001", "1002"),
        debtor_name="Ferretería Sol S.L.",
        country="ES",
        principal=Money(Decimal(1000), "EUR"),
        outstanding=Money(Decimal(820), "EUR"),
        lifecycle=Lifecycle.ACTIVE,
        partner="Cobros Iberia",
        routing_reason="",
        rate=Decimal("9.5"),
        price_source="Standard agreement",
        opened_at=FarAdapters.clock.now() - timedelta(days=20),
        test=account.test,
        added=Money(Decimal(20), "EUR"),
        phase="Pre-legal",
        updated_at=FarAdapters.clock.now() - timedelta(days=1),
        url=f"{THERE}/cases/id-1",
    )
    case = replace(case, **changes)
    FarAdapters.far_end.cases.append((account.creditor, case))
    track(account, case)
    return case


def track(account: CollectorAccount, case: Case) -> TrackedCase:
    added = case.added or Money.zero(case.principal.currency)
    return TrackedCase.objects.create(
        organisation=account.organisation,
        account=account,
        case_id=case.id,
        reference=case.reference,
        creditor_reference=case.creditor_reference,
        invoice_numbers=list(case.invoice_numbers),
        debtor_name=case.debtor_name,
        country=case.country,
        currency=case.principal.currency,
        principal=case.principal.amount,
        added=added.amount,
        outstanding=case.outstanding.amount,
        lifecycle=case.lifecycle.value,
        stated=case.stated,
        phase=case.phase,
        close_code=case.close_code,
        partner=case.partner,
        rate=case.rate,
        url=case.url,
        signing_url=case.signing_url,
        opened_at=case.opened_at,
        collector_said_at=case.updated_at or case.opened_at,
        read_at=FarAdapters.clock.now() - timedelta(minutes=10),
    )


def a_far_run(connection: Connection, account: CollectorAccount | None, **row: Any) -> Submission:
    """A run to a collector that has ended, with one row."""
    now = FarAdapters.clock.now()
    run = ImportRun.objects.create(
        organisation=connection.organisation,
        connection=connection,
        company_name=connection.company_name,
        collector=account,
        form_id=uuid4(),
        stage=ImportRun.Stage.FINISHED,
        started_at=now,
        finished_at=now,
    )
    known: dict[str, Any] = {
        "organisation": connection.organisation,
        "source": "kashflow",
        "account": connection.account,
        "invoice_ids": ["71001"],
        "invoice_numbers": ["1001"],
        "identity": "one",
        "reference": "AR-1-7",
        "state": State.CREATED,
        "case_id": "id-1",
        "case_reference": "Q8OAXF3W",
        "document_attached": True,
        "created_at": now,
        "changed_at": now,
    }
    made: Submission = run.submissions.create(**known | row)
    return made


def everything_about_it() -> CaseFile:
    """A case file with something of every kind in it."""
    now = FarAdapters.clock.now()
    return CaseFile(
        timeline=(
            CaseEvent(now - timedelta(days=20), "The case was opened."),
            CaseEvent(now, "A letter was sent."),
        ),
        messages=(
            Message("m-1", now - timedelta(days=2), Party.PARTNER, "Iria at Cobros", "Who signed for it?"),
            Message("m-2", now - timedelta(days=1), Party.CREDITOR, "Ada Nuttall", "Their foreman did."),
            Message("m-3", now, None, "", "Noted."),
        ),
        documents=(
            Document("f-1", now, "invoice 1001.pdf", DocumentKind.INVOICE, f"{THERE}/files/f-1"),
            Document("f-2", now, "letter.pdf", "SomethingNew"),
        ),
        payments=(
            Payment("y-1", TODAY, Money(Decimal(200), "EUR"), "CollectionPartner", "BankTransfer"),
            Payment("y-2", TODAY, Money(Decimal(0), "EUR"), "Somebody", ""),
        ),
        tasks=(
            Task(
                "t-1", "ReplyToChat", "Answer the partner", "Who signed for it?", "Q8OAXF3W", by_message=True
            ),
            Task("t-2", "SelectQuoteWinner", "Choose a quote", "", deadline=TODAY, url=f"{THERE}/quotes"),
        ),
        questions=(Question("Claim", "Which delivery note belongs to invoice 1002?"),),
        quotes=(
            Quote(
                "q-1",
                "Abogados Sol",
                "Offered",
                "Flat Fee",
                "EUR",
                phase="Legal",
                flat_fee=Decimal(950),
                court_costs=Decimal(120),
                solution="A payment order.",
                why_us="We know the court.",
                open=True,
                url=f"{THERE}/quotes/q-1",
            ),
            Quote(
                "q-2", "Lex Norte", "Declined", "Hourly", "EUR", hourly_rate=Decimal(90), hours=Decimal("4.5")
            ),
        ),
        period=Period(
            date(2026, 11, 1),
            date(2027, 11, 18),
            361,
            "Active",
            (PeriodExtension("PromiseToPay", date(2026, 11, 18), date(2027, 11, 18)),),
        ),
        agreements=(Required("Poa", "Power of attorney for Cobros Iberia", f"{THERE}/poa"),),
        unread=("the payments of last year",),
    )
