"""What is around a case: messages, files, payments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router
from typing_extensions import Annotated  # noqa: UP035

from arrears.accounts.models import User
from arrears.core.case import Lifecycle, Party
from arrears.desk.actors import Actor, Refused
from arrears.desk.api import wire_work as wire
from arrears.desk.api.auth import Caller, caller
from arrears.desk.api.errors import ErrorAnswer, Failure, FieldErrors, json_answer, not_there
from arrears.desk.api.idempotency import once
from arrears.desk.api.labels import CHAT_ROLES, LIFECYCLE_LABELS
from arrears.desk.api.links import document_url
from arrears.desk.api.paging import Page
from arrears.desk.api.people import member
from arrears.desk.api.refusals import told
from arrears.desk.api.wire_values import money_number
from arrears.desk.cases.give_info import LONGEST_ANSWER, give_info
from arrears.desk.cases.read_case import read_case
from arrears.desk.file_kinds import LARGEST_FILE
from arrears.desk.models import Document, DocumentKind, Message, Payment
from arrears.desk.talk.attach_document import attach_document
from arrears.desk.talk.list_documents import list_documents
from arrears.desk.talk.list_messages import list_messages
from arrears.desk.talk.send_message import LONGEST_MESSAGE, send_message

router = Router(tags=["Cases"], by_alias=True)

#: What a form adds to the file that it carries.
_ROOM_FOR_FORM = 64 * 1024

_FILE_FAILURES = {
    "too_large": (413, "FileTooLarge"),
    "unsupported_type": (415, "UnsupportedFileType"),
    "type_mismatch": (415, "UnsupportedFileType"),
}

#: How an operation that takes a file describes its form.
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["File"],
                    "properties": {
                        "File": {"type": "string", "format": "binary"},
                        "DocumentType": {"type": "string", "enum": DocumentKind.values},
                        "Description": {"type": "string"},
                    },
                }
            }
        },
    }
}


@router.get(
    "/cases/{piece:id}/chats",
    response={200: list[wire.Chat], 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="listChats",
    summary="The messages of a case, oldest first",
)
def chats(request: HttpRequest, id: UUID) -> list[wire.Chat]:  # noqa: A002 - as in the contract
    """A program that fetches messages has not seen them: that is for people, in the pages."""
    return [_chat(message) for message in list_messages(caller(request).actor, id).select_related("user")]


@router.post(
    "/cases/{piece:id}/chats",
    response={200: wire.Chat, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="sendChat",
    summary="Send a message on a case",
)
def send(
    request: HttpRequest,
    id: UUID,  # noqa: A002
    asked: wire.ChatAsked,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> HttpResponse:
    del idempotency_key  # documented here, read in `once`
    who = caller(request)
    return once(request, who, "POST /cases/{id}/chats", lambda: _sent(who, id, asked))


def _sent(who: Caller, case_id: UUID, asked: wire.ChatAsked) -> HttpResponse:
    text = (asked.message or "").strip()
    case = read_case(who.actor, case_id)
    if not text or len(text) > LONGEST_MESSAGE:
        # Not as an error of the field `message`: in the contract that name holds a sentence, not a list.
        raise Failure(400, "InvalidMessage", f"The message must have 1 to {LONGEST_MESSAGE:,} characters.")
    user = _sender(who, asked)
    actor = Actor(
        Party.CREDITOR,
        (user and (user.get_full_name() or user.email)) or who.creditor.name,
        organisation=who.creditor.pk,
        user=user.pk if user else None,
        email=user.email if user else "",
    )
    with told(400):
        message = send_message(actor, case_id, text, now=who.now)
        if case.lifecycle == Lifecycle.MORE_INFO and len(text) <= LONGEST_ANSWER:
            # The task to answer names this very call as the way to do it.
            give_info(actor, case_id, text, now=who.now, today=who.today)
    return json_answer(200, _chat(message).model_dump(by_alias=True))


def _sender(who: Caller, asked: wire.ChatAsked) -> User | None:
    """Who writes; None for a creditor that only programs act for, whose messages are in its own name."""
    email = (asked.user_email or "").strip()
    if not email and asked.user_id is None:
        if not who.creditor.members.exists():
            return None
        raise Failure(
            400, "MissingUserIdentifier", "Say in userEmail which of your team the message is from."
        )
    user = member(who.creditor, email=email, user_id=asked.user_id)
    if user is None:
        type_ = "InvalidUserEmail" if email else "InvalidUserId"
        raise Failure(400, type_, "Nobody in your team is known by this.")
    return user


def _chat(message: Message) -> wire.Chat:
    role, label = CHAT_ROLES[message.party]
    user = message.user
    relation = None
    if user is not None or message.by_email:
        relation = wire.UserRelation(
            id=user.pk if user else 0,
            date_created=user.date_joined if user else None,
            date_updated=None,
            first_name=(user.first_name if user else message.by) or None,
            last_name=(user.last_name if user else "") or None,
            email=user.email if user else message.by_email,
        )
    return wire.Chat(
        id=message.public_id,
        date_created=message.at,
        date_updated=None,
        role=role,
        role_label=label,
        message=message.text,
        is_seen=_is_seen(message),
        user=relation,
    )


def _is_seen(message: Message) -> bool:
    """By whom it was written to."""
    if message.party == Party.CREDITOR:
        return message.seen_by_partner_at is not None
    return message.seen_by_creditor_at is not None


@router.get(
    "/cases/{piece:id}/files",
    response={200: list[wire.CaseFile], 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="listFiles",
    summary="The files of a case",
)
def files(request: HttpRequest, id: UUID) -> list[wire.CaseFile]:  # noqa: A002
    who = caller(request)
    return [_file(who, id, document) for document in list_documents(who.actor, id)]


@router.post(
    "/cases/{piece:id}/files",
    response={200: wire.CaseFile, 400: ErrorAnswer, 404: ErrorAnswer, 413: ErrorAnswer, 415: ErrorAnswer},
    operation_id="attachFile",
    summary="Attach a file to a case",
    openapi_extra=UPLOAD,
)
def attach(request: HttpRequest, id: UUID) -> wire.CaseFile:  # noqa: A002
    who = caller(request)
    kind = DocumentKind.ORIGINAL_INVOICE
    document = attach_upload(request, who.actor, id, kind, now=who.now, today=who.today)
    return _file(who, id, document)


def attach_upload(
    request: HttpRequest,
    actor: Actor,
    case_id: UUID,
    usual: DocumentKind,
    *,
    now: datetime,
    today: date,
) -> Document:
    """Attach the file of a form to a case; it is of the `usual` kind unless the form says another.

    Raises NotThere, FieldErrors and Failure.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST_FILE + _ROOM_FOR_FORM:
        raise Failure(413, "FileTooLarge", f"A file may have at most {LARGEST_FILE // 1024**2} MB.")
    if request.content_type != "multipart/form-data":
        raise Failure(415, "UnsupportedMediaType", "Send the file as multipart/form-data.")
    read_case(actor, case_id)
    request.encoding = "utf-8"  # a caller may name any codec there is, even one that is not for text
    upload = _upload(request)
    try:
        kind = DocumentKind(request.POST.get("DocumentType") or usual)
    except ValueError:
        known = ", ".join(DocumentKind.values)
        raise FieldErrors({"DocumentType": [f"There is no such type. Known are {known}."]}) from None
    text = request.POST.get("Description", "")
    try:
        return attach_document(
            actor,
            str(case_id),
            upload.name or "",
            upload.read(),
            kind=kind,
            description=text,
            now=now,
            today=today,
        )[0]
    except Refused as refusal:
        status, type_ = _FILE_FAILURES.get(refusal.code, (400, "InvalidFile"))
        raise Failure(status, type_, refusal.in_full) from refusal


