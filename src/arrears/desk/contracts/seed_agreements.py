"""Give the desk the built-in texts of its agreements."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from arrears.desk.models import AgreementKind, AgreementVersion


def seed_agreements() -> int:
    """Add the built-in texts that are missing; returns how many were added.

    A text that is there already, and every text an operator has published, stays as it is.
    """
    folder = files("arrears.desk") / "data" / "agreements"
    built_in = [_version(file.read_text(encoding="utf-8")) for file in folder.iterdir()]
    known = set(AgreementVersion.objects.values_list("kind", "version"))
    added = [one for one in built_in if (one.kind, one.version) not in known]
    AgreementVersion.objects.bulk_create(added, ignore_conflicts=True)
    return len(added)


def _version(content: str) -> AgreementVersion:
    """Read a file: lines of `name: value`, a line of dashes, and then the text."""
    head, _, text = content.partition("\n---\n")
    facts = dict(line.split(": ", 1) for line in head.splitlines())
    return AgreementVersion(
        kind=AgreementKind(facts["kind"]),
        version=facts["version"],
        since=date.fromisoformat(facts["since"]),
        text=text,
    )
