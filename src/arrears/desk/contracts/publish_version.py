"""Publish a new text of an agreement."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from arrears.core.case import Party
from arrears.core.wording import list_text
from arrears.desk.actors import Actor, NotThere, Refused
from arrears.desk.agreement_text import PLACES, unknown_places
from arrears.desk.models import AgreementKind, AgreementVersion

_LONGEST_TEXT = 200_000
_LONGEST_NAME = 20


def publish_version(
    actor: Actor,
    kind: str,
    version: str,
    text: str,
    since: date,
    *,
    must_be_signed_again: bool,
    today: date,
) -> AgreementVersion:
    """Put a new text in force from a day on. Only an operator may, and never backwards in time.

    With `must_be_signed_again` earlier signatures do not count from that day. Raises NotThere, Refused.
    """
    if actor.party is not Party.OPERATOR:
        raise NotThere("agreement")
    version = version.strip()
    _check(kind, version, text, since, today)
    try:
        with transaction.atomic():
            return AgreementVersion.objects.create(
                kind=kind,
                version=version,
                text=text.replace("\r\n", "\n").strip() + "\n",
                since=since,
                must_be_signed_again=must_be_signed_again,
            )
    except IntegrityError:
        raise Refused(
            f"There is a version {version} of this agreement already.",
            code="version_taken",
            action="Give the new text another version.",
        ) from None


def _check(kind: str, version: str, text: str, since: date, today: date) -> None:
    if kind not in AgreementKind.values:
        raise Refused(f"There is no agreement of the kind “{kind}”.", action="Choose one from the list.")
    if not version or len(version) > _LONGEST_NAME or not version.isprintable():
        raise Refused(f"The version must have 1 to {_LONGEST_NAME} printable characters.")
    if not text.strip() or len(text) > _LONGEST_TEXT or "\0" in text:
        raise Refused(f"The text must have 1 to {_LONGEST_TEXT:,} characters.")
    unknown = unknown_places(text)
    if unknown:
        places = list_text([f"{{{name}}}" for name in unknown])
        known = list_text([f"{{{name}}}" for name in sorted(PLACES)])
        raise Refused(f"Nobody knows what to fill in for {places}.", action=f"These can be used: {known}.")
    if since < today:
        raise Refused("A new text cannot have been in force before today.", action="Choose a later day.")
