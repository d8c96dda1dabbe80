"""Export everything that is kept about the debtor of a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BinaryField, Field, ForeignKey, Model, QuerySet

from arrears.core.case import Party
from arrears.desk.actors import Actor, NotThere, case_for
from arrears.desk.erasure import stored_answers
from arrears.desk.models import Case, Disclosure, Document, StoredAnswer

_LOCAL_KEYS = frozenset({"id", "body_hash", "idempotency_key"})


@dataclass(frozen=True, slots=True)
class Export:
    """`data` is ready for JSON: the case, and for each table of things about it a list of its rows.

    `documents` are the files themselves, content included.
    """

    data: dict[str, Any]
    documents: tuple[Document, ...]


def export_debtor(actor: Actor, case_id: UUID | str, *, now: datetime) -> Export:
    """For the creditor, who answers the debtor's request, or an operator. Raises NotThere.

    Every table that belongs to a case is in it, those added later too: they are found, not listed.
    """
    if actor.party is Party.PARTNER:
        raise NotThere
    with transaction.atomic():
        case = case_for(actor, case_id, lock=True)
        rows = {name: [_row(row) for row in found] for name, found in _tables_of(case)}
        data = {"exported_at": now.isoformat(), "case": _row(case), **rows}
        Disclosure.objects.create(
            case=case,
            at=now,
            to=actor.name,
            what="Everything that is kept about the debtor.",
            why="An export was asked for.",
        )
        return Export(data, tuple(case.documents.all()))


def _tables_of(case: Case) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Each table of things about the case, however many steps away, by the name of its model."""
    yield StoredAnswer.__name__, stored_answers(case).filter(organisation_id=case.creditor_id)
    yield from _tables_under(Case, "", case)


def _tables_under(model: type[Model], path: str, case: Case) -> Iterator[tuple[str, QuerySet[Any]]]:
    for child, name in _children(model):
        step = f"{name}__{path}" if path else name
        rows: QuerySet[Any] = QuerySet(child).filter(**{step: case}).order_by("pk")
        yield child.__name__, rows.defer(*(column.name for column in _columns(child) if _is_file(column)))
        yield from _tables_under(child, step, case)


def _children(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """The tables whose rows belong to a row of this one, each with the column that says to which."""
    for relation in model._meta.related_objects:  # noqa: SLF001 - Django's documented way to look at models
        if isinstance(relation.field, ForeignKey):
            yield relation.field.model, relation.field.name


def _columns(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(model._meta.concrete_fields)  # noqa: SLF001 - Django's documented way to look at models


def _row(row: Model) -> dict[str, Any]:
    return {
        column.name: _plain(column.value_from_object(row))
        for column in _columns(type(row))
        if not _is_file(column) and not isinstance(column, ForeignKey) and column.name not in _LOCAL_KEYS
    }


def _is_file(column: Field[Any, Any]) -> bool:
    return isinstance(column, BinaryField)


def _plain(value: Any) -> Any:
    """A value as JSON has it; amounts as text, to the last digit."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value
