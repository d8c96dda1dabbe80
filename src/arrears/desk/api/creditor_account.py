"""Beyond the contract: complaints, agreements, statements, chosen partners, and debtors' data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from arrears.core.complaint import ComplaintState
from arrears.core.country import jurisdiction
from arrears.desk.api import creditor_wire as wire
from arrears.desk.api.answers import CHANGING, KEYED, READING, done_once, file_schema
from arrears.desk.api.asked_cases import place_asked, return_url_asked
from arrears.desk.api.auth import caller
from arrears.desk.api.errors import FieldErrors
from arrears.desk.api.links import document_url
from arrears.desk.api.paging import Page
from arrears.desk.api.refusals import told
from arrears.desk.api.statement_wire import StatementShown, show_statement, statement_asked
from arrears.desk.contracts.contract_status import AgreementLine, contract_status
from arrears.desk.contracts.read_signed_pdf import read_signed_pdf
from arrears.desk.download import download
from arrears.desk.models import Complaint, PartnerOverride
from arrears.desk.money.statement_csv import statement_csv
from arrears.desk.partner_store import partner_with
from arrears.desk.partners.choose_partner import choose_partner
from arrears.desk.privacy.export_debtor import export_debtor
from arrears.desk.privacy.list_disclosures import list_disclosures
from arrears.desk.signatures import LINK_DAYS, signing_link
from arrears.desk.talk.list_complaints import list_complaints
from arrears.desk.talk.raise_complaint import raise_complaint
from arrears.desk.talk.withdraw_complaint import withdraw_complaint

router = Router(by_alias=True)

_PageNumber = Annotated[int | None, Query(alias="Page")]
_PageSize = Annotated[int | None, Query(alias="PageSize")]


# --- Complaints ---------------------------------------------------------------------------------------------


@router.get(
    "/complaints",
    response={200: wire.ComplaintList, **READING},
    operation_id="listComplaints",
    summary="Your complaints, newest first",
    tags=["Complaints"],
)
def complaints(
    request: HttpRequest,
    case_id: Annotated[UUID | None, Query(alias="CaseId")] = None,
    page: _PageNumber = None,
    page_size: _PageSize = None,
) -> wire.ComplaintList:
    asked = Page.of(page, page_size)
    found, where = asked.cut(list_complaints(caller(request).actor, case_id))
    return wire.ComplaintList(page=where, complaints=[show_complaint(one) for one in found])


@router.post(
    "/cases/{piece:case_id}/complaints",
    response={200: wire.ComplaintShown, **CHANGING},
    operation_id="raiseComplaint",
    summary="Complain about how a case is worked",
    openapi_extra=KEYED,
    tags=["Complaints"],
)
def complain(request: HttpRequest, case_id: UUID, asked: wire.ComplaintAsked) -> HttpResponse:
    who = caller(request)

    def work() -> wire.ComplaintShown:
        raised = raise_complaint(who.actor, case_id, asked.subject, asked.text, now=who.now, today=who.today)
        return show_complaint(raised)

    return done_once(request, who, "creditor complaint", work)


@router.post(
    "/complaints/{piece:number}/withdraw",
    response={200: wire.ComplaintShown, **CHANGING},
    operation_id="withdrawComplaint",
    summary="Take a complaint back",
    openapi_extra=KEYED,
    tags=["Complaints"],
)
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    who = caller(request)
    return done_once(
        request,
        who,
        "creditor complaint withdraw",
        lambda: show_complaint(withdraw_complaint(who.actor, number, now=who.now)),
    )


def show_complaint(one: Complaint) -> wire.ComplaintShown:
    """A complaint as both sides of it see it."""
    return wire.ComplaintShown(
        number=one.number,
        case_id=one.case.public_id,
        case_reference=one.case.reference,
        subject=one.subject,
        text=one.text,
        status=ComplaintState(one.state).value,
        answer_due=one.answer_due,
        response=one.response or None,
        decision=one.decision or None,
        date_created=one.raised_at,
        date_updated=one.updated_at,
    )


# --- Agreements ---------------------------------------------------------------------------------------------


@router.get(
    "/agreements",
    response={200: wire.AgreementList, **READING},
    operation_id="listAgreements",
    summary="What you have signed, and what you have to sign",
    tags=["Agreements"],
)
def agreements(request: HttpRequest) -> wire.AgreementList:
    who = caller(request)
    status = contract_status(who.actor, who.creditor.pk, today=who.today)
    return wire.AgreementList(
        waiting_cases=status.waiting_cases, agreements=[_agreement(line) for line in status.lines]
    )


def _agreement(line: AgreementLine) -> wire.AgreementShown:
    status = line.status
    return wire.AgreementShown(
        kind=line.kind.label,
        about=line.about or None,
        partner_id=line.partner,
        jurisdiction=line.jurisdiction or None,
        version=line.version or None,
        signature_id=status.signature,
        signer=line.signer or None,
        signed_at=line.signed_at,
        is_valid=status.valid,
        is_needed=line.wanted,
        invalidation_reason=status.reason.value if status.requires_resigning else None,
    )


@router.get(
    "/agreements/{piece:signature_id}/pdf",
    response=READING,
    operation_id="readSignedAgreement",
    summary="A signed agreement as PDF",
    openapi_extra=file_schema("application/pdf"),
    tags=["Agreements"],
)
def agreement_pdf(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    pdf = read_signed_pdf(caller(request).actor, signature_id)
    return download(pdf.name, "application/pdf", pdf.content)


@router.post(
    "/signing",
    response={200: wire.SigningStarted, **CHANGING},
    operation_id="startSigning",
    summary="Get an address at which a person of yours signs what is missing",
    openapi_extra=KEYED,
    tags=["Agreements"],
)
def start_signing(request: HttpRequest, asked: wire.SigningAsked) -> HttpResponse:
    who = caller(request)
    place = _place(asked)

    def work() -> wire.SigningStarted:
        partner = partner_with(asked.partner_id) if asked.partner_id else None
        link = signing_link(
            who.creditor.pk,
            return_url_asked(asked.return_url),
            now=who.now,
            partner_id=partner.pk if partner else None,
            jurisdiction=place,
        )
        return wire.SigningStarted(signing_url=link, expires_at=who.now + timedelta(days=LINK_DAYS))

    return done_once(request, who, "creditor signing", work)


def _place(asked: wire.SigningAsked) -> str:
    if not asked.country_alpha_2:
        return ""
    errors: dict[str, list[str]] = {}
    country, state = place_asked(asked.country_alpha_2, asked.state_alpha_2, errors)
    if errors:
        raise FieldErrors(errors)
    return jurisdiction(country, state)


# --- Statement ----------------------------------------------------------------------------------------------

_First = Annotated[date, Query(alias="From")]
_Last = Annotated[date, Query(alias="To")]


@router.get(
    "/statement",
    response={200: StatementShown, 422: CHANGING[422], **READING},
    operation_id="readStatement",
    summary="What was paid and passed on from one day to another",
    tags=["Statement"],
)
def statement(request: HttpRequest, first: _First, last: _Last) -> StatementShown:
    with told(422):
        return show_statement(statement_asked(caller(request).actor, first, last))


@router.get(
    "/statement.csv",
    response={422: CHANGING[422], **READING},
    operation_id="readStatementAsCsv",
    summary="The same as a file for the books",
    openapi_extra=file_schema("text/csv"),
    tags=["Statement"],
)
def statement_file(request: HttpRequest, first: _First, last: _Last) -> HttpResponse:
    with told(422):
        drawn_up = statement_asked(caller(request).actor, first, last)
    return download(drawn_up.file_name, "text/csv", statement_csv(drawn_up))


# --- Chosen partners ----------------------------------------------------------------------------------------


@router.get(
    "/partner-choices",
    response={200: wire.PartnerChoiceList, **READING},
    operation_id="listPartnerChoices",
    summary="Which partners you have chosen for which places",
    tags=["Partners"],
)
def choices(request: HttpRequest) -> wire.PartnerChoiceList:
    return _choices(caller(request).creditor.pk)


@router.put(
    "/partner-choices",
    response={200: wire.PartnerChoiceList, **CHANGING},
    operation_id="choosePartner",
    summary="Choose a partner for a place, or leave it to the desk again",
    tags=["Partners"],
)
def choose(request: HttpRequest, asked: wire.PartnerChoiceAsked) -> wire.PartnerChoiceList:
    who = caller(request)
    with told(422):
        choose_partner(who.actor, who.creditor.pk, asked.place.strip().upper(), asked.partner_id)
    return _choices(who.creditor.pk)


def _choices(creditor_id: int) -> wire.PartnerChoiceList:
    chosen = PartnerOverride.objects.filter(creditor_id=creditor_id).select_related("partner")
    return wire.PartnerChoiceList(
        choices=[
            wire.PartnerChoice(
                place=one.jurisdiction, partner_id=one.partner.public_id, partner_name=one.partner.name
            )
            for one in chosen.order_by("jurisdiction")
        ]
    )


# --- Debtors' data ------------------------------------------------------------------------------------------


@router.get(
    "/cases/{piece:case_id}/disclosures",
    response={200: wire.DisclosureList, **READING},
    operation_id="listDisclosures",
    summary="Who was given a debtor's personal data, oldest first",
    tags=["Privacy"],
)
def disclosures(
    request: HttpRequest, case_id: UUID, page: _PageNumber = None, page_size: _PageSize = None
) -> wire.DisclosureList:
    asked = Page.of(page, page_size)
    found, where = asked.cut(list_disclosures(caller(request).actor, case_id))
    return wire.DisclosureList(
        page=where,
        disclosures=[wire.DisclosureShown(at=one.at, to=one.to, what=one.what, why=one.why) for one in found],
    )


@router.post(
    "/cases/{piece:case_id}/debtor-export",
    response={200: wire.DebtorExport, **CHANGING},
    operation_id="exportDebtor",
    summary="Everything that is kept about a debtor, for an answer to the debtor's request",
    tags=["Privacy"],
)
def export(request: HttpRequest, case_id: UUID) -> wire.DebtorExport:
    """Each export is written down as a disclosure, so this is no reading."""
    who = caller(request)
    with told(422):
        exported = export_debtor(who.actor, case_id, now=who.now)
    return wire.DebtorExport(
        data=exported.data,
        files=[
            wire.ExportedFile(
                id=one.public_id,
                file_name=one.name,
                media_type=one.media_type,
                url=document_url(who.creditor.pk, one.public_id),
            )
            for one in exported.documents
        ],
    )
