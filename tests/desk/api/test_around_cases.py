"""Messages, files, payments, quotes and tasks over HTTP."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from arrears.accounts.models import User
from arrears.core.case import Lifecycle, Party
from arrears.core.task import TaskKind
from arrears.core.verification import CheckArea
from arrears.desk.actors import Actor
from arrears.desk.api import links
from arrears.desk.cases.ask_info import ask_info
from arrears.desk.models import Case, Payment, Quote, QuoteRequest, Task
from arrears.desk.talk.send_message import send_message
from tests.desk.api.world import Adapters, Program, a_program
from tests.desk.builders import NOON, a_case, a_partner, partner_of
from tests.fakes import PDF


def at_work(program: Program, **changes: Any) -> Case:
    return a_case(creditor=program.creditor, **changes)


# --- Messages -----------------------------------------------------------------------------------------------


def test_messages_go_both_ways(program: Program) -> None:
    case = at_work(program)
    sent = program.post(
        f"/cases/{case.public_id}/chats", {"message": "Any news?", "userEmail": "carol@acme.example"}
    )
    assert (sent["role"], sent["roleLabel"], sent["isSeen"]) == (1, "Creditor", False)
    assert sent["user"]["email"] == "carol@acme.example"
    send_message(partner_of(case), case.public_id, "They will pay.", now=NOON)
    send_message(Actor(Party.OPERATOR, "Olive"), case.public_id, "Good.", now=NOON)
    told = program.get(f"/cases/{case.public_id}/chats")
    assert [(chat["role"], chat["message"]) for chat in told] == [
        (1, "Any news?"),
        (0, "They will pay."),
        (2, "Good."),
    ]


def test_a_creditor_without_people_writes_in_its_own_name(program: Program) -> None:
    program.creditor.members.clear()
    case = at_work(program)
    sent = program.post(f"/cases/{case.public_id}/chats", {"message": "Any news?"})
    assert (sent["role"], sent["message"]) == (1, "Any news?")
    assert case.messages.get().by == program.creditor.name


def test_a_message_answers_what_was_asked(program: Program) -> None:
    case = at_work(program)
    questions = [(CheckArea.DEBTOR, "Which branch?")]
    ask_info(partner_of(case), case.public_id, questions, now=NOON, today=NOON.date())
    program.post(f"/cases/{case.public_id}/chats", {"message": "Leeds.", "userEmail": "carol@acme.example"})
    case.refresh_from_db()
    assert case.lifecycle == Lifecycle.ACTIVE
    assert case.info_requests.get().answer == "Leeds."


def test_fetching_messages_is_not_seeing_them(program: Program) -> None:
    case = at_work(program)
    message = send_message(partner_of(case), case.public_id, "They will pay.", now=NOON)
    program.get(f"/cases/{case.public_id}/chats")
    message.refresh_from_db()
    assert message.seen_by_creditor_at is None


def test_the_sender_is_somebody_of_the_team_by_id_or_address(program: Program) -> None:
    case = at_work(program)
    path = f"/cases/{case.public_id}/chats"
    (carol,) = program.get("/users")["users"]
    assert carol["name"] == "Carol Creditor"
    program.post(path, {"message": "Hello", "userId": carol["id"]})
    stranger = a_program("Other Ltd").get("/users")["users"][0]
    User.objects.filter(email="carol@acme.example").update(is_active=False)
    for body, type_ in (
        ({"message": "Hello"}, "MissingUserIdentifier"),
        ({"message": "Hello", "userId": stranger["id"]}, "InvalidUserId"),
        ({"message": "Hello", "userEmail": stranger["email"]}, "InvalidUserEmail"),
        ({"message": "Hello", "userEmail": "carol@acme.example"}, "InvalidUserEmail"),
    ):
        assert program.post(path, body, 400)["businessErrors"][0]["type"] == type_
    assert "message" in program.post(path, {"message": " ", "userId": carol["id"]}, 400)
    assert "message" in program.post(path, {"message": "x" * 10_001, "userId": carol["id"]}, 400)


# --- Files --------------------------------------------------------------------------------------------------


def test_a_file_is_attached_listed_and_fetched(program: Program) -> None:
    case = at_work(program)
    kept = program.upload(str(case.public_id), "invoice.pdf", PDF, Description="The invoice")
    assert kept.status == 200
    assert kept.body["documentType"] == "OriginalInvoice"
    (listed,) = program.get(f"/cases/{case.public_id}/files")
    assert listed["fileName"] == "invoice.pdf"
    fetched = program.client.get(listed["url"].removeprefix("https://desk.example"))
    assert fetched.content == PDF
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="invoice.pdf"'
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"


def test_the_address_of_a_file_works_for_a_quarter_of_an_hour_and_for_nothing_else(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at_work(program)
    url = program.upload(str(case.public_id), "invoice.pdf", PDF).body["url"]
    path = url.removeprefix("https://desk.example")
    assert program.client.get(path[:-2] + "xx").status_code == 404
    other = links.signing_url(links.SigningAsked(program.creditor.pk)).rpartition("/")[2]
    assert program.client.get(f"/api/customer/files/{other}").status_code == 404
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 14 * 60)
    assert program.client.get(path).status_code == 200
    monkeypatch.setattr(time, "time", lambda: real() + 16 * 60)
    assert program.client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("a.exe", b"MZ", 415),
        ("a.pdf", b"not a PDF", 415),
        ("a.pdf", b"", 400),
        ("a.pdf", b"%PDF-1.4" + b"x" * (25 * 1024 * 1024), 413),
        ("a.txt", b"Some words.", 200),
    ],
)
def test_only_files_of_known_kinds_and_sizes_are_taken(
    program: Program, name: str, content: bytes, status: int
) -> None:
    case = at_work(program)
    assert program.upload(str(case.public_id), name, content).status == status


def test_a_file_has_a_known_type_and_comes_as_a_form(program: Program) -> None:
    case = at_work(program)
    assert program.upload(str(case.public_id), "a.pdf", PDF, DocumentType="Poem").status == 400
    assert program.upload(str(case.public_id), "a.pdf", PDF, DocumentType="DemandLetter").status == 200
    assert program.ask("POST", f"/cases/{case.public_id}/files", {"File": "x"}).status == 415
    assert program.upload(str(uuid.uuid4()), "a.pdf", PDF).status == 404


# --- Payments -----------------------------------------------------------------------------------------------


def a_payment(case: Case, **changes: Any) -> Payment:
    amount = Decimal(100)
    known: dict[str, Any] = {
        "case": case,
        "partner": case.partner,
        "paid_on": date(2026, 11, 20),
        "amount": amount,
        "currency": case.currency,
        "recipient": "CollectionPartner",
        "method": "BankTransfer",
        "to_principal": amount,
        "to_interest": 0,
        "to_reminder_fees": 0,
        "to_collection_fees": 0,
        "rate": Decimal("9.5"),
        "fee": Decimal("9.5"),
        "fee_vat": 0,
        "partner_share": 0,
        "creditor_share": Decimal("90.5"),
        "settle_by": date(2026, 12, 31),
        "recorded_by": "Pat",
        "recorded_at": NOON,
        "updated_at": NOON,
    }
    return Payment.objects.create(**known | changes)


def test_payments_are_told_until_they_are_reversed(program: Program) -> None:
    case = at_work(program, outstanding=Decimal(400))
    paid = a_payment(case)
    a_payment(case, reversed_at=NOON)
    a_payment(a_case())
    (told,) = program.get(f"/cases/{case.public_id}/payments")
    assert told["grossAmount"] == Decimal("100.00")
    assert told["invoice"] == {
        "invoiceId": str(case.public_id),
        "reference": case.reference,
        "status": "Active",
    }
    assert program.get("/Payments")["payments"] == [told]
    assert program.get(f"/Payments/{paid.public_id}") == told
    assert a_program("Other Ltd").get("/Payments")["payments"] == []
    a_program("Third Ltd").get(f"/Payments/{paid.public_id}", 404)
    shown = program.get(f"/cases/{case.public_id}")
    assert shown["allocationOutstanding"]["principal"] == shown["remainder"] == Decimal("400.00")
    program.get("/payments", 404)


# --- Quotes -------------------------------------------------------------------------------------------------


def test_quotes_are_told(program: Program) -> None:
    partner = a_partner()
    case = at_work(program, lifecycle=Lifecycle.PENDING_QUOTE_SELECTION, partner=partner)
    request = QuoteRequest.objects.create(
        case=case, scenario="Network", purpose="PhaseChange", phase="Legal", text="Sue?", max_quotes=3,
        state="Open", opened_at=NOON, closes_at=datetime(2026, 12, 1, tzinfo=UTC),
    )  # fmt: skip
    quote = Quote.objects.create(
        request=request, partner=partner, agreement="Flat Fee", currency="GBP", flat_fee=Decimal(750),
        success_fee=Decimal("5.5"), court_costs=Decimal(70), nature="Recommendation", phase="Legal",
        valid_until=date(2026, 12, 31), state="Offered", offered_at=NOON, updated_at=NOON,
    )  # fmt: skip
    path = f"/cases/{case.public_id}/quote-requests"
    (told,) = program.get(path)["quoteRequests"]
    assert (told["status"], told["currentQuotesCount"], told["purpose"]) == ("Open", 1, "PhaseChange")
    assert program.get(f"{path}/{request.public_id}")["request"] == "Sue?"
    (offer,) = program.get(f"{path}/{request.public_id}/quotes")["quotes"]
    assert (offer["flatFeeEstimate"], offer["successFee"]) == (Decimal("750.00"), Decimal("5.5"))
    detail = program.get(f"{path}/{request.public_id}/quotes/{quote.public_id}")
    assert detail["pricing"]["costProcessMisc"] == Decimal("70.00")
    another = at_work(program)
    program.get(f"/cases/{another.public_id}/quote-requests/{request.public_id}", 404)
    program.get(
        f"/cases/{another.public_id}/quote-requests/{request.public_id}/quotes/{quote.public_id}", 404
    )


# --- Tasks --------------------------------------------------------------------------------------------------


def test_tasks_are_told_for_the_account_and_for_one_case(program: Program) -> None:
    case, other = at_work(program), at_work(program)
    rows = [
        (case, Party.CREDITOR, TaskKind.REPLY_TO_CHAT, None),
        (other, Party.CREDITOR, TaskKind.SELECT_QUOTE, None),
        (None, Party.CREDITOR, TaskKind.SIGN_CONTRACT, None),
        (case, Party.CREDITOR, TaskKind.MORE_INFO, NOON),
        (case, Party.PARTNER, TaskKind.VERIFY_CASE, None),
    ]
    for about, party, kind, solved in rows:
        subject = str(uuid.uuid4()) if kind is TaskKind.SELECT_QUOTE else ""
        Task.objects.create(
            creditor=program.creditor, case=about, party=party, kind=kind, subject=subject,
            opened_at=NOON, solved_at=solved,
        )  # fmt: skip
    told = program.get("/tasks")
    assert {task["type"] for task in told["tasks"]} == {"ReplyToChat", "SelectQuoteWinner", "SignContract"}
    (reply,) = program.get(f"/cases/{case.public_id}/tasks")
    assert reply["action"] == {"method": "POST", "path": "/cases/{caseId}/chats"}
    assert [task["type"] for task in program.get("/tasks?status=Solved")["tasks"]] == ["MoreInfoNeeded"]
    kinds = program.get("/tasks?type=ReplyToChat&type=SignContract&PageSize=1")
    assert kinds["page"]["totalResults"] == 2
    assert all(task["solutionUrl"].startswith("https://desk.example/") for task in told["tasks"])
    program.get("/tasks?status=Lost", 400)
    program.get("/tasks?type=Dance", 400)
    assert a_program("Other Ltd").get("/tasks")["tasks"] == []
    assert Adapters.clock.now() == NOON