def _upload(request: HttpRequest) -> UploadedFile[Any]:
    upload = request.FILES.get("File")
    if not isinstance(upload, UploadedFile) or not upload.size:
        raise FieldErrors({"File": ["The file is missing or empty."]})
    if upload.size > LARGEST_FILE:
        raise Failure(413, "FileTooLarge", f"A file may have at most {LARGEST_FILE // 1024**2} MB.")
    return upload


def _file(who: Caller, case_id: UUID, document: Document) -> wire.CaseFile:
    return wire.CaseFile(
        id=document.public_id,
        date_created=document.attached_at,
        date_updated=document.attached_at,
        case_id=case_id,
        entity_type="Invoice",
        entity_id=case_id,
        file_name=document.name,
        url=document_url(who.creditor.pk, document.public_id),
        description=document.description or None,
        document_type=document.kind,
    )


@router.get(
    "/cases/{piece:id}/payments",
    response={200: list[wire.PaymentShown], 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="listCasePayments",
    summary="The payments on a case",
)
def case_payments(request: HttpRequest, id: UUID) -> list[wire.PaymentShown]:  # noqa: A002
    case = read_case(caller(request).actor, id)
    return [_payment(payment) for payment in case.payments.filter(reversed_at=None).select_related("case")]


@router.get(
    "/Payments",
    response={200: wire.PaymentList, 400: ErrorAnswer},
    operation_id="listPayments",
    summary="All payments, newest first",
    tags=["Payments"],
)
def payments(
    request: HttpRequest,
    page: Annotated[int, Query(alias="Page")] = 1,
    page_size: Annotated[int, Query(alias="PageSize")] = 10,
) -> wire.PaymentList:
    asked = Page.of(page, page_size)
    mine = Payment.objects.filter(case__creditor=caller(request).creditor, reversed_at=None)
    found, where = asked.cut(mine.select_related("case").order_by("-recorded_at", "-pk"))
    return wire.PaymentList(page=where, payments=[_payment(payment) for payment in found])


@router.get(
    "/Payments/{piece:id}",
    response={200: wire.PaymentShown, 400: ErrorAnswer, 404: ErrorAnswer},
    operation_id="readPayment",
    summary="Read a payment",
    tags=["Payments"],
)
def payment(request: HttpRequest, id: UUID) -> wire.PaymentShown:  # noqa: A002
    mine = Payment.objects.filter(case__creditor=caller(request).creditor, reversed_at=None)
    found = mine.select_related("case").filter(public_id=id).first()
    if found is None:
        raise not_there("payment")
    return _payment(found)


def _payment(payment: Payment) -> wire.PaymentShown:
    case = payment.case
    return wire.PaymentShown(
        id=payment.public_id,
        date_created=payment.recorded_at,
        date_updated=payment.updated_at,
        date=payment.paid_on,
        gross_amount=money_number(payment.amount, payment.currency),
        recipient=payment.recipient,
        method=payment.method,
        currency=payment.currency,
        invoice=wire.PaymentCase(
            status=LIFECYCLE_LABELS[Lifecycle(case.lifecycle)],
            reference=case.reference,
            invoice_id=case.public_id,
        ),
    )
