"""Sign everything that a link asks for."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.crypto import constant_time_compare

from arrears.accounts.audit import Action, note
from arrears.accounts.models import Organisation
from arrears.core.wording import list_text
from arrears.desk.actors import NotThere, Refused
from arrears.desk.agreement_pdf import FIELD_HEIGHT, FIELD_WIDTH, SignatureFacts, agreement_pdf
from arrears.desk.models import Signature, SigningRequest
from arrears.desk.signed_cases import let_signed_cases_go_on
from arrears.desk.signing import CODE_MINUTES, Paper, code_hash, digest_of, papers_of, request_of

_MOST_GUESSES = 5
_LONGEST_NAME = 200
_LONGEST_DRAWN = 20_000
_DRAWN = re.compile(r"(?:M\d{1,4} \d{1,4}(?:L\d{1,4} \d{1,4})*)+")
_NUMBER = re.compile(r"(\d+) (\d+)")


@dataclass(frozen=True, slots=True)
class SignatureForm:
    """What the signer has entered. `shown` is the digest of the texts that the page showed.

    `typed` is the name once more, as a signature; `drawn` may be SVG path data of whole-number M and L steps
    within the signing field, or empty.
    """

    code: str
    name: str
    title: str
    typed: str
    shown: str
    drawn: str = ""
    ip_address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedAgreements:
    """What was signed, and how many cases went on at once because of it; more than a hundred follow soon."""

    creditor_id: int
    signatures: tuple[UUID, ...]
    cases: int
    return_url: str


def sign_agreements(token: str, form: SignatureForm, *, now: datetime, today: date) -> SignedAgreements:
    """Sign all agreements of a link, and let the cases go on that waited for them.

    The signed texts are those that the page showed. Signing again with the same link and code changes nothing
    and gives the same answer. Raises NotThere for a link that does not work, Refused for what was entered.
    """
    _check_form(form)
    problem = _check_code(token, form.code, now)
    if problem is not None:
        raise problem
    request = request_of(token, now=now, signed_too=True)
    papers = papers_of(request, today) if request.signed_at is None else ()
    # Making the copies takes a while, so it is done before anything is locked.
    copies = [_copy(paper, request, form, now) for paper in papers]
    with transaction.atomic():
        request = request_of(token, now=now, lock=True, signed_too=True)
        if request.signed_at is not None:
            return _answer(request, request.signed_at, 0)
        creditor = Organisation.objects.select_for_update(no_key=True).get(pk=request.creditor_id)
        if not constant_time_compare(digest_of(papers_of(request, today)), form.shown) or (
            digest_of(papers) != form.shown
        ):
            raise Refused(
                "What is to be signed has changed since you opened the page.",
                code="texts_changed",
                action="Read the documents again, then sign.",
            )
        Signature.objects.bulk_create(
            _signature(paper, pdf, request, form, now, creditor)
            for paper, pdf in zip(papers, copies, strict=True)
        )
        request.signed_at = now
        request.save(update_fields=["signed_at"])
        what = list_text([paper.title for paper in papers])
        text = f"{form.name.strip()} ({request.code_email}) signed: {what}."
        note(creditor.pk, Action.AGREEMENT_SIGNED, text, now)
        cases = let_signed_cases_go_on(creditor.pk, now=now, today=today)
        return _answer(request, now, cases)


def _check_form(form: SignatureForm) -> None:
    for what, value in (("name", form.name), ("title in the company", form.title)):
        if not value.strip() or len(value) > _LONGEST_NAME or not value.isprintable():
            raise Refused(
                f"Enter your {what}, in at most {_LONGEST_NAME} characters.", code=what.partition(" ")[0]
            )
    if _folded(form.typed) != _folded(form.name):
        raise Refused(
            "The typed signature is not the same as the name.",
            code="typed",
            action="Type your name in both fields in the same way.",
        )
    if form.drawn and not _is_drawing(form.drawn):
        raise Refused(
            "The drawn signature could not be read.",
            code="drawn",
            action="Clear the field and draw again, or leave it empty.",
        )


def _is_drawing(drawn: str) -> bool:
    if len(drawn) > _LONGEST_DRAWN or not _DRAWN.fullmatch(drawn):
        return False
    return all(int(x) <= FIELD_WIDTH and int(y) <= FIELD_HEIGHT for x, y in _NUMBER.findall(drawn))


def _check_code(token: str, code: str, now: datetime) -> Refused | None:
    """Compare the code, and count a wrong guess for good: so this is a transaction of its own.

    A link that was used says nothing but yes, to the one who has just used it.
    """
    with transaction.atomic():
        request = request_of(token, now=now, lock=True, signed_too=True)
        problem = _code_problem(request, code, now)
        if problem is not None and request.signed_at is not None:
            raise NotThere("signing link")
        request.save(update_fields=["code_guesses"])
        return problem


def _code_problem(request: SigningRequest, code: str, now: datetime) -> Refused | None:
    if not request.code_hash:
        return _no_code("No code has been sent yet.")
    if now - request.codes_sent_at[-1] > timedelta(minutes=CODE_MINUTES):
        return _no_code("The code is too old.")
    if request.code_guesses >= _MOST_GUESSES:
        return _no_code("The code was typed wrongly too often.")
    if constant_time_compare(code_hash(request, "".join(code.split())), request.code_hash):
        return None
    request.code_guesses += 1
    return Refused("This is not the code.", code="code", action="Look at the latest e-mail and try again.")


def _no_code(problem: str) -> Refused:
    return Refused(problem, code="no_code", action="Ask for a new code.")


def _copy(paper: Paper, request: SigningRequest, form: SignatureForm, now: datetime) -> bytes:
    facts = SignatureFacts(
        form.name.strip(),
        form.title.strip(),
        request.code_email,
        now,
        _address(form.ip_address) or "",
        form.drawn,
    )
    return agreement_pdf(paper.title, paper.text, facts)


def _signature(
    paper: Paper,
    pdf: bytes,
    request: SigningRequest,
    form: SignatureForm,
    now: datetime,
    creditor: Organisation,
) -> Signature:
    return Signature(
        public_id=uuid4(),
        creditor=creditor,
        version=paper.version,
        partner=paper.partner,
        jurisdiction=paper.jurisdiction,
        creditor_name=creditor.name,
        text=paper.text,
        text_hash=paper.text_hash,
        signer_name=form.name.strip(),
        signer_title=form.title.strip(),
        signer_email=request.code_email,
        drawn=form.drawn,
        signed_at=now,
        ip_address=_address(form.ip_address),
        user_agent=form.user_agent[:500].replace("\0", ""),
        pdf=pdf,
        pdf_hash=hashlib.sha256(pdf).hexdigest(),
    )


def _answer(request: SigningRequest, signed_at: datetime, cases: int) -> SignedAgreements:
    signed = Signature.objects.filter(creditor_id=request.creditor_id, signed_at=signed_at).order_by("pk")
    ids: Sequence[UUID] = list(signed.values_list("public_id", flat=True))
    return SignedAgreements(request.creditor_id, tuple(ids), cases, request.return_url)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None
