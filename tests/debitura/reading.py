"""Everything the Customer API tells about cases and accounts, and the few small things it lets one write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, TypeVar

from arrears.connectors.message import Response
from tests.debitura import wire
from tests.debitura.show import case_json, creditor_json, lead_json, quote_json
from tests.debitura.state import APP, LABELS, Ask, RemoteCase, World

T = TypeVar("T")

MOST_BYTES = 25_000_000
_TYPES = frozenset({"pdf", "xls", "xlsx", "csv", "txt", "jpg", "jpeg", "png", "gif"})
_KINDS = frozenset(
    {
        "OriginalInvoice", "DebtorDocuments", "CreditorDocuments", "PartnerDocuments", "DemandLetter",
        "Miscellaneous",
    }
)  # fmt: skip


def found(world: World, ask: Ask) -> RemoteCase | None:
    return world.with_id(ask.account, ask.names["id"])


def page(ask: Ask, name: str, items: Sequence[T], default: int = 10) -> Response:
    """One page of `items`, which are already written as JSON."""
    number, size = _whole(ask.first("Page"), 1), _whole(ask.first("PageSize"), default)
    if number is None or size is None:
        return wire.field_errors(Page="The value is not valid.")
    number, size = max(number, 1), min(max(size, 1), 100)
    shown = list(items[(number - 1) * size : number * size])
    pages = -(-len(items) // size)
    envelope = {
        "totalResults": len(items), "pageSize": size, "currentPage": number,
        "responseCount": len(shown), "totalPages": pages,
    }  # fmt: skip
    return wire.answer({"page": envelope, name: shown})


def _whole(text: str, default: int) -> int | None:
    if not text:
        return default
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else None


# --- cases ----------------------------------------------------------------------------------------------

_SORTS = {
    "datecreated": lambda case: case.created,
    "dateupdated": lambda case: case.updated,
    "grossamount": lambda case: case.principal,
    "remainder": lambda case: case.remainder,
    "lifecycle": lambda case: LABELS.get(case.state, case.state),
}


def list_cases(world: World, ask: Ask) -> Response:
    cases = list(enumerate(world.cases_of(ask.account)))
    wanted = _words(ask, "Statuses")
    if wanted:
        cases = [(at, case) for at, case in cases if _names(case) & wanted]
    ids = _words(ask, "Ids")
    if ids:
        cases = [(at, case) for at, case in cases if case.id in ids]
    field, _, direction = ask.first("Sort").partition(":")
    sort = _SORTS.get(field.strip().lower())
    if sort is not None:
        descending = direction.strip().lower() == "desc"
        cases.sort(key=lambda pair: (sort(pair[1]), pair[0]), reverse=descending)
    else:
        cases.reverse()
    return page(ask, "cases", [case_json(case) for _, case in cases])


def _names(case: RemoteCase) -> set[str]:
    return {case.state.lower(), LABELS.get(case.state, case.state).lower()}


def _words(ask: Ask, name: str) -> set[str]:
    """Repeated parameters and comma-separated ones, in lower case."""
    given = [value for key, values in ask.query.items() if key.lower() == name.lower() for value in values]
    return {word.strip().lower() for value in given for word in value.split(",") if word.strip()}


def read_case(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    return wire.answer(case_json(case)) if case else wire.not_found("The case")


def find_case(world: World, ask: Ask) -> Response:
    case = world.with_reference(ask.account, ask.names["creditorReference"])
    return wire.answer(case_json(case)) if case else wire.not_found("The case")


def find_by_own_reference(world: World, ask: Ask) -> Response:
    cases = world.cases_of(ask.account)
    case = next((case for case in cases if case.reference == ask.names["caseReference"]), None)
    return wire.answer(case_json(case)) if case else wire.not_found("The case")


def part(name: str) -> Any:
    """A list that belongs to a case and is shown as it is kept, whole."""

    def show(world: World, ask: Ask) -> Response:
        case = found(world, ask)
        return wire.answer(getattr(case, name)) if case else wire.not_found("The case")

    return show


def timeline(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    if case is None:
        return wire.not_found("The case")
    return wire.answer({"items": case.timeline, "currentEngagementPhase": case.phase})


def validation(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    if case is None:
        return wire.not_found("The case")
    answered = wire.instant_text(case.answered) if case.answered else None
    shown = {"needsInfo": bool(case.questions), "creditorRespondedAt": answered, "items": case.questions}
    return wire.answer(shown)


def contract_status(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    if case is None:
        return wire.not_found("The case")
    signed, poa = ask.account.signed, case.partner not in ask.account.unsigned
    shown = {
        "sdca": _contract(signed, ask.account.resign_because != "None", f"{APP}/Sign/Sdca"),
        "poa": _contract(poa, False, f"{APP}/Sign/Poa"),
        "pricingAppendix": None,
        "collectionPartnerName": case.partner,
        "needsPoaSigning": not poa,
    }
    return wire.answer(shown)


def _contract(signed: bool, again: bool, url: str) -> dict[str, Any]:
    return {
        "signed": signed,
        "requiresResigning": again,
        "solutionUrl": None if signed and not again else url,
    }


def exclusive_period(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    if case is None or case.period is None:
        return wire.not_found("The exclusive period")
    return wire.answer(case.period)


def quote_requests(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    if case is None:
        return wire.not_found("The case")
    return wire.answer({"quoteRequests": [lead_json(case, lead, detail=False) for lead in case.leads]})


def quotes(world: World, ask: Ask) -> Response:
    """The quote request, its quotes or one of them, by how much the path names."""
    case = found(world, ask)
    leads = case.leads if case else []
    lead = next((lead for lead in leads if lead.id == ask.names["quoteRequestId"]), None)
    if case is None or lead is None:
        return wire.not_found("The quote request")
    if ask.call.route.endswith("/quotes"):
        return wire.answer({"quotes": [quote_json(quote, detail=False) for quote in lead.quotes]})
    if "quoteId" not in ask.names:
        return wire.answer(lead_json(case, lead, detail=True))
    quote = next((one for one in lead.quotes if one["quoteId"] == ask.names["quoteId"]), None)
    return wire.answer(quote_json(quote, detail=True)) if quote else wire.not_found("The quote")


# --- writing on a case ----------------------------------------------------------------------------------


def send_chat(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    if case is None:
        return wire.not_found("The case")
    text = ask.data.get("message") if isinstance(ask.data, dict) else None
    if not isinstance(text, str) or not text.strip() or len(text) > 10_000:
        return wire.field_errors(Message="The message must have between 1 and 10000 characters.")
    email = ask.data.get("userEmail")
    if email and email not in {user["email"] for user in ask.account.users}:
        return wire.answer(
            {"error": "InvalidUserEmail", "message": "No such user.", "businessErrors": None}, 422
        )
    chat = add_chat(world, case, text, role=1, email=email or "office@creditor.example")
    return wire.answer(chat)


def add_chat(world: World, case: RemoteCase, text: str, *, role: int, email: str) -> dict[str, Any]:
    """Roles leak as numbers: 0 the partner, 1 the creditor, 2 managed by the partner."""
    labels = {0: "Partner", 1: "Creditor", 2: "Managed by partner"}
    chat = {
        "id": world.new_id(),
        "dateCreated": wire.instant_text(world.now),
        "dateUpdated": None,
        "role": role,
        "roleLabel": labels.get(role, "Somebody"),
        "message": text,
        "isSeen": False,
        "user": {
            "id": 7, "dateCreated": None, "dateUpdated": None,
            "firstName": "Sam", "lastName": "Field", "email": email,
        },
    }  # fmt: skip
    case.chats.append(chat)
    world.touch(case)
    if role == 1 and case.questions:
        case.answered = world.now
    world.on_event("chat.created", case, {"chatId": chat["id"], "message": text})
    return chat


def upload(world: World, ask: Ask) -> Response:
    case = found(world, ask)
    if case is None:
        return wire.not_found("The case")
    fields = form_fields(ask.headers.get("content-type", ""), ask.body)
    if "File" not in fields:
        return wire.field_errors(File="The file is required.")
    name, content = fields["File"]
    if name.rpartition(".")[2].lower() not in _TYPES or "." not in name:
        return wire.business(415, "UnsupportedMediaType", "Files of this type are not allowed.")
    if len(content) > MOST_BYTES:
        return wire.business(413, "PayloadTooLarge", "The file is larger than 25 MB.")
    kind = fields.get("DocumentType", ("", b"OriginalInvoice"))[1].decode()
    if kind not in _KINDS:
        return wire.field_errors(DocumentType="The document type is not known.")
    return wire.answer(_kept_file(world, case, name, content, kind, fields))


def _kept_file(
    world: World, case: RemoteCase, name: str, content: bytes, kind: str, fields: dict[str, tuple[str, bytes]]
) -> dict[str, Any]:
    number = world.new_id()
    kept = {
        "id": number,
        "dateCreated": wire.instant_text(world.now),
        "dateUpdated": wire.instant_text(world.now),
        "caseId": case.id,
        "entityType": "Invoice",
        "entityId": case.id,
        "fileName": name,
        "url": f"https://files.blob.example/{number}?se=2026-11-22T13%3A00%3A00Z&sig=x",
        "description": fields.get("Description", ("", b""))[1].decode() or None,
        "documentType": kind,
    }
    case.files.append(kept)
    case.contents[number] = content
    return kept


def form_fields(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a multipart form: name to file name (or nothing) and content."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        return {}
    found = {}
    for section in message.iter_parts():
        name = section.get_param("name", header="content-disposition")
        content = section.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = (section.get_filename() or "", content)
    return found


# --- the account ----------------------------------------------------------------------------------------


def me(_: World, ask: Ask) -> Response:
    shown = creditor_json(ask.account)
    return wire.answer({name: value for name, value in shown.items() if name != "division"})


def agreement(_: World, ask: Ask) -> Response:
    account = ask.account
    again = account.resign_because != "None"
    shown = {
        "signed": account.signed,
        "requiresResigning": again,
        "invalidationReason": account.resign_because,
        "termsUrl": "https://www.debitura.com/debt-collection-agreement",
        "solutionUrl": None if account.signed and not again else f"{APP}/Sign/Sdca",
    }
    return wire.answer(shown)


def users(_: World, ask: Ask) -> Response:
    return page(ask, "users", ask.account.users, default=50)


def divisions(_: World, ask: Ask) -> Response:
    all_of_them = ask.first("includeArchived").lower() == "true"
    shown = [one for one in ask.account.divisions if all_of_them or not one["isArchived"]]
    return page(ask, "divisions", shown)


def tasks(world: World, ask: Ask) -> Response:
    """All of the account's, or those of one case, which come unpaged."""
    status = (ask.first("status") or "Open").lower()
    kinds = _words(ask, "type")
    cases = world.cases_of(ask.account)
    if "id" in ask.names:
        case = found(world, ask)
        if case is None:
            return wire.not_found("The case")
        cases = [case]
    shown = [
        task
        for case in cases
        for task in case.tasks
        if task["status"].lower() == status and (not kinds or task["type"].lower() in kinds)
    ]
    return wire.answer(shown) if "id" in ask.names else page(ask, "tasks", shown)


def payments(world: World, ask: Ask) -> Response:
    return page(ask, "payments", [one for case in world.cases_of(ask.account) for one in case.payments])


def eligible(_: World, ask: Ask) -> Response:
    """Coverage in short: every country is one jurisdiction, and this tells only the partners by name."""
    country = str(ask.data.get("countryAlpha2")).upper() if isinstance(ask.data, dict) else ""
    covered = country not in ask.account.without_partner
    shown = {
        "isEligible": covered, "jurisdiction": None, "partner": None,
        "powerOfAttorneyStatus": None, "errorMessage": None if covered else "No partner.",
    }  # fmt: skip
    return wire.answer(shown)


def payment_json(world: World, case: RemoteCase, amount: Decimal) -> dict[str, Any]:
    related = {
        "status": LABELS.get(case.state, case.state),
        "reference": case.reference,
        "invoiceId": case.id,
    }
    return {
        "id": world.new_id(),
        "dateCreated": wire.instant_text(world.now),
        "dateUpdated": None,
        "date": f"{world.today.isoformat()}T00:00:00",
        "grossAmount": wire.plain(amount),
        "recipient": "CollectionPartner",
        "method": "Bank transfer",
        "currency": case.body["currencyCode"],
        "invoice": related,
    }
