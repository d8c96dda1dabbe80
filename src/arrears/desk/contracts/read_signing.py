"""Show what a signing link asks to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from arrears.desk.actors import NotThere
from arrears.desk.signing import Paper, addresses_of, digest_of, masked, papers_of, request_of


@dataclass(frozen=True, slots=True)
class Signing:
    """What a page shows. `addresses` maps a choice to a masked e-mail address; `digest` stands for the texts.

    `code_sent_to` is the masked address of the code in force, empty when none was sent.
    """

    creditor: str
    papers: tuple[Paper, ...]
    digest: str
    addresses: dict[str, str]
    code_sent_to: str
    expires_at: datetime
    return_url: str


def read_signing(token: str, *, now: datetime, today: date) -> Signing:
    """Everything behind one link. Raises NotThere when it is unknown, expired, used or asks for nothing."""
    request = request_of(token, now=now)
    papers = papers_of(request, today)
    if not papers:
        raise NotThere("signing link")
    return Signing(
        request.creditor.name,
        papers,
        digest_of(papers),
        {choice: masked(email) for choice, email in addresses_of(request).items()},
        masked(request.code_email) if request.code_hash else "",
        request.expires_at,
        request.return_url,
    )
