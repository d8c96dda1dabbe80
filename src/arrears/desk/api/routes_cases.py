"""Reading cases: lists, one case, and how it stands."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query

from arrears.core.case import Lifecycle
from arrears.core.country import jurisdiction
from arrears.desk.actors import cases_of
from arrears.desk.api import wire_cases as wire
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import ErrorAnswer, FieldErrors, json_answer, not_there
from arrears.desk.api.labels import ACTOR_TYPES, STATUS_NAMES, statuses_of
from arrears.desk.api.links import SigningAsked, signing_url
from arrears.desk.api.paging import Page
from arrears.desk.api.routes_open import router
from arrears.desk.api.show_cases import show_case, show_cases, shown_with
from arrears.desk.cases.read_case import read_case
from arrears.desk.models import AgreementKind, Case, EventKind
from arrears.desk.periods import period_of
from arrears.desk.signatures import Signatures, Status

__all__ = ["router"]

#: Columns by the names under which lists may be sorted.
_SORTABLE = {
    "datecreated": "opened_at",
    "dateupdated": "updated_at",
    "datefinished": "finished_at",
    "datecollectionstarted": "accepted_at",
    "duedate": "oldest_due",
    "date": "oldest_issued",
    "grossamount": "principal",
    "remainder": "outstanding",
    "interestfees": "interest_fees",
    "collectionfees": "collection_fees",
    "reminderfees": "reminder_fees",
    "lifecycle": "lifecycle",
    "closecode": "close_code",
}
_NULLABLE = frozenset({"finished_at", "accepted_at", "oldest_due", "oldest_issued"})

_Uuids = list[UUID]


@router.get(
    "/cases",
    response={200: wire.CaseList, 400: ErrorAnswer},
    operation_id="listCases",
    summary="List cases, newest first unless sorted otherwise",
)
def list_(
    request: HttpRequest,
    page: Annotated[int | None, Query(alias="Page")] = None,
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
    debtor_ids: Annotated[_Uuids, Query(alias="DebtorIds")] = [],  # noqa: B006 - never changed
    ids: Annotated[_Uuids, Query(alias="Ids")] = [],  # noqa: B006
    statuses: Annotated[list[str], Query(alias="Statuses")] = [],  # noqa: B006
    division_ids: Annotated[_Uuids, Query(alias="DivisionIds")] = [],  # noqa: B006
    sort: Annotated[str, Query(alias="Sort")] = "",
) -> HttpResponse:
    who = caller(request)
    asked = Page.of(page, page_size)
    cases = shown_with(cases_of(who.actor))
    if statuses:
        cases = cases.filter(lifecycle__in=_lifecycles(statuses))
    # A debtor belongs to one case only, and goes by its id.
    for wanted in (debtor_ids, ids):
        cases = cases.filter(public_id__in=wanted) if wanted else cases
    if division_ids:
        cases = cases.filter(division__public_id__in=division_ids)
    found, where = asked.cut(_sorted(cases, sort))
    shown = wire.CaseList(page=where, cases=show_cases(found))
    # Given back as it is, the framework would check every case a second time: a third of the whole answer.
    return json_answer(200, shown.model_dump(by_alias=True))


def _lifecycles(names: list[str]) -> list[str]:
    known, unknown = statuses_of(names)
    if unknown:
        raise FieldErrors({"statuses": [f"There is no such status. Known are {', '.join(STATUS_NAMES)}."]})
    return [lifecycle.value for lifecycle in known]


def _sorted(cases: QuerySet[Case], sort: str) -> QuerySet[Case]:
    """By the fields asked for, in their order; names that are not known are passed over."""
    orders = []
    for part in sort.split(","):
        name, _, direction = part.partition(":")
        column = _SORTABLE.get(name.strip().lower())
        if column is None:
            continue
        down = direction.strip().lower() == "desc"
        if column in _NULLABLE:
            order = F(column).desc(nulls_last=True) if down else F(column).asc(nulls_last=True)
        else:
            order = F(column).desc() if down else F(column).asc()
        orders.append(order)
    if not orders:
        return cases.order_by("-opened_at", "-pk")
    return cases.order_by(*orders, "-pk")


@router.get(
    "/cases/by-creditor-reference/{anything:creditorReference}",
    response={200: wire.CaseShown, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readCaseByCreditorReference",
    summary="Read a case by your own reference",
)
def by_creditor_reference(request: HttpRequest, creditorReference: str) -> wire.CaseShown:  # noqa: N803 - as in the contract
    return _found(caller(request), creditor_reference=creditorReference)


@router.get(
    "/cases/case-reference/{anything:caseReference}",
    response={200: wire.CaseShown, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readCaseByReference",
    summary="Read a case by the desk's reference",
)
def by_case_reference(request: HttpRequest, caseReference: str) -> wire.CaseShown:  # noqa: N803 - as in the contract
    return _found(caller(request), reference=caseReference.upper())


def _found(who: Caller, **reference: str) -> wire.CaseShown:
    if not all(text and text.isprintable() for text in reference.values()):
        raise not_there()  # no such reference was ever given out
    case = shown_with(cases_of(who.actor)).filter(**reference).order_by("-opened_at").first()
    if case is None:
        raise not_there()
    return show_case(case)


@router.get(
    "/cases/{piece:id}",
    response={200: wire.CaseShown, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readCase",
    summary="Read a case",
)
def read(request: HttpRequest, id: UUID) -> wire.CaseShown:  # noqa: A002 - as in the contract
    case = shown_with(cases_of(caller(request).actor)).filter(public_id=id).first()
    if case is None:
        raise not_there()
    return show_case(case)


@router.get(
    "/cases/{piece:id}/contract-status",
    response={200: wire.CaseContractStatus, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readContractStatus",
    summary="How the agreements stand that a case needs",
)
def contract_status(request: HttpRequest, id: UUID) -> wire.CaseContractStatus:  # noqa: A002
    who = caller(request)
    case = read_case(who.actor, id)
    place = jurisdiction(case.debtor_country, case.debtor_state)
    signatures = Signatures(who.creditor.pk, who.today)
    link = signing_url(SigningAsked(who.creditor.pk, case.partner_id, place, case.return_url))
    needed = {one.kind for one in signatures.missing(case.partner_id, place)}
    poa = None
    if case.partner_id is not None:
        poa = signatures.status(AgreementKind.POWER_OF_ATTORNEY, case.partner_id)
    appendix = signatures.status(AgreementKind.PRICING_APPENDIX, None, place)
    has_appendix = appendix.signed or AgreementKind.PRICING_APPENDIX in needed
    return wire.CaseContractStatus(
        sdca=_item(signatures.status(AgreementKind.STANDARD), link),
        poa=_item(poa, link) if poa else None,
        pricing_appendix=_item(appendix, link) if has_appendix else None,
        collection_partner_name=case.partner.name if case.partner else None,
        needs_poa_signing=bool(needed & {AgreementKind.POWER_OF_ATTORNEY, AgreementKind.PRICING_APPENDIX}),
    )


def _item(status: Status, link: str) -> wire.ContractItem:
    return wire.ContractItem(
        signed=status.signed,
        requires_resigning=status.requires_resigning,
        solution_url=None if status.valid else link,
    )


@router.get(
    "/cases/{piece:id}/timeline",
    response={200: wire.Timeline, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readTimeline",
    summary="Everything that has happened to a case, in order",
)
def timeline(request: HttpRequest, id: UUID) -> wire.Timeline:  # noqa: A002
    case = read_case(caller(request).actor, id)
    return wire.Timeline(items=timeline_of(case), current_engagement_phase=case.phase or None)


def timeline_of(case: Case) -> list[wire.TimelineItem]:
    """Everything that has happened to a case, in order."""
    return [
        wire.TimelineItem(
            date=event.at,
            type=EventKind(event.kind).name.title(),
            title=EventKind(event.kind).label,
            description=event.text,
            actor=wire.TimelineActor(type=ACTOR_TYPES.get(event.party, "System"), name=event.by or None),
        )
        for event in case.events.all()
    ]


@router.get(
    "/cases/{piece:id}/exclusive-period",
    response={200: wire.ExclusivePeriod, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readExclusivePeriod",
    summary="For how long one partner alone works a case",
)
def exclusive_period(request: HttpRequest, id: UUID) -> wire.ExclusivePeriod:  # noqa: A002
    who = caller(request)
    period = period_of(read_case(who.actor, id), who.today)
    if period is None:
        raise not_there("exclusive period")
    return wire.ExclusivePeriod(
        engagement_start_date=period.start,
        current_end_date=period.end,
        days_remaining=period.days_remaining(who.today),
        status=period.status_on(who.today).value,
        extensions=[
            wire.PeriodExtensionShown(
                type=one.kind.value, event_date=one.event_date, new_end_date=one.new_end
            )
            for one in period.extensions
        ],
    )


@router.get(
    "/cases/{piece:id}/validation",
    response={200: wire.ValidationShown, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readValidation",
    summary="What a case still needs from you",
)
def validation(request: HttpRequest, id: UUID) -> wire.ValidationShown:  # noqa: A002
    case = read_case(caller(request).actor, id)
    requests = list(case.info_requests.all())
    answered = [one.answered_at for one in requests if one.answered_at]
    waiting = [one for one in requests if one.answered_at is None and one.settled_at is None]
    return wire.ValidationShown(
        needs_info=case.lifecycle == Lifecycle.MORE_INFO,
        creditor_responded_at=max(answered, default=None),
        items=[
            wire.ValidationItem(resolution_area=_area(one.area), description=one.description)
            for one in waiting
        ],
    )


def _area(area: str) -> str:
    return "".join(word.capitalize() for word in re.split(r"\W+", area))
