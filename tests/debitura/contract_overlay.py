"""What the server made from the contract remembers, laid thinly over its made-up answers.

Cases with their chats and files, by API key; and the few checks that no schema can express.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from arrears.connectors.message import Response
from tests.debitura import wire
from tests.debitura.clock import START
from tests.debitura.contract_document import Operation, value_for
from tests.debitura.prices import age_points, blended_points, countries, currencies

#: What every creditor is called.
COMPANY = "Acme Suppliers"


@dataclass
class Tenant:
    """What is kept for one API key; lists by case id."""

    id: str
    signed: bool = True
    cases: list[dict[str, Any]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    chats: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    said: dict[tuple[str, str], Response] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    operation: Operation
    names: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    data: Any
    form: Mapping[str, tuple[str, bytes]]
    tenant: Tenant
    moment: str

    def made(self) -> Any:
        """The answer as the contract describes it, all made up."""
        schema = self.operation.success[1]
        return copy.deepcopy(value_for(schema)) if schema else None


def new_tenant(api_key: str) -> Tenant:
    return Tenant(str(uuid.uuid5(uuid.NAMESPACE_URL, api_key)), not api_key.startswith("unsigned"))


def made_up(ask: Ask) -> Response:
    """An answer from the contract alone; below a case only where the case is this creditor's."""
    if ask.operation.route.split(" ")[1].startswith("/cases/{id}") and _case(ask) is None:
        return wire.not_found("The case")
    status, schema = ask.operation.success
    return wire.answer(ask.made(), status) if schema else wire.nothing(status)


def _case(ask: Ask) -> dict[str, Any] | None:
    return next((case for case in ask.tenant.cases if case["id"] == ask.names["id"]), None)


def _data_faults(data: dict[str, Any]) -> dict[str, str]:
    """What no schema can say: codes that are none, amounts that nobody owes."""
    debtor = data.get("debtor") or {}
    country = debtor.get("countryAlpha2") or ""
    faults = {
        "CurrencyCode": data.get("currencyCode") not in currencies(),
        "AmountToRecover": (data.get("amountToRecover") or 0) <= 0,
        "Debtor.Type": str(debtor.get("type")).lower() not in ("company", "private"),
        "Debtor.Name": "name" in debtor and not str(debtor["name"]).strip(),
        "Debtor.CountryAlpha2": country not in countries(),
        "Debtor.StateAlpha2": country == "US" and not debtor.get("stateAlpha2"),
    }
    return {name: "The value is not valid." for name, wrong in faults.items() if wrong}


def _open(ask: Ask) -> Response:
    data, tenant = ask.data, ask.tenant
    faults = _data_faults(data)
    if faults:
        return wire.field_errors(**faults)
    reference = data.get("creditorReference")
    if reference and any(case["creditorReference"] == reference for case in tenant.cases):
        return wire.business(422, "DuplicateReference", "The creditor reference is taken.")
    if not tenant.signed and not data.get("allowPendingContracts"):
        return wire.several(422, [_SIGN], _SIGN_ALL)
    case = ask.made()
    number, uplift = str(uuid.uuid4()), _uplift(data)
    case |= {
        "id": number,
        "reference": number[:8].upper(),
        "creditorReference": reference,
        "creditorComments": data.get("comments"),
        "claimDescription": data.get("claimDescription"),
        "currency": data["currencyCode"],
        "isTestCase": bool(data.get("isTest")),
        "dateCreated": ask.moment,
        "dateUpdated": ask.moment,
        "lifecycle": "Pending Verification Internal" if tenant.signed else "Pending contract signing",
        "closeCode": None,
        "solutionUrl": None,
        "signingHandoff": _handoff(tenant),
        "debtor": {**dict.fromkeys(case["debtor"]), **data["debtor"]},
        "preLegalSuccessFee": wire.plain(_POINTS + uplift),
        "blendedAgeUpliftPoints": wire.plain(uplift),
        **_amounts(data["amountToRecover"]),
    }
    case["collectionPartner"] |= {"name": _PARTNER}
    tenant.cases.append(case)
    tenant.tags[number] = data.get("tag") or ""
    return wire.answer(case)


