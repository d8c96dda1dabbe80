"""POST /cases and POST /cases/preview: keys, references, checks of the data, contracts and prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from arrears.connectors.message import Response
from tests.debitura import wire
from tests.debitura.ledger import Committed
from tests.debitura.model import Unique
from tests.debitura.prices import (
    age_points,
    base_points,
    blended_points,
    countries,
    currencies,
    in_dollars,
)
from tests.debitura.reading import send_chat
from tests.debitura.show import case_json, event_line
from tests.debitura.state import APP, Account, Ask, Finish, RemoteCase, Slot, World, decimal, partner_of

_LONGEST_KEY = 255
_LEAST_DOLLARS = Decimal(100)


def arrive(world: World, ask: Ask) -> Response | Finish:
    """The answer where the request ends here; otherwise what commits the case, at once or much later."""
    return under_key(world, ask, _checked, _commit)


def arrive_chat(world: World, ask: Ask) -> Response | Finish:
    """The same for a message, which is kept under its key where the server does that."""
    if not world.model.keys_on_chats:
        return lambda: send_chat(world, ask)
    return under_key(world, ask, lambda *_: None, send_chat)


def under_key(
    world: World,
    ask: Ask,
    check: Callable[[World, Ask], Response | None],
    commit: Callable[[World, Ask], Response],
) -> Response | Finish:
    """What an Idempotency-Key does to a request that is checked first and committed then."""
    key = ask.headers.get("idempotency-key", "")
    if len(key) > _LONGEST_KEY:
        return wire.field_errors(**{"Idempotency-Key": "The key must not be longer than 255 characters."})
    slot = Slot(ask.body, world.now)
    if key and world.model.key_window is not None:
        place = (ask.account.id, ask.call.path, key)
        kept = _kept(world, place, ask.body)
        if kept is not None:
            return kept
        world.slots[place] = slot
    response = check(world, ask)
    if response is not None:
        _keep(world, ask, slot, response)
        return response

    def finish() -> Response:
        response = commit(world, ask)
        _keep(world, ask, slot, response)
        return response

    return finish


def _kept(world: World, place: tuple[str, str, str], body: bytes) -> Response | None:
    """What the server says because of an earlier request with the same key, if anything."""
    kept = world.slots.get(place)
    if kept is None:
        return None
    if kept.response is None:
        twin = wire.business(409, "Conflict", "A request with this key is still being processed.")
        return twin if world.model.guards_twins else None
    if world.now > kept.since + (world.model.key_window or timedelta(0)):
        return None
    if world.model.conflicts and not _same(world, kept.body, body):
        text = "The Idempotency-Key was used with a different request body."
        return wire.business(422, "IdempotencyConflict", text)
    return kept.response


def _same(world: World, one: bytes, other: bytes) -> bool:
    return one == other or (world.model.as_json and wire.read_json(one) == wire.read_json(other))


def _keep(world: World, ask: Ask, slot: Slot, response: Response) -> None:
    """Field errors are never kept, and nothing is where keys are only looked at while a request runs."""
    place = (ask.account.id, ask.call.path, ask.headers.get("idempotency-key", ""))
    kept = response.status == 200 or (response.status == 422 and world.model.stores_422)
    if kept and world.model.key_window:
        slot.response = response
        slot.since = world.now
    elif world.slots.get(place) is slot:
        del world.slots[place]


def keep_fault(world: World, ask: Ask, response: Response) -> None:
    """Remember an answer of 500 under the key, where the server does that."""
    key = ask.headers.get("idempotency-key", "")
    if key and world.model.stores_500 and world.model.key_window:
        world.slots[ask.account.id, ask.call.path, key] = Slot(ask.body, world.now, response)


def _checked(world: World, ask: Ask) -> Response | None:
    faults = (
        dict(_faults(ask.data, world.today))
        if isinstance(ask.data, dict)
        else {"$": "An object is required."}
    )
    if faults:
        return wire.field_errors(**faults)
    debtor = ask.data["debtor"]
    missing = list(required(ask.account, debtor["countryAlpha2"].upper(), debtor.get("stateAlpha2") or ""))
    may_wait = ask.data.get("allowPendingContracts") and not any(one["hard"] for one in missing)
    if missing and not may_wait:
        errors = [{name: one[name] for name in ("type", "message", "solutionUrl")} for one in missing]
        return wire.several(422, errors, _signing_url(ask.account, missing))
    if world.model.reference is not Unique.NOT and world.taken(ask.account, _reference(ask)):
        return _duplicate(world)
    return None


def _reference(ask: Ask) -> str:
    return str(ask.data.get("creditorReference") or "")


def _duplicate(world: World) -> Response:
    name, text = world.model.duplicate_name, "A case with this creditor reference already exists."
    return wire.business(world.model.duplicate_status, name, text)


def _faults(data: dict[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """400 messages by field."""
    if data.get("currencyCode") not in currencies():
        yield "CurrencyCode", f"Unknown currency '{data.get('currencyCode')}'."
    yield from _amount_faults(data)
    yield from _date_faults(data, today)
    if len(str(data.get("creditorReference") or "")) > 50:
        yield "CreditorReference", "The creditor reference must not be longer than 50 characters."
    debtor = data.get("debtor")
    if not isinstance(debtor, dict):
        yield "Debtor", "The debtor is required."
    else:
        yield from _debtor_faults(debtor)


def _amount_faults(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    try:
        amount = decimal(data.get("amountToRecover"))
        parts = [data.get(f"amountToRecoverOver{months}Months") for months in (6, 12, 24)]
        six, twelve, older = (None if part is None else decimal(part) for part in parts)
    except ValueError:
        yield "AmountToRecover", "The amount must be a number."
        return
    if amount <= 0:
        yield "AmountToRecover", "The amount must be greater than zero."
    if (twelve is None) != (older is None) or (six is not None and twelve is None):
        yield "AmountToRecoverOver12Months", "Over 12 and over 24 months must be given together."
    elif not (older or 0) <= (twelve or 0) <= (amount if six is None else six) <= amount:
        yield "AmountToRecoverOver12Months", "Older parts must lie within the younger ones."


def _date_faults(data: dict[str, Any], today: date) -> Iterator[tuple[str, str]]:
    try:
        issued = date.fromisoformat(str(data.get("date"))[:10])
        due = date.fromisoformat(str(data["dueDate"])[:10]) if data.get("dueDate") else issued
    except ValueError:
        yield "Date", "The date is missing or not a date."
        return
    if issued > today:
        yield "Date", "The date must not be in the future."
    if due < issued:
        yield "DueDate", "The due date must not be before the date."
    if due > today:
        yield "DueDate", "The due date must not be in the future."


def _debtor_faults(debtor: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if str(debtor.get("type")).lower() not in ("company", "private"):
        yield "Debtor.Type", "The type must be 'Company' or 'Private'."
    if not str(debtor.get("name") or "").strip():
        yield "Debtor.Name", "The name is required."
    country = str(debtor.get("countryAlpha2") or "").upper()
    if country not in countries():
        yield "Debtor.CountryAlpha2", "The country is not known. Use its alpha-2 code."
    if country == "US" and not debtor.get("stateAlpha2"):
        yield "Debtor.StateAlpha2", "The state is required for debtors in the United States."


def required(account: Account, country: str, state: str) -> Iterator[dict[str, Any]]:
    """What stands in the way of a case, `hard` where it cannot wait."""
    partner = partner_of(country, state if country == "US" else "")
    if account.blocked:
        yield _missing("CreditorBlocked", "The account is blocked. Contact support.", "", hard=True)
    if country in account.without_partner:
        text = "We don't have an exclusive pre-legal partner in the provided jurisdiction."
        yield _missing("NoPartnerAvailable", text, "", hard=True)
        return
    if not account.signed or account.resign_because != "None":
        text = "The debt collection agreement must be signed."
        yield _missing("MissingDebtCollectionContract", text, f"{APP}/Sign/Sdca", hard=False)
    if partner in account.unsigned:
        text = f"A power of attorney for {partner} must be signed."
        yield _missing("MissingPowerOfAttorney", text, f"{APP}/Sign/Poa", hard=False)
    if partner in account.kyc_partners and not account.kyc_on_file:
        text = f"{partner} needs to know who you are."
        yield _missing("MissingKycVerification", text, f"{APP}/Kyc", hard=True)


def _missing(kind: str, message: str, url: str, *, hard: bool) -> dict[str, Any]:
    return {"type": kind, "message": message, "solutionUrl": url or None, "hard": hard}


def _signing_url(account: Account, missing: list[dict[str, Any]]) -> str | None:
    signable = any(one["solutionUrl"] for one in missing)
    return f"{APP}/SignAll/{account.id}" if signable else None


def points_of(account: Account, data: dict[str, Any], today: date) -> tuple[Decimal, Decimal]:
    """The success fee and the age part of it."""
    amount = decimal(data["amountToRecover"])
    country = str(data["debtor"]["countryAlpha2"]).upper()
    if data.get("amountToRecoverOver12Months") is not None:
        over_12, over_24 = (decimal(data[f"amountToRecoverOver{months}Months"]) for months in (12, 24))
        uplift = blended_points(amount, over_12, over_24)
    else:
        due = str(data.get("dueDate") or data.get("date") or today)[:10]
        uplift = age_points(date.fromisoformat(due), today)
    base = account.custom_points
    if base is None:
        base = base_points(amount, data["currencyCode"], country)
    return base + uplift, uplift


def _commit(world: World, ask: Ask) -> Response:
    data, reference = ask.data, _reference(ask)
    if world.model.reference is Unique.HARD and world.taken(ask.account, reference):
        return _duplicate(world)
    debtor = data["debtor"]
    country, state = debtor["countryAlpha2"].upper(), debtor.get("stateAlpha2") or ""
    points, uplift = points_of(ask.account, data, world.today)
    waits = bool(list(required(ask.account, country, state)))
    partner = partner_of(country, state if country == "US" else "")
    case = RemoteCase(
        world.new_id(),
        world.new_reference(),
        ask.account,
        data,
        partner,
        points,
        uplift,
        created=world.now,
        updated=world.now,
        seen_from=world.seen_from(),
        state="PendingContractSigning" if waits else "PendingVerificationInternal",
    )
    case.timeline.append(event_line(world.now, "Case created", "The case was created."))
    world.add(case)
    world.ledger.committed.append(
        Committed(
            world.now,
            case.id,
            ask.account.id,
            reference,
            str(debtor["name"]),
            case.principal,
            data["currencyCode"],
            str(data.get("comments") or ""),
            case.test,
            ask.call.number,
        )
    )
    world.on_event("case.created", case, {})
    return wire.answer(case_json(case))


# --- preview --------------------------------------------------------------------------------------------


def preview(world: World, ask: Ask) -> Response:
    """Says what would happen, and creates nothing. The result is wrapped."""
    data = ask.data if isinstance(ask.data, dict) else {}
    faults = dict(_preview_faults(data))
    if faults:
        return wire.field_errors(**faults)
    debtor = data["debtor"]
    country, state = debtor["countryAlpha2"].upper(), debtor.get("stateAlpha2") or ""
    missing = list(required(ask.account, country, state))
    none = country in ask.account.without_partner
    small = in_dollars(decimal(data["amountToRecover"]), data["currencyCode"]) < _LEAST_DOLLARS
    reason = missing[-1]["message"] if none else "The amount is below USD 100." if small else None
    actions = [] if none else missing
    partner = partner_of(country, state if country == "US" else "")
    result = {
        "isEligible": reason is None,
        "ineligibilityReason": reason,
        "partnerAssignment": None if none else _assigned(partner, country),
        "requiredActions": [_action(one) for one in actions],
        "jurisdiction": {"id": 44, "name": country, "countryAlpha2": country, "stateAlpha2": state or None},
        "pricingPreview": None if none else _priced(world, ask.account, data),
        "requiresKycVerification": partner in ask.account.kyc_partners,
        "hasKycOnFile": ask.account.kyc_on_file,
        "signingHandoff": {"combinedSigningUrl": _signing_url(ask.account, actions)},
    }
    return wire.answer({"result": result})


def _preview_faults(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if data.get("currencyCode") not in currencies():
        yield "CurrencyCode", f"Unknown currency '{data.get('currencyCode')}'."
    yield from _amount_faults(data)
    if data.get("dueDate") and data.get("amountToRecoverOver12Months") is not None:
        yield "DueDate", "Give either the due date or the parts by age."
    debtor = data.get("debtor")
    if not isinstance(debtor, dict):
        yield "Debtor", "The debtor is required."
    else:
        yield from _debtor_faults({"name": "any", **debtor})
        if len(debtor.get("stateAlpha2") or "XX") != 2:
            yield "Debtor.StateAlpha2", "The state must have two letters."


def _assigned(partner: str, country: str) -> dict[str, Any]:
    number = f"00000000-0000-4000-8000-{sum(partner.encode()):012d}"
    return {"collectionPartnerId": number, "partnerName": partner, "partnerCountry": countries()[country]}


def _action(missing: dict[str, Any]) -> dict[str, Any]:
    shown = {name: missing[name] for name in ("type", "message", "solutionUrl")}
    return {**shown, "isBlocking": True}


def _priced(world: World, account: Account, data: dict[str, Any]) -> dict[str, Any]:
    points, uplift = points_of(account, data, world.today)
    source = "Standard agreement" if account.custom_points is None else "Creditor custom pricing"
    return {
        "baseSuccessFeePercentage": wire.plain(points - uplift),
        "ageSurchargePercentage": wire.plain(uplift),
        "totalSuccessFeePercentage": wire.plain(points),
        "currencyCode": data["currencyCode"],
        "pricingSource": source,
        "pricingSourceDescription": f"{wire.plain(points)}% success fee — {source}",
    }
