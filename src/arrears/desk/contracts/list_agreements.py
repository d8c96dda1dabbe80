"""List the texts of the desk's agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from arrears.core.case import Party
from arrears.desk.actors import Actor
from arrears.desk.agreement_text import in_force
from arrears.desk.models import AgreementKind, AgreementVersion
from arrears.desk.roles import only


@dataclass(frozen=True, slots=True)
class AgreementText:
    """One version, how many signatures it has, and how it stands: `in force`, `upcoming` or `past`."""

    version: AgreementVersion
    signatures: int
    standing: str


def list_agreements(actor: Actor, *, today: date) -> dict[AgreementKind, tuple[AgreementText, ...]]:
    """Every version of every kind of agreement, the latest first."""
    only(actor, Party.OPERATOR)
    counted = AgreementVersion.objects.annotate(signature_count=Count("signatures"))
    listed: dict[AgreementKind, tuple[AgreementText, ...]] = {}
    for kind in AgreementKind:
        now = in_force(kind, today)
        listed[kind] = tuple(
            AgreementText(
                version,
                vars(version)["signature_count"],  # an annotation, which the model does not know
                _standing(version, now, today),
            )
            for version in counted.filter(kind=kind).order_by("-since", "-pk")
        )
    return listed


def _standing(version: AgreementVersion, now: AgreementVersion | None, today: date) -> str:
    if now and version.pk == now.pk:
        return "in force"
    return "upcoming" if version.since > today else "past"
