"""Send the code that proves who reads a mailbox."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction
from pydantic import SecretStr

from arrears.desk.actors import Refused
from arrears.desk.models import DeskSettings, SigningRequest
from arrears.desk.signing import CODE_MINUTES, addresses_of, code_hash, masked, request_of
from arrears.ports import TryAgainLater

_HOUR = timedelta(hours=1)
#: Codes an hour for one link, and for all links of one creditor.
_MOST_CODES = 5
_MOST_CODES_OF_CREDITOR = 20


@dataclass(frozen=True, slots=True)
class SentCode:
    """Where a code went, masked, and the code itself: for a demo, in which no e-mail can be read."""

    address: str
    code: SecretStr


def send_signing_code(token: str, choice: str, *, now: datetime) -> SentCode:
    """E-mail six digits to one of the addresses that a link offers. An earlier code stops working.

    The code is kept before it is sent. Raises NotThere for a link that does not work, Refused for another
    address or too many codes, TryAgainLater when the mail server takes nothing.
    """
    code = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        request = request_of(token, now=now, lock=True)
        email = addresses_of(request).get(choice)
        if email is None:
            raise Refused("Choose one of the addresses.", code="address")
        _check_pace(request, now)
        request.codes_sent_at = [*_lately(request, now), now]
        request.code_email, request.code_hash, request.code_guesses = email, code_hash(request, code), 0
        request.save()
    _send(email, code, request.creditor.name)
    return SentCode(masked(email), SecretStr(code))


def _check_pace(request: SigningRequest, now: datetime) -> None:
    rows = SigningRequest.objects.filter(creditor_id=request.creditor_id, codes_sent_at__len__gt=0)
    of_creditor = sum(len(_lately(row, now)) for row in rows.only("codes_sent_at"))
    if len(_lately(request, now)) >= _MOST_CODES or of_creditor >= _MOST_CODES_OF_CREDITOR:
        raise Refused(
            "Too many codes were asked for within an hour.",
            code="too_many_codes",
            action="Wait an hour, then ask for a new one. The last code still works for its ten minutes.",
        )


def _lately(request: SigningRequest, now: datetime) -> list[datetime]:
    return [at for at in request.codes_sent_at if now - at < _HOUR]


def _send(email: str, code: str, creditor: str) -> None:
    desk = DeskSettings.current().desk_name
    text = (
        f"Your code to sign for {creditor} is {code}.\n\n"
        f"It works for {CODE_MINUTES} minutes, on the page where you asked for it. Tell it to nobody.\n\n"
        f"If you did not ask for a code, you need not do anything: nothing is signed without it.\n\n{desk}\n"
    )
    try:
        send_mail("Your code to sign", text, None, [email])
    except OSError:  # of which every SMTP error is one
        raise TryAgainLater("The code could not be sent: the mail server took nothing.") from None
