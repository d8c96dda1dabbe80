"""What happens to a case on the other side: what partners, debtors and the portal do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from arrears.connectors.message import Response
from tests.debitura import wire
from tests.debitura.reading import add_chat, found, payment_json
from tests.debitura.show import event_line
from tests.debitura.state import APP, LABELS, Account, Ask, Lead, RemoteCase, World

_PERIOD = timedelta(days=183)


class Moves(World):
    """Every method takes a case's id, reference or creditor's reference, and sends the events that fit."""

    def move(self, name: str, state: str) -> RemoteCase:
        """To any state; a word that is not in LABELS is shown as it is."""
        case = self.case(name)
        old, case.state = case.state, state
        self.touch(case)
        case.timeline.append(event_line(self.now, LABELS.get(state, state), "The status changed."))
        self.on_event("case.updated", case, {"oldLifecycle": old, "newLifecycle": state})
        return case

    def accept(self, name: str) -> RemoteCase:
        """The partner takes the case; the exclusive period begins."""
        case = self.move(name, "Active")
        case.started, case.phase = self.now, "Pre-legal"
        end = self.now + _PERIOD
        case.period = {
            "engagementStartDate": wire.instant_text(self.now), "currentEndDate": wire.instant_text(end),
            "daysRemaining": _PERIOD.days, "status": "Active", "extensions": [],
        }  # fmt: skip
        return case

    def phase(self, name: str, phase: str) -> RemoteCase:
        """Phases change without any event."""
        case = self.case(name)
        case.phase = phase
        self.touch(case)
        return case

    def charge(self, name: str, interest: str = "0", reminders: str = "0", costs: str = "0") -> RemoteCase:
        """The partner adds to the claim."""
        case = self.case(name)
        case.interest += Decimal(interest)
        case.reminder_fees += Decimal(reminders)
        case.collection_fees += Decimal(costs)
        self.touch(case)
        return case

    def pay(self, name: str, amount: str | Decimal) -> dict[str, Any]:
        """The debtor pays. Returns the payment."""
        case = self.case(name)
        payment = payment_json(self, case, Decimal(amount))
        case.payments.append(payment)
        self.touch(case)
        self.on_event("payment.created", case, {"paymentId": payment["id"]})
        return payment

    def unpay(self, name: str, payment_id: str) -> None:
        """A payment is reversed: it is listed no longer."""
        case = self.case(name)
        gone = next(one for one in case.payments if one["id"] == payment_id)
        case.payments.remove(gone)
        case.unpaid.append(gone)
        self.touch(case)
        self.on_event("payment.deleted", case, {"paymentId": payment_id})

    def close(self, name: str, code: str = "Pre-Legal Exhausted – No Payment") -> RemoteCase:
        case = self.move(name, "Closed")
        case.close_code, case.finished = code, self.now
        self.on_event("case.closed", case, {"closeCode": code})
        return case

    def merge(self, name: str, into: str) -> None:
        """The first becomes Merged, the second takes over its principal."""
        loser, winner = self.case(name), self.case(into)
        winner.body = {**winner.body, "amountToRecover": winner.principal + loser.principal}
        self.touch(winner)
        self.move(loser.id, "Merged")

    def delete(self, name: str) -> None:
        """Gone without a word."""
        self.case(name).deleted = True

    def ask_about(self, name: str, text: str, area: str = "Documentation") -> RemoteCase:
        """The checkers need to know something."""
        case = self.case(name)
        case.questions.append({"resolutionArea": area, "description": text})
        self.task(case.id, "MoreInfoNeeded", text)
        return self.move(case.id, "NeedsAdditionalDetails")

    def task(self, name: str, kind: str, text: str) -> dict[str, Any]:
        """Something waits for the creditor."""
        case = self.case(name)
        by_chat = kind in ("ReplyToChat", "ClientInputRequired", "MoreInfoNeeded")
        task = {
            "id": self.new_id(), "type": kind, "typeLabel": kind, "title": f"{kind} on {case.reference}",
            "description": text, "status": "Open", "caseId": case.id, "caseReference": case.reference,
            "leadId": None, "deadline": wire.instant_text(self.now + timedelta(days=2)),
            "dateCreated": wire.instant_text(self.now), "dateSolved": None,
            "solutionUrl": f"{APP}/Case/{case.id}",
            "action": {"method": "POST", "path": f"/cases/{case.id}/chats"} if by_chat else None,
        }  # fmt: skip
        case.tasks.append(task)
        return task

    def write(self, name: str, text: str, role: int = 0) -> dict[str, Any]:
        """The partner writes a message (role 0), or whoever else."""
        return add_chat(self, self.case(name), text, role=role, email="office@partner.example")

    def quote(self, name: str, **figures: Any) -> dict[str, Any]:
        """A partner quotes; give `successFee`, `flatFeeEstimate` and so on as Decimal. Returns the quote."""
        case = self.case(name)
        if not case.leads:
            case.leads.append(Lead(self.new_id(), self.now))
        quote = _quote(self, case.leads[-1], case.body["currencyCode"]) | figures
        case.leads[-1].quotes.append(quote)
        self.task(case.id, "SelectQuoteWinner", "Choose a quote.")
        self.move(case.id, "LeadsQuoteGiven")
        return quote

    def sign(self, account: Account) -> None:
        """Everything is signed and known; cases that waited for it move on by themselves."""
        account.signed, account.resign_because, account.kyc_on_file = True, "None", True
        account.unsigned.clear()
        for case in self.cases_of(account):
            if case.state == "PendingContractSigning":
                self.move(case.id, "PendingVerificationInternal")

    # --- test mode --------------------------------------------------------------------------------------

    def advance_case(self, ask: Ask) -> Response:
        """POST /test/cases/{id}/advance."""
        case = found(self, ask)
        if case is None:
            return wire.not_found("The case")
        target = ask.data.get("to") if isinstance(ask.data, dict) else None
        amount = ask.data.get("amount") if isinstance(ask.data, dict) else None
        known = {"Active": "", "Closed:Paid": "Paid", "Closed:NoPayment": "Pre-Legal Exhausted – No Payment"}
        if not case.test or target not in known or (target == "Closed:Paid" and amount is None):
            return wire.field_errors(To="The case cannot be advanced like this.")
        done = case.state == "Closed" or (case.state == "Active" and target == "Active")
        if case.state == "Closed" and target != "Active" and case.close_code != known[target]:
            return wire.field_errors(To="The case is closed with another code.")
        if not done:
            self._advance(case, target, known[target], amount)
        return wire.answer({"advanced": not done, "state": target})

    def _advance(self, case: RemoteCase, target: str, code: str, amount: Any) -> None:
        if case.state != "Active":
            self.accept(case.id)
        if target == "Closed:Paid":
            self.pay(case.id, Decimal(amount))
        if code:
            self.close(case.id, code)

    def delete_test_cases(self, ask: Ask) -> Response:
        """DELETE /test/cases: all or nothing."""
        tag = ask.first("tag").strip()
        if not tag:
            return wire.field_errors(Tag="The tag is required.")
        tagged = [case for case in self.cases_of(ask.account) if case.tag == tag]
        if not all(case.test for case in tagged):
            return wire.field_errors(Tag="The tag is on a production case. Nothing was deleted.")
        for case in tagged:
            case.deleted = True
        return wire.nothing()

    def delete_test_case(self, ask: Ask) -> Response:
        case = found(self, ask)
        if case is None:
            return wire.not_found("The case")
        if not case.test:
            return wire.field_errors(Id="The case is not a test case.")
        case.deleted = True
        return wire.nothing()


def _quote(world: World, lead: Lead, currency: str) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("hourlyRate", "hourlyEstimated", "flatFeeEstimate", "hybridEstimate", "fullQuoteLink")
    )
    return nothing | {
        "quoteId": world.new_id(), "quoteRequestId": lead.id, "partnerId": world.new_id(),
        "partnerName": "Law & Sons", "status": "Offered", "agreementType": "Success Fee",
        "currency": currency,
        "successFee": Decimal(25), "costProcessMisc": Decimal(150), "phase": "Legal",
        "offerNature": "Recommendation", "proposedSolution": "File a claim.",
        "feeComments": "Court fees come on top.",
        "partnerWhyUsSection": "Thirty years at the bar.", "dateCreated": wire.instant_text(world.now),
        "dateUpdated": None,
    }  # fmt: skip
