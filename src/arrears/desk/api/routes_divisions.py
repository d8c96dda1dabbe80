"""Parts of a creditor, under which its cases can be filed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from email_validator import EmailNotValidError, validate_email
from ninja import Header, Query, Router

from arrears.core.country import COUNTRIES, country_name
from arrears.desk.api import wire_account as wire
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import ErrorAnswer, Failure, FieldErrors, json_answer, not_there
from arrears.desk.api.idempotency import once
from arrears.desk.api.labels import place_number
from arrears.desk.api.paging import Page
from arrears.desk.models import Division

router = Router(tags=["Divisions"], by_alias=True)

_LONGEST = {
    "companyName": 200,
    "registrationNumber": 50,
    "address": 200,
    "zipCode": 40,
    "state": 100,
    "city": 100,
    "officeEmail": 250,
    "officePhone": 40,
}
_WITH_ERRORS = {200: wire.DivisionShown, 404: ErrorAnswer}


@router.post(
    "/divisions",
    response={201: wire.DivisionShown, 400: ErrorAnswer, 422: ErrorAnswer},
    operation_id="createDivision",
    summary="Create a division",
)
def create(
    request: HttpRequest,
    asked: wire.DivisionAsked,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> HttpResponse:
    del idempotency_key  # documented here, read in `once`
    who = caller(request)
    return once(request, who, "POST /divisions", lambda: _created(who, asked))


def _created(who: Caller, asked: wire.DivisionAsked) -> HttpResponse:
    division = Division.objects.create(creditor=who.creditor, created_at=who.now, **_columns(asked))
    return json_answer(201, _shown(division).model_dump(by_alias=True))


@router.get(
    "/divisions",
    response={200: wire.DivisionList, 400: ErrorAnswer},
    operation_id="listDivisions",
    summary="List divisions by name",
)
def list_(
    request: HttpRequest,
    page: int = 1,
    page_size: Annotated[int, Query(alias="pageSize")] = 10,
    include_archived: Annotated[bool, Query(alias="includeArchived")] = False,
) -> wire.DivisionList:
    asked = Page.of(page, page_size)
    mine = _mine(request).order_by("name", "pk")
    found, where = asked.cut(mine if include_archived else mine.filter(archived=False))
    return wire.DivisionList(page=where, divisions=[_shown(division) for division in found])


@router.get(
    "/divisions/{piece:id}", response=_WITH_ERRORS, operation_id="readDivision", summary="Read a division"
)
def read(request: HttpRequest, id: UUID) -> wire.DivisionShown:  # noqa: A002 - as in the contract
    return _shown(_one(_mine(request), id))


@router.put(
    "/divisions/{piece:id}",
    response={**_WITH_ERRORS, 400: ErrorAnswer},
    operation_id="replaceDivision",
    summary="Replace everything that is told about a division",
)
def replace(request: HttpRequest, id: UUID, asked: wire.DivisionAsked) -> wire.DivisionShown:  # noqa: A002
    with transaction.atomic():
        division = _one(_mine(request).select_for_update(), id)
        for name, value in _columns(asked).items():
            setattr(division, name, value)
        return _saved(division, caller(request).now)


@router.delete(
    "/divisions/{piece:id}",
    response={204: None, 404: ErrorAnswer, 422: ErrorAnswer},
    operation_id="deleteDivision",
    summary="Delete a division that no case is filed under",
)
def delete(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    division = _one(_mine(request), id)
    try:
        division.delete()
    except ProtectedError:
        raise Failure(
            422, "DivisionInUse", "Cases are filed under this division. Archive it instead of deleting it."
        ) from None
    return HttpResponse(status=204)


@router.post(
    "/divisions/{piece:id}/archive",
    response={**_WITH_ERRORS, 422: ErrorAnswer},
    operation_id="archiveDivision",
    summary="Put a division away, for good",
)
@router.post(
    "/divisions/{piece:id}:archive",
    response=_WITH_ERRORS,
    operation_id="archiveDivisionVerb",
    summary="The same",
)
def archive(request: HttpRequest, id: UUID) -> wire.DivisionShown:  # noqa: A002
    with transaction.atomic():
        division = _one(_mine(request).select_for_update(), id)
        if division.archived:
            raise Failure(422, "DivisionAlreadyArchived", "This division is archived already.")
        division.archived = True
        return _saved(division, caller(request).now)


def _mine(request: HttpRequest) -> QuerySet[Division]:
    return Division.objects.filter(creditor=caller(request).creditor)


def _one(divisions: QuerySet[Division], public_id: UUID) -> Division:
    division = divisions.filter(public_id=public_id).first()
    if division is None:
        raise not_there("division")
    return division


def _saved(division: Division, now: datetime) -> wire.DivisionShown:
    division.updated_at = now
    division.save()
    return _shown(division)


def _columns(asked: wire.DivisionAsked) -> dict[str, Any]:
    """The columns that a request fills. Raises FieldErrors."""
    given = {name: str(value or "").strip() for name, value in asked.model_dump(by_alias=True).items()}
    errors: dict[str, list[str]] = {}
    for name in ("companyName", "city"):
        if not given[name]:
            errors.setdefault(name, []).append("This is missing.")
    for name, longest in _LONGEST.items():
        if len(given[name]) > longest:
            errors.setdefault(name, []).append(f"This has more than {longest} characters.")
    country = given["countryCode"].upper()
    if country not in COUNTRIES:
        errors["countryCode"] = ["The country must be a two-letter code of ISO 3166-1, such as GB."]
    if given["officeEmail"] and not _is_email(given["officeEmail"]):
        errors.setdefault("officeEmail", []).append("This is not an e-mail address.")
    if errors:
        raise FieldErrors(errors)
    return {
        "name": given["companyName"],
        "registration_number": given["registrationNumber"],
        "street": given["address"],
        "zip": given["zipCode"],
        "state": given["state"],
        "city": given["city"],
        "country": country,
        "email": given["officeEmail"],
        "phone": given["officePhone"],
    }


def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _shown(division: Division) -> wire.DivisionShown:
    return wire.DivisionShown(
        id=division.public_id,
        company_name=division.name,
        registration_number=division.registration_number or None,
        address=division.street or None,
        zip_code=division.zip or None,
        state=division.state or None,
        city=division.city,
        country=wire.DivisionCountry(
            id=place_number(division.country),
            name=country_name(division.country),
            alpha_2=division.country,
        ),
        office_email=division.email or None,
        office_phone=division.phone or None,
        is_archived=division.archived,
        created_utc=division.created_at,
        updated_utc=division.updated_at,
    )