_POINTS = Decimal("9.5")
_PARTNER = "Oriel Collections Limited"
_SIGN_ALL = "https://app.debitura.com/SignAll"
_SIGN = {
    "type": "MissingDebtCollectionContract",
    "message": "The debt collection agreement must be signed.",
    "solutionUrl": "https://app.debitura.com/Sign/Sdca",
}


def _handoff(tenant: Tenant) -> dict[str, str | None]:
    return {"combinedSigningUrl": None if tenant.signed else _SIGN_ALL}


def _uplift(data: Mapping[str, Any]) -> Decimal:
    """Points for age, by the due date or the parts by age."""
    if data.get("amountToRecoverOver12Months") is not None:
        parts = (data["amountToRecoverOver12Months"], data["amountToRecoverOver24Months"])
        return blended_points(Decimal(data["amountToRecover"]), *map(Decimal, parts))
    due = data.get("dueDate") or data.get("date")
    return age_points(date.fromisoformat(due[:10]), START.date()) if due else Decimal(0)


def _amounts(principal: Decimal | int) -> dict[str, Any]:
    fees = dict.fromkeys(("interestFees", "reminderFees", "collectionFees", "totalAddedFees"), 0)
    return {"grossAmount": principal, "remainder": principal, **fees}


def _preview(ask: Ask) -> Response:
    faults = _data_faults(ask.data)
    if faults:
        return wire.field_errors(**faults)
    made = ask.made()
    made["result"] |= {
        "isEligible": True,
        "ineligibilityReason": None,
        "requiredActions": [] if ask.tenant.signed else [{**_SIGN, "isBlocking": True}],
        "signingHandoff": _handoff(ask.tenant),
    }
    made["result"]["partnerAssignment"] |= {"partnerName": _PARTNER}
    uplift = _uplift(ask.data)
    made["result"]["pricingPreview"] |= {
        "baseSuccessFeePercentage": wire.plain(_POINTS),
        "ageSurchargePercentage": wire.plain(uplift),
        "totalSuccessFeePercentage": wire.plain(_POINTS + uplift),
        "pricingSource": "Standard agreement",
    }
    return wire.answer(made)


