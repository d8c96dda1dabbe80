"""A case as the Customer API writes it: every property of the contract, times without a zone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.debitura.prices import countries
from tests.debitura.state import APP, LABELS, Account, Lead, RemoteCase
from tests.debitura.wire import instant_text, plain

_DEBTOR = (
    "type name contactPerson companyRegistrationNumber address zipCode city state stateAlpha2 "
    "countryAlpha2 email phone"
)


def when(moment: datetime | None) -> str | None:
    return instant_text(moment) if moment else None


def day_text(text: str | None) -> str | None:
    """A day as it was sent, written as an instant."""
    return f"{text[:10]}T00:00:00" if text else None


def case_json(case: RemoteCase) -> dict[str, Any]:
    body = case.body
    waits = case.state == "PendingContractSigning"
    link = f"{APP}/Sign/{case.id}" if waits else None
    return {
        "id": case.id,
        "dateCreated": instant_text(case.created),
        "dateUpdated": instant_text(case.updated),
        "reference": case.reference,
        "creditorReference": body.get("creditorReference"),
        "creditorComments": body.get("comments"),
        "claimDescription": body.get("claimDescription"),
        **_money(case),
        "currency": body["currencyCode"],
        "isTestCase": case.test,
        "lifecycle": LABELS.get(case.state, case.state),
        "dueDate": day_text(body.get("dueDate") or body.get("date")),
        "date": day_text(body.get("date")),
        "dateFinished": when(case.finished),
        "dateCollectionStarted": when(case.started),
        "closeCode": case.close_code,
        "currentEngagementPhase": case.phase,
        "claimType": "Unpaid Invoice",
        "creditorDivisionId": body.get("creditorDivisionId"),
        "debtor": _debtor(body["debtor"]),
        "collectionPartner": _partner(case),
        "creditor": creditor_json(case.account),
        "bankAccount": None,
        "blendedAgeUpliftPoints": plain(case.uplift),
        "preLegalSuccessFee": plain(case.points),
        "solutionUrl": link,
        "signingHandoff": {"combinedSigningUrl": f"{APP}/SignAll/{case.id}"} if waits else None,
        "exclusivePeriodEndDate": case.period["currentEndDate"] if case.period else None,
        "disputeStatus": "No, the claim is not disputed",
        "validation": {"needsInfo": bool(case.questions)},
        "assignedUser": None,
        "allocationOutstanding": {
            "principal": plain(max(case.remainder - case.added, Decimal(0))),
            "interest": plain(case.interest),
            "reminderFees": plain(case.reminder_fees),
            "collectionFees": plain(case.collection_fees),
        },
    }


def _money(case: RemoteCase) -> dict[str, Decimal]:
    amounts = {
        "grossAmount": case.principal,
        "remainder": case.remainder,
        "interestFees": case.interest,
        "reminderFees": case.reminder_fees,
        "collectionFees": case.collection_fees,
        "totalAddedFees": case.added,
    }
    return {name: plain(amount) for name, amount in amounts.items()}


def _debtor(sent: dict[str, Any]) -> dict[str, Any]:
    names = _DEBTOR.split(" ")
    shown = {name: sent.get(name) for name in names}
    return {**shown, "country": countries().get(str(sent.get("countryAlpha2")).upper())}


def _partner(case: RemoteCase) -> dict[str, Any]:
    return {
        "name": case.partner,
        "officeEmail": "office@partner.example",
        "officePhone": None,
        "publicSite": "https://partner.example",
        "surveyCadenceMode": 0,
    }


def creditor_json(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "companyName": account.name,
        "companyRegistrationNumber": "01234567",
        "officeEmail": "office@creditor.example",
        "officePhone": None,
        "address": "2 Mill Lane",
        "city": "Leeds",
        "zipCode": "LS1 4AP",
        "state": None,
        "country": "United Kingdom",
        "division": None,
    }


def event_line(at: datetime, title: str, text: str) -> dict[str, Any]:
    return {
        "date": instant_text(at),
        "type": "StatusChange",
        "title": title,
        "description": text,
        "actor": {"type": "System", "name": None},
    }


def lead_json(case: RemoteCase, lead: Lead, *, detail: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "quoteRequestId": lead.id,
        "caseId": case.id,
        "status": "Open",
        "leadFlowStatus": "Collecting Quotes",
        "quoteType": "Network",
        "maxQuotes": 5,
        "currentQuotesCount": len(lead.quotes),
        "outcome": None,
        "dateCreated": instant_text(lead.created),
        "dateQualified": instant_text(lead.created),
        "leadsDoneOffered": None,
        "dateReminderSent": None,
        "dateReminderTwoSent": None,
        "dateOutcomeSelected": None,
    }
    if not detail:
        return {**shown, "purpose": "PhaseChange"}
    return {
        **shown,
        "isMaxBidCountReached": len(lead.quotes) >= 5,
        "request": "Take the debtor to court.",
        "existingFees": None,
    }


#: What of a quote is shown in a list, and what alone.
_IN_LIST = (
    "quoteId quoteRequestId partnerId partnerName status agreementType hourlyRate hourlyEstimated "
    "flatFeeEstimate successFee hybridEstimate proposedSolution partnerWhyUsSection phase offerNature "
    "currency dateCreated"
)
_ALONE = (
    "quoteId quoteRequestId partnerId partnerName status agreementType currency proposedSolution "
    "feeComments partnerWhyUsSection fullQuoteLink dateCreated dateUpdated"
)


def quote_json(quote: dict[str, Any], *, detail: bool) -> dict[str, Any]:
    """The list calls the percentage `successFee`, the detail `pricing.successFeeFee`."""
    if not detail:
        return {name: quote[name] for name in _IN_LIST.split(" ")}
    prices = {
        name: quote[name] for name in ("hourlyRate", "hourlyEstimated", "flatFeeEstimate", "hybridEstimate")
    }
    pricing = {**prices, "successFeeFee": quote["successFee"], "costProcessMisc": quote["costProcessMisc"]}
    return {**{name: quote[name] for name in _ALONE.split(" ")}, "pricing": pricing}
