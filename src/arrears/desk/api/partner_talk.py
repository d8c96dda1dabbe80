"""What a partner tells and is told on its cases: messages, documents, updates, complaints, disclosures."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from arrears.core.case import Party
from arrears.desk.api import partner_wire as wire
from arrears.desk.api.answers import CHANGING, KEYED, READING, done_once, file_schema
from arrears.desk.api.creditor_account import show_complaint
from arrears.desk.api.creditor_wire import ComplaintList, ComplaintShown, DisclosureShown
from arrears.desk.api.errors import ErrorAnswer
from arrears.desk.api.paging import Page
from arrears.desk.api.partner_auth import partner_caller
from arrears.desk.api.partner_show import ROLES
from arrears.desk.api.routes_work import UPLOAD, attach_upload
from arrears.desk.cases.read_case import read_case
from arrears.desk.download import download
from arrears.desk.file_kinds import FILE_KINDS
from arrears.desk.models import Document, DocumentKind, Message, StatusUpdate
from arrears.desk.privacy.record_disclosure import record_disclosure
from arrears.desk.talk.list_complaints import list_complaints
from arrears.desk.talk.list_documents import list_documents
from arrears.desk.talk.list_messages import list_messages
from arrears.desk.talk.mark_seen import mark_seen
from arrears.desk.talk.post_update import post_update
from arrears.desk.talk.read_document import read_document
from arrears.desk.talk.respond_complaint import respond_complaint
from arrears.desk.talk.send_message import send_message

router = Router(by_alias=True)


# --- Messages -----------------------------------------------------------------------------------------------


@router.get(
    "/cases/{piece:case_id}/messages",
    response={200: wire.MessageList, **READING},
    operation_id="listMessages",
    summary="The messages of a case, oldest first",
    tags=["Messages"],
)
def messages(request: HttpRequest, case_id: UUID) -> wire.MessageList:
    found = list_messages(partner_caller(request).actor, case_id)
    return wire.MessageList(messages=[_message(one) for one in found])


@router.post(
    "/cases/{piece:case_id}/messages",
    response={200: wire.MessageShown, **CHANGING},
    operation_id="sendMessage",
    summary="Write to the creditor",
    openapi_extra=KEYED,
    tags=["Messages"],
)
def send(request: HttpRequest, case_id: UUID, asked: wire.MessageAsked) -> HttpResponse:
    who = partner_caller(request)
    return done_once(
        request,
        who,
        "partner message",
        lambda: _message(send_message(who.actor, case_id, asked.message, now=who.now)),
    )


@router.post(
    "/cases/{piece:case_id}/messages/seen",
    response={200: wire.SeenShown, **READING},
    operation_id="markMessagesSeen",
    summary="Say that somebody of yours has seen every message of a case",
    tags=["Messages"],
)
def seen(request: HttpRequest, case_id: UUID) -> wire.SeenShown:
    who = partner_caller(request)
    return wire.SeenShown(newly_seen=mark_seen(who.actor, case_id, now=who.now))


def _message(message: Message) -> wire.MessageShown:
    mine = message.party == Party.PARTNER
    return wire.MessageShown(
        id=message.public_id,
        date_created=message.at,
        role=ROLES[message.party],
        name=message.by,
        message=message.text,
        is_seen=(message.seen_by_creditor_at if mine else message.seen_by_partner_at) is not None,
    )


# --- Documents ----------------------------------------------------------------------------------------------


@router.get(
    "/cases/{piece:case_id}/documents",
    response={200: wire.DocumentList, **READING},
    operation_id="listDocuments",
    summary="The files of a case, oldest first",
    tags=["Documents"],
)
def documents(request: HttpRequest, case_id: UUID) -> wire.DocumentList:
    found = list_documents(partner_caller(request).actor, case_id)
    return wire.DocumentList(documents=[_document(one, case_id) for one in found])


@router.post(
    "/cases/{piece:case_id}/documents",
    response={200: wire.DocumentShown, 413: ErrorAnswer, 415: ErrorAnswer, **READING},
    operation_id="attachDocument",
    summary="Attach a file to a case; the same content is kept once",
    openapi_extra=UPLOAD,
    tags=["Documents"],
)
def attach(request: HttpRequest, case_id: UUID) -> wire.DocumentShown:
    who = partner_caller(request)
    kept = attach_upload(request, who.actor, case_id, DocumentKind.PARTNER, now=who.now, today=who.today)
    return _document(kept, case_id)


@router.get(
    "/documents/{piece:document_id}/content",
    response=READING,
    operation_id="downloadDocument",
    summary="A file itself; that you fetched it is written down as a disclosure",
    openapi_extra=file_schema(*sorted({kind.media_type for kind in FILE_KINDS.values()})),
    tags=["Documents"],
)
def content(request: HttpRequest, document_id: UUID) -> HttpResponse:
    who = partner_caller(request)
    found = read_document(who.actor, document_id, now=who.now)
    return download(found.name, found.media_type, bytes(found.content))


def _document(document: Document, case_id: UUID) -> wire.DocumentShown:
    return wire.DocumentShown(
        id=document.public_id,
        case_id=case_id,
        date_created=document.attached_at,
        file_name=document.name,
        media_type=document.media_type,
        size=document.size,
        description=document.description or None,
        document_type=document.kind,
        role=ROLES.get(document.party, "Creditor"),
    )


# --- Updates ------------------------------------------------------------------------------------------------


@router.get(
    "/cases/{piece:case_id}/updates",
    response={200: wire.UpdateList, **READING},
    operation_id="listUpdates",
    summary="Your monthly updates on a case, the latest first",
    tags=["Updates"],
)
def updates(request: HttpRequest, case_id: UUID) -> wire.UpdateList:
    case = read_case(partner_caller(request).actor, case_id)
    return wire.UpdateList(updates=[_update(one) for one in case.updates.all()])


@router.post(
    "/cases/{piece:case_id}/updates",
    response={200: wire.UpdateShown, **CHANGING},
    operation_id="postUpdate",
    summary="Say what was done this month and what to do next",
    openapi_extra=KEYED,
    tags=["Updates"],
)
def report(request: HttpRequest, case_id: UUID, asked: wire.UpdateAsked) -> HttpResponse:
    who = partner_caller(request)

    def work() -> wire.UpdateShown:
        posted = post_update(
            who.actor, case_id, asked.actions, asked.recommendation, now=who.now, today=who.today
        )
        return _update(posted)

    return done_once(request, who, "partner update", work)


def _update(update: StatusUpdate) -> wire.UpdateShown:
    return wire.UpdateShown(
        month=update.month,
        actions=update.actions,
        recommendation=update.recommendation,
        name=update.by,
        date_created=update.at,
    )


# --- Complaints and disclosures -----------------------------------------------------------------------------


@router.get(
    "/complaints",
    response={200: ComplaintList, **READING},
    operation_id="listComplaints",
    summary="Complaints about your cases, newest first",
    tags=["Complaints"],
)
def complaints(
    request: HttpRequest,
    case_id: Annotated[UUID | None, Query(alias="CaseId")] = None,
    page: Annotated[int | None, Query(alias="Page")] = None,
    page_size: Annotated[int | None, Query(alias="PageSize")] = None,
) -> ComplaintList:
    asked = Page.of(page, page_size)
    found, where = asked.cut(list_complaints(partner_caller(request).actor, case_id))
    return ComplaintList(page=where, complaints=[show_complaint(one) for one in found])


@router.post(
    "/complaints/{piece:number}/response",
    response={200: ComplaintShown, **CHANGING},
    operation_id="respondToComplaint",
    summary="Give your side, once you were asked for it",
    openapi_extra=KEYED,
    tags=["Complaints"],
)
def respond(request: HttpRequest, number: str, asked: wire.ResponseAsked) -> HttpResponse:
    who = partner_caller(request)
    return done_once(
        request,
        who,
        "partner complaint response",
        lambda: show_complaint(respond_complaint(who.actor, number, asked.response, now=who.now)),
    )


@router.post(
    "/cases/{piece:case_id}/disclosures",
    response={200: DisclosureShown, **CHANGING},
    operation_id="recordDisclosure",
    summary="Record that you have given the debtor's data to somebody",
    openapi_extra=KEYED,
    tags=["Privacy"],
)
def disclose(request: HttpRequest, case_id: UUID, asked: wire.DisclosureAsked) -> HttpResponse:
    who = partner_caller(request)

    def work() -> DisclosureShown:
        made = record_disclosure(who.actor, case_id, to=asked.to, what=asked.what, why=asked.why, now=who.now)
        return DisclosureShown(at=made.at, to=made.to, what=made.what, why=made.why)

    return done_once(request, who, "partner disclosure", work)