def _list(ask: Ask) -> Response:
    number, size = (int(ask.query.get(name, [default])[0]) for name, default in _PAGING)
    cases = ask.tenant.cases[::-1]
    if ask.query.get("Sort") == ["DateUpdated:desc"]:
        cases.sort(key=lambda case: case["dateUpdated"], reverse=True)
    shown = cases[(number - 1) * size : number * size]
    page = {
        "totalResults": len(cases),
        "pageSize": size,
        "currentPage": number,
        "responseCount": len(shown),
        "totalPages": -(-len(cases) // size),
    }
    return wire.answer({"page": page, "cases": shown})


_PAGING = (("Page", "1"), ("PageSize", "10"))


def _read(ask: Ask) -> Response:
    case = _case(ask)
    return wire.answer(case) if case else wire.not_found("The case")


def _find(ask: Ask) -> Response:
    wanted = ask.names["creditorReference"]
    case = next((case for case in ask.tenant.cases if case["creditorReference"] == wanted), None)
    return wire.answer(case) if case else wire.not_found("The case")


def _say(ask: Ask) -> Response:
    case = _case(ask)
    if case is None:
        return wire.not_found("The case")
    kept = (case["id"], ask.headers.get("idempotency-key", ""))
    if kept in ask.tenant.said:
        return ask.tenant.said[kept]
    text = ask.data["message"]
    if not text.strip():
        return wire.field_errors(Message="The message is required.")
    case["dateUpdated"] = ask.moment
    own = {"id": str(uuid.uuid4()), "dateCreated": ask.moment, "message": text, "role": 1}
    chat = {**ask.made(), **own, "roleLabel": "Creditor"}
    ask.tenant.chats.setdefault(case["id"], []).append(chat)
    if kept[1]:
        ask.tenant.said[kept] = wire.answer(chat)
    return wire.answer(chat)


def _upload(ask: Ask) -> Response:
    if _case(ask) is None:
        return wire.not_found("The case")
    name = ask.form["File"][0]
    kind = ask.form.get("DocumentType", ("", b"OriginalInvoice"))[1].decode()
    own = {"id": str(uuid.uuid4()), "caseId": ask.names["id"], "fileName": name, "documentType": kind}
    kept = {**ask.made(), **own, "description": ask.form.get("Description", ("", b""))[1].decode() or None}
    ask.tenant.files.setdefault(ask.names["id"], []).append(kept)
    return wire.answer(kept)


def _kept(name: str) -> Callable[[Ask], Response]:
    def show(ask: Ask) -> Response:
        if _case(ask) is None:
            return wire.not_found("The case")
        return wire.answer(getattr(ask.tenant, name).get(ask.names["id"], []))

    return show


def _me(ask: Ask) -> Response:
    return wire.answer({**ask.made(), "id": ask.tenant.id, "companyName": COMPANY})


def _delete_tagged(ask: Ask) -> Response:
    tag = ask.query.get("tag", [""])[0]
    if not tag.strip():
        return wire.field_errors(Tag="The tag is required.")
    tenant = ask.tenant
    tenant.cases = [case for case in tenant.cases if tenant.tags[case["id"]] != tag]
    return wire.nothing()


def _agreement(ask: Ask) -> Response:
    return wire.answer({**ask.made(), **_contract(ask.tenant), "invalidationReason": "None"})


def _contract(tenant: Tenant) -> dict[str, Any]:
    url = None if tenant.signed else _SIGN["solutionUrl"]
    return {"signed": tenant.signed, "requiresResigning": False, "solutionUrl": url}


def _contracts(ask: Ask) -> Response:
    if _case(ask) is None:
        return wire.not_found("The case")
    contracts = dict.fromkeys(("sdca", "poa", "pricingAppendix"), _contract(ask.tenant))
    return wire.answer({**ask.made(), **contracts, "needsPoaSigning": not ask.tenant.signed})


def _nothing(value: Any, status: int = 200) -> Callable[[Ask], Response]:
    """What there is on a case on which nothing has happened yet."""

    def show(ask: Ask) -> Response:
        known = _case(ask) is not None
        return wire.answer(value, status) if known and status == 200 else wire.not_found("The case")

    return show


NOTHING_YET: dict[str, Callable[[Ask], Response]] = {
    "GET /cases/{id}/payments": _nothing([]),
    "GET /cases/{id}/tasks": _nothing([]),
    "GET /cases/{id}/quote-requests": _nothing({"quoteRequests": []}),
    "GET /cases/{id}/validation": _nothing({"needsInfo": False, "creditorRespondedAt": None, "items": []}),
    "GET /cases/{id}/exclusive-period": _nothing(None, 404),
}

OVERLAY: dict[str, Callable[[Ask], Response]] = {
    "POST /cases": _open,
    "POST /cases/preview": _preview,
    "GET /cases": _list,
    "GET /cases/{id}": _read,
    "GET /cases/by-creditor-reference/{creditorReference}": _find,
    "POST /cases/{id}/chats": _say,
    "GET /cases/{id}/chats": _kept("chats"),
    "POST /cases/{id}/files": _upload,
    "GET /cases/{id}/files": _kept("files"),
    "DELETE /test/cases": _delete_tagged,
    "GET /me": _me,
    "GET /contracts/debt-collection/status": _agreement,
    "GET /cases/{id}/contract-status": _contracts,
}
